"""Graphs and the problem vertex-cover."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import instances
from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.vertex_cover import VertexCover
from instances.sources.budgeted_graph import BudgetedGraph, parse_graph, write_col

DATA = Path(instances.__file__).parent / "data"
PATH = BudgetedGraph(4, ((0, 1), (1, 2), (2, 3)), 2)

graphs = st.integers(0, 6).flatmap(
    lambda n: st.builds(
        BudgetedGraph.of,
        st.just(n),
        st.lists(
            st.tuples(*2 * [st.integers(0, n - 1) if n else st.nothing()]), max_size=9 if n else 0
        ),
        st.none() | st.integers(0, 9),
    )
)


@given(graphs)
def test_round_trip(graph):
    assert parse_graph(write_col(graph)) == graph


def test_mycielski_graph():
    problem = VertexCover()
    source = problem.parse((DATA / "myciel3.col").read_text())
    assert (source.vertices, len(source.edges), source.budget) == (11, 20, None)
    assert problem.solve(problem.override(source, {"budget": "5"}), Deadline()) is None
    source = problem.override(source, {"budget": "6"})
    problem.check(source, problem.solve(source, Deadline()))


@pytest.mark.parametrize(
    "text",
    [
        "c budget 2\np edge 4 3\ne 1 2\ne 2 3\ne 4 3\n",
        "p col 4 3\nc a budget\ne 1 2\n\ne 3 2\ne 3 4\nc budget 2",
        "p edge 4 5\r\ne 1 2\r\ne 2 1\r\ne 3 2\r\ne 2 3\r\ne 3 4\r\nc budget 2\r\n",
        "c budget 2\np edge 4 3\ne 1 2\ne 2 1\ne 2 3\ne 4 3\n",
        "# x\n4 3 2\n0 1\n\n# y\n1 2\n3 2\n",
        '{"vertices": 4, "edges": [[0, 1], [2, 1], [2, 3], [3, 2]], "budget": 2}',
    ],
)
def test_forms_of_one_graph(text):
    assert parse_graph(text) == PATH


def test_loops_and_empty_graphs():
    assert parse_graph("p edge 2 1\ne 2 2\n") == BudgetedGraph(2, ((1, 1),))
    assert parse_graph("p edge 0 0") == parse_graph("0 0") == BudgetedGraph(0, ())
    source = BudgetedGraph(2, ((0, 0), (0, 1), (1, 1)), 1)
    assert VertexCover().solve(source, Deadline()) is None
    assert VertexCover().solve(BudgetedGraph(2, ((1, 1),), 1), Deadline()) == (1,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: no header in the file; expected a header like 'p edge 11 20'"),
        ("c x\n", "no header in the file"),
        ("e 1 2\n", "line 1: found 'e'; expected a header"),
        ("p cnf 1 2\n", "line 1: malformed header 'p cnf 1 2'"),
        ("p edge 3\n", "line 1: malformed header"),
        ("p edge 3 0\np edge 3 0\n", "line 2: a second header"),
        ("p edge x 0\n", "line 1: number of vertices 'x' is not an integer"),
        ("p edge -3 0\n", "line 1: number of vertices -3 must be at least 0"),
        ("p edge 3 1\nn 1 2\n", "line 2: found 'n'; expected 'e U V'"),
        ("p edge 3 1\ne 1\n", "line 2: expected two vertices, found 1"),
        ("p edge 3 1\ne 1 2 3\n", "line 2: expected two vertices, found 3"),
        ("p edge 3 1\ne 0 1\n", r"line 2: vertex 0 is outside 1\.\.3"),
        ("p edge 3 1\ne 1 4\n", r"line 2: vertex 4 is outside 1\.\.3"),
        ("p edge 3 1\ne 1 a\n", "line 2: vertex 'a' is not an integer"),
        ("p edge 3 2\ne 1 2\n", "line 1: the header announces 2 edges, the file has 1"),
        ("p edge 3 3\ne 1 2\ne 2 1", "announces 3 edges, the file has 2 .1 distinct."),
        ("c budget -1\n", "line 1: budget -1 must be at least 0"),
        ("c budget x\n", "line 1: budget 'x' is not an integer"),
        ("c budget 1\nc budget 1\n", "line 2: a second budget"),
        ("3\n", "line 1: expected a first line 'vertices edges"),
        ("# x\n3 1\n0 3\n", r"line 3: vertex 3 is outside 0\.\.2"),
        ("3 1\n0 1 2\n", "line 2: expected two vertices, found 3"),
        ("3 2\n0 1\n", "line 1: the header announces 2 edges, the file has 1"),
        ("3 0 -1\n", "line 1: budget -1 must be at least 0"),
        ('{"vertices": 2}', "the key 'edges' is missing"),
        ('{"vertices": 2, "edges": [[0]]}', "edge 0 must be a list of two integers"),
        ('{"vertices": 2, "edges": [[0, 2]]}', "edge 0: vertex 2 is beyond the 2 vertices"),
        ('{"vertices": 2, "edges": [[0, -1]]}', "edge 0 -1 must be at least 0"),
        ('{"vertices": 2, "edges": [], "k": 0}', "unknown key 'k'"),
        ('{"vertices": 2, "edges": [], "budget": true}', "budget must be an integer"),
    ],
)
def test_errors(text, message):
    with pytest.raises(InputError, match=message) as caught:
        parse_graph(text)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "arguments",
    [
        (-1, ()),
        (2, ((1, 0),)),
        (2, ((0, 2),)),
        (2, ((0, 1), (0, 1))),
        (3, ((1, 2), (0, 1))),
        (2, (), -1),
    ],
)
def test_wrong_graphs(arguments):
    with pytest.raises(InputError):
        BudgetedGraph(*arguments)


def test_check():
    problem = VertexCover()
    problem.check(PATH, (1, 2))
    for witness, message in [
        ((0, 1), r"edge \(2, 3\) contains no chosen vertex"),
        ((0, 1, 2), "3 chosen exceed the budget of 2"),
        ((1, 4), "vertex 4 does not exist"),
    ]:
        with pytest.raises(InvalidWitness, match=message):
            problem.check(PATH, witness)
    with pytest.raises(InputError, match="vertex-cover needs a budget"):
        problem.check(BudgetedGraph(4, ()), ())


def test_generated_graphs():
    problem = VertexCover()
    for seed in range(40):
        source = problem.generate({"vertices": "9", "edges": "36", "budget": "7"}, seed)
        assert len(source.edges) == 36
        assert all(u < v for u, v in source.edges)
        assert problem.solve(source, Deadline()) is None
        values = {"vertices": "9", "edges": "8", "budget": "1", "planted": "yes"}
        assert problem.solve(problem.generate(values, seed), Deadline()) is not None
    assert problem.generate({"vertices": "0", "edges": "0"}, 0) == BudgetedGraph(0, (), 6)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"edges": "46"}, "10 vertices have only 45 edges, not 46: lower edges or raise vertices"),
        ({"budget": "1", "planted": "yes"}, "only 9 edges that meet 1 of them, not 15"),
        ({"budget": "-1"}, "budget -1 must be at least 0"),
    ],
)
def test_impossible_parameters(values, message):
    with pytest.raises(InputError, match=message):
        VertexCover().generate(values, 0)
