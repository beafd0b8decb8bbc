"""`sat-to-3-sat` against brute force."""

import pytest

from instances.errors import InvalidWitness
from instances.sources.cnf import Cnf
from reductions.between.sat_to_3_sat import SatTo3Sat
from tests.reductions.comparison import compare_bridge
from tests.reductions.sources import formulas, random_sources

BRIDGE = SatTo3Sat


@pytest.mark.parametrize(
    ("variables", "length", "clauses"), [(0, 0, 2), (1, 5, 2), (2, 5, 1), (3, 5, 1), (2, 4, 2)]
)
def test_exhaustive(variables, length, clauses):
    for source in formulas(variables, length, clauses):
        compare_bridge(BRIDGE, source)


def test_long_clauses():
    for length in range(4, 8):
        compare_bridge(BRIDGE, Cnf.of(7, [range(1, length + 1), (-1,), (-length,)]))


def test_random():
    for source in random_sources("sat", 400, seed=1):
        if source.variables + int((source.lengths > 3).sum()) <= 12:
            compare_bridge(BRIDGE, source)


def test_identity_on_short_clauses():
    for source in random_sources("3-sat", 200, seed=2):
        assert BRIDGE.build(source).target is source


def test_chain():
    target = BRIDGE.build(Cnf.of(5, [(1, -2, 3, 1, 4, 5), (2, 2, 2, 2), (1, 1)])).target
    assert target.clauses == ((1, -2, 6), (-6, 3, 7), (-7, 4, 5), (2,), (1, 1))


def test_wrong_lengths():
    source = Cnf.of(4, [(1, 2, 3, 4)])
    with pytest.raises(InvalidWitness, match="3 values for 4 variables"):
        BRIDGE.build(source).push((True,) * 3)
    with pytest.raises(InvalidWitness, match="4 values for 5 variables"):
        BRIDGE.build(source).pull((True,) * 4)
