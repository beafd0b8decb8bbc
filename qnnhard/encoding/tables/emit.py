"""The clauses of tables: forbidden tuples of a relation, covered by few large cubes."""

from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import present
from instances.deadline import Deadline
from qnnhard.encoding.formula.stamper import require_room
from qnnhard.encoding.formula.template import Literals, clause_blocks, stamp
from qnnhard.encoding.tables.behaviours import Allowed
from qnnhard.encoding.tables.equivalences import clean
from qnnhard.encoding.tables.literals import BehaviourLiterals, deciding_neurons, is_bijection
from qnnhard.encoding.tables.tabulated import Tables

_ORDERS = 6
"""Orders of growing that are tried; all of them up to three positions."""

_STAMP_LIMIT = 1 << 23


def table_clauses(
    tables: Tables, literals: BehaviourLiterals, deadline: Deadline
) -> list[Literals]:
    """Return clauses by which every neuron takes one behaviour, and every scope allowed ones.

    Parameters
    ----------
    tables : Tables
        Without contradiction.

    Raises
    ------
    Unsupported
        Where there are too many clauses.
    """
    sizes = tables.sizes
    shared = literals.count < int(np.maximum(sizes - 1, 0).sum() + (sizes > 2).sum())
    blocks: list[Literals] = []
    for size in present(sizes[sizes > 2]):
        pairs = [(-one, -other) for one, other in combinations(range(1, size + 1), 2)]
        once = clause_blocks([tuple(range(1, size + 1)), *pairs])
        blocks += stamp(once, literals.of(deciding_neurons(literals, sizes, size), size))
    total = sum(block.size for block in blocks)
    for constraint in tables.constraints:
        if is_bijection(tables.relations, constraint):
            continue
        deadline.check()
        allowed = tables.relations.table[constraint.relation].allowed
        template = clause_blocks(forbidding_clauses(allowed))
        size = sum(block.size for block in template)
        total += size * len(constraint.scopes)
        require_room(total)
        step = max(1, _STAMP_LIMIT // (size + sum(allowed.shape)))
        for begin in range(0, len(constraint.scopes), step):
            scopes = constraint.scopes[begin : begin + step]
            columns = [literals.of(scopes[:, k], size) for k, size in enumerate(allowed.shape)]
            blocks += stamp(template, np.concatenate(columns, axis=1))
    if not shared:
        return blocks
    return [part for block in blocks for part in clean(block)]


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
