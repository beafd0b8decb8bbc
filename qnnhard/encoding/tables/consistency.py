"""Behaviours that no solution needs: arc consistency, and substitutable behaviours."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers, number_rows
from instances.deadline import Deadline
from qnnhard.encoding.tables.constraints import (
    COMPARED,
    Relation,
    Relations,
    TableConstraint,
    members,
)

_ROWS_BUDGET = 1 << 24


def propagate(
    constraints: Sequence[TableConstraint],
    relations: Relations,
    live: Numbers,
    changed: NDArray[np.bool_],
    deadline: Deadline,
) -> bool:
    """Remove behaviours without support in some scope; return whether some neuron has none left.

    Generalised arc consistency, to a fixpoint: a behaviour stays only if every scope of its
    neuron allows a tuple of live behaviours that holds it. Scopes of one relation with equal
    masks are revised once. On networks where news travels along very long chains the work is cut
    off; what is left to remove is then found by the solver's unit propagation.

    Parameters
    ----------
    constraints : sequence of TableConstraint
    live : int64 array, changed in place
        Per neuron the bit mask of its behaviours.
    changed : bool array
        Per neuron whether its scopes need a look.
    """
    memory: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    budget = _ROWS_BUDGET
    while budget > 0 and changed.any():
        following = np.zeros(len(live), dtype=np.bool_)
        for constraint in constraints:
            deadline.check()
            budget -= len(constraint.scopes)
            scopes = constraint.scopes
            due = changed[scopes].any(axis=1)
            if not due.all():
                scopes = scopes[due]
            if not len(scopes):
                continue
            masks = live[scopes]
            number, first = number_rows(list(masks.T), len(masks))
            table = relations.table[constraint.relation]
            revised = np.array(
                [
                    _revised(table, constraint.relation, tuple(masks[row].tolist()), memory)
                    for row in first.tolist()
                ],
                dtype=np.int64,
            ).reshape(len(first), scopes.shape[1])
            differs = (revised != masks[first]).any(axis=1)
            if not differs.any():
                continue
            rows = np.flatnonzero(differs[number])
            touched = scopes[rows]
            before = live[touched]
            for place in range(scopes.shape[1]):
                np.bitwise_and.at(live, touched[:, place], revised[number[rows], place])
            after = live[touched]
            if not after.all():
                return True
            following[touched[after != before]] = True
        changed = following
    return False


def _revised(
    relation: Relation,
    number: int,
    lives: tuple[int, ...],
    memory: dict[tuple[int, tuple[int, ...]], list[int]],
) -> list[int]:
    """Return the masks of the behaviours that have support."""
    key = number, lives
    if key not in memory:
        allowed = relation.restricted(lives)
        memory[key] = []
        for axis, mask in enumerate(lives):
            rows = np.moveaxis(allowed, axis, 0).reshape(allowed.shape[axis], -1)
            values = members(mask)
            held = np.flatnonzero(rows.any(axis=1)).tolist()
            memory[key].append(sum(1 << values[place] for place in held))
    return memory[key]


def without_substitutable(
    constraints: Sequence[TableConstraint],
    relations: Relations,
    sizes: Numbers,
    free: NDArray[np.bool_],
    live: Numbers,
) -> bool:
    """Remove behaviours that another one can always replace; return whether there were any.

    Behaviour a is substitutable by b where every scope that allows a tuple with a allows it
    with b (Freuder, 1991). All neurons are treated at once: each replacement is judged on
    whole domains, so that replacements made one after the other stay solutions. Of behaviours
    that replace each other the first stays.

    Parameters
    ----------
    constraints : sequence of TableConstraint
        Every behaviour of every domain must be live.
    sizes : int64 array
        Per neuron the number of its behaviours; 0 where it has no domain.
    free : bool array
        Per neuron whether `constraints` hold all that is asked of its behaviour.
    live : int64 array, changed in place
    """
    replaces = np.full(len(live), (1 << COMPARED * COMPARED) - 1, dtype=np.int64)
    for constraint in constraints:
        for place, mask in enumerate(relations.replacements(constraint.relation)):
            # One mask for all scopes: that a neuron occurs in several does no harm.
            replaces[constraint.scopes[:, place]] &= mask
    compared = np.flatnonzero(free & (sizes > 1) & (sizes <= COMPARED))
    number, first = number_rows([replaces[compared], sizes[compared]], len(compared))
    kept = [_kept(int(replaces[row]), int(sizes[row])) for row in compared[first].tolist()]
    if not kept:
        return False
    left = np.array(kept, dtype=np.int64)[number]
    removed = bool((left != live[compared]).any())
    live[compared] = left
    return removed


def _kept(replaces: int, size: int) -> int:
    """Return the mask of the behaviours that stay."""

    def by(a: int, b: int) -> bool:
        return bool(replaces >> a * COMPARED + b & 1)

    return sum(
        1 << a
        for a in range(size)
        if not any(by(a, b) and (b < a or not by(b, a)) for b in range(size) if b != a)
    )
