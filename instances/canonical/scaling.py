"""Common denominators: fractions become integers, exactly.

Every neuron gets a unit, the integer that its value is multiplied with. The sum before an
activation is measured in the least common multiple of the units of its parts; `identity`,
`relu` and `relu_clipped` keep that unit, `square` squares it, `step` and `sign` give integers.
An output is compared with its targets in a unit that makes both integers, and the loss is
measured in a unit that all outputs share.
"""

from dataclasses import dataclass
from math import lcm

import numpy as np

from instances.canonical.frozen import Frozen
from instances.errors import Unsupported
from instances.text.numbers import Array, common_denominator
from instances.training.instance import TrainingInstance

_UNIT_BITS = 4096
"""Longest unit; repeated squaring doubles its length at every neuron."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """The units of an instance, all 1 where it holds integers only.

    Parameters
    ----------
    total : array
        Per neuron the unit of its sum before the activation.
    value : array
        Per neuron the unit of its value.
    goal : array
        Per neuron the unit in which an output is compared with its targets.
    loss : int
        The unit of the differences in the loss.
    """

    total: Array
    value: Array
    goal: Array
    loss: int


def find_scaling(instance: TrainingInstance, frozen: Frozen) -> Scaling:
    """Return the units of `instance`; raise `Unsupported` where one grows beyond all bounds."""
    size = instance.network.size
    ones = np.ones(size, dtype=np.int64)
    if _integral(instance):
        return Scaling(ones, ones, ones, 1)
    network = instance.network
    total, value, goal = ([1] * size for _ in range(3))
    domain_unit = [common_denominator(domain) for domain in instance.domains]
    for neuron, column in zip(network.inputs.tolist(), instance.inputs.T.tolist(), strict=True):
        value[neuron] = common_denominator(column)
    for neuron, column in zip(frozen.neurons.tolist(), frozen.values.T.tolist(), strict=True):
        value[neuron] = common_denominator(column)
    for level in network.by_level():
        for neuron in level[~frozen.known[level]].tolist():
            unit = domain_unit[int(instance.bias_domain[neuron])]
            for edge in network.edges_into(neuron):
                weight = domain_unit[int(instance.weight_domain[edge])]
                unit = lcm(unit, weight * value[int(network.sources[edge])])
            if unit.bit_length() > _UNIT_BITS:
                raise Unsupported(
                    f"the fractions that reach neuron '{network.names[neuron]}' have a common "
                    f"denominator of more than {_UNIT_BITS} bits: too many to encode"
                )
            total[neuron] = unit
            match network.activations[int(network.activation[neuron])].kind:
                case "step" | "sign":
                    value[neuron] = 1
                case "square":
                    value[neuron] = unit * unit
                case _:
                    value[neuron] = unit
    loss = 1
    for neuron, column in zip(network.outputs.tolist(), instance.targets.T.tolist(), strict=True):
        goal[neuron] = lcm(value[neuron], common_denominator(column))
        loss = lcm(loss, goal[neuron])
    units = [np.array(unit, dtype=object) for unit in (total, value, goal)]
    return Scaling(units[0], units[1], units[2], loss)


def _integral(instance: TrainingInstance) -> bool:
    return all(
        array.dtype != object or common_denominator(array.ravel().tolist()) == 1
        for array in (instance.inputs, instance.targets)
    ) and all(common_denominator(domain) == 1 for domain in instance.domains)
