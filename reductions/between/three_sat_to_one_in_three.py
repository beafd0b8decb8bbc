"""3-SAT to positive 1-in-3-SAT (theory 4.6; the clause gadget is Schaefer's, 1978).

A clause (x, y, z) becomes three clauses that each have exactly one true literal:
(not x, a, b), (b, y, c), (c, d, not z), with fresh a, b, c, d.

If x, y and z are false, the first makes b false and the third makes c false, so that the second
has no true literal. If y is true, take b = c = 0, a = x and d = z. If y is false and x true,
take b = 1, a = c = 0, d = z; if only z is true, take c = 1, b = d = 0 and a = x = 0.

A clause of one or two literals repeats one. Literals must be positive: a variable that is needed
negated gets a partner x' with (x, x', f), and (f, f, t) makes the shared f false, t true. An
empty clause becomes an empty clause, which is unsatisfiable on both sides.
"""

from functools import cached_property

from instances.sources.assignments import Assignment, holds, require_assignment
from instances.sources.cnf import Cnf
from reductions.claims import Claim, at_most, exactly
from reductions.constructions.clauses import own_values, require_three
from reductions.map import Map

Triple = tuple[int, int, int]


class ThreeSatToOneInThree(Map[Cnf, Assignment, Cnf, Assignment]):
    """The bridge `3-sat-to-one-in-three`.

    Variables 1 to n are the source's; then come a, b, c, d for every clause that is not empty,
    then the partners by increasing variable, then f and t if there are partners.
    """

    name = "3-sat-to-one-in-three"
    source_problem = "3-sat"
    target_problem = "one-in-three"
    construction = (
        "A clause (x, y, z) becomes 1in3(not x, a, b), 1in3(b, y, c), 1in3(c, d, not z) with "
        "fresh a, b, c, d; a negated variable becomes a partner x' with 1in3(x, x', f), where "
        "1in3(f, f, t) forces f to be false."
    )

    @cached_property
    def target(self) -> Cnf:
        """The positive formula, its clauses in the order of the source's."""
        clauses: list[tuple[int, ...]] = []
        fresh = self.source.variables + 1
        for triple in self._triples:
            if triple is None:
                clauses.append(())
                continue
            x, y, z = triple
            a, b, c, d = range(fresh, fresh + 4)
            clauses += [
                (self._positive(-x), a, b),
                (b, self._positive(y), c),
                (c, d, self._positive(-z)),
            ]
            fresh += 4
        if self._partners:
            false, true = self._variables - 1, self._variables
            clauses += [(x, partner, false) for x, partner in self._partners.items()]
            clauses.append((false, false, true))
        return Cnf.of(self._variables, clauses)

    def push(self, witness: Assignment) -> Assignment:
        """Return the assignment with a, b, c, d as in the argument, partners, f and t."""
        require_assignment(self.source, witness)
        values = list(witness)
        for triple in filter(None, self._triples):
            x, y, z = (holds(literal, witness) for literal in triple)
            b = x and not y
            c = z and not y and not x
            values += [x and not b, b, c, z and not c]
        values += [not witness[x - 1] for x in self._partners]
        if self._partners:
            values += [False, True]
        return tuple(values)

    def pull(self, witness: Assignment) -> Assignment:
        """Return the values of the source's own variables."""
        return own_values(self.source, witness, self._variables)

    def claims(self) -> list[Claim]:
        """Return the size laws for n variables, m' clauses that are not empty and p partners."""
        source = self.source
        require_three(source, self.name)
        full = [clause for clause in source.clauses if clause]
        gadgets = len(full)
        # The first and the last literal of a clause are used negated, the middle one as it is.
        outer = {literal for clause in full for literal in (clause[0], clause[-1])}
        middle = {clause[min(1, len(clause) - 1)] for clause in full}
        partners = len({x for x in outer if x > 0} | {-y for y in middle if y < 0})
        shared = min(1, partners)
        return [
            *exactly(
                variables=source.variables + 4 * gadgets + partners + 2 * shared,
                clauses=source.number_of_clauses + 2 * gadgets + partners + shared,
                literals=9 * gadgets + 3 * (partners + shared),
            ),
            *at_most(longest=3),
        ]

    @cached_property
    def _triples(self) -> list[Triple | None]:
        """The clauses as triples of literals, ``None`` for an empty one."""
        require_three(self.source, self.name)
        return list(map(_triple, self.source.clauses))

    @cached_property
    def _partners(self) -> dict[int, int]:
        """The partner of every variable that is needed negated."""
        used = {u for t in filter(None, self._triples) for u in (-t[0], t[1], -t[2])}
        first = self.source.variables + 4 * sum(t is not None for t in self._triples) + 1
        return {-u: first + at for at, u in enumerate(sorted((u for u in used if u < 0), key=abs))}

    @property
    def _variables(self) -> int:
        """The number of variables of the target."""
        gadgets = 4 * sum(triple is not None for triple in self._triples)
        return self.source.variables + gadgets + len(self._partners) + 2 * bool(self._partners)

    def _positive(self, literal: int) -> int:
        """Return the variable that is true iff `literal` is."""
        return literal if literal > 0 else self._partners[-literal]


def _triple(clause: tuple[int, ...]) -> Triple | None:
    """Return three literals with the same disjunction: the last is repeated."""
    if not clause:
        return None
    x, y, z = (*clause, clause[-1], clause[-1])[:3]
    return x, y, z
