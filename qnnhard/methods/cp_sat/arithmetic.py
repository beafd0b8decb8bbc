"""Exact arithmetic in CP-SAT: expressions with scales and intervals of a safe size.

A rational number is represented by an integer expression and a positive scale: the number is
the expression divided by the scale. Every expression comes with an interval that contains its
values, and nothing is handed to CP-SAT whose interval leaves the numbers that it is exact on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from ortools.sat.python import cp_model

from instances.errors import Unsupported
from instances.text.numbers import Number
from instances.training.activations import Activation

MAGNITUDE = 1 << 30
"""Everything stays below this, and so the range of every sum below 2^31.

CP-SAT takes sums up to 2^63, but its presolve adds up the coefficients of Boolean terms in 32
bits (version 9.15, github.com/google/or-tools/issues/5293) and then calls feasible models
infeasible.
"""


@dataclass(frozen=True)
class Quantity:
    """The number ``expression / scale``; `expression` lies between `low` and `high`."""

    expression: Any
    low: int
    high: int
    scale: int = 1

    @property
    def constant(self) -> bool:
        """Whether there is one value only."""
        return self.low == self.high


@dataclass(frozen=True)
class Arithmetic:
    """Makers of quantities in one CP-SAT model, the constraints that define them included.

    Every method raises `Unsupported` for what could reach `MAGNITUDE`.
    """

    cp: Any

    def number(self, value: Number) -> Quantity:
        """Return a constant; it is checked where it is used."""
        exact = Fraction(value)
        return Quantity(exact.numerator, exact.numerator, exact.numerator, exact.denominator)

    def _variable(self, low: int, high: int, name: str) -> Any:
        self.check(low, high, name)
        return self.cp.new_int_var(low, high, name)

    def check(self, low: int, high: int, name: str) -> None:
        """Raise `Unsupported` where an interval leaves the range."""
        if max(abs(low), abs(high)) >= MAGNITUDE:
            bits = max(abs(low), abs(high)).bit_length() - 1
            raise Unsupported(
                f"cp-sat: {name} can reach 2^{bits}, but it is exact only below 2^30; "
                "use --backend sat or dataset-dp"
            )

    def times(self, quantity: Quantity, factor: int) -> Quantity:
        """Return a multiple, at the same scale."""
        low, high = sorted((quantity.low * factor, quantity.high * factor))
        self.check(low, high, f"a multiple by {factor}")
        return Quantity(quantity.expression * factor, low, high, quantity.scale)

    def product(self, left: Quantity, right: Quantity, name: str) -> Quantity:
        """Return the product; a variable is made where neither factor is a constant."""
        scale = left.scale * right.scale
        corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        low, high = min(corners), max(corners)
        self.check(low, high, f"a product at {name}")
        if low == high:
            return Quantity(low, low, low, scale)
        if left.constant or right.constant:
            return Quantity(left.expression * right.expression, low, high, scale)
        variable = self._variable(low, high, name)
        self.cp.add_multiplication_equality(variable, [left.expression, right.expression])
        return Quantity(variable, low, high, scale)

    def total(self, terms: Sequence[Quantity], name: str) -> Quantity:
        """Return the sum at a common scale; refuse it where partial sums could overflow."""
        scale = lcm(*(term.scale for term in terms))
        scaled = [self.times(term, scale // term.scale) for term in terms]
        low, high = sum(term.low for term in scaled), sum(term.high for term in scaled)
        reach = sum(max(abs(term.low), abs(term.high)) for term in scaled)
        self.check(-reach, reach, f"the sum at {name}")
        if low == high:
            return Quantity(low, low, low, scale)
        # A plain sum of many expressions nests as deep as it is long.
        return Quantity(cp_model.LinearExpr.sum([t.expression for t in scaled]), low, high, scale)

    def activate(self, t: Quantity, activation: Activation, name: str) -> Quantity:
        """Return the activation of `t`; a variable is made where it is not linear."""
        match activation.kind:
            case "identity":
                return t if t.constant else self._named(t, name)
            case "relu":
                return self._clip(t, max(t.high, 0), name)
            case "relu_clipped":
                return self._clip(t, activation.maximum * t.scale, name)
            case "step":
                return self._at_least(t, t.scale, name)
            case "sign":
                above, below = self._at_least(t, 1, f"{name}>0"), self._at_least(t, 0, f"{name}>=0")
                low, high = above.low + below.low - 1, above.high + below.high - 1
                return Quantity(above.expression + below.expression - 1, low, high)
            case _:
                return self._square(t, name)

    def _named(self, t: Quantity, name: str) -> Quantity:
        """Return `t` as a variable, so that products with it stay small."""
        variable = self._variable(t.low, t.high, name)
        self.cp.add(variable == t.expression)
        return Quantity(variable, t.low, t.high, t.scale)

    def _clip(self, t: Quantity, ceiling: int, name: str) -> Quantity:
        """Return min(max(t, 0), ceiling); a ceiling out of reach is none."""
        low, high = (min(max(end, 0), ceiling) for end in (t.low, t.high))
        if low == high:
            return Quantity(low, low, low, t.scale)
        if t.low >= 0 and t.high <= ceiling:
            return self._named(t, name)
        variable = self._variable(low, high, name)
        if t.high <= ceiling:
            self.cp.add_max_equality(variable, [t.expression, 0])
        else:
            positive = self._variable(max(t.low, 0), t.high, f"{name}+")
            self.cp.add_max_equality(positive, [t.expression, 0])
            self.cp.add_min_equality(variable, [positive, ceiling])
        return Quantity(variable, low, high, t.scale)

    def _at_least(self, t: Quantity, threshold: int, name: str) -> Quantity:
        """Return 1 where the expression of `t` is at least `threshold`, else 0."""
        if t.low >= threshold or t.high < threshold:
            fixed = int(t.low >= threshold)
            return Quantity(fixed, fixed, fixed)
        variable = self.cp.new_bool_var(name)
        self.cp.add(t.expression >= threshold).only_enforce_if(variable)
        self.cp.add(t.expression < threshold).only_enforce_if(~variable)
        return Quantity(variable, 0, 1)

    def _square(self, t: Quantity, name: str) -> Quantity:
        ends = (t.low * t.low, t.high * t.high)
        low, high = 0 if t.low <= 0 <= t.high else min(ends), max(ends)
        self.check(low, high, name)
        if t.constant:
            return Quantity(low, low, low, t.scale * t.scale)
        variable = self._variable(low, high, name)
        base = self._named(t, f"{name}^1/2").expression
        self.cp.add_multiplication_equality(variable, [base, base])
        return Quantity(variable, low, high, t.scale * t.scale)

    def distance(self, output: Quantity, target: Number, squared: bool, name: str) -> Quantity:
        """Return the absolute or squared difference."""
        gap = self.total([output, self.number(-target)], name)
        if squared:
            return self._square(gap, name)
        ends = (abs(gap.low), abs(gap.high))
        low, high = 0 if gap.low <= 0 <= gap.high else min(ends), max(ends)
        if gap.constant:
            return Quantity(low, low, low, gap.scale)
        variable = self._variable(low, high, name)
        self.cp.add_abs_equality(variable, gap.expression)
        return Quantity(variable, low, high, gap.scale)
