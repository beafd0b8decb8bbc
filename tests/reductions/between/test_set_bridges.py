"""The bridges into set systems against brute force; all of them keep the number of witnesses."""

import pytest

from instances.errors import InputError, InvalidWitness
from instances.sources.budgeted_graph import BudgetedGraph
from instances.sources.cnf import Cnf
from instances.sources.set_system import SetSystem
from reductions.between.one_in_three_to_exact_cover import OneInThreeToExactCover
from reductions.between.set_systems import SetCoverToHittingSet, VertexCoverToHittingSet
from tests.reductions.comparison import compare_bridge
from tests.reductions.sources import formulas, graphs, random_sources, set_systems

EXACT_COVER = OneInThreeToExactCover
VERTEX_COVER = VertexCoverToHittingSet
SET_COVER = SetCoverToHittingSet


def compare_counts(bridge, source):
    here, beyond = compare_bridge(bridge, source)
    assert bridge.parsimonious
    assert here == beyond, source


@pytest.mark.parametrize(("variables", "clauses"), [(0, 2), (1, 2), (2, 2), (3, 2)])
def test_one_in_three_exhaustive(variables, clauses):
    for source in formulas(variables, 3, clauses, positive=True):
        compare_counts(EXACT_COVER, source)


@pytest.mark.parametrize("vertices", range(4))
def test_vertex_cover_exhaustive(vertices):
    for source in graphs(vertices, (0, 1, 2, 4)):
        compare_counts(VERTEX_COVER, source)


@pytest.mark.parametrize("universe", range(4))
@pytest.mark.parametrize("sets", range(4))
def test_set_cover_exhaustive(universe, sets):
    for source in set_systems(universe, sets, (0, 1, 2, 4)):
        compare_counts(SET_COVER, source)


@pytest.mark.parametrize(
    "bridge", [EXACT_COVER, VERTEX_COVER, SET_COVER], ids=lambda bridge: bridge.name
)
@pytest.mark.parametrize("count", [250, pytest.param(500, marks=pytest.mark.long)])
def test_random(bridge, count):
    for source in random_sources(bridge.source_problem, count, seed=1):
        compare_counts(bridge, source)


def test_repeated_variables_have_no_set():
    source = Cnf.of(4, [(1, 1, 2), (2, 3)])
    assert EXACT_COVER.build(source).target == SetSystem.of(2, [(0, 1), (1,), ()])
    assert EXACT_COVER.build(source).pull((0, 2)) == (False, True, False, True)
    with pytest.raises(InvalidWitness, match="variable 1 is true, but some clause repeats it"):
        EXACT_COVER.build(source).push((True, False, True, False))


def test_refusals():
    with pytest.raises(InputError, match="literal -1 is negative"):
        EXACT_COVER.build(Cnf.of(1, [(-1,)])).target
    with pytest.raises(InvalidWitness, match="there are 1"):
        EXACT_COVER.build(Cnf.of(1, [(1,)])).pull((1,))
    with pytest.raises(InputError, match="vertex-cover needs a budget"):
        VERTEX_COVER.build(BudgetedGraph.of(1, [])).target
    with pytest.raises(InputError, match="set-cover needs a budget"):
        SET_COVER.build(SetSystem.of(1, [(0,)])).target
    with pytest.raises(InvalidWitness):
        VERTEX_COVER.build(BudgetedGraph.of(2, [(0, 1)], 1)).pull((0, 1))
    with pytest.raises(InvalidWitness):
        SET_COVER.build(SetSystem.of(1, [(0,)], 1)).push((1,))
