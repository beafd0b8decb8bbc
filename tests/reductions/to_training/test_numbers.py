"""The reductions from numbers and from 1-in-3-SAT against brute force, all solutions."""

from itertools import combinations_with_replacement

import numpy as np
import pytest

from instances.errors import InputError, InvalidWitness, Unsupported
from instances.sources.cnf import Cnf
from instances.sources.number_lists import SumInstance
from instances.sources.packing import Packing
from instances.training.evaluate import evaluate
from instances.training.files import instance_from_json, instance_to_json
from instances.training.parameters import Parameters
from reductions.to_training.bin_packing import BinPackingReduction, ThreePartitionReduction
from reductions.to_training.one_in_three import OneInThreeReduction
from reductions.to_training.subset_sum_inputs import SubsetSumInputs
from reductions.to_training.subset_sum_neurons import SubsetSumNeurons
from tests.helpers import space_size
from tests.reductions.brute_force import WITNESSES
from tests.reductions.comparison import compare
from tests.reductions.sources import formulas, random_sources

NEURONS, INPUTS = SubsetSumNeurons(), SubsetSumInputs()
CLAUSES = OneInThreeReduction()
PACKING, TRIPLES = BinPackingReduction(), ThreePartitionReduction()
EVERY = (NEURONS, INPUTS, CLAUSES, PACKING, TRIPLES)
MOST = 1 << 10


def compare_counted(reduction, source):
    """Compare, with equal numbers of solutions and witnesses where that is claimed."""
    seen = compare(reduction, source)
    if reduction.parsimonious:
        assert seen == sum(1 for _ in WITNESSES[reduction.source](source)), source


@pytest.mark.parametrize("reduction", EVERY, ids=lambda reduction: reduction.name)
def test_random(reduction):
    compared = 0
    for source in random_sources(reduction.source, 300, seed=1):
        if space_size(reduction.build(source).target) <= MOST:
            compare_counted(reduction, source)
            compared += 1
    assert compared > 150


@pytest.mark.parametrize("reduction", [NEURONS, INPUTS], ids=lambda reduction: reduction.name)
def test_sums_exhaustive(reduction):
    for size in range(4):
        for numbers in combinations_with_replacement(range(4), size):
            for target in range(sum(numbers) + 2):
                compare_counted(reduction, SumInstance(numbers, target))


@pytest.mark.parametrize(("variables", "clauses"), [(0, 0), (0, 2), (1, 2), (2, 2), (3, 1)])
def test_clauses_exhaustive(variables, clauses):
    for source in formulas(variables, 3, clauses, positive=True):
        compare_counted(CLAUSES, source)


def test_packings_exhaustive():
    for size in range(5):
        for numbers in combinations_with_replacement(range(5), size):
            for bins in range(1, 4):
                if sum(numbers) % bins == 0:
                    compare_counted(PACKING, Packing(numbers, bins, sum(numbers) // bins))
    compare_counted(PACKING, Packing((), 0, 7))


def test_zeros_lose_solutions():
    """A number 0 has one weight, so choosing it cannot be told from leaving it."""
    source = SumInstance((0, 2), 2)
    assert compare(NEURONS, source) == 1
    assert compare(INPUTS, source) == 2
    assert NEURONS.build(source).pull(NEURONS.build(source).push((0, 1))) == (1,)


@pytest.mark.parametrize("reduction", [NEURONS, INPUTS], ids=lambda reduction: reduction.name)
def test_sixty_digits_stay_exact(reduction):
    numbers = tuple(10**59 + 7**k for k in range(60))
    witness = tuple(range(0, 60, 3))
    source = SumInstance(numbers, sum(numbers[index] for index in witness))
    instance = reduction.build(source).target
    parameters = reduction.build(source).push(witness)
    assert evaluate(instance, parameters).accepted
    assert reduction.build(source).pull(parameters) == witness
    assert instance_from_json(instance_to_json(instance)) == instance
    off = SumInstance(numbers, source.target + 1)
    assert evaluate(reduction.build(off).target, parameters).loss == 1


def test_the_longest_numbers_have_files():
    huge = 10**4000 - 1
    for reduction, source in [
        (NEURONS, SumInstance((huge, huge), huge)),
        (INPUTS, SumInstance((huge, huge), huge)),
        (PACKING, Packing((huge, huge), 2, huge)),
    ]:
        instance = reduction.build(source).target
        assert instance_from_json(instance_to_json(instance)).fingerprint == instance.fingerprint


def test_names_data_and_domains():
    instance = NEURONS.build(SumInstance((5, 0, 5), 10)).target
    assert instance.network.names.all() == ["x", "h1", "h2", "h3", "o"]
    assert [instance.domains[i] for i in instance.weight_domain[:3]] == [(0, 5), (0,), (0, 5)]
    assert (instance.inputs.tolist(), instance.targets.tolist()) == ([[1]], [[10]])
    instance = INPUTS.build(SumInstance((5, 0, 5), 10)).target
    assert instance.network.names.all() == ["x1", "x2", "x3", "h", "o"]
    assert instance.inputs.tolist() == [[5, 0, 5]]
    instance = CLAUSES.build(Cnf.of(3, [(1, 1, 2), (), (3, 1, 2)])).target
    assert instance.inputs.tolist() == [[2, 1, 0], [0, 0, 0], [1, 1, 1]]
    assert instance.targets.tolist() == [[1], [1], [1]]
    instance = PACKING.build(Packing((1, 2, 3), 2, 3)).target
    assert instance.targets.tolist() == [[3], [9]]
    assert instance.domains[instance.bias_domain[1]] == (0, 1)
    assert [instance.domains[i] for i in instance.weight_domain[3:]] == [(1,), (2,), (3,)]


@pytest.mark.parametrize("reduction", EVERY, ids=lambda reduction: reduction.name)
def test_pull_refuses_wrong_shapes(reduction):
    with pytest.raises(InvalidWitness, match="0 weights and 0 biases where the source gives"):
        reduction.build(reduction.example()).pull(Parameters(np.zeros(0, int), np.zeros(0, int)))


def test_push_refuses_wrong_witnesses():
    for reduction, witness in [
        (NEURONS, (4,)),
        (INPUTS, (1, 0)),
        (CLAUSES, (True,)),
        (PACKING, (0, 0, 0, 0, 3)),
        (TRIPLES, (0, 0, 0)),
    ]:
        with pytest.raises(InvalidWitness):
            reduction.build(reduction.example()).push(witness)


def test_refused_sources():
    for use in (lambda s: TRIPLES.build(s).target, lambda s: TRIPLES.build(s).claims()):
        with pytest.raises(InputError, match="three-partition: 3 numbers for 2 bins"):
            use(Packing((1, 2, 3), 2, 3))
    with pytest.raises(InputError, match="literal -1 is negative"):
        CLAUSES.build(Cnf.of(1, [(-1,)])).target
    with pytest.raises(InputError, match="clause 1 has 4 literals"):
        CLAUSES.build(Cnf.of(4, [(1, 2, 3, 4)])).target
    with pytest.raises(Unsupported, match="data_entries"):
        PACKING.build(Packing((0,), 10**9, 0)).target
