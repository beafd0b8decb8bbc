"""What a step of local search, an encoding and a conflict cost, predicted from sizes.

The schedule of a single job is made of numbers of steps and conflicts that follow from these
predictions, never from a clock, so that a run can be repeated. The constants were measured on
fully connected networks of 5 to 10 inputs, d = 2 to 4 and 20 to 64 data points, and are good to
a factor of about two.
"""

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import distinct_columns, number_rows
from instances.training.instance import TrainingInstance
from qnnhard.methods.local_search.arrange import own_changes

FEWEST = 10
"""Steps below which local search before the encoding is not worth its preparation."""

_MOST_SPREAD = 16
"""Largest range of an activation that counts; sums of more rarely differ in what is encoded."""

_QUARTERS = 4
"""Spreads are counted in quarters: the average input of a binary network is a half."""

_SPREADS = {"step": 1, "sign": 2}


def step_cost(instance: TrainingInstance, points: int) -> int:
    """Return the microseconds of a step of local search on `points` distinct data points."""
    network = instance.network
    own = own_changes(instance)
    numbers = before = 0
    blocks = 1
    for level in network.by_level():
        neurons = level[~network.is_input[level]]
        changes = int(own[neurons].sum())
        numbers += (len(neurons) * before + changes) * (points + 8)
        before += changes
        blocks += 1
    return 20 * blocks + numbers // 700


def encoding_cost(instance: TrainingInstance, points: int) -> int:
    """Return the microseconds of encoding, with `points` distinct data points.

    Neurons that are alike share a template, whose size grows with the square of the range of
    its sums.
    """
    network = instance.network
    reach = _reaches(instance)
    goal = np.full(network.size, -1, dtype=np.int64)
    if len(network.outputs) and len(instance.targets):
        goal[network.outputs] = distinct_columns(instance.targets)[1]
    inner = ~network.is_input
    kinds = (
        reach[inner],
        network.in_degree[inner],
        instance.bias_domain[inner],
        network.activation[inner],
        goal[inner],
        network.levels[inner],
    )
    _, first = number_rows(kinds, int(inner.sum()))
    templates: list[int] = (kinds[0][first] // _QUARTERS).tolist()
    clauses = points * sum(template * template for template in templates)
    return least_encoding_cost(instance, points) + 3 * clauses


def least_encoding_cost(instance: TrainingInstance, points: int) -> int:
    """Return the part of `encoding_cost` that is known without looking at the neurons."""
    return 2_500 + points * instance.network.edges // 10


def conflict_cost(literals: int) -> int:
    """Return the microseconds of one of CaDiCaL's conflicts in a formula of so many literals."""
    return 30 + literals // 2000


def _reaches(instance: TrainingInstance) -> NDArray[np.int64]:
    """Return per neuron the width of the range of its sums, in quarters."""
    network = instance.network
    sizes = instance.domain_steps
    most = _MOST_SPREAD * _QUARTERS
    reach = _QUARTERS * sizes[instance.bias_domain]
    spread = np.zeros(network.size, dtype=np.int64)
    if len(instance.inputs):
        magnitudes = np.minimum(np.abs(instance.inputs), _MOST_SPREAD)
        spread[network.inputs] = _QUARTERS * magnitudes.sum(axis=0) // len(instance.inputs)
    caps = np.array(
        [
            _QUARTERS * min(int(activation.maximum), _MOST_SPREAD)
            if activation.kind == "relu_clipped"
            else _QUARTERS * _SPREADS.get(activation.kind, _MOST_SPREAD)
            for activation in network.activations
        ]
        + [most],
        dtype=np.int64,
    )
    for level in network.by_level():
        edges = network.in_edges(level)
        leaves = sizes[instance.weight_domain[edges]] * spread[network.sources[edges]]
        np.add.at(reach, network.targets[edges], leaves)
        neurons = level[~network.is_input[level]]
        spread[neurons] = np.minimum(reach[neurons], caps[network.activation[neurons]])
    return reach
