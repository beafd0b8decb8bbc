"""`posslp` against evaluating the program, on all small programs and random ones."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from instances.errors import InvalidWitness
from instances.sources.straight_line import StraightLineProgram
from instances.training.evaluate import compute, evaluate
from instances.training.parameters import Parameters
from reductions.to_training.posslp import PosSlpReduction
from tests.helpers import space_size
from tests.reductions.comparison import compare
from tests.reductions.sources import random_sources

REDUCTION = PosSlpReduction


def gates(number):
    return [(i, op, j) for i in range(number) for op in "+-*" for j in range(number)]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_exhaustive(size):
    for chosen in product(*(gates(number) for number in range(1, size + 1))):
        compare(REDUCTION, StraightLineProgram(chosen))


def test_random():
    answers = [compare(REDUCTION, source) for source in random_sources("posslp", 500, seed=1)]
    assert set(answers) == {0, 1}
    assert 100 < sum(answers) < 400


def test_every_gate_has_its_value():
    for source in random_sources("posslp", 200, seed=2):
        instance = REDUCTION.build(source).target
        assert space_size(instance) == 1
        names = instance.network.names.index
        wanted = [1]
        for i, op, j in source.gates:
            a, b = wanted[i], wanted[j]
            wanted.append({"+": a + b, "-": a - b, "*": a * b}[op])
        neurons = np.array([names["x"], *(names[f"g{t}"] for t in range(1, len(wanted)))])
        parameters = REDUCTION.build(source).push(())
        assert compute(instance.network, parameters, instance.inputs, neurons).tolist() == [wanted]


def test_long_values():
    """Repeated squaring to 2^(2^16), less the same, plus or minus one."""
    squares = ((0, "+", 0), *((t, "*", t) for t in range(1, 17)))
    minus = (*squares, (17, "-", 0), (18, "-", 17))
    plus = (*squares, (17, "+", 0), (18, "-", 17))
    for program, answer in [(minus, False), (plus, True)]:
        source = StraightLineProgram(program)
        parameters = REDUCTION.build(source).push(())
        assert evaluate(REDUCTION.build(source).target, parameters).accepted == answer


def test_names_and_repeated_operands():
    source = StraightLineProgram(((0, "+", 0), (1, "-", 1), (1, "*", 1), (1, "*", 0)))
    instance = REDUCTION.build(source).target
    network = instance.network
    assert network.names.all() == ["x", "g1", "g2", "g3", "g4", "p3", "q3", "p4", "q4", "o"]
    weights = {
        network.edge_name(edge): instance.domains[instance.weight_domain[edge]]
        for edge in range(network.edges)
    }
    assert len(weights) == 13
    assert sorted(weights.values()) == sorted(
        [(2,), (0,), (2,), (0,), (1,), (1,), (1,), (-1,), (1,)]
        + [(Fraction(1, 4),), (Fraction(-1, 4),)] * 2
    )


def test_wrong_shapes():
    source = REDUCTION.example()
    with pytest.raises(InvalidWitness, match="where the source gives"):
        REDUCTION.build(source).pull(Parameters(np.zeros(1, int), np.zeros(1, int)))
    with pytest.raises(InvalidWitness, match="not empty"):
        REDUCTION.build(source).push((1,))
