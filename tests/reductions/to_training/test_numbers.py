"""All reductions from numbers and from 1-in-3-SAT: random sources, and witnesses of wrong shape."""

import numpy as np
import pytest

from instances.errors import InvalidWitness
from instances.training.parameters import Parameters
from reductions.to_training.bin_packing import BinPackingReduction, ThreePartitionReduction
from reductions.to_training.one_in_three import OneInThreeReduction
from reductions.to_training.subset_sum import SubsetSumInputs, SubsetSumNeurons
from tests.helpers import space_size
from tests.reductions.comparison import compare_counted
from tests.reductions.sources import random_sources

WRONG_WITNESSES = {
    SubsetSumNeurons: (4,),
    SubsetSumInputs: (1, 0),
    OneInThreeReduction: (True,),
    BinPackingReduction: (0, 0, 0, 0, 3),
    ThreePartitionReduction: (0, 0, 0),
}

every = pytest.mark.parametrize("reduction", WRONG_WITNESSES, ids=lambda reduction: reduction.name)


@every
@pytest.mark.parametrize("count", [120, pytest.param(300, marks=pytest.mark.long)])
def test_random(reduction, count):
    compared = 0
    for source in random_sources(reduction.source_problem, count, seed=1):
        if space_size(reduction.build(source).target) <= 1 << 10:
            compare_counted(reduction, source)
            compared += 1
    assert compared > count // 2


@every
def test_wrong_shapes(reduction):
    image = reduction.build(reduction.example())
    with pytest.raises(InvalidWitness):
        image.push(WRONG_WITNESSES[reduction])
    with pytest.raises(InvalidWitness, match="0 weights and 0 biases where the source gives"):
        image.pull(Parameters(np.zeros(0, int), np.zeros(0, int)))
