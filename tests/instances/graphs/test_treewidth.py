"""Exact treewidth, elimination orders and tree decompositions against definitions."""

import random

import networkx
import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import InputError, Unsupported
from instances.graphs import blocks, orders
from instances.graphs.decomposition import (
    TreeDecomposition,
    decomposition_of,
    elimination_order,
)
from instances.graphs.exact import treewidth
from instances.graphs.graph import Graph
from instances.graphs.orders import minimum_degree, width_of
from instances.graphs.treewidth import heuristic_order
from instances.training.neuron_graph import effective_graph, underlying_graph
from tests.helpers import make_network, random_instance
from tests.instances.graphs.graphs import (
    KNOWN,
    graph_of,
    k_tree,
    treewidth_by_orders,
    treewidth_by_subsets,
    width_by_elimination,
)


def random_graph(seed: int, vertices: int) -> Graph:
    r = random.Random(seed)
    return graph_of(networkx.gnp_random_graph(r.randint(0, vertices), r.random(), seed=seed))


def check_exact(graph: Graph, width: int) -> None:
    found = treewidth(graph)
    assert found.exact
    assert found.upper == width
    assert sorted(found.order) == list(range(graph.vertices))
    assert width_by_elimination(graph, found.order) == width


@pytest.mark.parametrize("name", KNOWN)
def test_known_treewidths(name):
    graph, width = KNOWN[name]
    check_exact(graph_of(graph), width)


def test_k_trees():
    for seed in range(20):
        r = random.Random(seed)
        k = r.randint(1, 6)
        check_exact(graph_of(k_tree(r, k, r.randint(k + 1, 30))), k)


def test_the_exact_treewidth_is_the_least_of_all_orders():
    for seed in range(60):
        graph = random_graph(seed, 6)
        check_exact(graph, treewidth_by_orders(graph))


def test_the_exact_treewidth_is_that_of_dynamic_programming():
    for seed in range(120):
        graph = random_graph(seed, 9)
        check_exact(graph, treewidth_by_subsets(graph))


@pytest.mark.long
def test_the_exact_treewidth_of_many_graphs():
    for seed in range(400):
        graph = random_graph(1000 + seed, 7 if seed % 2 else 11)
        check_exact(graph, treewidth_by_subsets(graph))
        if graph.vertices <= 7:
            check_exact(graph, treewidth_by_orders(graph))
    for seed in range(20):
        graph = graph_of(networkx.random_regular_graph(3, 12, seed=seed))
        check_exact(graph, treewidth_by_subsets(graph))


def test_out_of_time_there_is_an_interval():
    graph = graph_of(networkx.grid_2d_graph(9, 9))
    found = treewidth(graph, Deadline(0))
    assert found.lower <= 9 <= found.upper
    assert not found.exact
    assert width_by_elimination(graph, found.order) == found.upper


def test_out_of_memory_there_is_an_interval(monkeypatch):
    graph = graph_of(networkx.gnp_random_graph(22, 0.3, seed=2))
    exact = treewidth(graph)
    assert exact.exact
    monkeypatch.setattr(blocks, "MOST_UNIONS", 10)
    found = treewidth(graph)
    assert found.lower < exact.upper <= found.upper


def test_large_sparse_graphs_get_an_interval():
    found = treewidth(graph_of(networkx.ladder_graph(2000)), Deadline(30))
    assert (found.lower, found.upper) == (2, 2)


def test_orders_and_decompositions_are_made_from_each_other():
    for seed in range(150):
        graph = random_graph(seed, 12)
        r = random.Random(seed)
        for order in (
            r.sample(range(graph.vertices), graph.vertices),
            minimum_degree(graph.neighbors())[0],
            heuristic_order(graph),
        ):
            width = width_by_elimination(graph, order)
            assert width_of(graph.neighbors(), order) == width
            decomposition = decomposition_of(graph, order)
            decomposition.check(graph)
            assert max(0, decomposition.width) == width
            again = elimination_order(decomposition)
            assert sorted(again) == sorted(order)
            assert width_by_elimination(graph, again) <= width


def test_a_decomposition_has_no_bag_within_its_neighbor():
    for seed in range(60):
        graph = random_graph(seed, 12)
        decomposition = decomposition_of(graph, minimum_degree(graph.neighbors())[0])
        bags = [set(bag) for bag in decomposition.bags]
        for a, b in decomposition.edges:
            assert not bags[a] <= bags[b] or not bags[b] - bags[a]


def test_an_order_that_is_no_permutation_is_refused():
    with pytest.raises(InputError, match="lists the 2 vertices once each"):
        decomposition_of(Graph(2, ((0, 1),)), [0, 0])


def test_too_much_fill_is_refused(monkeypatch):
    monkeypatch.setattr(orders, "MOST_FILL", 50)
    graph = graph_of(networkx.grid_2d_graph(6, 6))
    for attempt in (
        lambda: minimum_degree(graph.neighbors())[0],
        lambda: width_of(graph.neighbors(), range(36)),
    ):
        with pytest.raises(Unsupported, match="too dense"):
            attempt()


PATH = Graph(4, ((0, 1), (1, 2), (2, 3)))


@pytest.mark.parametrize(
    ("bags", "tree", "words"),
    [
        (((0, 1), (1, 2)), ((0, 1),), "vertex 4 is in no bag"),
        (((0, 1), (1, 2), (3,)), ((0, 1), (1, 2)), "edge 3 4 is in no bag"),
        (((0, 1), (2, 3), (1, 2)), ((0, 1), (1, 2)), "vertex 2 is in bags that are not connected"),
        (((0, 1), (1, 2), (2, 3)), ((0, 1),), "no path joins bags 1 and 3"),
        (((0, 1), (1, 2), (2, 3)), ((0, 1), (1, 2), (0, 2)), "2 edges, not 3"),
        (((0, 1), (1, 2), (2, 3)), ((0, 1), (1, 2), (2, 2)), "2 edges, not 3"),
    ],
)
def test_what_is_no_tree_decomposition_is_refused(bags, tree, words):
    with pytest.raises(InputError, match=words):
        TreeDecomposition(bags, tree).check(PATH)


def test_the_effective_graph_has_no_inputs_and_no_edges_out_of_outputs():
    network = make_network(
        6, [0, 3], [2, 5], [(0, 1), (1, 2), (2, 4), (3, 4), (4, 5), (1, 5), (0, 5)]
    )
    effective = effective_graph(network)
    assert effective.neurons.tolist() == [1, 2, 4, 5]
    assert effective.graph == Graph(4, ((0, 1), (0, 3), (2, 3)))
    whole = underlying_graph(network)
    assert whole.neurons.tolist() == list(range(6))
    assert len(whole.graph.edges) == 7


def test_the_effective_graph_of_random_networks():
    for seed in range(80):
        network = random_instance(random.Random(seed), hidden=7).network
        effective = effective_graph(network)
        inputs, outputs = set(network.inputs.tolist()), set(network.outputs.tolist())
        wanted = {
            tuple(sorted((u, v)))
            for u, v in zip(network.sources.tolist(), network.targets.tolist(), strict=True)
            if u not in inputs | outputs
        }
        ends = effective.neurons[np.array(effective.graph.edges, dtype=int).reshape(-1, 2)]
        assert set(map(tuple, ends.tolist())) == wanted
        assert effective.graph.edges == tuple(sorted(effective.graph.edges))
        assert set(effective.neurons.tolist()) == set(range(network.size)) - inputs
