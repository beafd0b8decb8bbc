"""Activation functions, applied exactly (theory, section 1)."""

import re
from dataclasses import dataclass

import numpy as np

from instances.errors import InputError
from instances.text.numbers import SAFE, Array, Number
from instances.text.values import unknown

KINDS = ("identity", "relu", "relu_clipped", "step", "sign", "square")
_CLIPPED = re.compile(r"relu_clipped\((\d{1,18})\)")


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Parameters
    ----------
    kind : str
        ``identity``, ``relu``, ``relu_clipped`` = min(max(t, 0), maximum), ``step`` (1 where
        t >= 1, else 0), ``sign`` (-1, 0, 1) or ``square``.
    maximum : int
        The ceiling of ``relu_clipped``; 0 for every other kind.
    """

    kind: str
    maximum: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(unknown("activation", self.kind, KINDS))
        if self.maximum < 0 or (self.maximum and self.kind != "relu_clipped"):
            raise InputError(f"activation '{self.kind}' cannot have the maximum {self.maximum}")

    def __str__(self) -> str:
        return f"{self.kind}({self.maximum})" if self.kind == "relu_clipped" else self.kind

    @classmethod
    def parse(cls, text: str) -> "Activation":
        """Return the activation that `text` names, such as ``relu`` or ``relu_clipped(2)``."""
        match = _CLIPPED.fullmatch(text)
        if match:
            return cls("relu_clipped", int(match[1]))
        if text.startswith("relu_clipped"):
            raise InputError(f"activation '{text}': write relu_clipped(M) with an integer M >= 0")
        return cls(text)

    def __call__(self, value: Number) -> Number:
        """Return the activation of one number."""
        match self.kind:
            case "identity":
                return value
            case "relu":
                return max(value, 0)
            case "relu_clipped":
                return min(max(value, 0), self.maximum)
            case "step":
                return int(value >= 1)
            case "sign":
                return int(value > 0) - int(value < 0)
            case _:
                return value * value

    def apply(self, values: Array) -> Array:
        """Return the activation of every element; the caller rules out overflow in ``square``."""
        match self.kind:
            case "identity":
                return values
            case "relu":
                return np.maximum(values, 0)
            case "relu_clipped":
                # int64 arrays hold values below SAFE, so a ceiling above it changes nothing.
                ceiling = self.maximum if values.dtype == object else min(self.maximum, SAFE)
                return np.minimum(np.maximum(values, 0), ceiling)
            case "step":
                # Straight to Python objects they would be bools, which are written otherwise.
                return (values >= 1).astype(np.int64).astype(values.dtype)
            case "sign":
                signs: Array = (values > 0).astype(values.dtype) - (values < 0).astype(values.dtype)
                return signs
            case _:
                return values * values


IDENTITY, RELU, STEP, SQUARE = map(Activation, ("identity", "relu", "step", "square"))
