"""All set systems and formulas of small sizes, up to isomorphism, and budgets for them.

Every function yields the degenerate ones as well, and the same sources in the same order each time:
the smaller sizes first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement
from math import comb
from typing import Any, TypeVar

import numpy as np

from instances.enumeration.multisets import Ints, Things, require_few, require_points
from instances.sources.chosen import WithBudget
from instances.sources.cnf import Cnf
from instances.sources.set_system import SetSystem

B = TypeVar("B", bound=WithBudget)


def every_set_system(universe: int, sets: int) -> Iterator[SetSystem]:
    """Yield the multisets of up to `sets` sets over up to `universe` elements.

    Two systems that differ in the names of the elements, or in the order of the sets, count as
    one. None has a budget.
    """
    require_points(universe)
    for elements in range(universe + 1):
        for rows in all_sets(elements).multisets(sets):
            for row in rows.tolist():
                yield SetSystem(elements, tuple(_members(number) for number in row))


def all_sets(universe: int) -> Things:
    """Return all sets over a universe: in its number the bit of every element is set."""
    numbers = np.arange(1 << universe)

    def images(permutation: Sequence[int]) -> Ints:
        moved = np.zeros(len(numbers), dtype=np.int64)
        for element, image in enumerate(permutation):
            moved |= (numbers >> element & 1) << image
        return moved

    return Things(universe, len(numbers), images)


def _members(number: int) -> tuple[int, ...]:
    return tuple(element for element in range(number.bit_length()) if number >> element & 1)


def every_formula(
    variables: int, clauses: int, length: int, positive: bool = False
) -> Iterator[Cnf]:
    """Yield the multisets of up to `clauses` clauses over up to `variables` variables.

    A clause is a multiset of up to `length` literals: the empty one, repetitions and tautologies
    are among them. Two formulas that differ in the names of the variables, or in an order, count
    as one; a variable and its negation do not change places.

    Parameters
    ----------
    positive : bool
        Whether all literals shall be positive.
    """
    require_points(variables)
    for count in range(variables + 1):
        listed = _listed_clauses(count, length, positive)
        for rows in _clauses(count, listed).multisets(clauses):
            for row in rows.tolist():
                yield Cnf.of(count, [listed[number] for number in row])


def all_clauses(variables: int, length: int, positive: bool = False) -> Things:
    """Return all clauses of up to `length` literals."""
    return _clauses(variables, _listed_clauses(variables, length, positive))


def _listed_clauses(variables: int, length: int, positive: bool) -> list[tuple[int, ...]]:
    signs = (1,) if positive else (1, -1)
    # The clauses are held in memory, with all their literals.
    require_few(comb(len(signs) * variables + length, length) * (length + 1))
    literals = [sign * variable for variable in range(1, variables + 1) for sign in signs]
    return [
        clause
        for size in range(length + 1)
        for clause in combinations_with_replacement(literals, size)
    ]


def _clauses(variables: int, listed: Sequence[tuple[int, ...]]) -> Things:
    number = {tuple(sorted(clause)): at for at, clause in enumerate(listed)}

    def images(permutation: Sequence[int]) -> Ints:
        place = {variable: image + 1 for variable, image in enumerate(permutation, 1)}
        place |= {-variable: -image for variable, image in place.items()}
        moved = (tuple(sorted(place[literal] for literal in clause)) for clause in listed)
        return np.array([number[clause] for clause in moved], dtype=np.int64)

    return Things(variables, len(listed), images)


def with_budgets(sources: Iterable[B], size: Callable[[B], int]) -> Iterator[B]:
    """Yield every source with every budget from 0 to one above its size.

    Sources refuse negative budgets. One above the size is what a map may have overlooked,
    foremost where the size is 0.
    """
    for source in sources:
        for budget in range(size(source) + 2):
            made: Any = replace(source, budget=budget)  # type: ignore[type-var]
            yield made
