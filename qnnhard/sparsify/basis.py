"""The basis steps of Grinberg and Sevastyanov, in floating point or in fractions.

Vectors are taken one by one. With r of n taken, a *combination* of those left has coefficients
from 0 to 1 with sum s <= p, and the taken sum plus the combination is the point (r + s)/n of
the way to the total t; so the taken sum is within s times the largest norm of that point. The
point moves on by one n-th, which a dual simplex step follows. A basic combination has at most
p + 1 coefficients that are neither 0 nor 1, so with s = p + 1 equal vectors together have a
coefficient of at least 1, and one of them is taken. At the end the combination is all that is
left.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np

from instances.deadline import Deadline
from instances.text.numbers import Array

TOLERANCE = 1e-7
"""How far floating point may be off; the order is checked in integers afterwards."""

_REFRESH = 50
"""Floating-point steps after which the inverse of the basis is computed anew."""


class ProposalFailed(Exception):
    """Floating point lost its way."""


def propose(
    distinct: Sequence[tuple[int, ...]], counts: Sequence[int], exact: bool, deadline: Deadline
) -> list[int]:
    """Return an order of vectors as class numbers, each as often as its class has members.

    Parameters
    ----------
    distinct : sequence of K tuples of p integers
    counts : sequence of K positive integers
    exact : bool
        Whether to compute in fractions; the order then satisfies the Steinitz lemma.

    Raises
    ------
    ProposalFailed
        Where floating point broke down; never with `exact`.
    """
    number = sum(counts)
    largest = max((abs(value) for row in distinct for value in row), default=0) or 1
    kind: type[Any] = Fraction if exact else float
    rows = [[kind(1)] * len(distinct)]
    rows += [[kind(x) / largest for x in axis] for axis in zip(*distinct, strict=True)]
    columns: Array = np.array(rows, dtype=object if exact else np.float64)
    multiplicity = np.array([kind(count) for count in counts], dtype=columns.dtype)
    step = (columns * multiplicity).sum(axis=1) / max(1, number)
    basis = _Basis(columns, multiplicity, exact)
    order: list[int] = []
    for moved in range(1, number + 1):
        if exact or moved % 64 == 0:
            deadline.check()
        basis.advance(step)
        while (taken := basis.take()) is not None:
            order.append(taken)
        if moved - len(order) > len(step) - 1:
            raise ProposalFailed
    left = Counter(dict(enumerate(counts)))
    left.subtract(order)
    return [*order, *left.elements()]


class _Basis:
    """A basic solution of ``columns @ x = b`` with ``0 <= x <= upper``, by dual simplex steps.

    Bland's rule (the first violated variable leaves, the first of the best enters) terminates.
    """

    def __init__(self, columns: Array, upper: Array, exact: bool) -> None:
        rows, classes = columns.shape
        unit = np.eye(rows, dtype=np.int64).astype(columns.dtype)
        # The first basis are unit columns with upper bound 0: once out they stay out.
        self.columns: Array = np.concatenate((columns, unit), axis=1)
        self.upper: Array = np.concatenate((upper, unit[0] * 0))
        self.basic = np.arange(classes, classes + rows)
        self.is_basic = np.arange(classes + rows) >= classes
        self.at_upper = np.zeros(classes + rows, dtype=np.bool_)
        self.inverse: Array = unit
        # Costs without pattern make ties between ratios rare.
        scrambled = np.arange(classes, dtype=np.int64) * 7919 % 10007 + 10007
        self.reduced: Array = np.concatenate((scrambled.astype(columns.dtype), unit[0] * 0))
        self.rhs: Array = unit[0] * 0
        self.values = self.rhs
        self.exact = exact
        self.tolerance = 0 if exact else TOLERANCE
        self.pivots = 0

    def advance(self, step: Array) -> None:
        """Move b by `step` and make the solution feasible again."""
        self.rhs = self.rhs + step
        for attempt in count():
            self.values = self.inverse @ self.rhs
            low = self.values < -self.tolerance
            violated = low | (self.values > self.upper[self.basic] + self.tolerance)
            if not violated.any():
                return
            if not self.exact and attempt > 20 * len(self.rhs):
                raise ProposalFailed
            rows = np.flatnonzero(violated)
            row = int(rows[np.argmin(self.basic[rows])])
            self._pivot(row, above=not low[row])

    def take(self) -> int | None:
        """Take a vector of a class with coefficient at least 1; return the class, if any."""
        rows = np.flatnonzero(self.values >= 1 - self.tolerance)
        if rows.size:
            chosen = int(self.basic[rows[0]])
            self.values[rows[0]] -= 1
            self.rhs = self.rhs - self.columns[:, chosen]
        else:
            full = np.flatnonzero(self.at_upper & (self.upper >= 1))
            if not full.size:
                return None
            chosen = int(full[0])
        self.upper[chosen] -= 1
        return chosen

    def _pivot(self, row: int, above: bool) -> None:
        """Make the basic variable of `row` leave to the bound that it violates."""
        alpha: Array = np.einsum("i,ij->j", self.inverse[row], self.columns)
        toward = np.where(self.at_upper == above, -alpha, alpha)
        able = (toward > self.tolerance) & ~self.is_basic & (self.upper > 0)
        choice = np.flatnonzero(able)
        if not choice.size:
            raise ProposalFailed
        ratios = np.abs(self.reduced[choice]) / toward[choice]
        entering, leaving = int(choice[np.argmin(ratios)]), int(self.basic[row])
        if self.at_upper[entering]:
            self.rhs = self.rhs + self.upper[entering] * self.columns[:, entering]
        if above:
            self.rhs = self.rhs - self.upper[leaving] * self.columns[:, leaving]
        self.at_upper[[entering, leaving]] = False, above
        self.is_basic[[entering, leaving]] = True, False
        self.reduced = self.reduced - alpha * (self.reduced[entering] / alpha[entering])
        self.basic[row] = entering
        self._invert(row, entering)

    def _invert(self, row: int, entering: int) -> None:
        """Bring the inverse up to date with the new column of `row`."""
        self.pivots += 1
        if not self.exact and self.pivots % _REFRESH == 0:
            try:
                self.inverse = np.linalg.inv(self.columns[:, self.basic])
            except np.linalg.LinAlgError as error:
                raise ProposalFailed from error
            return
        column = self.inverse @ self.columns[:, entering]
        pivot_row = self.inverse[row] / column[row]
        self.inverse = self.inverse - column[:, None] * pivot_row
        self.inverse[row] = pivot_row
