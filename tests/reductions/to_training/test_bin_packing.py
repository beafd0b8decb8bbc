"""`bin-packing` and `three-partition` against brute force, all solutions."""

from itertools import combinations_with_replacement

import numpy as np
import pytest

from instances.errors import InputError, InvalidWitness, Unsupported
from instances.sources.packing import Packing
from instances.training.files import instance_from_json, instance_to_json
from instances.training.parameters import Parameters
from reductions.to_training.bin_packing import BinPackingReduction, ThreePartitionReduction
from tests.reductions.comparison import compare_counted, compare_random

PACKING, TRIPLES = BinPackingReduction(), ThreePartitionReduction()

both = pytest.mark.parametrize(
    "reduction", [PACKING, TRIPLES], ids=lambda reduction: reduction.name
)


@both
@pytest.mark.parametrize("count", [120, pytest.param(300, marks=pytest.mark.long)])
def test_random(reduction, count):
    assert compare_random(reduction, count) > count // 2


def test_exhaustive():
    for size in range(5):
        for numbers in combinations_with_replacement(range(5), size):
            for bins in range(1, 4):
                if sum(numbers) % bins == 0:
                    compare_counted(PACKING, Packing(numbers, bins, sum(numbers) // bins))
    compare_counted(PACKING, Packing((), 0, 7))


def test_the_longest_numbers_have_files():
    huge = 10**4000 - 1
    instance = PACKING.build(Packing((huge, huge), 2, huge)).target
    assert instance_from_json(instance_to_json(instance)).fingerprint == instance.fingerprint


def test_targets_and_domains():
    instance = PACKING.build(Packing((1, 2, 3), 2, 3)).target
    assert instance.targets.tolist() == [[3], [9]]
    assert instance.domains[instance.bias_domain[1]] == (0, 1)
    assert [instance.domains[i] for i in instance.weight_domain[3:]] == [(1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("reduction", "witness"), [(PACKING, (0, 0, 0, 0, 3)), (TRIPLES, (0, 0, 0))]
)
def test_wrong_shapes(reduction, witness):
    image = reduction.build(reduction.example())
    with pytest.raises(InvalidWitness):
        image.push(witness)
    with pytest.raises(InvalidWitness, match="0 weights and 0 biases where the source gives"):
        image.pull(Parameters(np.zeros(0, int), np.zeros(0, int)))


def test_refused_sources():
    for use in (lambda s: TRIPLES.build(s).target, lambda s: TRIPLES.build(s).claims()):
        with pytest.raises(InputError, match="three-partition: 3 numbers for 2 bins"):
            use(Packing((1, 2, 3), 2, 3))
    with pytest.raises(Unsupported, match="data_entries"):
        PACKING.build(Packing((0,), 10**9, 0)).target
