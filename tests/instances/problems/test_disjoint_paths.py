"""The problem disjoint-paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.disjoint_paths import VertexDisjointPaths
from instances.sources.path_system import DisjointPaths, find_cycle, parse_paths, write_paths

TWO = DisjointPaths.of(6, [(0, 2), (2, 1), (3, 5), (5, 4), (0, 5), (2, 5)], [(0, 1), (3, 4)])


@pytest.mark.parametrize(
    "text",
    [
        write_paths(TWO),
        "c\np dag 6 6\ne 1 3\nt 1 2\ne 3 2\ne 4 6\ne 6 5\ne 1 6\nc x\nt 4 5\n\ne 3 6\n",
        '{"vertices": 6, "edges": [[0,2],[2,1],[3,5],[5,4],[0,5],[2,5]], "pairs": [[0,1],[3,4]]}',
    ],
)
def test_forms_of_one_instance(text):
    assert parse_paths(text) == TWO


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: no header in the file; expected a header like 'p dag 12 24'"),
        ("e 1 2\n", "line 1: found 'e'; expected a header"),
        ("p edge 2 1\n", "line 1: malformed header 'p edge 2 1'"),
        ("p dag 2 0\np dag 2 0\n", "line 2: a second header"),
        ("p dag 2 -1\n", "line 1: number of edges -1 must be at least 0"),
        ("p dag 2 1\nx 1 2\n", "line 2: found 'x'; expected 'e U V' or 't S T'"),
        ("p dag 2 1\ne 1 2 2\n", "line 2: expected two vertices, found 3"),
        ("p dag 2 1\ne 1 3\n", r"line 2: vertex 3 is outside 1\.\.2"),
        ("p dag 2 0\nt 0 1\n", r"line 2: vertex 0 is outside 1\.\.2"),
        ("p dag 2 1\ne 1 1\n", "line 2: edge 1 1 is a loop"),
        ("p dag 2 2\ne 1 2\ne 1 2\n", "line 3: edge 1 2 is repeated"),
        ("p dag 2 2\ne 1 2\n", "line 1: the header announces 2 edges, the file has 1"),
        ("p dag 3 0\nt 1 2\nt 2 3\n", "line 3: vertex 2 is a terminal twice"),
        ("p dag 3 0\nt 1 1\n", "line 2: vertex 1 is a terminal twice"),
        ("p dag 4 4\ne 1 2\ne 2 3\ne 3 2\ne 3 4\n", "cycle through vertex [23]$"),
        ('{"vertices": 2, "edges": []}', "the key 'pairs' is missing"),
        ('{"vertices": 2, "edges": [[0, 2]], "pairs": []}', "edge 0: vertex 2 is beyond the 2"),
        ('{"vertices": 2, "edges": [[0, 0]], "pairs": []}', "edge 0: edge 0 0 is a loop"),
        ('{"vertices": 2, "edges": [], "pairs": [[0, 1], [1, 0]]}', "pair 1: vertex 1 is a termin"),
        ('{"vertices": 2, "edges": [[0,1],[1,0]], "pairs": []}', "cycle through vertex [01]$"),
        ('{"vertices": 2, "edges": [], "pairs": [[0]]}', "pair 0 must be a list of two integers"),
    ],
)
def test_errors(text, message):
    with pytest.raises(InputError, match=message) as caught:
        parse_paths(text)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, (), ()), "-1 vertices"),
        ((2, ((0, 2),), ()), "not over the 2 vertices"),
        ((2, (), ((0, 2),)), "not over the 2 vertices"),
        ((2, ((0, 1), (0, 1)), ()), "distinct and in increasing order"),
        ((2, ((0, 0),), ()), "cycle through vertex 0"),
        ((3, (), ((0, 1), (1, 2))), "terminals of all pairs must be distinct"),
        ((3, ((0, 1), (1, 0)), ()), "cycle"),
    ],
)
def test_wrong_instances(arguments, message):
    with pytest.raises(InputError, match=message):
        DisjointPaths(*arguments)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12, unique=True))
def test_cycles_are_found(edges):
    reached = {v: {v} for v in range(6)}
    for _ in range(6):
        for v in range(6):
            reached[v] |= {b for a, b in edges if a in reached[v]}
    on_cycle = {u for u in range(6) if any(a == u and u in reached[b] for a, b in edges)}
    vertex = find_cycle(edges)
    assert vertex in on_cycle if on_cycle else vertex is None


def test_long_path_is_no_problem():
    n = 3000
    source = DisjointPaths.of(n, [(i, i + 1) for i in range(n - 1)], [(0, n - 1)])
    assert VertexDisjointPaths().solve(source, Deadline()) == (tuple(range(n)),)


def test_size_does_not_cost():
    source = DisjointPaths(10**9, ((0, 10**9 - 1),), ((0, 10**9 - 1),))
    assert parse_paths(write_paths(source)) == source
    assert VertexDisjointPaths().solve(source, Deadline()) == ((0, 10**9 - 1),)


def test_terminals_block_other_paths():
    # The only path of the first pair runs through the second pair's source.
    source = DisjointPaths.of(4, [(0, 2), (2, 1), (2, 3)], [(0, 1), (2, 3)])
    assert VertexDisjointPaths().solve(source, Deadline()) is None


def test_no_pairs():
    source = DisjointPaths(3, ((0, 1),), ())
    problem = VertexDisjointPaths()
    assert problem.solve(source, Deadline()) == ()
    problem.check(source, ())
    assert problem.parse_witness(source, '{"paths": []}') == ()


def test_check():
    problem = VertexDisjointPaths()
    problem.check(TWO, ((0, 2, 1), (3, 5, 4)))
    for witness, message in [
        (((0, 2, 1),), "1 paths for 2 pairs"),
        (((0, 2), (3, 5, 4)), "path 0 does not run from 0 to 1"),
        (((), (3, 5, 4)), "path 0 does not run"),
        (((0, 1), (3, 5, 4)), r"path 0 uses \(0, 1\), which is not an edge"),
        (((0, 2, 1), (3, 4)), r"path 1 uses \(3, 4\)"),
    ]:
        with pytest.raises(InvalidWitness, match=message):
            problem.check(TWO, witness)
    crossing = DisjointPaths.of(5, [(0, 4), (4, 1), (2, 4), (4, 3)], [(0, 1), (2, 3)])
    with pytest.raises(InvalidWitness, match="paths 0 and 1 share the vertex 4"):
        problem.check(crossing, ((0, 4, 1), (2, 4, 3)))
    assert problem.solve(crossing, Deadline()) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"paths": [[0, 2, 1]]}', "1 paths for 2 pairs"),
        ('{"paths": [0, 1]}', "path 0 must be a list"),
        ('{"paths": [[0, true], []]}', "path 0: vertex must be an integer"),
        ('{"sets": []}', "unknown key 'sets'; allowed: paths"),
    ],
)
def test_wrong_witness_files(text, message):
    with pytest.raises(InputError, match=message):
        VertexDisjointPaths().parse_witness(TWO, text)


def test_generated_instances():
    problem = VertexDisjointPaths()
    for seed in range(40):
        values = {"vertices": "9", "edges": "12", "pairs": "3"}
        source = problem.generate(values, seed)
        assert (source.vertices, len(source.edges), len(source.pairs)) == (9, 12, 3)
        tight = {"vertices": "6", "edges": "3", "pairs": "3", "planted": "yes"}
        assert problem.solve(problem.generate(tight, seed), Deadline()) is not None
        full = {"vertices": "6", "edges": "15", "pairs": "2", "planted": "yes"}
        assert len(problem.generate(full, seed).edges) == 15
    empty = {"vertices": "0", "edges": "0", "pairs": "0", "planted": "yes"}
    assert problem.generate(empty, 0) == DisjointPaths(0, (), ())


def test_hundreds_of_vertices():
    problem = VertexDisjointPaths()
    values = {"vertices": "400", "edges": "1600", "pairs": "8", "planted": "yes"}
    source = problem.generate(values, 3)
    problem.check(source, problem.solve(source, Deadline(60)))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"edges": "67"}, "with 12 vertices has at most 66 edges, not 67"),
        ({"pairs": "7"}, "7 pairs need vertices=14 or more, or fewer pairs"),
        ({"edges": "1", "planted": "yes"}, "2 planted paths need edges=2 or more"),
        ({"layers": "4", "pairs": "4"}, "4 pairs need width=4 or more"),
        ({"layers": "0"}, "layers must be at least 1"),
        ({"layers": "2", "bottleneck": "yes"}, "3 with a bottleneck"),
        ({"layers": "1000000", "width": "5"}, "lower layers or width"),
        ({"layers": "4", "planted": "yes"}, "planted is for random graphs; leave it out"),
        ({"layers": "4", "vertices": "4"}, "vertices is for random graphs; leave it out"),
        ({"width": "4"}, "width is for layers; leave it out"),
    ],
)
def test_impossible_parameters(values, message):
    with pytest.raises(InputError, match=message):
        VertexDisjointPaths().generate(values, 0)


def test_complete_layers_are_what_their_parameters_say():
    source = VertexDisjointPaths().generate({"layers": "2", "crossed": "yes"}, 0)
    complete = {(u, v) for u in (2, 3, 4) for v in (5, 6, 7)}
    assert source.vertices == 10
    assert set(source.edges) == {(0, 2), (1, 3), *complete, (5, 8), (6, 9)}
    assert source.pairs == ((0, 9), (1, 8))
    straight = VertexDisjointPaths().generate({"layers": "2"}, 1)
    assert (straight.edges, straight.pairs) == (source.edges, ((0, 8), (1, 9)))


@pytest.mark.parametrize("crossed", ["yes", "no"])
@pytest.mark.parametrize("layers", [1, 2, 3, 6])
@pytest.mark.parametrize("pairs", [0, 1, 2, 3])
def test_only_a_bottleneck_or_a_crossing_without_room_blocks_the_layers(pairs, layers, crossed):
    problem = VertexDisjointPaths()
    values = {"layers": str(layers), "pairs": str(pairs), "crossed": crossed}
    witness = problem.solve(problem.generate(values, 0), Deadline())
    assert (witness is None) == (layers == 1 and pairs > 1 and crossed == "yes")
    if layers > 2:
        narrow = problem.generate({**values, "bottleneck": "yes"}, 0)
        assert (problem.solve(narrow, Deadline()) is None) == (pairs > 0)


def test_many_layers():
    values = {"layers": "2000", "pairs": "3", "crossed": "yes"}
    source = VertexDisjointPaths().generate(values, 0)
    assert (source.vertices, len(source.edges)) == (2000 * 3 + 6, 1999 * 9 + 6)
    assert parse_paths(write_paths(source)) == source
