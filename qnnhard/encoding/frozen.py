"""Neurons whose values the data alone decide, because nothing before them can be chosen.

They are inputs in all but name: the encoder takes their exact values as known.
"""

import numpy as np
from numpy.typing import NDArray

from instances.training.evaluate import compute
from instances.training.instance import TrainingInstance
from instances.training.numbers import Array
from instances.training.parameters import Parameters, lowest


def frozen_neurons(instance: TrainingInstance) -> NDArray[np.int64]:
    """Return the hidden neurons without a free parameter before them, in increasing order."""
    network = instance.network
    free = np.array([len(domain) > 1 for domain in instance.domains] + [False])
    open_neuron = free[instance.bias_domain]
    open_neuron[network.targets[free[instance.weight_domain]]] = True
    if open_neuron[~network.is_input].all():
        return np.zeros(0, dtype=np.int64)
    for level in network.by_level():
        edges = network.in_edges(level)
        reached = network.targets[edges][open_neuron[network.sources[edges]]]
        open_neuron[reached] = True
    return np.flatnonzero(~(open_neuron | network.is_input | network.is_output))


def frozen_values(instance: TrainingInstance, inputs: Array, neurons: NDArray[np.int64]) -> Array:
    """Return the exact values of frozen neurons, distinct inputs x neurons."""
    # What the free parameters are set to makes no difference to them.
    parameters = Parameters(*lowest(instance))
    return compute(instance.network, parameters, inputs, neurons)
