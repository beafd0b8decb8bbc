"""Undirected graphs between the neurons of a network."""

from dataclasses import dataclass

import numpy as np

from instances.files import read_text
from instances.graphs.decomposition import elimination_order
from instances.graphs.graph import Graph
from instances.graphs.pace import parse_td
from instances.text.numbers import Array
from instances.training.network import Ints, Network
from instances.training.records import named


@dataclass(frozen=True)
class NeuronGraph:
    """An undirected graph between neurons.

    Parameters
    ----------
    graph : Graph
    neurons : int32 array
        The neuron of every vertex, in increasing order.
    """

    graph: Graph
    neurons: Ints


def underlying_graph(network: Network) -> NeuronGraph:
    """Return the network without directions; vertex v is neuron v."""
    return NeuronGraph(
        _graph(network.size, network.sources, network.targets),
        np.arange(network.size, dtype=np.int32),
    )


def effective_graph(network: Network) -> NeuronGraph:
    """Return the graph that dynamic programming over a tree decomposition works on ([LD] Thm 5).

    Inputs are constants on the data, and so are outputs whose targets are fixed: without the
    inputs and the edges that leave outputs, the other neurons keep their order.
    """
    neurons = np.flatnonzero(~network.is_input).astype(np.int32)
    constant = network.is_input | network.is_output
    edges = ~constant[network.sources]
    place = np.cumsum(~network.is_input) - 1
    ends = place[network.sources[edges]], place[network.targets[edges]]
    return NeuronGraph(_graph(len(neurons), *ends), neurons)


def _graph(vertices: int, sources: Array, targets: Array) -> Graph:
    ends = np.sort(np.stack((sources, targets), axis=1), axis=1)
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    return Graph(vertices, tuple(map(tuple, ends.tolist())))


def read_elimination_order(path: str, network: Network) -> Ints:
    """Return the neurons in an order that a ``.td`` file of the effective graph gives.

    Every neuron but the inputs occurs once. Raises `InputError` naming the file.
    """
    effective = effective_graph(network)
    with named(path):
        decomposition = parse_td(read_text(path), effective.graph)
    order: Ints = effective.neurons[np.array(elimination_order(decomposition), dtype=np.int64)]
    return order
