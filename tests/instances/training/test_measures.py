"""Structural measures on networks whose measures are known, and the treewidth bound."""

import random
from fractions import Fraction
from itertools import combinations, permutations
from types import SimpleNamespace

import networkx
import pytest

from instances.graphs.treewidth import treewidth_bound
from instances.training.instance import layered
from instances.training.measures import measure
from tests.helpers import make_instance, make_network, random_instance
from tests.instances.graphs.graphs import graph_of


def measured(size, inputs, outputs, edges, data=()):
    instance = make_instance(make_network(size, inputs, outputs, edges), list(data))
    return SimpleNamespace(**measure(instance))


def test_a_chain_has_one_hidden_layer_less_than_edges():
    found = measured(5, [0], [4], [(v, v + 1) for v in range(4)])
    assert (found.alpha, found.omega, found.depth, found.width) == (1, 1, 3, 1)
    assert (found.hidden, found.edges, found.max_in_degree, found.max_out_degree) == (3, 4, 1, 1)


def test_depth_is_0_for_a_direct_edge():
    assert measured(2, [0], [1], [(0, 1)]).depth == 0


def test_depth_is_0_where_no_path_leads_from_an_input_to_an_output():
    # n2 -> n3 -> n4 is a long path, but begins in no input; n1 leads nowhere.
    assert measured(4, [0], [3], [(1, 2), (2, 3)]).depth == 0
    assert measured(3, [0], [], [(0, 1), (1, 2)]).depth == 0
    assert measured(3, [], [2], [(0, 1), (1, 2)]).depth == 0
    assert measured(0, [], [], []).depth == 0


def test_depth_is_the_longest_path_however_short_a_skip_connection_is():
    assert measured(4, [0], [3], [(0, 1), (1, 2), (2, 3), (0, 3)]).depth == 2


def test_depth_counts_paths_through_outputs():
    assert measured(4, [0], [1, 3], [(0, 1), (1, 2), (2, 3)]).depth == 2


def test_depth_ignores_longer_paths_that_begin_in_no_input():
    edges = [(1, 2), (2, 3), (3, 4), (0, 4), (4, 5)]
    assert measured(6, [0], [5], edges).depth == 1


def test_width_is_the_largest_number_of_hidden_neurons_on_a_level():
    edges = [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (4, 5)]
    assert measured(6, [0], [5], edges).width == 3
    assert measured(2, [0], [1], [(0, 1)]).width == 0


def test_outputs_and_inputs_do_not_count_as_hidden():
    found = measured(5, [0], [2, 3], [(0, 1), (1, 2), (2, 3), (2, 4)])
    assert (found.hidden, found.width) == (2, 1)


def test_degrees_are_kept_apart_by_kind_of_neuron():
    edges = [(0, 2), (1, 2), (0, 3), (2, 4), (3, 4), (0, 4), (2, 5), (4, 6), (4, 7), (4, 5), (4, 8)]
    found = measured(9, [0, 1], [4, 5, 6, 7, 8], edges)
    assert (found.max_in_degree, found.max_out_degree) == (3, 4)
    assert found.input_out_degree == 3
    assert (found.hidden_in_degree, found.hidden_out_degree) == (2, 2)
    assert found.output_in_degree == 3
    found = measured(5, [0], [4], [(0, 1), (0, 2), (1, 3), (2, 3), (0, 3), (3, 4)])
    assert (found.hidden_in_degree, found.output_in_degree) == (3, 1)


def test_points_count_with_multiplicity_and_distinct_inputs_without():
    data = [((0,), (1,)), ((0,), (1,)), ((0,), (0,)), ((1,), (0,))]
    found = measured(2, [0], [1], [(0, 1)], data)
    assert (found.points, found.distinct_inputs) == (4, 2)


def test_parameters_with_one_allowed_value_are_not_counted():
    network = make_network(3, [0], [2], [(0, 1), (1, 2)])
    instance = make_instance(
        network, [], weights={(0, 1): (0, 1), (1, 2): (5,)}, biases={1: (0,), 2: (0, 2)}
    )
    assert measure(instance)["parameters"] == 2


def test_bound_and_d_are_reported():
    found = SimpleNamespace(**measure(layered([2, 3, 1], 3, ([[0, 1]], [[1]]), bound=2)))
    assert (found.d, found.bound, found.alpha, found.hidden, found.omega) == (3, 2, 2, 3, 1)
    assert (found.edges, found.parameters, found.depth, found.width) == (9, 13, 1, 3)
    network = make_network(1, [], [0], [])
    assert measure(make_instance(network, [], bound=Fraction(1, 2)))["bound"] == Fraction(1, 2)


def test_an_empty_network_measures_nothing():
    found = vars(measured(0, [], [], []))
    assert {value for value in found.values() if value is not None} == {0}
    assert found["d"] is None


def test_depth_agrees_with_networkx_on_random_networks():
    for seed in range(300):
        network = random_instance(random.Random(seed), hidden=8).network
        graph = networkx.DiGraph(
            zip(network.sources.tolist(), network.targets.tolist(), strict=True)
        )
        graph.add_nodes_from(range(network.size))
        longest = max(
            (
                len(path) - 2
                for u in network.inputs.tolist()
                for v in network.outputs.tolist()
                for path in networkx.all_simple_paths(graph, u, v)
            ),
            default=0,
        )
        assert measure(make_instance(network, []))["depth"] == longest


def treewidth(graph: networkx.Graph) -> int:
    """By definition over elimination orders; for at most 7 vertices."""
    best = len(graph)
    for order in permutations(graph):
        fill = graph.copy()
        width = 0
        for vertex in order:
            around = list(fill[vertex])
            width = max(width, len(around))
            if width >= best:
                break
            fill.add_edges_from(combinations(around, 2))
            fill.remove_node(vertex)
        best = min(best, width)
    return max(best, 0)


KNOWN = {
    "one vertex": (networkx.path_graph(1), 0, True),
    "no edges": (networkx.empty_graph(5), 0, True),
    "path": (networkx.path_graph(9), 1, True),
    "star": (networkx.star_graph(6), 1, True),
    "tree": (networkx.balanced_tree(2, 3), 1, True),
    "triangle": (networkx.complete_graph(3), 2, True),
    "cycle": (networkx.cycle_graph(8), 2, True),
    "two cycles": (networkx.disjoint_union(*[networkx.cycle_graph(4)] * 2), 2, True),
    "ladder": (networkx.ladder_graph(5), 2, True),
    "K4": (networkx.complete_graph(4), 3, None),
    "K6": (networkx.complete_graph(6), 5, None),
    "K3,3": (networkx.complete_bipartite_graph(3, 3), 3, None),
    "grid 3x3": (networkx.grid_2d_graph(3, 3), 3, None),
    "Petersen": (networkx.petersen_graph(), 4, None),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_treewidth_of_a_known_graph_is_found(name):
    graph, width, exact = KNOWN[name]
    bound = treewidth_bound(graph_of(graph))
    assert bound is not None
    assert bound.upper == width
    if exact is not None:
        assert bound.exact == exact


def test_the_treewidth_bound_is_never_below_the_truth_nor_falsely_exact():
    for seed in range(80):
        r = random.Random(seed)
        graph = networkx.gnp_random_graph(r.randint(1, 7), r.random(), seed=seed)
        truth = treewidth(graph)
        for restarts in (0, 1, 4):
            bound = treewidth_bound(graph_of(graph), restarts, seed)
            assert bound is not None
            assert bound.upper >= truth
            assert not bound.exact or bound.upper == truth
            assert bound.exact or bound.upper >= 3 or restarts == 0


def test_the_treewidth_bound_is_reproducible():
    graph = graph_of(networkx.gnp_random_graph(40, 0.15, seed=1))
    assert treewidth_bound(graph, 3, 5) == treewidth_bound(graph, 3, 5)


def test_more_restarts_never_worsen_the_bound():
    graph = graph_of(networkx.gnp_random_graph(30, 0.2, seed=2))
    bounds = [treewidth_bound(graph, restarts, 0) for restarts in (1, 2, 4, 8)]
    widths = [bound.upper for bound in bounds if bound]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) == 4


def test_a_graph_too_large_for_the_heuristic_gets_no_bound():
    assert treewidth_bound(graph_of(networkx.cycle_graph(3001))) is None
    large_tree = treewidth_bound(graph_of(networkx.path_graph(4000)))
    assert large_tree is not None
    assert (large_tree.upper, large_tree.exact) == (1, True)
