"""The free parameters of an instance and its neurons, arranged for whole-array evaluation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.training.activations import Activation


@dataclass(frozen=True)
class Shape:
    """An activation on integers: the square, or what cuts off below `floor`, above `ceiling`."""

    floor: int | None = None
    ceiling: int | None = None
    square: bool = False

    @classmethod
    def of(cls, activation: Activation) -> "Shape":
        """Return the shape of `activation`; `step` on integers cuts off at 0 and 1."""
        match activation.kind:
            case "square":
                return cls(square=True)
            case "identity":
                return cls()
            case "relu":
                return cls(0)
            case "relu_clipped":
                return cls(0, activation.maximum)
            case "step":
                return cls(0, 1)
            case _:
                return cls(-1, 1)

    def largest(self, reach: int) -> int:
        """Return a bound on the magnitude of the value of a sum of magnitude at most `reach`."""
        if self.square:
            return reach * reach
        return reach if self.ceiling is None else min(reach, self.ceiling)


@dataclass(frozen=True, eq=False)
class Block:
    """Neurons of one level, all outputs or all hidden, with the same activation.

    Parameters
    ----------
    size : int
        Number of neurons.
    row : int
        Their values are the rows from this one on.
    shape : Shape
    columns : int64 array
        The columns of the targets that belong to them; empty for hidden neurons.
    feeds : bool
        Whether other useful neurons depend on them.
    begin, end : int
        The range of the changes of their own parameters.
    reach : int
        A bound on the magnitude of their sums, whatever the parameters.
    """

    size: int
    row: int
    shape: Shape
    columns: NDArray[np.int64]
    feeds: bool
    begin: int
    end: int
    reach: int


@dataclass(frozen=True)
class Parameter:
    """A weight or a bias of a useful neuron.

    Parameters
    ----------
    edge : int or None
        The edge of a weight; ``None`` for a bias.
    neuron : int
        The neuron that it belongs to.
    block, place : int
        That neuron's block, and its place in it.
    row : int
        The row of values that it is multiplied with; row 0, which is -1, for a bias.
    domain : tuple of int
    begin : int
        Its changes are ``begin`` up to ``begin + len(domain) - 1``.
    """

    edge: int | None
    neuron: int
    block: int
    place: int
    row: int
    domain: tuple[int, ...]
    begin: int


@dataclass(frozen=True, eq=False)
class Layout:
    """All that stays the same during a search, but for the data.

    Row 0 of the values is the constant -1, then come the inputs, then block after block of the
    useful neurons, those that some output depends on. The changes, of one parameter to another
    value of its domain, are numbered in the order of the blocks.

    Parameters
    ----------
    input_rows : int
        Number of rows before those of the blocks.
    rows : int
    blocks : tuple of Block
    parameters : tuple of Parameter
    changes : int
    """

    input_rows: int
    rows: int
    blocks: tuple[Block, ...]
    parameters: tuple[Parameter, ...]
    changes: int
