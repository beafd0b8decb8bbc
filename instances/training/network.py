"""Networks: directed acyclic graphs of neurons, stored as arrays."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from instances.errors import InvalidInstance
from instances.training.activations import Activation
from instances.training.levels import longest_paths, ranges
from instances.training.names import Names

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Network:
    """A DAG without parallel edges; any edge set is allowed, skip connections included.

    Parameters
    ----------
    names : Names
        The naming rule; it also fixes the number of neurons, 0 to ``len(names) - 1``.
    inputs, outputs : int32 arrays
        Neurons in their fixed order. Inputs have no predecessors; outputs are not inputs and
        may feed other neurons.
    sources, targets : int32 arrays
        Edge e leads from ``sources[e]`` to ``targets[e]``; sorted by target, then by source.
    activations : tuple of Activation
    activation : int32 array
        Per neuron an index into `activations`; -1 at inputs.

    Raises
    ------
    InvalidInstance
        Where one of these rules is broken.
    """

    names: Names
    inputs: Ints
    outputs: Ints
    sources: Ints
    targets: Ints
    activations: tuple[Activation, ...]
    activation: Ints

    def __post_init__(self) -> None:
        for field in ("inputs", "outputs", "sources", "targets", "activation"):
            object.__setattr__(self, field, _int32(getattr(self, field)))
        self._check_neurons()
        self._check_edges()
        _ = self.levels

    def _check_neurons(self) -> None:
        for field in ("inputs", "outputs", "sources", "targets"):
            values = getattr(self, field)
            if values.size and not (0 <= values.min() and values.max() < self.size):
                wrong = values[(values < 0) | (values >= self.size)][0]
                raise InvalidInstance(
                    f"{field}: neuron {wrong} is unknown: neurons are 0 to {self.size - 1}"
                )
        for field, mask in (("inputs", self.is_input), ("outputs", self.is_output)):
            if np.count_nonzero(mask) < getattr(self, field).size:
                values = np.sort(getattr(self, field))
                repeated = values[1:][values[1:] == values[:-1]]
                raise InvalidInstance(f"{field}: neuron '{self.names[repeated[0]]}' occurs twice")
        both = self.outputs[self.is_input[self.outputs]]
        if both.size:
            raise InvalidInstance(f"neuron '{self.names[both[0]]}' is both an input and an output")
        if self.activation.shape != (self.size,):
            raise InvalidInstance(f"activation: give one index for each of {self.size} neurons")
        used = self.activation[~self.is_input]
        if used.size and not (0 <= used.min() and used.max() < len(self.activations)):
            raise InvalidInstance(
                f"activation: indices of neurons are 0 to {len(self.activations) - 1}"
            )
        if (self.activation[self.is_input] != -1).any():
            raise InvalidInstance("activation: inputs have none; their index is -1")

    def _check_edges(self) -> None:
        if self.sources.shape != self.targets.shape:
            raise InvalidInstance(
                f"edges: {self.sources.size} sources but {self.targets.size} targets"
            )
        entering = self.targets[self.is_input[self.targets]]
        if entering.size:
            raise InvalidInstance(f"input '{self.names[entering[0]]}' has a predecessor")
        same = self.targets[1:] == self.targets[:-1]
        wrong = same & (self.sources[1:] <= self.sources[:-1])
        wrong |= self.targets[1:] < self.targets[:-1]
        if wrong.any():
            edge = int(np.flatnonzero(wrong)[0]) + 1
            what = f"{self.names[self.sources[edge]]} -> {self.names[self.targets[edge]]}"
            if same[edge - 1] and self.sources[edge] == self.sources[edge - 1]:
                raise InvalidInstance(f"edge {what} occurs twice: parallel edges are not allowed")
            raise InvalidInstance(f"edge {what}: edges must be sorted by target, then by source")

    @property
    def size(self) -> int:
        """Number of neurons, inputs included."""
        return len(self.names)

    @property
    def edges(self) -> int:
        """Number of edges."""
        return int(self.sources.size)

    @cached_property
    def is_input(self) -> NDArray[np.bool_]:
        """Per neuron whether it is an input."""
        return _mask(self.size, self.inputs)

    @cached_property
    def is_output(self) -> NDArray[np.bool_]:
        """Per neuron whether it is an output."""
        return _mask(self.size, self.outputs)

    @cached_property
    def in_start(self) -> NDArray[np.int64]:
        """The edges into neuron v are ``in_start[v]`` up to ``in_start[v + 1]``."""
        start = np.zeros(self.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.targets, minlength=self.size), out=start[1:])
        return start

    @cached_property
    def in_degree(self) -> NDArray[np.int64]:
        """Number of predecessors per neuron."""
        return np.diff(self.in_start)

    @cached_property
    def out_degree(self) -> NDArray[np.int64]:
        """Number of successors per neuron."""
        return np.bincount(self.sources, minlength=self.size)

    @cached_property
    def levels(self) -> Ints:
        """Per neuron the length of a longest path that ends in it.

        Raises `InvalidInstance` for a cycle.
        """
        level = longest_paths(self.sources, self.targets, self.in_start)
        if (level < 0).any():
            raise InvalidInstance(
                f"the network has a cycle through or before neuron "
                f"'{self.names[int(np.flatnonzero(level < 0)[0])]}': remove an edge of it"
            )
        return level

    @cached_property
    def _level_runs(self) -> tuple[NDArray[np.int64], list[int]]:
        """The neurons sorted by level, and where levels begin and the last one ends."""
        count = np.bincount(self.levels)
        # Few levels fit in a type that is sorted digit by digit.
        few = len(count) <= np.iinfo(np.uint16).max
        order = np.argsort(self.levels.astype(np.uint16) if few else self.levels, kind="stable")
        return order, [0, *np.cumsum(count).tolist()]

    def by_level(self) -> Iterator[NDArray[np.int64]]:
        """Yield the neurons of level 0, 1, ... in increasing order within a level."""
        order, bounds = self._level_runs
        for begin, end in pairwise(bounds):
            yield order[begin:end]

    @cached_property
    def leads_to_output(self) -> NDArray[np.bool_]:
        """Per neuron whether it is an output or some output depends on it."""
        found = self.is_output.copy()
        for level in reversed(list(self.by_level())):
            found[self.sources[self.in_edges(level[found[level]])]] = True
        found.flags.writeable = False
        return found

    def edges_into(self, neuron: int) -> range:
        """Return the edges into a neuron."""
        begin, end = self.in_start[neuron : neuron + 2].tolist()
        return range(begin, end)

    def in_edge_rows(self, neurons: NDArray[Any]) -> NDArray[np.int64]:
        """Return the edges into one neuron or more of equal in-degree, neurons x in-degree."""
        begin: NDArray[np.int64] = self.in_start[neurons][:, None]
        return begin + np.arange(self.in_degree[neurons[0]])

    def in_edges(self, neurons: NDArray[Any]) -> NDArray[np.int64]:
        """Return the edges into `neurons`, one neuron's after the other's."""
        return ranges(self.in_start[neurons], self.in_start[neurons + 1])

    def edge_name(self, edge: int) -> str:
        """Return the two ends of an edge as ``u,v``."""
        return f"{self.names[int(self.sources[edge])]},{self.names[int(self.targets[edge])]}"


def sort_edges(sources: ArrayLike, targets: ArrayLike) -> NDArray[np.int64]:
    """Return the permutation that sorts edges by target, then by source."""
    return np.argsort(_edge_keys(sources, targets), kind="stable")


def sorted_edges(sources: ArrayLike, targets: ArrayLike) -> tuple[Ints, Ints]:
    """Return the sources and targets of edges sorted by target, then by source."""
    keys = _edge_keys(sources, targets)
    keys.sort(kind="stable")
    ends = keys.astype(np.int32), (keys >> 32).astype(np.int32)
    for end in ends:
        end.flags.writeable = False
    return ends


def _edge_keys(sources: ArrayLike, targets: ArrayLike) -> NDArray[np.int64]:
    """Return target and source in one number; numbers of neurons are below 2^31."""
    # One key sorts several times faster than two.
    keys = np.array(targets, dtype=np.int64)
    keys <<= 32
    below = np.asarray(sources)
    keys |= below if below.dtype == np.int32 else below.astype(np.int64)
    return keys


def _mask(size: int, members: Ints) -> NDArray[np.bool_]:
    mask = np.zeros(size, dtype=np.bool_)
    mask[members] = True
    return mask


def _int32(values: ArrayLike) -> Ints:
    if (
        isinstance(values, np.ndarray)
        and values.dtype == np.int32
        # Nobody can write to such an array, so it needs no copy.
        and values.base is None
        and not values.flags.writeable
    ):
        return values.reshape(-1)
    array = np.array(values, dtype=np.int32).reshape(-1)
    array.flags.writeable = False
    return array
