"""Which instances `pairwise` is made for, and their neurons as arrays.

With bound 0 every output equals its target, so inputs and outputs are *known*: their values on
the data are given. The method decides instances in which every output has at most two
predecessors, and every hidden neuron that feeds an output has at most two, all known. Hidden
neurons that feed no output do not matter.
"""

from dataclasses import dataclass

import numpy as np

from instances.canonical.problem import canonical
from instances.errors import Unsupported
from instances.text.numbers import Array
from instances.training.instance import TrainingInstance
from qnnhard.methods.linear.method import BINARY, other_activation
from qnnhard.methods.linear.tables import KNOWN


@dataclass(frozen=True, eq=False)
class PairwiseLayout:
    """The neurons that matter.

    A *unit* is something that an output sees: a hidden neuron, or a known one as a copy of
    itself. Unit 0 stands for a missing predecessor. A missing edge is -1.

    Parameters
    ----------
    values : int8 array, columns x distinct data points
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


def layout(instance: TrainingInstance) -> PairwiseLayout:
    """Return the arrays of an instance whose bound and data are binary.

    Raises
    ------
    Unsupported
        Naming the first condition that fails.
    """
    network = instance.network
    column = np.full(network.size + 1, -1, dtype=np.int64)
    known = np.concatenate((network.inputs, network.outputs))
    column[known] = np.arange(len(known))
    column[-1] = len(known)
    data = canonical(instance).data
    nothing = np.zeros((len(data.targets), 1), dtype=np.int64)
    values = np.concatenate((data.inputs[data.group_input], data.targets, nothing), axis=1)
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
    return PairwiseLayout(
        values=values.astype(np.int8).T,
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
    fits = np.array([activation in BINARY for activation in network.activations] + [False])
    other = np.flatnonzero(~fits[network.activation[neurons]])
    if other.size:
        neuron = int(neurons[other[0]])
        activation = network.activations[int(network.activation[neuron])]
        raise other_activation("pairwise", f"neuron '{network.names[neuron]}'", activation)
    return kind
