"""`bin-packing` and `three-partition` against brute force, all solutions."""

from itertools import combinations_with_replacement

import pytest

from instances.errors import InputError, Unsupported
from instances.sources.packing import Packing
from instances.training.files import instance_from_json, instance_to_json
from reductions.to_training.bin_packing import BinPackingReduction, ThreePartitionReduction
from tests.reductions.comparison import compare_counted

PACKING, TRIPLES = BinPackingReduction, ThreePartitionReduction


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


def test_refused_sources():
    for use in (lambda s: TRIPLES.build(s).target, lambda s: TRIPLES.build(s).claims()):
        with pytest.raises(InputError, match="three-partition: 3 numbers for 2 bins"):
            use(Packing((1, 2, 3), 2, 3))
    with pytest.raises(Unsupported, match="data_entries"):
        PACKING.build(Packing((0,), 10**9, 0)).target
