"""Outputs over known predecessors whose goals all count literals, by array operations.

A goal bounds a sum of literals, each times the same gap, from below and above: "at least t of
n" and "at most t of n". The clauses are those that the builder makes, without its trees.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from instances.canonical.rows import number_rows, rows_by_number
from qnnhard.encoding.formula.template import Literals
from qnnhard.encoding.neurons.intervals import Integers, Intervals
from qnnhard.encoding.numbers.nodes import LEAVES_LIMIT, Leaf, few_clauses


def counting_blocks(goals: Intervals, leaves: Sequence[Leaf]) -> list[Literals] | None:
    """Return the clauses that ask for the goals of an output.

    Parameters
    ----------
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
    found = _literals(goals, leaves)
    if found is None:
        return None
    held, count, base, gap = found
    begin = np.cumsum(count) - count
    needed = np.clip(-((base - goals.low) // gap), 0, count + 1)
    allowed = np.clip((goals.high - base) // gap, -1, count)
    if (needed > allowed).any() or count.max() > LEAVES_LIMIT:
        return None
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


def _literals(
    goals: Intervals, leaves: Sequence[Leaf]
) -> tuple[Integers, Integers, Integers, Integers] | None:
    """Return the literals that every goal counts, their number, the least sum and the gap.

    The literals come goal by goal; ``None`` where gaps differ within a goal.
    """
    every = np.arange(len(goals.low))
    # The negated bias is one more weight, of an input that is always 1.
    rows, cols, factors = (
        np.concatenate((part, more))
        for part, more in zip(
            goals.entries,
            (every, np.full_like(every, len(leaves) - 1), np.ones_like(every)),
            strict=True,
        )
    )
    literals = np.array([leaf.literals[0] if leaf.literals else 0 for leaf in leaves])
    least, most = np.array([(leaf.values[0], leaf.values[-1]) for leaf in leaves]).T
    steps = factors * (most - least)[cols]
    base, gap = np.zeros_like(every), np.ones_like(every)
    np.add.at(base, rows, factors * least[cols] + np.minimum(steps, 0))
    open_leaf = np.flatnonzero(steps)
    open_leaf = open_leaf[np.argsort(rows[open_leaf], kind="stable")]
    rows, steps = rows[open_leaf], steps[open_leaf]
    gap[rows] = np.abs(steps)
    if (gap[rows] != np.abs(steps)).any():
        return None
    held = literals[cols[open_leaf]] * np.sign(steps)
    return held, np.bincount(rows, minlength=len(every)), base, gap


def _sorted(parts: list[tuple[Integers, Integers]]) -> Literals:
    """Return clauses of equal width by their goals: what some leaves need, then what they may."""
    order = np.concatenate([order for order, _ in parts])
    clauses = np.concatenate([made for _, made in parts])
    return clauses[np.argsort(order, kind="stable")].astype(np.int32)
