"""z3 over the reals against enumeration, and its encoding against the exact evaluator."""

import random
import sys
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from instances.continuous.evaluate import evaluate_continuous
from instances.continuous.instance import ContinuousInstance
from instances.deadline import Deadline
from instances.errors import InputError
from instances.training.activations import Activation
from instances.training.instance import layered
from instances.training.parameters import Parameters
from qnnhard.methods.sat import SatMethod
from qnnhard.methods.smt import solve_continuous
from qnnhard.verdict import How, Verdict
from qnnhard.verification.continuous import check_continuous
from reductions.to_reals.continuous import ContinuousReduction
from tests.helpers import make_network, objects, random_instance, random_parameters, rows
from tests.reductions.to_reals.test_continuous import sources


def one_neuron(kind, points, bound=0):
    """One output act(w x - b) with real w and b."""
    network = make_network(2, [0], [1], [(0, 1)], Activation.parse(kind))
    return ContinuousInstance(
        network,
        Parameters(objects([0]), objects([0, 0])),
        np.array([True]),
        np.array([False, True]),
        rows([[x] for x, _ in points], 1),
        rows([[y] for _, y in points], 1),
        bound,
    )


def decide(instance, seconds=20):
    pytest.importorskip("z3")
    return solve_continuous(instance, Deadline(seconds))


@pytest.mark.parametrize("count", [24, pytest.param(60, marks=pytest.mark.long)])
def test_discrete_and_real_answers_agree(count):
    pytest.importorskip("z3")
    found = []
    for source in sources(count, seed=11):
        report = check_continuous(source, Deadline(20), smt=True, sample=4)
        assert report.preserved, report.failures
        assert report.smt is not None
        found.append(report.smt)
    assert found.count(Verdict.UNKNOWN) <= count // 20
    assert found.count(Verdict.YES) > count // 6
    assert found.count(Verdict.NO) > count // 6


def test_solutions_over_the_reals_are_discrete():
    pytest.importorskip("z3")
    reduction = ContinuousReduction
    pulled = 0
    for source in sources(20, seed=12):
        answer = decide(reduction.build(source).target)
        if answer.parameters is not None:
            reduction.build(source).pull(answer.parameters)
            pulled += 1
    assert pulled > 4


def test_frozen_networks_against_the_evaluator():
    """Without real parameters the encoding is a second evaluator."""
    pytest.importorskip("z3")
    r = random.Random(13)
    for _ in range(60):
        source = random_instance(r)
        parameters = random_parameters(r, source)
        network = source.network
        instance = ContinuousInstance(
            network,
            parameters,
            np.zeros(network.edges, dtype=bool),
            np.zeros(network.size, dtype=bool),
            source.inputs,
            source.targets,
            source.bound,
        )
        answer = decide(instance)
        assert (answer.verdict == Verdict.YES) == evaluate_continuous(instance, parameters).accepted


@pytest.mark.parametrize(
    ("kind", "points", "verdict"),
    [
        ("identity", [(0, 1), (1, Fraction(3, 2))], Verdict.YES),
        ("identity", [(0, 1), (1, 2), (2, 4)], Verdict.NO),
        ("relu", [(0, 0), (1, 1), (2, 3)], Verdict.YES),
        ("relu", [(0, 1), (1, 0), (2, 1)], Verdict.NO),
        ("relu_clipped(1)", [(0, 0), (1, Fraction(1, 3)), (2, 1)], Verdict.YES),
        ("relu_clipped(1)", [(0, 2)], Verdict.NO),
        ("step", [(0, 0), (1, 1)], Verdict.YES),
        ("step", [(0, 0), (1, 1), (2, 0)], Verdict.NO),
        ("sign", [(0, -1), (1, 0), (2, 1)], Verdict.YES),
        ("sign", [(0, -1), (1, 0), (2, 0)], Verdict.NO),
        ("square", [(0, 1), (1, 0), (2, 1)], Verdict.YES),
        ("square", [(0, -1)], Verdict.NO),
    ],
)
def test_activations_over_the_reals(kind, points, verdict):
    assert decide(one_neuron(kind, points)).verdict == verdict


def test_bounds():
    points = [(0, 1), (1, 2), (2, 4), (3, 9)]
    wanted = {-1: Verdict.NO, 0: Verdict.NO, 1: Verdict.NO, 2: Verdict.YES, 4: Verdict.YES}
    for bound, verdict in wanted.items():
        assert decide(one_neuron("identity", points, bound)).verdict == verdict
    assert decide(one_neuron("identity", points, Fraction(5, 2))).verdict == Verdict.YES
    assert decide(one_neuron("identity", points, Fraction(3, 2))).verdict == Verdict.NO


@pytest.mark.parametrize("digits", [2000, 4000])
def test_numbers_too_long_for_z3_give_unknown(digits):
    kinds = {1: Activation("square"), 2: Activation("identity")}
    network = make_network(3, [0], [2], [(0, 1), (1, 2)], kinds)
    instance = ContinuousInstance(
        network,
        Parameters(objects([1, 0]), objects([0, 0, 0])),
        np.array([False, True]),
        np.zeros(3, dtype=np.bool_),
        rows([[10**digits]], 1),
        rows([[10**digits]], 1),
    )
    answer = decide(instance)
    assert answer.verdict is (Verdict.YES if digits == 2000 else Verdict.UNKNOWN)
    assert digits == 2000 or "has too many digits" in answer.detail


def test_irrational_solutions_are_a_solvers_word():
    network = make_network(2, [0], [1], [(0, 1)], Activation("square"))
    instance = replace(one_neuron("square", [(1, 2)]), network=network)
    instance = replace(instance, real_biases=np.array([False, False]))
    answer = decide(instance)
    assert (answer.verdict, answer.how, answer.parameters) == (Verdict.YES, How.SOLVER, None)


def random_layered(seed, widths, d, points):
    """A layered source with distinct 0-1 inputs and random 0-1 targets."""
    r = random.Random(seed)
    drawn = {tuple(r.choice((0, 1)) for _ in range(widths[0])) for _ in range(points)}
    inputs = [list(row) for row in sorted(drawn)]
    targets = [[r.choice((0, 1)) for _ in range(widths[-1])] for _ in inputs]
    return layered(widths, d, (inputs, targets))


def test_larger_networks_against_sat():
    pytest.importorskip("z3")
    verdicts = []
    for seed in range(4):
        for widths, d in (((2, 2, 1), 3), ((3, 3, 1), 3), ((3, 2), 2)):
            source = random_layered(seed, widths, d, 6)
            answer = solve_continuous(ContinuousReduction.build(source).target, Deadline(2))
            if answer.verdict != Verdict.UNKNOWN:
                assert answer.verdict == SatMethod().solve(source, Deadline(20)).verdict
                verdicts.append(answer.verdict)
    assert len(verdicts) > 8
    assert set(verdicts) == {Verdict.YES, Verdict.NO}


def test_a_passed_deadline_is_unknown():
    """A source that z3 does not decide within seconds: no time, and too little time."""
    pytest.importorskip("z3")
    instance = ContinuousReduction.build(random_layered(1, (5, 5, 3), 2, 10)).target
    for seconds in (0, 0.5):
        begin = time.monotonic()
        answer = solve_continuous(instance, Deadline(seconds))
        assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
        assert time.monotonic() - begin < 10


def test_without_z3(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(InputError, match=r"qnnhard\[smt\]"):
        solve_continuous(one_neuron("relu", []), Deadline())
