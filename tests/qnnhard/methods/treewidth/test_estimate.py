"""What is predicted before a table is made: runs, widths, and where to stop."""

import random
from itertools import product
from math import log2

import networkx as nx
import pytest

from instances.families.registry import FAMILIES
from instances.graphs.density import least_width
from instances.graphs.graph import neighbor_sets
from instances.graphs.orders import minimum_degree
from instances.training.instance import layered
from qnnhard.methods.treewidth.estimate import estimate, options, selections
from tests.helpers import random_instance


def bound_of(graph: nx.Graph, enough: int) -> int:
    edges = list(graph.edges)
    return least_width(len(graph), [u for u, _ in edges], [v for _, v in edges], enough)


@pytest.mark.parametrize("seed", range(40))
def test_the_lower_bound_never_exceeds_a_width_that_is_reached(seed):
    r = random.Random(seed)
    size = r.choice((1, 5, 30, 300))
    graph = nx.gnm_random_graph(size, r.randrange(4 * size), seed=seed)
    _, width = minimum_degree(neighbor_sets(size, graph.edges))
    for enough in (0, 2, 8, 40):
        assert bound_of(graph, enough) <= width


def test_the_lower_bound_is_high_where_degrees_are_low():
    assert bound_of(nx.random_regular_graph(3, 20_000, seed=1), 24) > 24
    assert bound_of(nx.path_graph(9000), 24) == 1
    assert bound_of(nx.empty_graph(100), 24) == 0


def test_selections_within_the_bound_are_counted():
    r = random.Random(5)
    for _ in range(200):
        instance = random_instance(r)
        choices, bound = options(instance), r.randrange(-1, 6)
        costs = (sum(cost for cost, _ in picked) for picked in product(*choices))
        count = sum(cost <= bound for cost in costs)
        assert selections(choices, bound, 10**9) == count
        assert (selections(choices, bound, 2) > 2) == (count > 2)


def test_runs_that_no_output_rules_out_are_estimated_too():
    # Zero inputs give 0 only; where the bound allows to give it up, tables are needed.
    data = [[0, 1], [1, 0], [0, 0]], [[1], [1], [1]]
    for bound, runs, bits in ((0, 1, False), (1, 4, True)):
        found = estimate(layered([2, 3, 1], 2, data, bound=bound))
        assert found.runs == runs
        assert (found.bits is not None) == bits


def test_it_stops_at_the_width_or_the_time_that_is_asked_for():
    instance = FAMILIES.get("layers").generate({"size": "200", "width": "3"}, 1).instance
    free = estimate(instance)
    assert free.feasible
    assert free.width is not None
    assert estimate(instance, widest=free.width).feasible
    assert "width" in estimate(instance, widest=free.width - 1).obstacle
    assert "selections" in estimate(instance, most_seconds=free.base / 2).obstacle
    assert free.seconds >= free.base > 0
    assert log2(free.runs) == 0
