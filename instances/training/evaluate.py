"""Exact evaluation: what a network computes on data, and the loss.

This module is the judge of every YES. It knows nothing of encodings, solvers or reductions.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from instances.training.network import Network
from instances.training.numbers import SAFE, Array, Number, exact_array, magnitude
from instances.training.parameters import Parameters, check_domains

_BLOCK = 1 << 24
"""Neuron values held at a time; larger datasets are evaluated in blocks of points."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The outputs of a network on the data, and what they cost.

    Parameters
    ----------
    outputs : array, points x omega
    mismatched : bool array
        Per data point whether any output differs from its target.
    loss : number
    bound : number
    """

    outputs: Array
    mismatched: NDArray[np.bool_]
    loss: Number
    bound: Number

    @property
    def accepted(self) -> bool:
        """Whether the loss is within the bound."""
        return self.loss <= self.bound


def evaluate(instance: TrainingInstance, parameters: Parameters) -> Evaluation:
    """Evaluate `parameters` on the data of `instance` in exact arithmetic.

    Raises
    ------
    InvalidWitness
        Where a parameter is missing or outside its domain.
    """
    check_domains(instance, parameters)
    network = instance.network
    outputs = compute(network, parameters, instance.inputs, network.outputs)
    mismatched = (outputs != instance.targets).astype(np.bool_).any(axis=1)
    return Evaluation(outputs, mismatched, _loss(instance, outputs, mismatched), instance.bound)


def compute(
    network: Network, parameters: Parameters, inputs: Array, neurons: NDArray[Any]
) -> Array:
    """Return the values of `neurons` on every row of `inputs`, as points x neurons."""
    step = max(1, _BLOCK // max(1, network.size))
    blocks = [
        _compute_block(network, parameters, inputs[begin : begin + step])[neurons].T
        for begin in range(0, len(inputs), step)
    ]
    values = np.concatenate(blocks) if blocks else np.zeros((0, len(neurons)), dtype=np.int64)
    return exact_array(values, (len(inputs), len(neurons)))


def _compute_block(network: Network, parameters: Parameters, inputs: Array) -> Array:
    """Return neurons x points, level by level, leaving int64 before a sum could overflow."""
    values: Array = np.zeros((network.size, len(inputs)), dtype=inputs.dtype)
    values[network.inputs] = inputs.T
    for level in network.by_level():
        neurons = level[~network.is_input[level]]
        if not neurons.size:
            continue
        edges = network.in_edges(neurons)
        weights, biases = parameters.weights[edges], parameters.biases[neurons]
        incoming = values[network.sources[edges]]
        degree = network.in_degree[neurons]
        reach = magnitude(weights) * magnitude(incoming) * int(degree.max()) + magnitude(biases)
        squares = any(
            network.activations[kind].kind == "square"
            for kind in np.unique(network.activation[neurons])
        )
        if (reach * reach if squares else reach) >= SAFE and values.dtype != object:
            values, incoming = values.astype(object), incoming.astype(object)
        if weights.dtype == object or biases.dtype == object:
            values, incoming = values.astype(object), incoming.astype(object)
        sums = _sum_by_neuron(weights[:, None] * incoming, degree)
        values[neurons] = _activate(network, neurons, sums - biases[:, None])
    return values


def _sum_by_neuron(products: Array, degree: NDArray[np.int64]) -> Array:
    """Add up consecutive runs of rows; a run of length 0 gives a row of zeros."""
    sums: Array = np.zeros((len(degree), products.shape[1]), dtype=products.dtype)
    filled = np.flatnonzero(degree)
    if filled.size:
        start = np.concatenate(([0], np.cumsum(degree)[:-1]))[filled]
        sums[filled] = np.add.reduceat(products, start, axis=0)
    return sums


def _activate(network: Network, neurons: NDArray[np.int64], sums: Array) -> Array:
    kinds = network.activation[neurons]
    result: Array = np.empty_like(sums)
    for kind in np.unique(kinds):
        activation: Activation = network.activations[kind]
        result[kinds == kind] = activation.apply(sums[kinds == kind])
    return result


def _loss(instance: TrainingInstance, outputs: Array, mismatched: NDArray[np.bool_]) -> Number:
    if instance.loss == "mismatch":
        return int(mismatched.sum())
    difference: list[Any] = (
        (outputs.astype(object) - instance.targets.astype(object)).ravel().tolist()
    )
    power = 1 if instance.loss == "l1" else 2
    total: Number = sum(abs(value) ** power for value in difference)
    return total
