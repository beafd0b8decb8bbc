"""`continuous` in both directions on random small instances of every kind."""

import random
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import product

import numpy as np
import pytest

from instances.continuous.evaluate import evaluate_continuous
from instances.continuous.files import continuous_from_json, continuous_to_json
from instances.errors import InvalidWitness, Unsupported
from instances.problems.continuous_training import REAL_INSTANCES
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import layered
from instances.training.parameters import Parameters
from qnnhard.verdict import Verdict
from qnnhard.verification.candidates import near
from qnnhard.verification.continuous import check_continuous, check_off_domain
from reductions.claims import violations
from reductions.to_reals.constraints import Constraint, constraints
from reductions.to_reals.continuous import ContinuousReduction, always_accepted
from reductions.to_reals.network import place_values
from tests.helpers import (
    ACTIVATIONS,
    brute_force,
    make_instance,
    make_network,
    naive_loss,
    objects,
    parameter_space,
    random_instance,
    space_size,
)

REDUCTION = ContinuousReduction
DOMAINS = [
    (0, 1),
    (-1, 0, 1),
    (Fraction(-1, 2), Fraction(1, 3)),
    (0, Fraction(1, 2), 2),
    (-3, Fraction(5, 7), 1, 4),
    (3,),
]


def sources(count, seed, limit=200):
    """Instances with mismatch loss, bound 0 or 1 and `limit` choices of parameters at most."""
    r = random.Random(seed)
    made = 0
    while made < count:
        source = random_instance(r, 2, 3) if r.random() < 0.6 else fractional(r)
        source = replace(source, loss="mismatch", bound=r.choice((0, 0, 1, Fraction(1, 2))))
        if not always_accepted(source) and space_size(source) <= limit:
            made += 1
            yield source


def fractional(r):
    """One hidden neuron and one output over domains with fractions, d = 2 and d = 3."""
    alpha = r.randint(1, 2)
    hidden, output = alpha, alpha + 1
    edges = [(u, hidden) for u in range(alpha)] + [(hidden, output)]
    if r.random() < 0.5:
        edges.append((0, output))
    kinds = {v: r.choice(ACTIVATIONS) for v in (hidden, output)}
    network = make_network(alpha + 2, range(alpha), [output], edges, kinds)
    weights = {edge: r.choice(DOMAINS) for edge in edges}
    biases = {v: r.choice(DOMAINS) for v in (hidden, output)}
    points = r.randint(1, 3)
    data = [
        ([r.randint(-1, 2) for _ in range(alpha)], [r.choice((0, 1, 1))]) for _ in range(points)
    ]
    source = make_instance(network, data, weights, biases)
    if r.random() < 0.5:
        # A target that some parameters reach, so that yes-instances are not rare.
        chosen = r.choice(list(parameter_space(source))) if space_size(source) <= 200 else None
        if chosen is not None:
            source = replace(source, targets=evaluate(source, chosen).outputs)
    return source


@pytest.mark.parametrize("count", [40, pytest.param(300, marks=pytest.mark.long)])
def test_both_directions(count):
    answers = []
    for number, source in enumerate(sources(count, seed=1, limit=72)):
        report = check_continuous(source, seed=number, sample=24)
        assert report.preserved, (report.failures, source)
        assert report.solutions == len(brute_force(source))
        assert report.off_domain > 0 or not constraints(source)
        answers.append(report.answer)
    assert answers.count(Verdict.YES) > count // 6
    assert answers.count(Verdict.NO) > count // 6


@pytest.mark.parametrize("count", [40, pytest.param(100, marks=pytest.mark.long)])
def test_every_choice_keeps_its_loss(count):
    """Solutions or not: discrete parameters have the same outputs and loss as real ones."""
    for source in sources(count, seed=2, limit=36):
        image = REDUCTION.build(source)
        old = len(source.network.outputs)
        for parameters in parameter_space(source):
            pushed = image.push(parameters)
            found = evaluate_continuous(image.simulation.instance, pushed)
            assert found.loss == naive_loss(source, parameters)
            assert np.array_equal(found.outputs[:, :old], evaluate(source, parameters).outputs)
            assert not found.outputs[:, old:].any()
            assert image.pull(pushed) == parameters


@pytest.mark.parametrize("count", [20, pytest.param(40, marks=pytest.mark.long)])
def test_off_domain_exhaustively(count):
    for source in sources(count, seed=3, limit=8):
        image = REDUCTION.build(source)
        domains = [constraint.roots for constraint in image.simulation.constraints]
        candidates = [(*domain, *near(domain)) for domain in domains]
        for values in product(*candidates):
            if any(v not in domain for v, domain in zip(values, domains, strict=True)):
                assert check_off_domain(image, image.simulation, values) == []


def test_claims_and_files():
    for source in sources(120, seed=4, limit=10**9):
        image = REDUCTION.build(source)
        instance = image.target
        assert image.claims()
        assert violations(image.claims(), REAL_INSTANCES.sizes(instance)) == []
        assert instance == continuous_from_json(continuous_to_json(instance))
        assert instance.real == len(constraints(source))
        assert not instance.real_biases.any()


def test_example():
    source = REDUCTION.example()
    simulation = REDUCTION.build(source).simulation
    assert [str(c) for c in simulation.constraints] == [
        "w[x1,y1] (w[x1,y1] - 1) = 0",
        "w[x2,y1] (w[x2,y1] - 1) = 0",
        "b[y1] (b[y1] - 1) = 0",
    ]
    report = check_continuous(source)
    assert report.preserved
    assert (report.answer, report.solutions) == (Verdict.YES, 1)
    pushed = place_values(simulation, [1, 1, 1])
    assert evaluate_continuous(simulation.instance, pushed).accepted


def test_constraints_by_their_roots():
    constraint = Constraint("weight", 0, "p", (Fraction(-1, 2), 0, 3))
    assert str(constraint) == "(p + 1/2) p (p - 3) = 0"
    for value in (Fraction(-1, 2), 0, 3, 1, Fraction(1, 7)):
        assert constraint(value) == (value + Fraction(1, 2)) * value * (value - 3)
        assert constraint.allows(value) == (value in constraint.roots)


def test_large_and_many_values():
    """Domains of 60 digits and of 40 values stay exact."""
    big = 10**60
    network = make_network(2, [0], [1], [(0, 1)], Activation("identity"))
    source = make_instance(network, [([1], [big])], weights=(-big, Fraction(1, big), big))
    assert check_continuous(source).preserved
    assert check_continuous(source).solutions == 1
    source = make_instance(network, [([1], [17])], weights=tuple(range(-20, 20)))
    report = check_continuous(source)
    assert report.preserved
    assert report.solutions == 1


def test_names_do_not_clash():
    source = REDUCTION.example()
    once = REDUCTION.build(source).target.network
    again = make_instance(
        make_network(once.size, once.inputs, once.outputs, [(0, 2)], names=once.names),
        [([0, 1], [0] * len(once.outputs))],
    )
    assert len(REDUCTION.build(again).target.network.names.index) > once.size


def test_nothing_open():
    network = make_network(2, [0], [1], [(0, 1)])
    source = make_instance(network, [([1], [1])], weights=(1,))
    instance = REDUCTION.build(source).target
    assert (instance.real, instance.network.size) == (0, 2)
    assert check_continuous(source).answer == Verdict.YES


def test_unsupported():
    source = REDUCTION.example()
    for loss, bound in (("l1", 1), ("l2", Fraction(1, 2))):
        limited = replace(source, d=None, loss=loss, bound=bound)
        for refuse in (lambda s: REDUCTION.build(s).target, lambda s: REDUCTION.build(s).claims()):
            with pytest.raises(
                Unsupported, match=f"the loss is {loss} with bound {bound}, .*: use"
            ):
                refuse(limited)
    for bound in (4, 5, Fraction(9, 2)):
        with pytest.raises(Unsupported, match="answer yes"):
            REDUCTION.build(replace(source, bound=bound)).target
        assert always_accepted(replace(source, bound=bound))
        assert check_continuous(replace(source, bound=bound)).answer == Verdict.YES
    assert check_continuous(replace(source, bound=Fraction(7, 2))).solutions == 8
    assert check_continuous(replace(source, bound=-1)).answer == Verdict.NO
    assert not always_accepted(replace(source, d=None, loss="l1", bound=9))


def test_pull_refuses():
    source = layered((1, 1), 3, ([[1]], [[1]]))
    simulation = REDUCTION.build(source).simulation
    for value in (2, Fraction(1, 2), -2):
        with pytest.raises(InvalidWitness, match="not in its domain"):
            REDUCTION.build(source).pull(place_values(simulation, [value, 0]))
    good = place_values(simulation, [1, 0])
    changed = good.weights.astype(object)
    changed[simulation.carriers[0] + 1] += 1
    with pytest.raises(InvalidWitness, match="frozen"):
        REDUCTION.build(source).pull(Parameters(changed, good.biases))
    with pytest.raises(InvalidWitness, match="another instance"):
        REDUCTION.build(source).pull(Parameters(objects([1]), objects([0])))
    with pytest.raises(InvalidWitness, match="domain"):
        REDUCTION.build(source).push(Parameters(objects([5]), objects([0, 0])))


class _NoGuard(ContinuousReduction):
    """A faulty variant whose constraints ask for 0 or 1 only, whatever the domain is."""

    @cached_property
    def simulation(self):
        source = self.source
        narrow = replace(source, domains=tuple(d if len(d) < 2 else (0, 1) for d in source.domains))
        made = ContinuousReduction(narrow).simulation
        return replace(made, constraints=tuple(constraints(source)))


def test_a_planted_fault_is_found(monkeypatch):
    network = make_network(2, [0], [1], [(0, 1)], Activation("identity"))
    source = make_instance(network, [([1], [2])], weights=(0, 2))
    assert check_continuous(source).preserved
    monkeypatch.setattr("qnnhard.verification.continuous.ContinuousReduction", _NoGuard)
    report = check_continuous(source)
    assert any("pushed to loss" in failure for failure in report.failures)
    assert any("output of" in failure for failure in report.failures)
