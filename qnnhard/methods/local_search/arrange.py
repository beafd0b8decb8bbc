"""The layout of an instance, with bounds on all sums, or a refusal."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from instances.canonical.scaled import ScaledActivation
from instances.errors import Unsupported
from instances.text.numbers import SAFE
from instances.training.instance import TrainingInstance
from qnnhard.methods.local_search.layout import Block, FreeParameter, SearchLayout

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


def find_layout(instance: TrainingInstance, points: int) -> SearchLayout:
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
    order = np.concatenate((network.inputs, *groups))
    row[order] = np.arange(1, 1 + len(order))
    _check_cost(instance, groups, points)
    if instance.inputs.dtype == object:
        raise Unsupported("local-search: data must be integers below 2^62; use --backend sat")
    column = np.full(network.size, -1, dtype=np.int64)
    column[network.outputs] = np.arange(len(network.outputs))
    feeds = np.zeros(network.size, dtype=np.bool_)
    feeds[network.sources[row[network.targets] >= 0]] = True
    # Bounds on the magnitudes of the rows of values.
    largest: list[int] = [1, *np.abs(instance.inputs).max(axis=0, initial=0).tolist()]
    parameters: list[FreeParameter] = []
    blocks: list[Block] = []
    end = 0
    for neurons in groups:
        activation = ScaledActivation(network.activations[int(network.activation[neurons[0]])])
        begin, first = end, len(largest)
        reaches = []
        for place, neuron in enumerate(neurons.tolist()):
            own = _own_parameters(instance, neuron, (len(blocks), place), row, end)
            parameters += own
            end = own[-1].changes.stop
            reaches.append(sum(max(-p.domain[0], p.domain[-1]) * largest[p.row] for p in own))
            if reaches[-1] >= SAFE:
                raise Unsupported(
                    f"local-search: the sum of neuron '{network.names[neuron]}' may leave 64 "
                    "bits; use --backend sat"
                )
        largest += [max(map(abs, activation.image(-reach, reach))) for reach in reaches]
        columns = column[neurons]
        blocks.append(
            Block(
                size=len(neurons),
                row=first,
                activation=activation,
                columns=columns[columns >= 0],
                feeds=bool(feeds[neurons].any()),
                begin=begin,
                end=end,
                reach=max(reaches),
            )
        )
    return SearchLayout(
        input_rows=1 + len(network.inputs),
        rows=len(largest),
        blocks=tuple(blocks),
        parameters=tuple(parameters),
        changed=tuple(p for p in parameters for _ in p.domain[1:]),
    )


def _own_parameters(
    instance: TrainingInstance,
    neuron: int,
    place: tuple[int, int],
    row: NDArray[np.int64],
    begin: int,
) -> list[FreeParameter]:
    """Return the bias and the weights of a neuron, whose changes start at `begin`."""
    found = []
    for edge in (None, *instance.network.edges_into(neuron)):
        if edge is None:
            index, source = instance.bias_domain[neuron], 0
        else:
            index, source = instance.weight_domain[edge], int(row[instance.network.sources[edge]])
        domain = tuple(v for v in instance.domains[int(index)] if isinstance(v, int))
        if len(domain) < len(instance.domains[int(index)]):
            raise Unsupported(
                "local-search: weights and biases must be integers; use --backend sat"
            )
        found.append(FreeParameter(edge, neuron, *place, source, domain, begin))
        begin = found[-1].changes.stop
    return found


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
