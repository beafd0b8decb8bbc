"""`two-inputs` against brute force, all solutions of small formulas."""

import time
from itertools import islice

import numpy as np
import pytest

from instances.errors import InputError, InvalidWitness, Unsupported
from instances.sources.cnf import Cnf
from instances.training.parameters import Parameters
from reductions.to_training.two_inputs import TwoInputs
from tests.reductions.brute_force import sat_witnesses
from tests.reductions.comparison import compare
from tests.reductions.sources import formulas, random_sources

REDUCTION = TwoInputs


@pytest.mark.parametrize(("variables", "clauses"), [(0, 0), (0, 2), (1, 2), (2, 1), (3, 1)])
def test_exhaustive(variables, clauses):
    for source in formulas(variables, 3, clauses):
        compare(REDUCTION, source, limit=150)


def test_three_clauses():
    for source in islice(formulas(2, 2, 3), 0, None, 2):
        # One solution a combination of behaviours is one an assignment.
        assert compare(REDUCTION, source, every=False) == len(list(sat_witnesses(source)))


def test_random():
    for source in random_sources("3-sat", 150, seed=1):
        compare(REDUCTION, source, every=False, limit=10)


@pytest.mark.long
@pytest.mark.parametrize(("variables", "clauses"), [(2, 2), (3, 1)])
def test_exhaustive_long(variables, clauses):
    for source in formulas(variables, 3, clauses):
        compare(REDUCTION, source)


@pytest.mark.long
def test_random_long():
    for source in random_sources("3-sat", 4000, seed=2):
        compare(REDUCTION, source, every=False, limit=100)


def test_names():
    instance = REDUCTION.build(Cnf.of(2, [(1, -2)])).target
    names = ["i1", "i2", "p1", "p2", "n1", "n2", "a1", "a2", "b1", "b2", "c1"]
    assert instance.network.names.all() == names
    edges = {instance.network.edge_name(edge) for edge in range(instance.network.edges)}
    assert {"i1,p1", "i2,n2", "p1,a1", "n1,a1", "n2,b2", "p1,c1", "n2,c1"} <= edges
    assert "n1,c1" not in edges
    assert instance.targets.tolist() == [[1, 1, 0, 0, 1], [0, 0, 1, 1, 0]]


def test_a_hundred_thousand_variables():
    variables, clauses = 100_000, 426_000
    random = np.random.default_rng(0)
    literals = random.integers(1, variables + 1, 3 * clauses) * random.choice((-1, 1), 3 * clauses)
    source = Cnf(variables, literals.astype(np.int32), np.arange(0, 3 * clauses + 1, 3))
    begin = time.process_time()
    instance = REDUCTION.build(source).target
    # A loop over clauses or an object a neuron would take a multiple of this.
    assert time.process_time() - begin < 8
    assert len(instance.network.outputs) == 2 * variables + clauses


@pytest.mark.parametrize("witness", [(), (True,), (True, 1), (True, None)])
def test_push_refuses_wrong_shapes(witness):
    with pytest.raises(InvalidWitness):
        REDUCTION.build(Cnf.of(2, [(1, 2)])).push(witness)


def test_pull_refuses_what_cannot_be_read():
    source = Cnf.of(1, [(1,)])
    good = REDUCTION.build(source).push((True,))
    with pytest.raises(InvalidWitness, match="belong to another instance"):
        REDUCTION.build(source).pull(Parameters(good.weights[1:], good.biases))
    with pytest.raises(InvalidWitness, match="neuron 'p1' is 0 on both data points"):
        REDUCTION.build(source).pull(Parameters(0 * good.weights, good.biases))


def test_refused_sources():
    with pytest.raises(InputError, match="clause 1 has 4 literals"):
        REDUCTION.build(Cnf.of(1, [(1, 1, 1, 1)])).target
    with pytest.raises(Unsupported, match="neurons"):
        REDUCTION.build(Cnf.of(10**9, [])).target
