"""Neurons whose values the data alone decide, because nothing before them can be chosen.

They are inputs in all but name: the encoder takes their exact values as known.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.text.numbers import Array
from instances.training.evaluate import compute
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest


@dataclass(frozen=True, eq=False)
class Frozen:
    """The hidden neurons without a free parameter before them.

    Parameters
    ----------
    neurons : int64 array
        In increasing order.
    values : array, distinct inputs x frozen neurons
        Their exact values.
    known : bool array
        Per neuron of the network whether it is an input or frozen.
    """

    neurons: NDArray[np.int64]
    values: Array
    known: NDArray[np.bool_]


def find_frozen(instance: TrainingInstance, inputs: Array) -> Frozen:
    """Return the frozen neurons of `instance` and their values at `inputs`."""
    neurons = _frozen_neurons(instance)
    known = instance.network.is_input.copy()
    known[neurons] = True
    if not len(neurons):
        return Frozen(neurons, np.zeros((len(inputs), 0), dtype=np.int64), known)
    # What the free parameters are set to makes no difference to frozen neurons.
    parameters = Parameters(*lowest(instance))
    return Frozen(neurons, compute(instance.network, parameters, inputs, neurons), known)


def _frozen_neurons(instance: TrainingInstance) -> NDArray[np.int64]:
    network = instance.network
    free = instance.domain_steps > 0
    open_neuron = free[instance.bias_domain]
    open_neuron[network.targets[free[instance.weight_domain]]] = True
    if open_neuron[~network.is_input].all():
        return np.zeros(0, dtype=np.int64)
    for level in network.by_level():
        edges = network.in_edges(level)
        reached = network.targets[edges][open_neuron[network.sources[edges]]]
        open_neuron[reached] = True
    return np.flatnonzero(~(open_neuron | network.is_input | network.is_output))
