"""The two reductions from Subset Sum against brute force, all solutions."""

from itertools import combinations_with_replacement

import pytest

from instances.sources.number_lists import SumInstance
from instances.training.evaluate import evaluate
from instances.training.files import instance_from_json, instance_to_json
from reductions.to_training.subset_sum import SubsetSumInputs, SubsetSumNeurons
from tests.reductions.comparison import compare, compare_counted

NEURONS, INPUTS = SubsetSumNeurons, SubsetSumInputs

both = pytest.mark.parametrize("reduction", [NEURONS, INPUTS], ids=lambda reduction: reduction.name)


@both
def test_exhaustive(reduction):
    for size in range(4):
        for numbers in combinations_with_replacement(range(4), size):
            for target in range(sum(numbers) + 2):
                compare_counted(reduction, SumInstance(numbers, target))


def test_zeros_lose_solutions():
    """A number 0 has one weight, so choosing it cannot be told from leaving it."""
    source = SumInstance((0, 2), 2)
    assert compare(NEURONS, source) == 1
    assert compare(INPUTS, source) == 2
    assert NEURONS.build(source).pull(NEURONS.build(source).push((0, 1))) == (1,)


@both
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


@both
def test_the_longest_numbers_have_files(reduction):
    huge = 10**4000 - 1
    instance = reduction.build(SumInstance((huge, huge), huge)).target
    assert instance_from_json(instance_to_json(instance)).fingerprint == instance.fingerprint


def test_names_data_and_domains():
    instance = NEURONS.build(SumInstance((5, 0, 5), 10)).target
    assert instance.network.names.all() == ["x", "h1", "h2", "h3", "o"]
    assert [instance.domains[i] for i in instance.weight_domain[:3]] == [(0, 5), (0,), (0, 5)]
    assert (instance.inputs.tolist(), instance.targets.tolist()) == ([[1]], [[10]])
    instance = INPUTS.build(SumInstance((5, 0, 5), 10)).target
    assert instance.network.names.all() == ["x1", "x2", "x3", "h", "o"]
    assert instance.inputs.tolist() == [[5, 0, 5]]
