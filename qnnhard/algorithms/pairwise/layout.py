"""Which instances `pairwise` is made for, and their neurons as arrays.

With bound 0 every output equals its target, so inputs and outputs are *known*: their values on
the data are given. The method decides instances in which every output has at most two
predecessors, and every hidden neuron that feeds an output has at most two, all known. Hidden
neurons that feed no output do not matter.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.text.numbers import show_number
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.pairwise.tables import CLOSED, KNOWN

Array = NDArray[Any]

_ACTIVATIONS = (Activation("relu_clipped", 1), Activation("step"))


@dataclass(frozen=True, eq=False)
class Layout:
    """The neurons that matter.

    A *unit* is something that an output sees: a hidden neuron, or a known one as a copy of
    itself. Unit 0 stands for a missing predecessor. A missing edge is -1.

    Parameters
    ----------
    values : int8 array, columns x points
        The values of known neurons; the last column is 0 and stands for a missing predecessor.
    units : array
        The neuron of every unit; -1 for unit 0.
    hidden : array
        The units that are hidden neurons.
    unit_columns : array, units x 2
        The columns that a unit sees.
    unit_edges : array, units x 2
        The edges over which a hidden unit sees them; -1 for known units.
    unit_kind : array
        See `pairwise.tables`.
    outputs : array
    output_units, output_edges : arrays, outputs x 2
    output_kind : array
    """

    values: Array
    units: Array
    hidden: Array
    unit_columns: Array
    unit_edges: Array
    unit_kind: Array
    outputs: Array
    output_units: Array
    output_edges: Array
    output_kind: Array


def layout(instance: TrainingInstance) -> Layout:
    """Return the arrays of an instance.

    Raises
    ------
    Unsupported
        Naming the first condition that fails.
    """
    if instance.bound >= 1:
        bound = show_number(instance.bound)
        raise Unsupported(f"pairwise: the bound is {bound}, but must be below 1")
    for name, array in (("input", instance.inputs), ("target", instance.targets)):
        if ((array != 0) & (array != 1)).any():
            raise Unsupported(f"pairwise: some {name} is neither 0 nor 1")
    network = instance.network
    column = np.full(network.size + 1, -1, dtype=np.int64)
    known = np.concatenate((network.inputs, network.outputs))
    column[known] = np.arange(len(known))
    column[-1] = len(known)
    values = np.concatenate((instance.inputs, instance.targets), axis=1).astype(np.int8).T
    outputs = network.outputs.astype(np.int64)
    output_edges, seen = _predecessors(instance, outputs)
    units = np.unique(np.concatenate((np.array([-1]), seen.ravel())))
    hidden = np.flatnonzero(column[units] < 0)
    unit_edges = np.full((len(units), 2), -1, dtype=np.int64)
    unit_columns = np.stack((column[units], np.full(len(units), len(known))), axis=1)
    unit_edges[hidden], below = _predecessors(instance, units[hidden])
    unit_columns[hidden] = column[below]
    deep = np.argwhere(unit_columns < 0)
    if deep.size:
        unit, side = deep[0]
        place = int(np.searchsorted(hidden, unit))
        raise Unsupported(
            f"pairwise: hidden neuron '{network.names[int(below[place, side])]}' feeds hidden "
            f"neuron '{network.names[int(units[unit])]}', but one hidden layer is all it can have"
        )
    unit_kind = np.full(len(units), KNOWN, dtype=np.int64)
    unit_kind[hidden] = _kinds(instance, units[hidden], unit_edges[hidden])
    return Layout(
        values=np.concatenate((values, np.zeros((1, instance.points), dtype=np.int8))),
        units=units,
        hidden=hidden,
        unit_columns=unit_columns,
        unit_edges=unit_edges,
        unit_kind=unit_kind,
        outputs=outputs,
        output_units=np.searchsorted(units, seen),
        output_edges=output_edges,
        output_kind=_kinds(instance, outputs, output_edges),
    )


def require_closed(
    instance: TrainingInstance, found: Layout, codes: Array, deadline: Deadline
) -> None:
    """Raise `Unsupported` unless the behaviours of every hidden neuron are majority-closed.

    Parameters
    ----------
    instance : TrainingInstance
    found : Layout
    codes : array
        Per unit the set of codes that occur on the data.
    """
    deadline.check()
    wrong = np.flatnonzero(~CLOSED[found.unit_kind, codes])
    if wrong.size:
        name = instance.network.names[int(found.units[wrong[0]])]
        raise Unsupported(
            f"pairwise: hidden neuron '{name}' has two free weights and a bias frozen at 0, so "
            "its behaviours are not closed under majority"
        )


def _predecessors(instance: TrainingInstance, neurons: Array) -> tuple[Array, Array]:
    """Return the edges into each neuron and where they come from, -1 for missing ones."""
    network = instance.network
    degree = network.in_degree[neurons]
    if (degree > 2).any():
        worst = int(neurons[np.argmax(degree > 2)])
        raise Unsupported(
            f"pairwise: neuron '{network.names[worst]}' has {network.in_degree[worst]} "
            "predecessors, but can have at most 2"
        )
    edges = network.in_start[neurons][:, None] + np.arange(2)
    edges = np.where(np.arange(2) < degree[:, None], edges, -1)
    padded = np.concatenate((network.sources, np.array([-1], dtype=np.int32)))
    return edges, padded[edges].astype(np.int64)


def _kinds(instance: TrainingInstance, neurons: Array, edges: Array) -> Array:
    """Return the kind of each neuron by its domains; a missing edge may have any weight."""
    network = instance.network
    masks = [
        sum(1 << int(value) for value in domain) if {*domain} <= {0, 1} else 0
        for domain in instance.domains
    ]
    mask = np.array([*masks, 0b11], dtype=np.int64)
    weights = np.where(edges < 0, len(masks), np.append(instance.weight_domain, 0)[edges])
    kind = 16 * mask[weights[:, 0]] + 4 * mask[weights[:, 1]] + mask[instance.bias_domain[neurons]]
    wrong = (mask[weights] == 0).any(axis=1) | (mask[instance.bias_domain[neurons]] == 0)
    if wrong.any():
        name = network.names[int(neurons[np.argmax(wrong)])]
        raise Unsupported(f"pairwise: neuron '{name}' has a parameter beyond {{0, 1}}")
    fits = np.array([activation in _ACTIVATIONS for activation in network.activations] + [False])
    other = np.flatnonzero(~fits[network.activation[neurons]])
    if other.size:
        neuron = int(neurons[other[0]])
        raise Unsupported(
            f"pairwise: neuron '{network.names[neuron]}' has the activation "
            f"{network.activations[int(network.activation[neuron])]}, not relu_clipped(1) or step"
        )
    return kind
