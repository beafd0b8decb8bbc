"""What the targets of an output with known predecessors exclude before any clause is made.

Every data point says that a linear form of the weights minus the bias lies in an interval. Two
data points that differ at one predecessor only bound the weight there, whatever the bias is.
For each value of the bias bounds are propagated over all data points; a value with which some
weight has no value left is excluded. What remains contains every solution.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.training.numbers import SAFE
from qnnhard.encoding.task import NeuronTask

Integers = NDArray[np.int64]

ENTRIES_LIMIT = 1 << 22
"""Most values of predecessors, times values of the bias, that are looked at."""

PAIRS_LIMIT = 1 << 14
"""Most pairs of data points that are compared."""

ROUNDS = 16
"""Most rounds of propagation for a value of the bias."""


@dataclass(frozen=True)
class Box:
    """The values of a neuron's parameters that probing leaves.

    Parameters
    ----------
    weights : list of (int, int)
        Per in-edge the positions of the least and largest value in its domain.
    bias : list of int
        The positions that remain in its domain; empty where the targets cannot be met.
    """

    weights: list[tuple[int, int]]
    bias: list[int]


def probe(task: NeuronTask, deadline: Deadline) -> Box | None:
    """Return what the goals of a neuron leave of its parameters' domains.

    ``None`` where nothing is known: for a neuron without goals or with a predecessor whose
    value is open, where a goal may be missed, and where numbers are too large.

    Raises
    ------
    LimitReached
        When the deadline passes.
    """
    if task.loss != "exact" or not task.goals:
        return None
    if any(shape.known is None for shape in task.sources):
        return None
    if len(task.sources) * len(task.goals) * len(task.bias) > ENTRIES_LIMIT:
        return None
    rows = [shape.known or () for shape in task.sources]
    reach = max(map(abs, task.bias)) + sum(
        max(map(abs, row), default=0) * max(map(abs, domain))
        for row, domain in zip(rows, task.weights, strict=True)
    )
    if 4 * reach >= SAFE:
        return None
    bounds = _intervals(task, reach)
    if bounds is None:
        return Box([(0, len(domain) - 1) for domain in task.weights], [])
    values = np.array(rows, dtype=np.int64).reshape(len(rows), len(task.points)).T
    values = values[[goal.point for goal in task.goals]]
    forms = _Forms(values, bounds, task.weights)
    return forms.probe(task.bias, deadline)


def _intervals(task: NeuronTask, reach: int) -> Integers | None:
    """Return the least and largest pre-activation a goal; ``None`` for a goal out of reach."""
    found: dict[int, tuple[int, int] | None] = {}
    for goal in task.goals:
        if goal.target not in found:
            target = task.reachable(goal)
            found[goal.target] = None if target is None else _interval(task, target, reach)
    pairs = [found[goal.target] for goal in task.goals]
    return None if None in pairs else np.array(pairs, dtype=np.int64)


def _interval(task: NeuronTask, target: int, reach: int) -> tuple[int, int] | None:
    """Return the hull of the sums within `reach` whose activation is `target`."""
    if task.activation.kind == "square":
        root = isqrt(target) if target >= 0 else -1
        return (-root, root) if root >= 0 and task.value(root) == target else None
    low = _first(task, target, reach)
    if low > reach or task.value(low) != target:
        return None
    return low, _first(task, target + 1, reach) - 1


def _first(task: NeuronTask, target: int, reach: int) -> int:
    """Return the least sum within `reach` whose activation is at least `target`, or reach + 1."""
    low, high = -reach, reach + 1
    while low < high:
        middle = (low + high) // 2
        if task.value(middle) >= target:
            high = middle
        else:
            low = middle + 1
    return low


class _Forms:
    """Linear forms of the weights by their nonzero entries, and the intervals for form - bias."""

    def __init__(
        self, values: Integers, bounds: Integers, domains: tuple[tuple[int, ...], ...]
    ) -> None:
        self.domains = domains
        self.low, self.high = bounds[:, 0], bounds[:, 1]
        self.rows, self.cols = np.nonzero(values)
        self.vals = values[self.rows, self.cols]
        self.positive = self.vals > 0
        self.size = np.abs(self.vals)
        self.values = values

    def probe(self, bias: tuple[int, ...], deadline: Deadline) -> Box:
        """Return what remains after each value of the bias was tried."""
        least = [0] * len(self.domains)
        most = [len(domain) - 1 for domain in self.domains]
        empty = Box([(0, len(domain) - 1) for domain in self.domains], [])
        if not self._compare(least, most):
            return empty
        kept: list[int] = []
        boxes = []
        for place, value in enumerate(bias):
            deadline.check()
            box = list(least), list(most)
            if self._propagate(value, *box):
                kept.append(place)
                boxes.append(box)
        if not kept:
            return empty
        lows = [min(column) for column in zip(*(low for low, _ in boxes), strict=True)]
        highs = [max(column) for column in zip(*(high for _, high in boxes), strict=True)]
        return Box(list(zip(lows, highs, strict=True)), kept)

    def _compare(self, least: list[int], most: list[int]) -> bool:
        """Bound weights by pairs of points of which one is the other with an entry at 0."""
        terms = self.vals.astype(np.uint64) * _salts(len(self.domains))[self.cols]
        code = np.zeros(len(self.values), dtype=np.uint64)
        np.add.at(code, self.rows, terms)
        order = np.argsort(code, kind="stable")
        wanted = code[self.rows] - terms
        place = np.searchsorted(code[order], wanted)
        partner = order[np.minimum(place, len(order) - 1)]
        # Different rows may share a code, so pairs are compared before they count.
        for entry in np.flatnonzero(code[partner] == wanted)[:PAIRS_LIMIT].tolist():
            row, other, col = self.rows[entry], partner[entry], self.cols[entry]
            differ = self.values[row] != self.values[other]
            if np.count_nonzero(differ) != 1 or self.values[other, col]:
                continue
            low = int(self.low[row] - self.high[other])
            high = int(self.high[row] - self.low[other])
            value = int(self.vals[entry])
            if value < 0:
                low, high, value = -high, -low, -value
            if not self._tighten(int(col), -(-low // value), high // value, least, most):
                return False
        return True

    def _tighten(self, col: int, low: int, high: int, least: list[int], most: list[int]) -> bool:
        """Narrow a weight to values from `low` to `high`; return whether any is left."""
        domain = self.domains[col]
        least[col] = max(least[col], bisect_left(domain, low))
        most[col] = min(most[col], bisect_right(domain, high) - 1)
        return least[col] <= most[col]

    def _propagate(self, bias: int, least: list[int], most: list[int]) -> bool:
        """Narrow the positions in place; return whether every weight has a value left."""
        count = len(self.values)
        for _ in range(ROUNDS):
            low = np.array([d[i] for d, i in zip(self.domains, least, strict=True)], np.int64)
            high = np.array([d[i] for d, i in zip(self.domains, most, strict=True)], np.int64)
            at_low, at_high = self.vals * low[self.cols], self.vals * high[self.cols]
            bottom, top = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
            np.add.at(bottom, self.rows, np.minimum(at_low, at_high))
            np.add.at(top, self.rows, np.maximum(at_low, at_high))
            spare, excess = self.high + bias - bottom, top - self.low - bias
            if (spare < 0).any() or (excess < 0).any():
                return False
            rise = np.where(self.positive, spare[self.rows], excess[self.rows]) // self.size
            fall = np.where(self.positive, excess[self.rows], spare[self.rows]) // self.size
            up, down = high - low, high - low
            np.minimum.at(up, self.cols, rise)
            np.minimum.at(down, self.cols, fall)
            changed = np.flatnonzero((up < high - low) | (down < high - low)).tolist()
            before = least[:], most[:]
            for col in changed:
                span = int(high[col] - down[col]), int(low[col] + up[col])
                if not self._tighten(col, *span, least, most):
                    return False
            if (least, most) == before:
                return True
        return True


def _salts(count: int) -> NDArray[np.uint64]:
    """Return fixed random words, by which rows of integers are told apart."""
    return np.random.PCG64(0).random_raw(count).astype(np.uint64)
