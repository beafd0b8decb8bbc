"""Positive 1-in-3-SAT to Exact Cover (theory 4.6).

An element is a clause, and a set is a variable: the clauses that contain it. A variable that
occurs more than once in some clause would give it two true literals, so it is false in every
witness and has no set. All other variables have one, empty where they occur nowhere.

An assignment that makes the left-out variables false has exactly one true literal in every
clause iff the sets of its true variables contain every element exactly once. An empty set may be
in a cover or not, just as a variable without occurrences may be true or not, so witnesses
correspond one to one.
"""

from collections import Counter
from functools import cached_property

from instances.errors import InvalidWitness
from instances.sources.assignments import Assignment, require_assignment
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.cnf import Cnf, require_positive
from instances.sources.set_system import SetSystem
from reductions.claims import Claim, exactly
from reductions.map import Map


class OneInThreeToExactCover(Map[Cnf, Assignment, SetSystem, Chosen]):
    """The bridge `one-in-three-to-exact-cover`.

    The sets are those of the variables that no clause repeats, by increasing variable.
    """

    name = "one-in-three-to-exact-cover"
    source_problem = "one-in-three"
    target_problem = "exact-cover"
    construction = (
        "A clause is an element and a variable is the set of the clauses that contain it; a "
        "variable that some clause repeats must be false and gets no set."
    )
    parsimonious = True

    @cached_property
    def target(self) -> SetSystem:
        """The set system, one element a clause."""
        sets: dict[int, list[int]] = {variable: [] for variable in self._variables()}
        for element, clause in enumerate(self.source.clauses):
            for variable in set(clause).intersection(sets):
                sets[variable].append(element)
        return SetSystem.of(self.source.number_of_clauses, sets.values())

    def push(self, witness: Assignment) -> Chosen:
        """Return the sets of the true variables.

        Raises
        ------
        InvalidWitness
            Where a variable is true that some clause repeats, and that has no set.
        """
        require_assignment(self.source, witness)
        variables = self._variables()
        without = sorted(v for v in self._repeated if witness[v - 1])
        if without:
            raise InvalidWitness(f"variable {without[0]} is true, but some clause repeats it")
        return tuple(index for index, v in enumerate(variables) if witness[v - 1])

    def pull(self, witness: Chosen) -> Assignment:
        """Return the assignment that makes a variable true iff its set is chosen."""
        variables = self._variables()
        require_chosen(witness, len(variables), "set")
        true = {variables[index] for index in witness}
        return tuple(variable in true for variable in range(1, self.source.variables + 1))

    def claims(self) -> list[Claim]:
        """Return the size laws."""
        source, repeated = self.source, self._repeated
        kept = [variable for variable in source.literals.tolist() if variable not in repeated]
        return exactly(
            universe=source.number_of_clauses,
            sets=source.variables - len(repeated),
            memberships=len(kept),
            budget=None,
        )

    def _variables(self) -> list[int]:
        """Return the variables that have sets."""
        return [v for v in range(1, self.source.variables + 1) if v not in self._repeated]

    @cached_property
    def _repeated(self) -> set[int]:
        """The variables that occur more than once in some clause."""
        require_positive(self.source, self.name)
        counted = map(Counter, self.source.clauses)
        return {v for count in counted for v, k in count.items() if k > 1}
