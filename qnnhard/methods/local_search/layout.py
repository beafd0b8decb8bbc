"""The free parameters of an instance and its neurons, arranged for whole-array evaluation."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from instances.canonical.scaled import ScaledActivation


@dataclass(frozen=True, eq=False)
class Block:
    """Neurons of one level, all outputs or all hidden, with the same activation.

    Parameters
    ----------
    size : int
        Number of neurons.
    row : int
        Their values are the rows from this one on.
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
    activation: ScaledActivation
    columns: NDArray[np.int64]
    feeds: bool
    begin: int
    end: int
    reach: int

    @property
    def largest(self) -> int:
        """A bound on the magnitude of their values."""
        return max(map(abs, self.activation.image(-self.reach, self.reach)))


@dataclass(frozen=True)
class FreeParameter:
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
        Its first change.
    """

    edge: int | None
    neuron: int
    block: int
    place: int
    row: int
    domain: tuple[int, ...]
    begin: int

    @cached_property
    def changes(self) -> slice:
        """Its changes, one for every other value."""
        return slice(self.begin, self.begin + len(self.domain) - 1)


@dataclass(frozen=True, eq=False)
class SearchLayout:
    """All that stays the same during a search, but for the data.

    Row 0 of the values is the constant -1, then come the inputs, then block after block of the
    useful neurons, those that some output depends on. The changes, of one parameter to another
    value of its domain, are numbered in the order of the blocks.

    Parameters
    ----------
    input_rows : int
        Number of rows before those of the blocks.
    changed : tuple of FreeParameter
        Per change the parameter that it changes.
    """

    input_rows: int
    rows: int
    blocks: tuple[Block, ...]
    parameters: tuple[FreeParameter, ...]
    changed: tuple[FreeParameter, ...]

    @property
    def changes(self) -> int:
        """Number of changes."""
        return len(self.changed)
