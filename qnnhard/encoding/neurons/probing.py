"""What the targets of an output with known predecessors exclude before any clause is made.

Two data points that differ at one predecessor only bound the weight there, whatever the bias is.
For each value of the bias bounds are propagated over all data points; a value with which some
weight has no value left is excluded. What remains contains every solution.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from instances.canonical.rows import hash_factors
from instances.deadline import Deadline
from qnnhard.encoding.neurons.intervals import Integers, Intervals
from qnnhard.encoding.neurons.profile import Profile

PAIRS_LIMIT = 1 << 14
"""Most pairs of data points that are compared."""

_COMPARED = 1 << 20
"""Most entries of data points that are compared at once."""

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


def probe(profile: Profile, goals: Intervals, deadline: Deadline) -> Box:
    """Return what the goals of a neuron leave of its parameters' domains."""
    forms = _Forms(goals, profile.weights)
    if (goals.low > goals.high).any():
        return forms.nothing
    return forms.probe(profile.bias, deadline)


class _Forms:
    """Linear forms of the weights by their nonzero entries, and the intervals for form - bias."""

    def __init__(self, goals: Intervals, domains: tuple[tuple[int, ...], ...]) -> None:
        self.domains = domains
        self.low, self.high, self.values = goals.low, goals.high, goals.values
        self.rows, self.cols, self.vals = goals.entries
        self.positive = self.vals > 0
        self.size = np.abs(self.vals)
        self.nothing = Box([(0, len(domain) - 1) for domain in domains], [])

    def probe(self, bias: tuple[int, ...], deadline: Deadline) -> Box:
        """Return what remains after each value of the bias was tried."""
        least = [0] * len(self.domains)
        most = [len(domain) - 1 for domain in self.domains]
        if not self._compare(least, most):
            return self.nothing
        kept: list[int] = []
        boxes = []
        for place, value in enumerate(bias):
            deadline.check()
            box = list(least), list(most)
            if self._propagate(value, *box):
                kept.append(place)
                boxes.append(box)
        if not kept:
            return self.nothing
        lows = [min(column) for column in zip(*(low for low, _ in boxes), strict=True)]
        highs = [max(column) for column in zip(*(high for _, high in boxes), strict=True)]
        return Box(list(zip(lows, highs, strict=True)), kept)

    def _compare(self, least: list[int], most: list[int]) -> bool:
        """Bound weights by pairs of points of which one is the other with an entry at 0."""
        terms = self.vals.astype(np.uint64) * hash_factors(len(self.domains))[self.cols]
        code = np.zeros(len(self.values), dtype=np.uint64)
        np.add.at(code, self.rows, terms)
        order = np.argsort(code, kind="stable")
        wanted = code[self.rows] - terms
        place = np.searchsorted(code[order], wanted)
        partner = order[np.minimum(place, len(order) - 1)]
        entries = np.flatnonzero(code[partner] == wanted)[:PAIRS_LIMIT]
        step = max(1, _COMPARED // max(1, len(self.domains)))
        return all(
            self._bound(entries[begin : begin + step], partner, least, most)
            for begin in range(0, len(entries), step)
        )

    def _bound(self, entry: Integers, partner: Integers, least: list[int], most: list[int]) -> bool:
        """Bound weights by pairs of which `entry` is the one difference, if it is."""
        # Different rows may share a code, so pairs are compared before they count.
        differ = (self.values[self.rows[entry]] != self.values[partner[entry]]).sum(axis=1)
        entry = entry[(differ == 1) & (self.values[partner[entry], self.cols[entry]] == 0)]
        row, other, size = self.rows[entry], partner[entry], self.size[entry]
        low, high = self.low[row] - self.high[other], self.high[row] - self.low[other]
        low, high = np.where(self.positive[entry], (low, high), (-high, -low))
        ends = np.stack((self.cols[entry], -(-low // size), high // size), axis=1)
        return all(
            self._tighten(col, bottom, top, least, most) for col, bottom, top in ends.tolist()
        )

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
