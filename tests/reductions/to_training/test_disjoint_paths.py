"""`disjoint-paths` against brute force, all solutions of small graphs."""

import numpy as np
import pytest

from instances.errors import InvalidWitness
from instances.sources.path_system import DisjointPaths
from instances.training.parameters import Parameters
from reductions.to_training.disjoint_paths import DisjointPathsReduction
from tests.reductions.comparison import compare
from tests.reductions.sources import dags, random_sources

REDUCTION = DisjointPathsReduction


@pytest.mark.parametrize(("vertices", "pairs"), [(0, 0), (2, 0), (2, 1), (3, 0), (3, 1), (4, 2)])
def test_exhaustive(vertices, pairs):
    for source in dags(vertices, pairs):
        compare(REDUCTION, source)


@pytest.mark.parametrize(("vertices", "pairs", "step"), [(4, 1, 3), (5, 1, 67), (5, 2, 199)])
def test_spread(vertices, pairs, step):
    for source in dags(vertices, pairs, step):
        compare(REDUCTION, source, limit=50)


def test_random():
    for source in random_sources("disjoint-paths", 300, seed=1):
        compare(REDUCTION, source, every=False, limit=20)


@pytest.mark.long
@pytest.mark.parametrize(("vertices", "pairs"), [(4, 1), (5, 2)])
def test_exhaustive_long(vertices, pairs):
    for source in dags(vertices, pairs):
        compare(REDUCTION, source, limit=200)


@pytest.mark.long
def test_random_long():
    for source in random_sources("disjoint-paths", 30000, seed=2):
        compare(REDUCTION, source, every=False, limit=100)


def test_pruning_keeps_terminals():
    # 1 and 7 lead to no target, 4 comes from no source; (3, 2) and (5, 7) go the wrong way.
    edges = [(0, 1), (0, 3), (3, 2), (3, 5), (4, 5), (5, 7), (2, 6), (7, 8)]
    source = DisjointPaths.of(10, edges, [(0, 5), (2, 6), (8, 9)])
    network = REDUCTION.build(source).target.network
    assert network.names.all() == ["s1", "s2", "s3", "v4", "t1", "t2", "t3"]
    found = {network.edge_name(edge) for edge in range(network.edges)}
    assert found == {"s1,v4", "v4,t1", "s2,t2"}
    assert compare(REDUCTION, source) == 0


def test_names_follow_the_text_form():
    source = DisjointPaths.of(6, [(1, 2), (1, 3), (2, 0), (3, 0), (1, 5), (5, 0)], [(1, 0)])
    assert REDUCTION.build(source).target.network.names.all() == ["s1", "v3", "v4", "v6", "t1"]


def test_refusals():
    source = DisjointPaths.of(3, [(0, 1), (1, 2)], [(0, 2)])
    good = REDUCTION.build(source).push(((0, 1, 2),))
    with pytest.raises(InvalidWitness, match="0 paths for 1 pairs"):
        REDUCTION.build(source).push(())
    with pytest.raises(InvalidWitness, match="not an edge of the network"):
        REDUCTION.build(source).push(((0, 2),))
    with pytest.raises(InvalidWitness, match="belong to another instance"):
        REDUCTION.build(source).pull(Parameters(good.weights[1:], good.biases))
    for weights in ([0, 1], [1, 0]):
        with pytest.raises(InvalidWitness, match="does not follow input s1"):
            REDUCTION.build(source).pull(Parameters(np.array(weights), good.biases))
