"""Hidden neurons that can change places.

They are interchangeable if they agree in predecessors, successors, activation and all domains:
to exchange the parameters of two of them, outgoing weights included, makes no difference to any
output.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers, equal_rows
from instances.training.instance import TrainingInstance


def interchangeable(
    instance: TrainingInstance, single: NDArray[np.bool_], relevant: NDArray[np.bool_]
) -> Iterator[Numbers]:
    """Yield the sets of two or more interchangeable hidden neurons, increasing within each.

    Parameters
    ----------
    single : bool array
        Per neuron whether its parameters have variables. Only such neurons, all of whose
        relevant successors are such neurons too, can be exchanged within the formula.
    relevant : bool array
        Per neuron whether an output depends on it; others do not count as successors.
    """
    network = instance.network
    able = single & ~network.is_output
    able[network.sources[relevant[network.targets] & ~single[network.targets]]] = False
    if not able.any():
        return
    domain = first_equal(instance.domains)
    kind = first_equal(network.activations)
    counted = np.flatnonzero(relevant[network.targets])
    out = counted[np.lexsort((network.targets[counted], network.sources[counted]))]
    out_start = np.searchsorted(network.sources[out], np.arange(network.size + 1))
    neurons = np.flatnonzero(able)
    degrees = (network.in_degree[neurons], np.diff(out_start)[neurons])
    for alike in equal_rows(degrees, len(neurons)):
        members = neurons[alike]
        into = network.in_edge_rows(members)
        from_ = out[out_start[members][:, None] + np.arange(degrees[1][alike[0]])]
        columns: list[NDArray[Any]] = [
            domain[instance.bias_domain[members]],
            kind[network.activation[members]],
            *network.sources[into].T,
            *domain[instance.weight_domain[into]].T,
            *network.targets[from_].T,
            *domain[instance.weight_domain[from_]].T,
        ]
        for same in equal_rows(columns, len(members)):
            if len(same) > 1:
                yield members[same]


def first_equal(values: tuple[object, ...]) -> Numbers:
    """Return per position the first position with an equal value, and -1 for position -1."""
    first: dict[object, int] = {}
    places = [first.setdefault(value, place) for place, value in enumerate(values)]
    return np.array([*places, -1], dtype=np.int64)
