"""Exact evaluation: what a network computes on data, and the loss.

This module is the judge of every YES. It knows nothing of encodings, solvers or reductions.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from instances.progress import track
from instances.text.numbers import SAFE, Array, Number, exact_array, magnitude
from instances.training.activations import Activation
from instances.training.any_instance import AnyInstance
from instances.training.in_turn import compute_in_turn, is_narrow
from instances.training.instance import TrainingInstance
from instances.training.live_bits import LiveBits, bit_length
from instances.training.network import Network
from instances.training.parameters import Parameters, check_domains

_BLOCK = 1 << 22
"""Values, or terms of sums, held at a time; larger datasets are evaluated in blocks of points."""


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
    return judge(instance, parameters, instance.loss)


def judge(instance: AnyInstance, parameters: Parameters, loss: str) -> Evaluation:
    """Evaluate parameters that are known to be of the instance."""
    network, targets = instance.network, instance.targets
    outputs = compute(network, parameters, instance.inputs, network.outputs)
    mismatched = (outputs != targets).astype(np.bool_).any(axis=1)
    if loss == "mismatch":
        return Evaluation(outputs, mismatched, int(mismatched.sum()), instance.bound)
    differences = (outputs.astype(object) - targets.astype(object)).ravel().tolist()
    total: Number = sum(abs(value) ** (1 if loss == "l1" else 2) for value in differences)
    return Evaluation(outputs, mismatched, total, instance.bound)


def compute(
    network: Network, parameters: Parameters, inputs: Array, neurons: NDArray[Any]
) -> Array:
    """Return the values of `neurons` on every row of `inputs`, as points x neurons.

    Raises
    ------
    Unsupported
        Where values would be too long, before they are computed; see `live_bits`.
    """
    in_turn = is_narrow(network, parameters, inputs)
    block = compute_in_turn if in_turn else _compute_block
    # A level may have all edges, each with a term for every data point.
    step = max(1, _BLOCK // max(1, network.size, network.edges))
    blocks = [
        block(network, parameters, inputs[begin : begin + step], neurons)
        for begin in range(0, len(inputs), step)
    ]
    values = np.concatenate(blocks) if blocks else np.zeros((0, len(neurons)), dtype=np.int64)
    return exact_array(values, (len(inputs), len(neurons)))


def _compute_block(
    network: Network, parameters: Parameters, inputs: Array, kept: NDArray[Any]
) -> Array:
    """Return points x kept, level by level, leaving int64 before a sum could overflow.

    Outside int64, values that neither `kept` nor a later neuron needs are set to 0.
    """
    values: Array = np.zeros((network.size, len(inputs)), dtype=inputs.dtype)
    values[network.inputs] = inputs.T
    live: LiveBits | None = None
    for number, level in enumerate(track(list(network.by_level()), "evaluation", "levels")):
        neurons = level[~network.is_input[level]]
        squares = _has_squares(network, neurons)
        terms = _gather(network, parameters, values, neurons)
        if live is None and not _fits(terms, squares):
            values = values.astype(object)
            live = LiveBits(network, kept)
            live.add(np.arange(network.size), values)
            terms = _gather(network, parameters, values, neurons)
        if live is None:
            values[neurons] = _activate(network, neurons, _pre_activations(terms))
            continue
        if live.admits(values[neurons].size, _most_bits(terms, squares)):
            values[neurons] = _activate(network, neurons, _pre_activations(terms))
            live.add(neurons, values)
        else:
            for neuron in neurons[:, None]:
                sums = _pre_activations(_gather(network, parameters, values, neuron))
                live.require(int(neuron[0]), sums, 2 if _has_squares(network, neuron) else 1)
                values[neuron] = _activate(network, neuron, sums)
                live.add(neuron, values)
        live.drop(number, values)
    chosen: Array = values[kept].T
    return chosen


class _Terms(NamedTuple):
    """What some neurons add up: per edge a weight and the values before it, per neuron a bias."""

    weights: Array
    incoming: Array
    biases: Array
    degree: NDArray[np.int64]


def _gather(
    network: Network, parameters: Parameters, values: Array, neurons: NDArray[np.int64]
) -> _Terms:
    edges = network.in_edges(neurons)
    return _Terms(
        parameters.weights[edges],
        values[network.sources[edges]],
        parameters.biases[neurons],
        network.in_degree[neurons],
    )


def _fits(terms: _Terms, squares: bool) -> bool:
    """Tell whether the activations can be computed in int64."""
    if object in (terms.weights.dtype, terms.incoming.dtype, terms.biases.dtype):
        return False
    reach = magnitude(terms.weights) * magnitude(terms.incoming)
    reach = reach * int(terms.degree.max(initial=0)) + magnitude(terms.biases)
    return (reach * reach if squares else reach) < SAFE


def _most_bits(terms: _Terms, squares: bool) -> int:
    """Return a bound on the bits of an activation, whose terms may be fractions."""
    weight, value, bias = (
        max(map(bit_length, array.ravel().tolist()), default=0)
        for array in (terms.weights, terms.incoming, terms.biases)
    )
    bits = int(terms.degree.max(initial=0)) * (weight + value + 1) + bias + 1
    return 2 * bits if squares else bits


def _has_squares(network: Network, neurons: NDArray[np.int64]) -> bool:
    kinds = np.unique(network.activation[neurons])
    return any(network.activations[kind].kind == "square" for kind in kinds)


def _pre_activations(terms: _Terms) -> Array:
    """Return the sums that neurons apply their activations to, neurons x points."""
    sums = _sum_by_neuron(terms.weights[:, None] * terms.incoming, terms.degree)
    differences: Array = sums - terms.biases[:, None]
    return differences


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
