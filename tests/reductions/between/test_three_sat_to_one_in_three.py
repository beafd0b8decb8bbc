"""`3-sat-to-one-in-three` against brute force."""

import pytest

from instances.errors import InputError, InvalidWitness
from instances.problems.registry import PROBLEMS
from instances.sources.cnf import Cnf
from reductions.between.three_sat_to_one_in_three import ThreeSatToOneInThree
from tests.reductions.comparison import compare_bridge
from tests.reductions.sources import formulas

BRIDGE = ThreeSatToOneInThree


@pytest.mark.parametrize(
    ("variables", "length", "clauses"), [(0, 0, 1), (0, 0, 2), (1, 3, 1), (2, 3, 1), (1, 2, 2)]
)
def test_exhaustive(variables, length, clauses):
    for source in formulas(variables, length, clauses):
        compare_bridge(BRIDGE, source)


@pytest.mark.parametrize("signs", range(8))
def test_one_clause_of_three_variables(signs):
    clause = [x if signs >> x - 1 & 1 else -x for x in (1, 2, 3)]
    assert compare_bridge(BRIDGE, Cnf.of(3, [clause]))[0] == 7


def test_form():
    for source in formulas(2, 3, 2):
        target = BRIDGE.build(source).target
        assert (target.literals > 0).all()
        assert set(target.lengths.tolist()) <= {0, 3}
        PROBLEMS.get("one-in-three").write(target)


def test_numbering():
    target = BRIDGE.build(Cnf.of(2, [(1, -2), ()])).target
    # a..d are 3..6; (1, -2, -2) needs 1 negated at both ends and 2 in the middle.
    assert target.clauses == ((7, 3, 4), (4, 8, 5), (5, 6, 2), (), (1, 7, 9), (2, 8, 9), (9, 9, 10))


def test_refusals():
    source = Cnf.of(2, [(1, -2)])
    with pytest.raises(InvalidWitness, match="values for 2 variables"):
        BRIDGE.build(source).push(())
    with pytest.raises(InvalidWitness, match="2 values for 10 variables"):
        BRIDGE.build(source).pull((True, True))
    with pytest.raises(InputError, match="clause 1 has 4 literals"):
        BRIDGE.build(Cnf.of(1, [(1, 1, 1, 1)])).target
