"""SAT to 3-SAT: long clauses become chains (theory 4.6).

A clause of at most 3 literals passes as it is. A longer one first loses repeated literals; if
more than 3 are left, (l_1, ..., l_k) becomes (l_1, l_2, y_1), (-y_1, l_3, y_2), ...,
(-y_{k-3}, l_{k-1}, l_k) with fresh variables y.

If no literal of the chain is true, its first clause makes y_1 true, the next y_2 and so on, and
the last clause fails; so an assignment that satisfies the chain satisfies the clause. The other
way, y_i is true iff none of l_1, ..., l_{i+1} is.
"""

from functools import cached_property
from itertools import accumulate
from operator import or_

from instances.sources.assignments import Assignment, holds, require_assignment
from instances.sources.cnf import Cnf
from reductions.claims import Claim, at_most, exactly
from reductions.constructions.clauses import own_values
from reductions.map import Map


class SatTo3Sat(Map[Cnf, Assignment, Cnf, Assignment]):
    """The bridge `sat-to-3-sat`: the identity on formulas whose clauses are short enough.

    Variables 1 to n are the source's; the chains' follow, in the order of the clauses.
    """

    name = "sat-to-3-sat"
    source_problem = "sat"
    target_problem = "3-sat"
    construction = (
        "A clause of more than 3 distinct literals becomes a chain of clauses of 3, linked by "
        "fresh variables; all other clauses stay."
    )

    @cached_property
    def target(self) -> Cnf:
        """The formula with long clauses chained."""
        source = self.source
        if not _is_long(source):
            return source
        clauses: list[tuple[int, ...]] = []
        fresh = source.variables
        for clause in source.clauses:
            literals = _shortened(clause)
            links = range(fresh + 1, fresh + len(literals) - 2)
            fresh += len(links)
            if links:
                clauses.append((*literals[:2], links[0]))
                clauses += [(-y, literals[y - links[0] + 2], y + 1) for y in links[:-1]]
                clauses.append((-links[-1], *literals[-2:]))
            else:
                clauses.append(literals)
        return Cnf.of(fresh, clauses)

    def push(self, witness: Assignment) -> Assignment:
        """Return the assignment with each y_i true iff no literal before it is."""
        require_assignment(self.source, witness)
        values = list(witness)
        if _is_long(self.source):
            for clause in self.source.clauses:
                found = (holds(literal, witness) for literal in _shortened(clause)[:-2])
                values += [not any_true for any_true in accumulate(found, or_)][1:]
        return tuple(values)

    def pull(self, witness: Assignment) -> Assignment:
        """Return the values of the source's own variables."""
        return own_values(self.source, witness, self.source.variables + _fresh(self.source))

    def claims(self) -> list[Claim]:
        """Return the size laws: a variable and a clause for each literal beyond three."""
        source = self.source
        fresh = _fresh(source)
        return [
            *exactly(variables=source.variables + fresh, clauses=source.number_of_clauses + fresh),
            *at_most(literals=len(source.literals) + 2 * fresh, longest=3),
        ]


def _is_long(source: Cnf) -> bool:
    """Tell whether some clause has more than 3 literals, repetitions counted."""
    return bool((source.lengths > 3).any())


def _shortened(clause: tuple[int, ...]) -> tuple[int, ...]:
    """Return the clause without repeated literals if it is longer than 3."""
    return clause if len(clause) <= 3 else tuple(dict.fromkeys(clause))


def _fresh(source: Cnf) -> int:
    """Return how many variables the chains need."""
    if not _is_long(source):
        return 0
    return sum(max(0, len(set(clause)) - 3) for clause in source.clauses)
