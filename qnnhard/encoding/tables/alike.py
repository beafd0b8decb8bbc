"""Neurons that share a table: equal parameters, activation and domains around them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers, equal_rows, present
from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from qnnhard.encoding.tables.behaviours import Choices

LARGEST_FAN_IN = 256
"""Neurons of larger in-degree are not looked at."""


@dataclass(frozen=True, eq=False)
class Alike:
    """Neurons with equal choices and equal content around them.

    Parameters
    ----------
    neurons : int64 array, increasing
    sources : int32 array, neurons x in-degree
    edges : int64 array, neurons x in-degree
    choices : Choices
    """

    neurons: Numbers
    sources: NDArray[np.int32]
    edges: Numbers
    choices: Choices


def group_alike(
    instance: TrainingInstance, neurons: Numbers, content: Numbers, own: bool
) -> Iterator[Alike]:
    """Yield the `neurons` of small fan-in whose sources all hold something, in alike groups.

    Parameters
    ----------
    neurons : int64 array, increasing
    content : int64 array
        Per neuron of the network the number of what it holds, or -1. The sources of one group
        hold the same, position by position.
    own : bool
        Whether the neurons of a group themselves hold the same as well.
    """
    network = instance.network
    neurons = neurons[network.in_degree[neurons] <= LARGEST_FAN_IN]
    degree = network.in_degree[neurons]
    for size in present(degree):
        same = neurons[degree == size]
        edges = network.in_edge_rows(same)
        sources = network.sources[edges]
        held = content[sources.T]
        ready = (held >= 0).all(axis=0)
        if not ready.all():
            same, edges, sources, held = same[ready], edges[ready], sources[ready], held[:, ready]
        if not len(same):
            continue
        columns = [instance.bias_domain[same], network.activation[same]]
        if own:
            columns.append(content[same])
        columns += list(held)
        if len(instance.domains) > 1:
            columns += list(instance.weight_domain[edges].T)
        for rows in equal_rows(columns, len(same)):
            first = same[rows[0]]
            choices = Choices(
                tuple(
                    _integers(instance.domains[index])
                    for index in instance.weight_domain[edges[rows[0]]].tolist()
                ),
                _integers(instance.domains[int(instance.bias_domain[first])]),
                network.activations[int(network.activation[first])],
            )
            yield Alike(same[rows], sources[rows], edges[rows], choices)


def _integers(domain: tuple[Number, ...]) -> tuple[int, ...]:
    return tuple(int(value) for value in domain)
