"""The least number of edges that leave a neuron's values: a small integer program."""

from collections.abc import Iterable
from math import inf, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.text.numbers import SAFE, Array
from qnnhard.sparsify.problem import KeepProblem

MOST_CHOICES = 1 << 12
"""Up to so many choices of class counts are all tried."""

MOST_PAIRED = 10_000
"""Most classes of which all pairs are tried."""

_BLOCK = 64
_FEW = 100
_FEW_NODES = 500
_TOLERANCE = 1e-6

Reals = NDArray[np.float64]

LARGEST_SUM = 1 << 31
"""Above it the floating point of the integer program is not trusted."""


def enumerated_minimum(problem: KeepProblem) -> list[int] | None:
    """Return the least choice where trying out shows it, else None.

    All choices are tried where they are few; otherwise all of at most two edges.
    """
    exact = object if _largest_sum(problem) >= SAFE else np.int64
    shape = (len(problem.classes), len(problem.low))
    classes: Array = np.array(problem.classes, dtype=exact).reshape(shape)
    if prod(count + 1 for count in problem.counts) <= MOST_CHOICES:
        return _least_of_all(problem, classes)
    return _at_most_two(problem, classes)


def _least_of_all(problem: KeepProblem, classes: Array) -> list[int]:
    sums = classes[:0].sum(axis=0, keepdims=True)
    size = np.zeros(1, dtype=np.int64)
    for row, count in zip(classes, problem.counts, strict=True):
        sums = np.concatenate([sums + k * row for k in range(count + 1)])
        size = np.concatenate([size + k for k in range(count + 1)])
    choices = np.flatnonzero(_allowed(problem, sums.T))
    place = int(choices[np.argmin(size[choices])])
    kept = []
    for count in problem.counts:
        place, k = divmod(place, count + 1)
        kept.append(k)
    return kept


def _at_most_two(problem: KeepProblem, classes: Array) -> list[int] | None:
    kept = [0] * len(classes)
    if problem.allows(kept):
        return kept
    single = np.flatnonzero(_allowed(problem, classes.T))
    if single.size:
        kept[single[0]] = 1
        return kept
    if len(classes) > MOST_PAIRED:
        return None
    again = np.array(problem.counts) > 1
    for begin in range(0, len(classes), _BLOCK):
        first = classes[begin : begin + _BLOCK]
        second = classes[begin:]
        pairs = _allowed(problem, (a[:, None] + b for a, b in zip(first.T, second.T, strict=True)))
        own = np.arange(len(first))
        pairs[own, own] &= again[begin + own]
        if pairs.any():
            for number in np.argwhere(pairs)[0].tolist():
                kept[begin + number] += 1
            return kept
    return None


def _allowed(problem: KeepProblem, sums: Iterable[Array]) -> NDArray[np.bool_]:
    """Return where sums, given coordinate by coordinate, are allowed."""
    allowed: Any = np.True_
    for axis, low, high, other in zip(sums, problem.low, problem.high, problem.other, strict=True):
        fits: Any = np.True_
        if low != -inf:
            fits = fits & (axis >= low)
        if high != inf:
            fits = fits & (axis <= high)
        allowed = allowed & (fits if other is None else fits | (axis == other))
    return np.asarray(allowed, dtype=np.bool_)


def programmed_minimum(problem: KeepProblem, deadline: Deadline) -> tuple[list[int] | None, bool]:
    """Return the least choice by HiGHS and whether HiGHS says that it is the least.

    There is at least one class. The choice satisfies the problem in exact arithmetic. It is
    None where HiGHS found none in time, or where the numbers are too large for its floating
    point.
    """
    if _largest_sum(problem) > LARGEST_SUM or not deadline.remaining:
        return None, False
    program = _HighsProgram(problem, deadline)
    cost, reduced, relaxed = program.relaxation()
    if cost is None:
        return None, False
    # Columns of least reduced cost first: mostly they already attain the relaxation's cost.
    near = np.sort(reduced)[min(len(reduced), _FEW) - 1]
    kept, least = program.solve(reduced <= near, relaxed, _FEW_NODES)
    if kept is None:
        return program.solve(reduced >= 0, relaxed)
    if least and sum(kept) < cost + 1 - _TOLERANCE:
        return kept, True
    # A column that would cost more than the gap keeps its value in every better choice.
    better, least = program.solve(reduced <= sum(kept) - cost + _TOLERANCE, relaxed)
    return (kept if better is None or sum(better) > sum(kept) else better), least


class _HighsProgram:
    """The integer program for HiGHS: class counts, and switches to the other allowed values."""

    def __init__(self, problem: KeepProblem, deadline: Deadline) -> None:
        self.problem, self.deadline = problem, deadline
        self.low = np.array(problem.low, dtype=np.float64)
        self.high = np.array(problem.high, dtype=np.float64)
        columns = [np.array(problem.classes, dtype=np.float64).T]
        for axis, other in enumerate(problem.other):
            if other is not None:
                columns.append(np.zeros((len(self.low), 1)))
                columns[-1][axis] = self.low[axis] - other
        self.matrix = np.concatenate(columns, axis=1)
        switches = np.arange(self.matrix.shape[1]) >= len(problem.classes)
        self.cost = np.where(switches, 0.0, 1.0)
        self.upper = np.ones(len(self.cost))
        self.upper[~switches] = problem.counts

    def relaxation(self) -> tuple[float | None, Reals, Reals]:
        """Return least cost, absolute reduced costs and a least point without integrality."""
        from scipy.optimize import linprog

        above, below = np.isfinite(self.low), np.isfinite(self.high)
        result = linprog(
            self.cost,
            A_ub=np.concatenate((-self.matrix[above], self.matrix[below])),
            b_ub=np.concatenate((-self.low[above], self.high[below])),
            bounds=np.stack((np.zeros(len(self.cost)), self.upper), axis=1),
            method="highs",
            options=self._options(),
        )
        if result.status != 0:
            return None, self.cost, self.cost
        reduced = np.abs(result.lower.marginals + result.upper.marginals)
        return float(result.fun), reduced, np.rint(result.x)

    def solve(
        self, chosen: NDArray[np.bool_], elsewhere: Reals, nodes: int | None = None
    ) -> tuple[list[int] | None, bool]:
        """Return the least choice that differs from `elsewhere` in `chosen` columns only.

        And whether HiGHS says that it is the least; None where there is none in time.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        chosen = chosen | (self.cost == 0)
        rest = self.matrix[:, ~chosen] @ elsewhere[~chosen]
        result = milp(
            self.cost[chosen],
            integrality=np.ones(int(chosen.sum())),
            bounds=Bounds(0, self.upper[chosen]),
            constraints=LinearConstraint(self.matrix[:, chosen], self.low - rest, self.high - rest),
            options={"mip_rel_gap": 0.0, "node_limit": nodes, **self._options()},
        )
        if result.x is None:
            return None, False
        values = elsewhere.copy()
        values[chosen] = np.rint(result.x)
        kept = [int(k) for k in values[: len(self.problem.classes)]]
        return (kept, result.status == 0) if self.problem.allows(kept) else (None, False)

    def _options(self) -> dict[str, float]:
        left = self.deadline.remaining
        return {} if left == inf else {"time_limit": left}


def _largest_sum(problem: KeepProblem) -> int:
    """Return a bound on all sums and on all finite ends."""
    ends = [*problem.low, *problem.high, *(o for o in problem.other if o is not None)]
    finite = [abs(int(end)) for end in ends if abs(end) != inf]
    return max([problem.norm * sum(problem.counts), *finite])
