"""A vocabulary for constructions: neurons in blocks, what feeds them, what they shall compute.

A step of a proof about all variables, or about all clauses, is one call on arrays.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from instances.text.numbers import Array, Number, exact_array
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance, quantized
from instances.training.names import NameBlock, Names, name_blocks
from instances.training.network import Ints, Network, sort_edges
from reductions.parts import Parts

Block = tuple[str, int] | str | NameBlock
"""Neurons called s1, s2, ...; one called z; or a run of names with another first number."""

Part = str | tuple[str, ArrayLike] | None
"""What a block's first neurons belong to, and the numbers of these parts, by default all of it."""


def runs(prefix: str, numbers: ArrayLike) -> list[NameBlock]:
    """Return names for increasing numbers, counted from 1, in runs of consecutive ones."""
    found = np.asarray(numbers, dtype=np.int64)
    parts = np.split(found, np.flatnonzero(np.diff(found) != 1) + 1)
    return [NameBlock(prefix, len(run), int(run[0]) + 1) for run in parts if len(run)]


class Construction:
    """A training instance in the making, with bound 0 unless `bound` is set.

    Neurons are numbered in the order in which their blocks are declared, and blocks are declared
    by what they are. Every parameter has a domain, given by its index: see `domain`.

    Parameters
    ----------
    d : int or None
        Where given, the instance is a d-QNNT instance: domains and activations follow from it.
    """

    def __init__(self, d: int | None) -> None:
        self.d = d
        self.bound: int = 0
        self.loss = "mismatch"
        self._blocks: list[NameBlock] = []
        self._size = 0
        self._domains: dict[tuple[Number, ...], int] = {}
        self._activations: dict[Activation, int] = {}
        self._kinds: list[tuple[int, int, int]] = []
        self._sides: tuple[list[Ints], list[Ints]] = ([], [])
        self._data: tuple[list[Array], list[Array]] = ([], [])
        self._edges: list[tuple[Ints, Ints, ArrayLike]] = []
        self._parts: list[tuple[str, Ints, ArrayLike]] = []

    def domain(self, *values: Number) -> int:
        """Return the index of the domain with these values, given in increasing order."""
        return self._domains.setdefault(values, len(self._domains))

    def inputs(self, *blocks: Block, carry: ArrayLike, part: Part = None) -> Ints:
        """Return new inputs, which carry on the data points what `carry` says; see `outputs`."""
        return self._end(0, self._declared(blocks, part), carry)

    def hidden(
        self, *blocks: Block, part: Part = None, kind: Activation | None = None, bias: int = -1
    ) -> Ints:
        """Return new neurons with an activation and a domain of the bias, but in d-QNNT."""
        neurons = self._declared(blocks, part)
        if kind is not None:
            index = self._activations.setdefault(kind, len(self._activations))
            self._kinds.append((len(neurons), index, bias))
        return neurons

    def outputs(
        self,
        *blocks: Block,
        want: ArrayLike,
        part: Part = None,
        kind: Activation | None = None,
        bias: int = -1,
    ) -> Ints:
        """Return new outputs with the targets `want`.

        Parameters
        ----------
        *blocks
            The names.
        want : array, points x outputs, or one value a point for all of them
        part
            What they belong to.
        kind, bias
            Their activation and domain of the bias; see `hidden`.
        """
        return self._end(1, self.hidden(*blocks, part=part, kind=kind, bias=bias), want)

    def join(self, sources: ArrayLike, targets: ArrayLike, weight: ArrayLike = 0) -> None:
        """Join sources to targets one by one; a single neuron is joined to all of the others.

        `weight` has the index of the domain, one for all edges or one each.
        """
        u, v = np.broadcast_arrays(sources, targets)
        self._edges.append((u.reshape(-1), v.reshape(-1), weight))

    def feed(self, targets: Ints, by: Ints, weight: ArrayLike = 0) -> None:
        """Join every neuron of `by` to every one of `targets`."""
        self.join(np.tile(by, len(targets)), np.repeat(targets, len(by)), weight)

    def parts(self) -> Parts:
        """Return the part of the source that every neuron belongs to."""
        return Parts.of(self._size, *self._parts)

    def instance(self, origin: Mapping[str, str]) -> TrainingInstance:
        """Return the training instance."""
        names = Names(tuple(self._blocks))
        inputs, outputs = (np.concatenate(side) for side in self._sides)
        carried, wanted = map(_side_by_side, self._data)
        sources, targets = (np.concatenate([e[i] for e in self._edges]) for i in (0, 1))
        if self.d is not None:
            return quantized(
                self.d, names, inputs, outputs, (sources, targets), (carried, wanted),
                self.bound, origin,
            )  # fmt: skip
        weights = [np.broadcast_to(np.asarray(w, np.int32), len(u)) for u, _, w in self._edges]
        others = np.ones(len(names), dtype=np.bool_)
        others[inputs] = False
        activation, bias_domain = np.full((2, len(names)), -1, dtype=np.int32)
        count, kind, bias = np.array(self._kinds).T
        activation[others], bias_domain[others] = np.repeat(kind, count), np.repeat(bias, count)
        order = sort_edges(sources, targets)
        return TrainingInstance(
            network=Network(
                names=names,
                inputs=inputs,
                outputs=outputs,
                sources=sources[order],
                targets=targets[order],
                activations=tuple(self._activations),
                activation=activation,
            ),
            domains=tuple(self._domains),
            weight_domain=np.concatenate(weights)[order],
            bias_domain=bias_domain,
            inputs=carried,
            targets=wanted,
            bound=self.bound,
            loss=self.loss,
            origin=origin,
        )

    def _declared(self, blocks: tuple[Block, ...], part: Part) -> Ints:
        named = name_blocks(*blocks)
        self._blocks += named.blocks
        begin, self._size = self._size, self._size + len(named)
        neurons = np.arange(begin, self._size, dtype=np.int32)
        if part is not None:
            kind, numbers = (part, np.arange(len(neurons))) if isinstance(part, str) else part
            self._parts.append((kind, neurons[: len(np.asarray(numbers))], numbers))
        return neurons

    def _end(self, side: int, neurons: Ints, data: ArrayLike) -> Ints:
        self._sides[side].append(neurons)
        self._data[side].append(_columns(data, len(neurons)))
        return neurons


def _columns(values: ArrayLike, count: int) -> Array:
    """Return data as points x `count`, with one column for all repeated."""
    if not isinstance(values, np.ndarray):
        listed = np.array(values, dtype=object)
        values = exact_array(listed, listed.shape)
    given: NDArray[Any] = values[:, None] if values.ndim == 1 else values
    return np.broadcast_to(given, (len(given), count))


def _side_by_side(columns: list[Array]) -> Array:
    """Return the data of all blocks; large data in one block are not copied."""
    return columns[0] if len(columns) == 1 else np.concatenate(columns, axis=1)
