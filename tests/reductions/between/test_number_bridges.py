"""The bridges from 3-SAT to graphs and numbers, between numbers, and Hitting Set to Set Cover."""

from itertools import combinations_with_replacement

import pytest

from instances.errors import InputError, InvalidWitness, Unsupported
from instances.sources.budgeted_graph import BudgetedGraph
from instances.sources.cnf import Cnf
from instances.sources.number_lists import NumberList, SumInstance
from instances.sources.packing import Packing
from instances.sources.set_system import SetSystem
from reductions.between.numbers import (
    PartitionToBinPacking,
    SubsetSumToPartition,
    ThreePartitionToBinPacking,
)
from reductions.between.set_systems import HittingSetToSetCover
from reductions.between.three_sat_to_subset_sum import ThreeSatToSubsetSum
from reductions.between.three_sat_to_vertex_cover import ThreeSatToVertexCover
from tests.reductions.comparison import compare_bridge
from tests.reductions.sources import formulas, random_sources, set_systems

GRAPH, SUMS = ThreeSatToVertexCover, ThreeSatToSubsetSum
PARTITION, PACKING = SubsetSumToPartition, PartitionToBinPacking
TRIPLES = ThreePartitionToBinPacking
DUAL = HittingSetToSetCover


def compare_counts(bridge, source):
    here, beyond = compare_bridge(bridge, source)
    if bridge.parsimonious:
        assert here == beyond, source
    if bridge is PARTITION:
        assert 2 * here == beyond, source


@pytest.mark.parametrize("bridge", [GRAPH, SUMS], ids=lambda bridge: bridge.name)
@pytest.mark.parametrize(("variables", "clauses"), [(0, 0), (0, 2), (1, 2), (2, 1), (3, 1)])
def test_formulas_exhaustive(bridge, variables, clauses):
    for source in formulas(variables, 3, clauses):
        compare_counts(bridge, source)


@pytest.mark.parametrize("bridge", [GRAPH, SUMS], ids=lambda bridge: bridge.name)
@pytest.mark.parametrize("count", [250, pytest.param(400, marks=pytest.mark.long)])
def test_formulas_random(bridge, count):
    compared = 0
    for source in random_sources("3-sat", count, seed=1):
        if source.variables + len(source.literals) <= 9:
            compare_counts(bridge, source)
            compared += 1
    assert compared > count // 14


@pytest.mark.parametrize("bridge", [PARTITION, PACKING, TRIPLES], ids=lambda bridge: bridge.name)
@pytest.mark.parametrize("count", [250, pytest.param(500, marks=pytest.mark.long)])
def test_numbers_random(bridge, count):
    # Nine numbers have many packings into three bins.
    for source in random_sources(
        bridge.source_problem, count // 10 if bridge is TRIPLES else count, seed=1
    ):
        compare_counts(bridge, source)


@pytest.mark.parametrize(("bins", "capacities"), [(0, 9), (1, 15), (2, 15), (3, 12)])
def test_triples_exhaustive(bins, capacities):
    """All sources with this many bins and capacities below a bound, up to the numbers' order."""
    for capacity in range(capacities):
        between = [a for a in range(capacity) if capacity < 4 * a < 2 * capacity]
        for numbers in combinations_with_replacement(between, 3 * bins):
            if sum(numbers) == bins * capacity:
                compare_counts(TRIPLES, Packing(numbers, bins, capacity))


@pytest.mark.parametrize("universe", range(4))
@pytest.mark.parametrize("sets", range(4))
def test_dual_exhaustive(universe, sets):
    for source in set_systems(universe, sets, (0, 1, 2, 4)):
        compare_counts(DUAL, source)


def test_dual_random():
    for source in random_sources("hitting-set", 300, seed=1):
        compare_counts(DUAL, source)


def test_what_is_built():
    formula = Cnf.of(2, [(1, -2, 1), (2,)])
    edges = [(0, 1), (2, 3), (4, 5), (0, 4), (3, 5), (2, 6)]
    assert GRAPH.build(formula).target == BudgetedGraph.of(7, edges, 3)
    numbers = (1010, 1000, 101, 110, 10, 20, 1, 2)
    assert SUMS.build(formula).target == SumInstance(numbers, 1144)
    assert PARTITION.build(SumInstance((3, 5), 3)).target == NumberList((3, 5, 2))
    assert PARTITION.build(SumInstance((3, 5), 9)).target == NumberList((3, 5, 10))
    assert PACKING.build(NumberList((1, 2))).target == Packing((2, 4), 2, 3)
    triples = Packing((6, 7, 7, 6, 8, 6), 2, 20)
    assert TRIPLES.build(triples).target == triples
    assert DUAL.build(SetSystem.of(3, [(0, 1), ()], 1)).target == SetSystem.of(
        2, [(0,), (0,), ()], 1
    )


def test_refusals():
    long = Cnf.of(4, [(1, 2, 3, 4)])
    for bridge in (GRAPH, SUMS):
        with pytest.raises(InputError, match="clause 1 has 4 literals"):
            bridge.build(long).target
        with pytest.raises(InvalidWitness, match="is true"):
            bridge.build(Cnf.of(1, [(1,)])).push((False,))
        with pytest.raises(InvalidWitness, match="there are"):
            bridge.build(Cnf.of(1, [(1,)])).pull((9,))
    with pytest.raises(Unsupported, match="would have 4001 digits"):
        SUMS.build(Cnf.of(4001, [])).target
    with pytest.raises(InvalidWitness):
        PARTITION.build(SumInstance((3,), 3)).pull((2,))
    with pytest.raises(InvalidWitness):
        PACKING.build(NumberList((3,))).pull((2,))
    triples = Packing((6, 7, 7, 6, 8, 6), 2, 20)
    image = TRIPLES.build(triples)
    for use in (image.push, image.pull):
        with pytest.raises(InvalidWitness, match="number 5 is in bin 2"):
            use((0, 0, 0, 1, 1, 2))
    for use in (lambda s: TRIPLES.build(s).target, lambda s: TRIPLES.build(s).claims()):
        with pytest.raises(InputError, match="three-partition-to-bin-packing: 2 numbers for 1"):
            use(Packing((1, 2), 1, 3))
        with pytest.raises(InputError, match="number 0 is not strictly between"):
            use(Packing((2, 3, 3), 1, 8))
    with pytest.raises(InputError, match="hitting-set needs a budget"):
        DUAL.build(SetSystem.of(1, [(0,)])).target
