"""Activations of scaled integers: a rational number t is held as the integer t times a unit."""

from dataclasses import dataclass
from functools import cached_property
from math import isqrt

import numpy as np

from instances.text.numbers import SAFE, Array
from instances.training.activations import Activation

Interval = tuple[int | None, int | None]
"""The integers between two ends, both included; ``None`` is an open end."""


@dataclass(frozen=True)
class ScaledActivation:
    """An activation on integers that stand for ``1 / unit``.

    All kinds but the square are monotone, and cut off at `floor` and `ceiling`.

    Parameters
    ----------
    activation : Activation
    unit : int
    """

    activation: Activation
    unit: int = 1

    @cached_property
    def value_unit(self) -> int:
        """The integer that stands for 1 among the values."""
        return {"square": self.unit * self.unit, "step": 1, "sign": 1}.get(
            self.activation.kind, self.unit
        )

    @property
    def square(self) -> bool:
        """Whether it squares, and so is not monotone."""
        return self.activation.kind == "square"

    @cached_property
    def floor(self) -> int | None:
        """The least value, ``None`` where there is none."""
        return {"identity": None, "sign": -1}.get(self.activation.kind, 0)

    @cached_property
    def ceiling(self) -> int | None:
        """The greatest value, ``None`` where there is none."""
        return {
            "relu_clipped": self.activation.maximum * self.unit,
            "step": 1,
            "sign": 1,
        }.get(self.activation.kind)

    def __call__(self, total: int) -> int:
        """Return the value of one sum."""
        match self.activation.kind:
            case "relu_clipped":
                return min(max(total, 0), self.activation.maximum * self.unit)
            case "step":
                return int(total >= self.unit)
            case _:
                return int(self.activation(total))

    def apply(self, sums: Array) -> Array:
        """Return the value of every sum, in their type; the caller rules out overflow."""
        match self.activation.kind:
            case "relu_clipped" | "step" if self.unit > 1:
                # Entries of int64 arrays are below SAFE, where a larger end may not fit itself.
                most = None if sums.dtype == object else SAFE
                if self.activation.kind == "step":
                    threshold = self.unit if most is None else min(self.unit, most)
                    return (sums >= threshold).astype(np.int64).astype(sums.dtype)
                ceiling = self.activation.maximum * self.unit
                return np.clip(sums, 0, ceiling if most is None else min(ceiling, most))
            case _:
                return self.activation.apply(sums)

    def image(self, low: int, high: int) -> tuple[int, int]:
        """Return the least and the greatest value of the sums from `low` to `high`."""
        ends = self(low), self(high)
        return 0 if self.square and low <= 0 <= high else min(ends), max(ends)

    def preimage(self, value: int) -> Interval | None:
        """Return the sums of a value, under a square their magnitudes; ``None`` for no sum."""
        if self.square:
            root = isqrt(max(value, 0))
            return (root, root) if root * root == value else None
        floor, ceiling = self.floor, self.ceiling
        if (floor is not None and value < floor) or (ceiling is not None and value > ceiling):
            return None
        match self.activation.kind:
            case "step":
                return (None, self.unit - 1) if value == 0 else (self.unit, None)
            case _:
                return None if value == floor else value, None if value == ceiling else value
