"""Sums, values and losses of one block of neurons, now and after every change."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from instances.text.numbers import Array
from qnnhard.methods.local_search.layout import Block, FreeParameter


class BlockState:
    """One block during a search.

    Arrays of what holds after every change have a row for each pair of a neuron of the block and
    a change before the block, neuron by neuron, and then one for each change of the block's own
    parameters. These two parts are called reached and own.

    Parameters
    ----------
    parameters : sequence of FreeParameter
        Per own change the parameter that it changes.
    low, high : arrays, neurons x points
        See `Goals`; without rows for hidden neurons.
    power : int
        See `Goals`.
    """

    def __init__(
        self,
        block: Block,
        parameters: Sequence[FreeParameter],
        low: Array,
        high: Array,
        power: int,
        dtype: np.dtype[Any],
    ) -> None:
        self.block = block
        self.judged = bool(len(block.columns))
        self.rows = slice(block.row, block.row + block.size)
        self.weights: Array = np.zeros((block.size, block.row), dtype=dtype)
        self.connected = np.zeros(block.row, dtype=np.bool_)
        self.source = np.array([p.row for p in parameters], dtype=np.int64)
        own = np.array([p.place for p in parameters], dtype=np.int64)
        self.neuron = np.concatenate((np.repeat(np.arange(block.size), block.begin), own))
        points = low.shape[1]
        shape = len(self.neuron), points
        self.new_sums: Array = np.empty(shape, dtype=dtype)
        self.difference: Array = np.empty(shape, dtype=dtype)
        self.new_losses: Array = np.empty(shape if self.judged else (0, points), dtype=dtype)
        self.sums: Array = np.zeros((block.size, points), dtype=dtype)
        self.losses: Array = np.zeros((len(low), points), dtype=dtype)
        self.reached_sums, self.own_sums = self._split(self.new_sums)
        self.reached_difference, self.own_difference = self._split(self.difference)
        if self.judged:
            self.reached_losses, self.own_losses = self._split(self.new_losses)
        rows = self.neuron if self.judged else self.neuron[:0]
        self._now = _Rules(block, low, high, power, self.sums.shape, dtype)
        self._after = _Rules(block, low[rows], high[rows], power, shape, dtype)

    def _split(self, array: Array) -> tuple[Array, Array]:
        """Return views: neurons x changes before the block x points, and own changes x points."""
        size, begin = self.block.size, self.block.begin
        rows = size * begin
        return array[:rows].reshape(size, begin, array.shape[1]), array[rows:]

    def forward(self, values: Array) -> None:
        """Compute sums, values and losses from the values of the rows before the block."""
        self.sums = np.einsum("ur,rp->up", self.weights, values[: self.block.row])
        self._now.activate(self.sums, values[self.rows])
        if self.judged:
            self._now.judge(self.sums, self.losses)

    def finish(self, values: Array) -> None:
        """Turn `new_sums`, which hold differences, into sums, and derive what follows."""
        self.new_sums += self.sums.take(self.neuron, axis=0)
        if self.block.feeds:
            self._after.activate(self.new_sums, self.difference)
            self.difference -= values[self.rows].take(self.neuron, axis=0)
        if self.judged:
            self._after.judge(self.new_sums, self.new_losses)

    def accept(self, change: int, place: int, values: Array) -> None:
        """Take over sums, values and losses after a change in this block or before it."""
        block = self.block
        if change < block.begin:
            neurons = slice(block.size)
            sums, difference = self.reached_sums[:, change], self.reached_difference[:, change]
        else:
            neurons = slice(place, place + 1)
            own = slice(change - block.begin, change - block.begin + 1)
            sums, difference = self.own_sums[own], self.own_difference[own]
        self.sums[neurons] = sums
        if block.feeds:
            values[self.rows][neurons] += difference
        if self.judged:
            self._now.judge(self.sums, self.losses)


class _Rules:
    """The activation and the loss of outputs, for arrays of one shape.

    Everything constant is stored in full, since NumPy is several times faster without
    broadcasting.
    """

    def __init__(
        self,
        block: Block,
        low: Array,
        high: Array,
        power: int,
        shape: tuple[int, int],
        dtype: np.dtype[Any],
    ) -> None:
        def full(limit: int | None) -> Array | None:
            # Sums are within the reach, which the type holds; a limit need not be.
            return None if limit is None else np.full(shape, min(limit, block.reach), dtype=dtype)

        self.square, self.power = block.activation.square, power
        self.floor, self.ceiling = full(block.activation.floor), full(block.activation.ceiling)
        self.low, self.high = low.astype(dtype), high.astype(dtype)
        self.zero: Array = np.zeros(low.shape, dtype=dtype)
        self.scratch: Array = np.empty(low.shape, dtype=dtype)

    def activate(self, sums: Array, out: Array) -> None:
        """Write the values of neurons to `out`."""
        if self.square:
            np.multiply(sums, sums, out=out)
        elif self.floor is None:
            out[...] = sums
        else:
            np.maximum(sums, self.floor, out=out)
            if self.ceiling is not None:
                np.minimum(out, self.ceiling, out=out)

    def judge(self, sums: Array, out: Array) -> None:
        """Write the losses of outputs to `out`."""
        if self.power:
            self.activate(sums, out)
            out -= self.low
            np.abs(out, out=out)
            if self.power == 2:
                out *= out
            return
        if self.square:
            sums = np.abs(sums)
        np.subtract(self.low, sums, out=out)
        np.subtract(sums, self.high, out=self.scratch)
        np.maximum(out, self.scratch, out=out)
        np.maximum(out, self.zero, out=out)
