"""Forbidden tuples of a relation, covered by few large cubes, as clauses."""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from qnnhard.encoding.tables.behaviours import Allowed

_ORDERS = 6
"""Orders of growing that are tried; all of them up to three positions."""


def forbidding_clauses(allowed: Allowed) -> list[tuple[int, ...]]:
    """Return clauses over behaviour literals that exclude exactly the forbidden tuples.

    A cube is a product of sets of behaviours, one set a position; it is forbidden where all
    its tuples are. Every uncovered forbidden tuple is grown to a maximal forbidden cube, a
    position at a time and in several orders; the one with the shortest clause is taken.

    Parameters
    ----------
    allowed : bool array
        One axis a position, two or more behaviours each.

    Returns
    -------
    list of clauses
        Literals are signed indices from 1 into the behaviours of all positions in a row. They
        exclude what they should provided that every position takes exactly one behaviour.
    """
    forbidden = ~allowed
    start = np.cumsum([1, *allowed.shape])
    orders = _orders(allowed.ndim)
    uncovered = forbidden.copy()
    clauses: list[tuple[int, ...]] = []
    for seed in np.argwhere(forbidden).tolist():
        if not uncovered[tuple(seed)]:
            continue
        cubes = [_grown(forbidden, seed, order) for order in orders]
        lengths = [sum(_length(held) for held in cube) for cube in cubes]
        covers = [int(uncovered[np.ix_(*cube)].sum()) for cube in cubes]
        best = min(range(len(cubes)), key=lambda k: (lengths[k], -covers[k]))
        uncovered[np.ix_(*cubes[best])] = False
        clauses.append(
            tuple(
                literal
                for held, begin in zip(cubes[best], start.tolist(), strict=False)
                for literal in _outside(held, begin)
            )
        )
    return clauses


def _orders(positions: int) -> list[tuple[int, ...]]:
    if positions <= 3:
        return list(permutations(range(positions)))
    turned = [tuple((k + turn) % positions for k in range(positions)) for turn in range(positions)]
    return turned[:_ORDERS]


def _grown(
    forbidden: NDArray[np.bool_], seed: list[int], order: tuple[int, ...]
) -> list[NDArray[np.bool_]]:
    """Return the members of a maximal forbidden cube around a tuple, as a mask a position."""
    cube = []
    for size, value in zip(forbidden.shape, seed, strict=True):
        held = np.zeros(size, dtype=np.bool_)
        held[value] = True
        cube.append(held)
    for place in order:
        others = [*cube]
        others[place] = np.ones(forbidden.shape[place], dtype=np.bool_)
        axes = tuple(k for k in range(forbidden.ndim) if k != place)
        cube[place] = forbidden[np.ix_(*others)].all(axis=axes)
    return cube


def _length(held: NDArray[np.bool_]) -> int:
    inside = int(held.sum())
    return min(len(held) - inside, 1) if inside == 1 else len(held) - inside


def _outside(held: NDArray[np.bool_], begin: int) -> list[int]:
    """Return the literals of which one must hold for a position to lie outside its set."""
    inside = np.flatnonzero(held).tolist()
    if len(inside) == 1 and len(held) > 2:
        return [-(begin + inside[0])]
    return [begin + value for value in np.flatnonzero(~held).tolist()]
