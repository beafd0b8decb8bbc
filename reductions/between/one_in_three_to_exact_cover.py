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
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from instances.errors import InputError, InvalidWitness
from instances.sources.assignments import Assignment, require_assignment
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.cnf import Cnf
from instances.sources.set_system import SetSystem
from instances.text.numbers import Number
from reductions.between.sizes import system_sizes
from reductions.claims import Claim, exactly
from reductions.reduction import Bridge


class OneInThreeToExactCover(Bridge[Cnf, Assignment, SetSystem, Chosen]):
    """The bridge `one-in-three-to-exact-cover`.

    The sets are those of the variables that no clause repeats, by increasing variable.
    """

    name: ClassVar[str] = "one-in-three-to-exact-cover"
    problem: ClassVar[str] = "one-in-three"
    target: ClassVar[str] = "exact-cover"
    construction: ClassVar[str] = (
        "A clause is an element and a variable is the set of the clauses that contain it; a "
        "variable that some clause repeats must be false and gets no set."
    )
    parsimonious: ClassVar[bool] = True

    def build(self, source: Cnf) -> SetSystem:
        """Return the set system, one element a clause."""
        sets: dict[int, list[int]] = {variable: [] for variable in self._variables(source)}
        for element, clause in enumerate(source.clauses):
            for variable in set(clause).intersection(sets):
                sets[variable].append(element)
        return SetSystem.of(source.number_of_clauses, sets.values())

    def push(self, source: Cnf, witness: Assignment) -> Chosen:
        """Return the sets of the true variables.

        Raises
        ------
        InvalidWitness
            Where a variable is true that some clause repeats, and that has no set.
        """
        require_assignment(source, witness)
        variables = self._variables(source)
        without = sorted(v for v in _repeated(source) if witness[v - 1])
        if without:
            raise InvalidWitness(f"variable {without[0]} is true, but some clause repeats it")
        return tuple(index for index, v in enumerate(variables) if witness[v - 1])

    def pull(self, source: Cnf, witness: Chosen) -> Assignment:
        """Return the assignment that makes a variable true iff its set is chosen."""
        variables = self._variables(source)
        require_chosen(witness, len(variables), "set")
        true = {variables[index] for index in witness}
        return tuple(variable in true for variable in range(1, source.variables + 1))

    def claims(self, source: Cnf) -> list[Claim]:
        """Return the size laws."""
        self._require_positive(source)
        repeated = _repeated(source)
        kept = [variable for variable in source.literals.tolist() if variable not in repeated]
        return exactly(
            universe=source.number_of_clauses,
            sets=source.variables - len(repeated),
            memberships=len(kept),
            budget=None,
        )

    def measure(self, target: SetSystem) -> Mapping[str, Number | None]:
        """Return the numbers of elements, sets and memberships, and that there is no budget."""
        return system_sizes(target)

    def _variables(self, source: Cnf) -> list[int]:
        """Return the variables that have sets."""
        self._require_positive(source)
        repeated = _repeated(source)
        return [v for v in range(1, source.variables + 1) if v not in repeated]

    def _require_positive(self, source: Cnf) -> None:
        negative = np.flatnonzero(source.literals < 0)
        if negative.size:
            raise InputError(
                f"{self.name}: literal {source.literals[negative[0]]} is negative: "
                "bridge from 3-sat to one-in-three first"
            )


def _repeated(source: Cnf) -> set[int]:
    """Return the variables that occur more than once in some clause."""
    return {v for clause in source.clauses for v, k in Counter(clause).items() if k > 1}
