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
from reductions.map import Image, Map


class OneInThreeToExactCoverImage(Image[Cnf, Assignment, SetSystem, Chosen]):
    """The image of a source under `one-in-three-to-exact-cover`."""

    @cached_property
    def target(self) -> SetSystem:
        """The set system, one element a clause."""
        source = self.source
        sets: dict[int, list[int]] = {variable: [] for variable in self._variables()}
        for element, clause in enumerate(source.clauses):
            for variable in set(clause).intersection(sets):
                sets[variable].append(element)
        return SetSystem.of(source.number_of_clauses, sets.values())

    def push(self, witness: Assignment) -> Chosen:
        """Return the sets of the true variables.

        Raises
        ------
        InvalidWitness
            Where a variable is true that some clause repeats, and that has no set.
        """
        source = self.source
        require_assignment(source, witness)
        variables = self._variables()
        without = sorted(v for v in _repeated(source) if witness[v - 1])
        if without:
            raise InvalidWitness(f"variable {without[0]} is true, but some clause repeats it")
        return tuple(index for index, v in enumerate(variables) if witness[v - 1])

    def pull(self, witness: Chosen) -> Assignment:
        """Return the assignment that makes a variable true iff its set is chosen."""
        source = self.source
        variables = self._variables()
        require_chosen(witness, len(variables), "set")
        true = {variables[index] for index in witness}
        return tuple(variable in true for variable in range(1, source.variables + 1))

    def claims(self) -> list[Claim]:
        """Return the size laws."""
        source = self.source
        require_positive(source, self.map.name)
        repeated = _repeated(source)
        kept = [variable for variable in source.literals.tolist() if variable not in repeated]
        return exactly(
            universe=source.number_of_clauses,
            sets=source.variables - len(repeated),
            memberships=len(kept),
            budget=None,
        )

    def _variables(self) -> list[int]:
        """Return the variables that have sets."""
        source = self.source
        require_positive(source, self.map.name)
        repeated = _repeated(source)
        return [v for v in range(1, source.variables + 1) if v not in repeated]


class OneInThreeToExactCover(Map[Cnf, Assignment, SetSystem, Chosen]):
    """The bridge `one-in-three-to-exact-cover`.

    The sets are those of the variables that no clause repeats, by increasing variable.
    """

    name = "one-in-three-to-exact-cover"
    source = "one-in-three"
    target = "exact-cover"
    image = OneInThreeToExactCoverImage
    construction = (
        "A clause is an element and a variable is the set of the clauses that contain it; a "
        "variable that some clause repeats must be false and gets no set."
    )
    parsimonious = True


def _repeated(source: Cnf) -> set[int]:
    """Return the variables that occur more than once in some clause."""
    return {v for clause in source.clauses for v, k in Counter(clause).items() if k > 1}
