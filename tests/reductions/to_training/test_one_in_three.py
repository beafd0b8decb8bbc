"""`one-in-three` against brute force, all solutions."""

import pytest

from instances.errors import InputError
from instances.sources.cnf import Cnf
from reductions.to_training.one_in_three import OneInThreeReduction
from tests.reductions.comparison import compare_counted
from tests.reductions.sources import formulas

REDUCTION = OneInThreeReduction


@pytest.mark.parametrize(("variables", "clauses"), [(0, 0), (0, 2), (1, 2), (2, 2), (3, 1)])
def test_exhaustive(variables, clauses):
    for source in formulas(variables, 3, clauses, positive=True):
        compare_counted(REDUCTION, source)


def test_data():
    instance = REDUCTION.build(Cnf.of(3, [(1, 1, 2), (), (3, 1, 2)])).target
    assert instance.inputs.tolist() == [[2, 1, 0], [0, 0, 0], [1, 1, 1]]
    assert instance.targets.tolist() == [[1], [1], [1]]


def test_refused_sources():
    with pytest.raises(InputError, match="literal -1 is negative"):
        REDUCTION.build(Cnf.of(1, [(-1,)])).target
    with pytest.raises(InputError, match="clause 1 has 4 literals"):
        REDUCTION.build(Cnf.of(4, [(1, 2, 3, 4)])).target
