"""`one-in-three` against brute force, all solutions."""

import numpy as np
import pytest

from instances.errors import InputError, InvalidWitness
from instances.sources.cnf import Cnf
from instances.training.parameters import Parameters
from reductions.to_training.one_in_three import OneInThreeReduction
from tests.reductions.comparison import compare_counted, compare_random
from tests.reductions.sources import formulas

REDUCTION = OneInThreeReduction()


@pytest.mark.parametrize("count", [120, pytest.param(300, marks=pytest.mark.long)])
def test_random(count):
    assert compare_random(REDUCTION, count) > count // 2


@pytest.mark.parametrize(("variables", "clauses"), [(0, 0), (0, 2), (1, 2), (2, 2), (3, 1)])
def test_exhaustive(variables, clauses):
    for source in formulas(variables, 3, clauses, positive=True):
        compare_counted(REDUCTION, source)


def test_data():
    instance = REDUCTION.build(Cnf.of(3, [(1, 1, 2), (), (3, 1, 2)])).target
    assert instance.inputs.tolist() == [[2, 1, 0], [0, 0, 0], [1, 1, 1]]
    assert instance.targets.tolist() == [[1], [1], [1]]


def test_wrong_shapes():
    image = REDUCTION.build(REDUCTION.example())
    with pytest.raises(InvalidWitness):
        image.push((True,))
    with pytest.raises(InvalidWitness, match="0 weights and 0 biases where the source gives"):
        image.pull(Parameters(np.zeros(0, int), np.zeros(0, int)))


def test_refused_sources():
    with pytest.raises(InputError, match="literal -1 is negative"):
        REDUCTION.build(Cnf.of(1, [(-1,)])).target
    with pytest.raises(InputError, match="clause 1 has 4 literals"):
        REDUCTION.build(Cnf.of(4, [(1, 2, 3, 4)])).target
