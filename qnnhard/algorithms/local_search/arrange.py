"""The layout of an instance, with bounds on all sums, or a refusal."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.errors import Unsupported
from instances.text.numbers import SAFE, Number
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.local_search.layout import Block, Layout, Parameter, Shape

COST_LIMIT = 1 << 21
"""Most numbers that one step may compute: about 10 ms, and up to 200 MB of arrays."""

_WEIGHTS_LIMIT = 1 << 18
"""Most entries of the dense weight matrices."""

_PER_ROW = 8
"""Numbers that could be computed in the time that a row takes, however short."""

_PER_BLOCK = 1 << 13
"""Numbers that could be computed in the time of a block's calls of NumPy."""

_CONTRACTED = 16
"""Multiplications in a matrix product that take as long as one number of a step."""


def find_layout(instance: TrainingInstance, points: int) -> Layout:
    """Return the layout of `instance` with `points` distinct data points.

    Raises
    ------
    Unsupported
        Where one step would compute more than `COST_LIMIT` numbers, or where numbers are not
        integers or may leave 64 bits.
    """
    network = instance.network
    groups = list(_groups(instance))
    row = np.full(network.size, -1, dtype=np.int64)
    row[network.inputs] = np.arange(1, len(network.inputs) + 1)
    rows = 1 + len(network.inputs)
    for neurons in groups:
        row[neurons] = np.arange(rows, rows + len(neurons))
        rows += len(neurons)
    _check_cost(instance, groups, points)
    return _Builder(instance, groups, row, rows).layout()


def _groups(instance: TrainingInstance) -> Iterator[NDArray[np.int64]]:
    """Yield the useful neurons by level, by being outputs, and by activation."""
    network = instance.network
    useful = network.leads_to_output & ~network.is_input
    for level in network.by_level():
        chosen = level[useful[level]]
        keys = 2 * network.activation[chosen] + network.is_output[chosen]
        for key in np.unique(keys):
            yield chosen[keys == key]


def own_changes(instance: TrainingInstance) -> NDArray[np.int64]:
    """Return per neuron the number of changes of one of its own parameters."""
    changes = instance.domain_steps[instance.bias_domain]
    np.add.at(changes, instance.network.targets, instance.domain_steps[instance.weight_domain])
    return changes


def _check_cost(instance: TrainingInstance, groups: list[NDArray[np.int64]], points: int) -> None:
    """Raise `Unsupported` where a step would cost too much time or memory."""
    own = own_changes(instance)
    cost = before = contracted = 0
    rows = 1 + len(instance.network.inputs)
    entries = 0
    for neurons in groups:
        changes, size = int(own[neurons].sum()), len(neurons)
        cost += (size * before + changes) * (points + _PER_ROW)
        cost += size * contracted // _CONTRACTED + _PER_BLOCK
        entries += size * rows
        contracted += size * before * points
        before, rows = before + changes, rows + size
    if cost > COST_LIMIT or entries > _WEIGHTS_LIMIT:
        raise Unsupported(
            f"local-search: one step would evaluate {before} changes of parameters on {points} "
            "distinct data points through a network too wide or too deep; use --backend sat"
        )


class _Builder:
    """Blocks and parameters, with bounds on all sums."""

    def __init__(
        self,
        instance: TrainingInstance,
        groups: list[NDArray[np.int64]],
        row: NDArray[np.int64],
        rows: int,
    ) -> None:
        self.instance = instance
        self.groups = groups
        self.row = row
        self.rows = rows
        self.parameters: list[Parameter] = []
        self.changes = 0
        inputs = _integers(instance.inputs)
        self.largest: list[int] = [1, *np.abs(inputs).max(axis=0, initial=0).tolist()]

    def layout(self) -> Layout:
        network = self.instance.network
        column = np.full(network.size, -1, dtype=np.int64)
        column[network.outputs] = np.arange(len(network.outputs))
        feeds = np.zeros(network.size, dtype=np.bool_)
        useful = self.row >= 0
        feeds[network.sources[useful[network.targets]]] = True
        blocks = []
        for number, neurons in enumerate(self.groups):
            shape = Shape.of(network.activations[int(network.activation[neurons[0]])])
            row, begin = len(self.largest), self.changes
            reaches = [
                self._add_neuron(number, place, int(neuron))
                for place, neuron in enumerate(neurons.tolist())
            ]
            self.largest += [shape.largest(reach) for reach in reaches]
            columns = column[neurons]
            blocks.append(
                Block(
                    len(neurons),
                    row,
                    shape,
                    columns[columns >= 0],
                    bool(feeds[neurons].any()),
                    begin,
                    self.changes,
                    max(reaches),
                )
            )
        return Layout(
            1 + len(network.inputs),
            self.rows,
            tuple(blocks),
            tuple(self.parameters),
            self.changes,
        )

    def _add_neuron(self, block: int, place: int, neuron: int) -> int:
        """Add a neuron's parameters and return a bound on the magnitude of its sum."""
        instance, network = self.instance, self.instance.network
        reach = 0
        edges: list[int | None] = [None, *range(*network.in_start[neuron : neuron + 2].tolist())]
        for edge in edges:
            if edge is None:
                index, row = int(instance.bias_domain[neuron]), 0
            else:
                index = int(instance.weight_domain[edge])
                row = int(self.row[network.sources[edge]])
            domain = _integer_domain(instance.domains[index])
            self.parameters.append(Parameter(edge, neuron, block, place, row, domain, self.changes))
            self.changes += len(domain) - 1
            reach += max(-domain[0], domain[-1]) * self.largest[row]
        if reach >= SAFE:
            raise Unsupported(
                f"local-search: the sum of neuron '{network.names[neuron]}' may leave 64 bits; "
                "use --backend sat"
            )
        return reach


def _integers(array: NDArray[Any]) -> NDArray[np.int64]:
    if array.dtype == object:
        raise Unsupported("local-search: data must be integers below 2^62; use --backend sat")
    return array


def _integer_domain(domain: tuple[Number, ...]) -> tuple[int, ...]:
    whole = tuple(value for value in domain if isinstance(value, int))
    if len(whole) < len(domain):
        raise Unsupported("local-search: weights and biases must be integers; use --backend sat")
    return whole
