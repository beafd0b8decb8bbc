"""The loss of every change of one parameter on every data point, by whole-array operations.

A change alters the sum of one neuron, by the difference of the parameter times what it is
multiplied with; the difference of the neuron's value then propagates, block by block, through
weights that stay as they are. Integers have the smallest type that a bound computed beforehand
allows, so all of this is exact.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from instances.errors import Unsupported
from instances.text.numbers import SAFE, Array
from qnnhard.methods.local_search.block_state import BlockState
from qnnhard.methods.local_search.layout import SearchLayout
from qnnhard.methods.local_search.targets import Goals


class Neighborhood:
    """A choice of parameters, and the losses of the data points now and after every change.

    Parameters
    ----------
    capped : bool
        Whether the loss of a data point counts as at most 1.

    Attributes
    ----------
    chosen : list of int
        The parameters, in the order of ``layout.parameters``.
    alternatives : int64 array
        Per change the value that it gives to its parameter.
    current : array, points
        The losses now.
    """

    def __init__(self, layout: SearchLayout, goals: Goals, capped: bool) -> None:
        dtype, points = _smallest_type(layout, goals), len(goals.multiplicity)
        self.layout = layout
        self.capped = capped
        self.chosen: list[int] = []
        self.current: Array = np.zeros(points, dtype=dtype)
        self._values: Array = np.zeros((layout.rows, points), dtype=dtype)
        self._values[0] = -1
        self._values[1 : layout.input_rows] = goals.inputs
        self._number = [n for n, p in enumerate(layout.parameters) for _ in p.domain[1:]]
        changed = layout.changed
        self._owner = np.array(
            [layout.blocks[p.block].row + p.place for p in changed], dtype=np.int64
        )
        self.alternatives: Array = np.zeros(layout.changes, dtype=np.int64)
        self._delta: Array = np.zeros((layout.changes, 1), dtype=dtype)
        self._direct: Array = np.zeros((layout.changes, points), dtype=dtype)
        self._states = [
            BlockState(block, changed[block.begin : block.end], low, high, goals.power, dtype)
            for block, low, high in zip(layout.blocks, goals.low, goals.high, strict=True)
        ]
        for parameter in layout.parameters:
            self._states[parameter.block].connected[parameter.row] = True
        self._between = [
            [s for s in self._states[:number] if s.block.begin and state.connected[s.rows].any()]
            for number, state in enumerate(self._states)
        ]
        self._judged = [state for state in self._states if state.judged]
        self._now: Array = np.zeros((sum(map(len, goals.low)), points), dtype=dtype)
        first = 0
        # Rows of one array, so that one call adds them up.
        for state in self._judged:
            state.losses = self._now[first : first + state.block.size]
            first += state.block.size
        self._losses: Array = np.zeros((layout.changes, points), dtype=dtype)
        self._ones: Array = np.ones((layout.changes, points), dtype=dtype)

    def assign(self, chosen: Sequence[int]) -> None:
        """Choose all parameters, in the order of ``layout.parameters``."""
        self.chosen = list(chosen)
        for number, parameter in enumerate(self.layout.parameters):
            value = self.chosen[number]
            self.alternatives[parameter.changes] = [v for v in parameter.domain if v != value]
            self._set(number)
        for state in self._states:
            state.forward(self._values)
        self._add_up()

    def losses(self) -> Array:
        """Return the losses of the data points after each change, as changes x points.

        The array is overwritten by the next call.
        """
        for state, between in zip(self._states, self._between, strict=True):
            self._spread(state, between)
            state.finish(self._values)
            if state.block.feeds:
                block = state.block
                self._direct[block.begin : block.end] = state.own_difference
        found = self._sum_of_losses()
        return np.minimum(found, self._ones, out=found) if self.capped else found

    def move(self, change: int) -> None:
        """Make a change; `losses` must have been called since the last one."""
        number = self._number[change]
        value = int(self.alternatives[change])
        self.alternatives[change], self.chosen[number] = self.chosen[number], value
        self._set(number)
        parameter = self.layout.parameters[number]
        for state in self._states[parameter.block :]:
            state.accept(change, parameter.place, self._values)
        self._add_up()

    def _set(self, number: int) -> None:
        """Enter the choice of a parameter into the weights and the differences to it."""
        parameter, value = self.layout.parameters[number], self.chosen[number]
        self._states[parameter.block].weights[parameter.place, parameter.row] = value
        changes = parameter.changes
        self._delta[changes, 0] = self.alternatives[changes] - value

    def _spread(self, state: BlockState, between: list[BlockState]) -> None:
        """Write what each change adds to the sums of a block."""
        begin, end = state.block.begin, state.block.end
        if begin:
            reached = state.reached_sums
            weights = state.weights.take(self._owner[:begin], axis=1)[:, :, None]
            np.multiply(weights, self._direct[:begin], out=reached)
            for other in between:
                reached[:, : other.block.begin] += np.einsum(
                    "uz,zcp->ucp", state.weights[:, other.rows], other.reached_difference
                )
        if begin < end:
            own = self._values.take(state.source, axis=0)
            np.multiply(own, self._delta[begin:end], out=state.own_sums)

    def _sum_of_losses(self) -> Array:
        """Add up the losses of all outputs; those that a change does not reach keep theirs."""
        if len(self._judged) == 1:
            state = self._judged[0]
            if state.block.size == 1 and state.block.end == self.layout.changes:
                return state.new_losses
        self._losses[...] = self._total
        for state in self._judged:
            block = state.block
            state.new_losses -= state.losses.take(state.neuron, axis=0)
            if block.begin:
                self._losses[: block.begin] += np.add.reduce(
                    state.reached_losses, axis=0, dtype=self._losses.dtype
                )
            self._losses[block.begin : block.end] += state.own_losses
        return self._losses

    def _add_up(self) -> None:
        """Sum the losses of the outputs."""
        self._total = np.add.reduce(self._now, axis=0, dtype=self._now.dtype)
        self.current = np.minimum(self._total, 1) if self.capped else self._total


def _smallest_type(layout: SearchLayout, goals: Goals) -> np.dtype[Any]:
    """Return the smallest integer type that holds every number of a search."""
    largest = 4 * goals.largest
    for block in layout.blocks:
        largest = max(largest, 4 * block.reach, 4 * block.largest)
    for parameter in layout.parameters:
        # A weight counts even where what it is multiplied with is always 0.
        largest = max(largest, -2 * parameter.domain[0], 2 * parameter.domain[-1])
    largest = max(largest, int(np.abs(goals.inputs).max(initial=0)))
    if largest >= SAFE:
        raise Unsupported("local-search: numbers may leave 64 bits; use --backend sat")
    kinds = (np.int16, np.int32, np.int64)
    return next(np.dtype(kind) for kind in kinds if largest <= np.iinfo(kind).max)
