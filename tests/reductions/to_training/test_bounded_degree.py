"""`bounded-degree` and `bounded-degree-deep` against brute force."""

from itertools import islice

import numpy as np
import pytest

from instances.errors import InputError, InvalidWitness
from instances.sources.cnf import Cnf
from instances.training.measures import measure
from instances.training.parameters import Parameters
from reductions.to_training.bounded_degree import BoundedDegree, BoundedDegreeDeep
from tests.reductions.brute_force import solutions
from tests.reductions.comparison import compare
from tests.reductions.sources import formulas, random_sources

both = pytest.mark.parametrize(
    "reduction", [BoundedDegree, BoundedDegreeDeep], ids=lambda reduction: reduction.name
)


@both
@pytest.mark.parametrize(("variables", "clauses"), [(0, 0), (0, 2), (1, 2), (2, 1), (3, 1)])
def test_exhaustive(reduction, variables, clauses):
    for source in formulas(variables, 3, clauses):
        compare(reduction, source, limit=60)


@both
def test_three_clauses(reduction):
    for source in islice(formulas(2, 2, 3), 0, None, 6):
        compare(reduction, source, every=False)


@both
def test_random(reduction):
    for source in random_sources("3-sat", 40, seed=1):
        compare(reduction, source, every=False, limit=3)


@both
@pytest.mark.long
@pytest.mark.parametrize(("variables", "clauses"), [(2, 3), (3, 1)])
def test_exhaustive_long(reduction, variables, clauses):
    for source in formulas(variables, 2 if clauses == 3 else 3, clauses):
        compare(reduction, source)


@both
@pytest.mark.long
def test_random_long(reduction):
    for source in random_sources("3-sat", 3000, seed=2):
        compare(reduction, source, every=False, limit=50)


@both
@pytest.mark.parametrize("occurrences", range(1, 6))
def test_a_cycle_has_two_solutions(reduction, occurrences):
    """Behaviours of a cycle are forced up to exchange, for every number of occurrences."""
    source = Cnf.of(1, [(1, -1)] * (occurrences // 2) + [(-1,)] * (occurrences % 2))
    instance = reduction.build(source).target
    seen = {reduction.build(source).pull(found) for found in solutions(instance, every=False)}
    assert seen == ({(False,)} if occurrences % 2 else {(False,), (True,)})
    assert measure(instance)["hidden"] == 2 * occurrences


def test_names():
    source = Cnf.of(3, [(1, -3), (3, 1, -1), (3, 3, 3)])
    shallow = BoundedDegree.build(source).target.network
    assert shallow.names.all()[:6] == ["i1_0", "i1_1", "i1_2", "i1_3", "i1_4", "i1_5"]
    edges = {shallow.edge_name(edge) for edge in range(shallow.edges)}
    assert {"i1_0,v1_0", "j3_5,v3_5", "v1_5,l1_5", "v1_0,l1_5", "v1_0,c1", "v3_1,c1"} <= edges
    assert {"v3_2,c2", "v1_2,c2", "v1_5,c2", "v3_4,c3"} <= edges
    deep = BoundedDegreeDeep.build(source).target.network
    edges = {deep.edge_name(edge) for edge in range(deep.edges)}
    assert {"v3_2,g2", "v1_2,g2", "g2,c2", "v1_5,c2", "v3_4,c3"} <= edges
    assert len(deep.names) == len(shallow.names) + 1


@both
def test_unused_variables_are_false(reduction):
    source = Cnf.of(4, [(2,)])
    parameters = reduction.build(source).push((True, True, True, True))
    assert reduction.build(source).pull(parameters) == (False, True, False, False)


@both
def test_refusals(reduction):
    source = Cnf.of(1, [(1,)])
    good = reduction.build(source).push((True,))
    with pytest.raises(InvalidWitness, match="2 values for 1 variables"):
        reduction.build(source).push((True, True))
    with pytest.raises(InvalidWitness, match="belong to another instance"):
        reduction.build(source).pull(Parameters(good.weights, good.biases[:-1]))
    with pytest.raises(InvalidWitness, match="neuron 'v1_0' is 1 on both data points"):
        reduction.build(source).pull(Parameters(np.ones_like(good.weights), good.biases))
    with pytest.raises(InputError, match="clause 1 has 4 literals"):
        reduction.build(Cnf.of(1, [(1, 1, 1, 1)])).target
