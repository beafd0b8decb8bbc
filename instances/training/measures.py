"""Structural parameters of training instances: what the complexity results speak about."""

import numpy as np

from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from instances.training.network import Network


def measure(instance: TrainingInstance) -> dict[str, Number | None]:
    """Return the structural parameters of `instance`, by the names that claims and reports use.

    They are exact, and take time linear in the size of the instance. `depth` counts hidden layers:
    the longest input-output path minus one, 0 where there is no such path. `width` is the largest
    number of hidden neurons on one longest-path level. `parameters` counts weights and biases
    with more than one allowed value.
    """
    network = instance.network
    hidden = ~network.is_input & ~network.is_output
    free = instance.domain_steps > 0
    into, out_of = network.in_degree, network.out_degree
    return {
        "alpha": len(network.inputs),
        "omega": len(network.outputs),
        "bound": instance.bound,
        "points": instance.points,
        "distinct_inputs": len({tuple(row) for row in instance.inputs.tolist()}),
        "depth": _depth(network),
        "width": int(np.bincount(network.levels[hidden]).max(initial=0)),
        "hidden": int(hidden.sum()),
        "edges": network.edges,
        "parameters": int(free[instance.weight_domain].sum() + free[instance.bias_domain].sum()),
        "d": instance.d,
        "max_in_degree": int(into.max(initial=0)),
        "max_out_degree": int(out_of.max(initial=0)),
        "input_out_degree": int(out_of[network.is_input].max(initial=0)),
        "hidden_in_degree": int(into[hidden].max(initial=0)),
        "hidden_out_degree": int(out_of[hidden].max(initial=0)),
        "output_in_degree": int(into[network.is_output].max(initial=0)),
    }


def _depth(network: Network) -> int:
    """Return the longest input-output path minus one; 0 where no output is reachable."""
    unreachable = -1
    distance = np.full(network.size, unreachable, dtype=np.int64)
    distance[network.inputs] = 0
    for level in network.by_level():
        neurons = level[network.in_degree[level] > 0]
        if neurons.size:
            below = distance[network.sources[network.in_edges(neurons)]]
            start = np.concatenate(([0], np.cumsum(network.in_degree[neurons])[:-1]))
            longest = np.maximum.reduceat(below, start)
            distance[neurons] = np.where(longest == unreachable, unreachable, longest + 1)
    return max(0, int(distance[network.outputs].max(initial=0)) - 1)
