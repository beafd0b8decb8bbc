"""Outputs over known predecessors whose goals are all flat thresholds, by array operations.

A goal bounds a sum of literals, each times the same gap, from below and above: "at least t of
n" and "at most t of n". The clauses are those that the builder makes, without its trees.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from qnnhard.encoding.flat import LEAVES_LIMIT, few_clauses
from qnnhard.encoding.intervals import Integers, Intervals
from qnnhard.encoding.nodes import Leaf
from qnnhard.encoding.rows import number_rows, rows_by_number
from qnnhard.encoding.template import Literals


def flat_blocks(goals: Intervals, leaves: Sequence[Leaf]) -> list[Literals] | None:
    """Return the clauses that ask for the goals of an output.

    Parameters
    ----------
    goals : Intervals
    leaves : sequence of Leaf
        The weights, and last the negated bias.

    Returns
    -------
    list of int32 arrays, clauses x width, or None
        ``None`` where a parameter takes three values or more, where gaps differ within a goal,
        where auxiliary variables save clauses, and where a goal cannot be met.
    """
    if not goals.exact or any(len(leaf.values) > 2 for leaf in leaves):
        return None
    factors = np.concatenate((goals.values, np.ones_like(goals.low)[:, None]), axis=1)
    least = np.array([leaf.values[0] for leaf in leaves], dtype=np.int64)
    literals = np.array([leaf.literals[0] if leaf.literals else 0 for leaf in leaves])
    steps = factors * np.array([leaf.values[-1] - leaf.values[0] for leaf in leaves])
    gaps = np.abs(steps)
    gap = gaps.max(axis=1)
    open_leaf = gaps > 0
    if (open_leaf & (gaps != gap[:, None])).any():
        return None
    count = open_leaf.sum(axis=1)
    base = factors @ least + np.minimum(steps, 0).sum(axis=1)
    unit = np.maximum(gap, 1)
    needed = np.clip(-((base - goals.low) // unit), 0, count + 1)
    allowed = np.clip((goals.high - base) // unit, -1, count)
    if (needed > allowed).any() or count.max() > LEAVES_LIMIT:
        return None
    held = (literals * np.sign(steps))[open_leaf]
    begin = np.cumsum(count) - count
    lower, upper = np.flatnonzero(needed > 0), np.flatnonzero(allowed < count)
    rows = np.concatenate((lower, upper))
    sign = np.repeat((1, -1), (len(lower), len(upper)))
    width = np.concatenate(((count - needed + 1)[lower], (allowed + 1)[upper]))
    clauses: dict[int, list[tuple[Integers, Integers]]] = {}
    number, first = number_rows([width, count[rows], sign], len(rows))
    for same, one in zip(rows_by_number(number), first.tolist(), strict=True):
        chosen, of = int(width[one]), int(count[rows[one]])
        if not few_clauses(of, chosen):
            return None
        choices = np.array(list(combinations(range(of), chosen)))
        order = 2 * rows[same] + (sign[one] < 0)
        made = sign[one] * held[begin[rows[same]][:, None, None] + choices].reshape(-1, chosen)
        clauses.setdefault(chosen, []).append((np.repeat(order, len(choices)), made))
    return [_sorted(parts) for parts in clauses.values()]


def _sorted(parts: list[tuple[Integers, Integers]]) -> Literals:
    """Return clauses of equal width by their goals: what some leaves need, then what they may."""
    order = np.concatenate([order for order, _ in parts])
    clauses = np.concatenate([made for _, made in parts])
    return clauses[np.argsort(order, kind="stable")].astype(np.int32)
