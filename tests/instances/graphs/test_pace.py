"""The PACE formats: round trips, and what is wrong in which line."""

import random

import networkx
import pytest

from instances.errors import InputError
from instances.graphs.decomposition import decomposition_of
from instances.graphs.graph import Graph
from instances.graphs.orders import minimum_degree
from instances.graphs.pace import (
    parse_gr,
    parse_td,
    write_gr,
    write_td,
)
from instances.training.neuron_graph import effective_graph, read_elimination_order
from tests.helpers import make_network, random_instance
from tests.instances.graphs.graphs import graph_of

PATH = Graph(5, ((0, 1), (1, 2), (2, 3), (3, 4)))


def test_the_examples_of_the_specification():
    text = "c a path\np tw 5 4\n1 2\n2 3\nc half-way\n3 4\n4 5\n"
    assert parse_gr(text) == PATH
    tree = (
        "c a decomposition\ns td 4 2 5\nb 1 1 2\nb 2 2 3\nb 3 3 4\nc here\nb 4 4 5\n1 2\n2 3\n3 4\n"
    )
    found = parse_td(tree, PATH)
    assert found.bags == ((0, 1), (1, 2), (2, 3), (3, 4))
    assert found.edges == ((0, 1), (1, 2), (2, 3))


def test_files_are_read_as_they_were_written():
    for seed in range(60):
        r = random.Random(seed)
        graph = graph_of(networkx.gnp_random_graph(r.randint(0, 12), r.random(), seed=seed))
        assert parse_gr(write_gr(graph, ["comment", ""])) == graph
        decomposition = decomposition_of(graph, minimum_degree(graph.neighbors())[0])
        text = write_td(decomposition, graph.vertices, ["1 h[3]"])
        assert parse_td(text, graph) == decomposition
        assert parse_td(text.replace("\n", "\r\n"), graph) == decomposition


def test_loops_and_repeated_edges_are_merged():
    graph = Graph(3, ((0, 1),))
    assert parse_gr("p tw 3 4\n2 1\n1 2\n3 3\n1 2\n") == graph
    assert parse_gr("p tw 3 1\n2 1\n1 2\n3 3\n1 2\n") == graph


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: expected a header"),
        ("1 2\np tw 2 1\n", "line 1: expected a header"),
        ("c\np cep 2 1\n1 2\n", "line 2: expected a header"),
        ("p tw 2\n", "line 1: expected a header"),
        ("p tw 2 x\n", "line 1: number of edges 'x' is not an integer"),
        ("p tw -2 0\n", "line 1: number of vertices -2 must be at least 0"),
        ("p tw 2 1\n1 3\n", "line 2: vertex 3 is outside 1..2"),
        ("p tw 2 1\n0 1\n", "line 2: vertex 0 is outside 1..2"),
        ("p tw 2 1\n1\n", "line 2: expected two numbers, found '1'"),
        ("p tw 2 1\nc\n\n1 2 3\n", "line 4: expected two numbers"),
        ("p tw 3 3\n1 2\n1 3\n", "line 1: the header announces 3 edges, not 2"),
    ],
)
def test_a_graph_that_cannot_be_read(text, words):
    with pytest.raises(InputError, match=words):
        parse_gr(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: expected a header"),
        ("p td 1 5 5\n", "line 1: expected a header"),
        ("s td 1 5\n", "line 1: expected a header"),
        ("s td 1 5 4\nb 1 1 2 3 4\n", "line 1: the decomposition is of 4 vertices"),
        ("s td 1 5 5\n", "line 1: bag 1 of 1 is missing"),
        ("s td 1 5 5\nb 2 1\n", "line 2: bag 2 is outside 1..1"),
        ("s td 1 5 5\nb 1 6\n", "line 2: vertex 6 is outside 1..5"),
        ("s td 1 5 5\nb\n", "line 2: a bag needs a number"),
        ("s td 1 5 5\nb 1 1 2 3 4 5\nb 1 1\n", "line 3: bag 1 is given twice"),
        ("s td 1 4 5\nb 1 1 2 3 4 5\n", "line 1: the header announces a largest bag of 4, not 5"),
        ("s td 2 5 5\nb 1 1 2 3 4 5\nb 2\n1 3\n", "line 4: bag 3 is outside 1..2"),
        ("s td 2 5 5\nb 1 1 2 3 4 5\nb 2\n", "no path joins bags 1 and 2"),
        ("s td 2 4 5\nb 1 1 2 3 4\nb 2 5\n1 2\n", "edge 4 5 is in no bag"),
    ],
)
def test_a_decomposition_that_cannot_be_read(text, words):
    with pytest.raises(InputError, match=words):
        parse_td(text, PATH)


def test_a_decomposition_in_a_file_gives_an_order_of_neurons(tmp_path):
    for seed in range(30):
        network = random_instance(random.Random(seed), hidden=7).network
        effective = effective_graph(network)
        order, _ = minimum_degree(effective.graph.neighbors())
        decomposition = decomposition_of(effective.graph, order)
        path = tmp_path / f"{seed}.td"
        path.write_text(write_td(decomposition, effective.graph.vertices))
        order = read_elimination_order(str(path), network).tolist()
        assert sorted(order) == effective.neurons.tolist()


def test_a_file_that_decomposes_another_graph_is_named(tmp_path):
    network = make_network(3, [0], [2], [(0, 1), (1, 2)])
    path = tmp_path / "other.td"
    path.write_text("s td 1 1 1\nb 1 1\n")
    with pytest.raises(InputError, match=r"other\.td: line 1: the decomposition is of 1 vertices"):
        read_elimination_order(str(path), network)
