"""The lemma on neurons over two data points."""

from itertools import product

import numpy as np
import pytest

from instances.errors import InputError
from instances.sources.cnf import Cnf
from reductions.constructions.two_points import ONE, TEN, distinct_literals, positions_in_clause
from tests.reductions.brute_force import behaviours

ALL = [(0, 0), ONE, TEN, (1, 1)]


@pytest.mark.parametrize("degree", range(6))
@pytest.mark.parametrize("target", [TEN, ONE])
def test_lemma(degree, target):
    for incoming in product(ALL, repeat=degree):
        assert (target in behaviours(incoming, 2)) == (target in incoming)


def test_a_joint_of_decided_neurons_is_ten_iff_one_of_them_is():
    for incoming in product((TEN, ONE), repeat=2):
        assert (TEN in behaviours(incoming, 2)) == (TEN in incoming)


def test_distinct_literals():
    clause, literals = distinct_literals(Cnf.of(3, [(2, -1, 2), (), (3, -3), (-1, -1, -1)]), "r")
    assert list(zip(clause.tolist(), literals.tolist(), strict=True)) == [
        (0, 2),
        (0, -1),
        (2, 3),
        (2, -3),
        (3, -1),
    ]
    assert positions_in_clause(clause).tolist() == [0, 1, 0, 1, 0]
    assert positions_in_clause(np.zeros(0, dtype=np.int64)).tolist() == []


def test_long_clause_is_refused():
    with pytest.raises(InputError, match="clause 2 has 4 literals"):
        distinct_literals(Cnf.of(2, [(1,), (1, 1, 1, 2)]), "two-inputs")
