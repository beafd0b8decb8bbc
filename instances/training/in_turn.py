"""Evaluation neuron by neuron, for deep networks with few neurons a level.

A step over a whole level costs the same for one neuron as for a thousand; where levels are
small, plain integers are faster.
"""

import numpy as np

from instances.progress import track
from instances.text.numbers import SAFE, Array
from instances.training.network import Network
from instances.training.parameters import Parameters

_SMALL_LEVEL = 16
_BOUNDED = {"relu_clipped", "step", "sign"}


def is_narrow(network: Network, parameters: Parameters, inputs: Array) -> bool:
    """Whether `compute_in_turn` is faster, and its values cannot grow beyond 64 bits."""
    levels = int(network.levels.max(initial=0)) + 1
    return (
        network.size < _SMALL_LEVEL * levels
        and object not in (parameters.weights.dtype, parameters.biases.dtype, inputs.dtype)
        and all(a.kind in _BOUNDED and a.maximum < SAFE for a in network.activations)
    )


def compute_in_turn(
    network: Network, parameters: Parameters, inputs: Array, neurons: Array
) -> Array:
    """Return the values of `neurons` on every row of `inputs`, as points x neurons."""
    used = np.flatnonzero(parameters.weights)
    start = np.searchsorted(network.targets[used], np.arange(network.size + 1)).tolist()
    sources, weights = network.sources[used].tolist(), parameters.weights[used].tolist()
    biases, kinds = parameters.biases.tolist(), network.activation.tolist()
    points = range(len(inputs))
    values: list[list[int]] = [[]] * network.size
    for neuron, column in zip(network.inputs.tolist(), inputs.T.tolist(), strict=True):
        values[neuron] = column
    order = np.argsort(network.levels, kind="stable")
    for neuron in track(order[~network.is_input[order]].tolist(), "evaluation", "neurons"):
        total = [-biases[neuron]] * len(inputs)
        for edge in range(start[neuron], start[neuron + 1]):
            weight, column = weights[edge], values[sources[edge]]
            for point in points:
                total[point] += weight * column[point]
        activation = network.activations[kinds[neuron]]
        values[neuron] = [activation(value) for value in total]
    columns = [values[neuron] for neuron in neurons.tolist()]
    return np.array(columns, dtype=np.int64).reshape(len(columns), len(inputs)).T
