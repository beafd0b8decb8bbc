"""Probing keeps every solution, and finds what it is there for."""

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.sources.set_system import SetSystem
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from qnnhard.encoding.encode import encode
from qnnhard.encoding.neurons import intervals, ordered, probing
from qnnhard.encoding.neurons.probing import Box, probe
from reductions.to_training.exact_cover import ExactCoverReduction
from tests.helpers import (
    ACTIVATIONS,
    brute_force,
    make_instance,
    make_network,
    neuron_instance,
    random_parameters,
)
from tests.qnnhard.encoding.test_against_oracle import (
    assert_same_answer,
    assert_same_solutions,
    solutions_of_models,
)

DOMAINS = [(0, 1), (-1, 0, 1), (0, 2, 3), (-2, 1), (1,), (-2, -1, 0, 1, 2)]


def boxes(instance: TrainingInstance, monkeypatch: pytest.MonkeyPatch) -> list[Box]:
    """What probing says about the neurons of an instance that it looks at."""
    found = []

    def spy(task, goals, deadline):
        found.append(probe(task, goals, deadline))
        return found[-1]

    monkeypatch.setattr(ordered, "probe", spy)
    encode(instance)
    return found


def random_neuron(r: random.Random) -> TrainingInstance:
    """One or two outputs fed by inputs; half of the time with a solution."""
    fan_in, kind = r.randint(0, 4), r.choice((*ACTIVATIONS, Activation("relu_clipped", 1)))
    omega = r.choice((1, 1, 2))
    outputs = [fan_in + k for k in range(omega)]
    edges = [(u, v) for u in range(fan_in) for v in outputs]
    network = make_network(fan_in + omega, range(fan_in), outputs, edges, kind)
    rows = [[r.choice((0, 0, 1, 1, -1, 2)) for _ in range(fan_in)] for _ in range(r.randint(1, 6))]
    weights = {edge: r.choice(DOMAINS) for edge in edges}
    biases = {v: r.choice(DOMAINS) for v in outputs}
    data = [(row, [r.choice((0, 0, 1, 1, 2, -1)) for _ in outputs]) for row in rows]
    instance = make_instance(network, data, weights, biases, bound=r.choice((0, 0, 0, 1)))
    if r.random() < 0.5:
        targets = evaluate(instance, random_parameters(r, instance)).outputs.tolist()
        data = list(zip(rows, targets, strict=True))
        instance = make_instance(network, data, weights, biases)
    return instance


@pytest.mark.parametrize("collide", [False, True])
@pytest.mark.parametrize("count", [200, pytest.param(400, marks=pytest.mark.long)])
def test_the_box_holds_every_solution_of_a_neuron(monkeypatch, collide, count):
    if collide:
        # Every row gets the same code, so that pairs are told apart by their entries alone.
        monkeypatch.setattr(probing, "hash_factors", lambda count: np.zeros(count, np.uint64))
    seen = Counter()
    for seed in range(count):
        r = random.Random(seed)
        instance = random_neuron(r)
        if len(instance.network.outputs) > 1 or instance.bound:
            continue
        solutions = brute_force(instance)
        for box in boxes(instance, monkeypatch):
            domains = [instance.domains[i] for i in instance.weight_domain.tolist()]
            bias = instance.domains[int(instance.bias_domain[-1])]
            left = [bias[place] for place in box.bias]
            if not box.bias:
                assert not solutions
            for ws, bs in solutions:
                assert bs[-1] in left
                for value, domain, (low, high) in zip(ws, domains, box.weights, strict=True):
                    assert domain[low] <= value <= domain[high]
            seen["bias"] += 0 < len(left) < len(bias)
            seen["weight"] += any(
                high - low + 1 < len(domain)
                for (low, high), domain in zip(box.weights, domains, strict=True)
            )
            seen["none"] += not left
    assert min(seen[key] for key in ("bias", "weight", "none")) > count // 20


def test_probed_neurons_have_exactly_their_solutions():
    answers = Counter(
        bool(assert_same_solutions(random_neuron(random.Random(seed))))
        for seed in range(1000, 1120)
    )
    assert min(answers.values()) > 24


@pytest.mark.long
def test_many_probed_neurons_have_exactly_their_solutions():
    for seed in range(10_000, 14_000):
        instance = random_neuron(random.Random(seed))
        assert_same_answer(instance, seed)
        assert_same_solutions(instance)


def test_exact_cover_becomes_its_source_formula(monkeypatch):
    source = SetSystem.of(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5), (0, 3), (1, 4)])
    instance = ExactCoverReduction.build(source).target
    (box,) = boxes(instance, monkeypatch)
    assert box.bias == [1]
    assert box.weights == [(0, 1)] * 8 + [(1, 1)]
    encoding = encode(instance)
    # One variable a set, the weight of z and the bias; no auxiliary ones.
    assert encoding.formula.variables == 8 + 1 + 1
    assert len(solutions_of_models(encoding)) == len(brute_force(instance))


def test_nothing_is_known_where_a_target_may_be_missed_or_a_predecessor_is_open(monkeypatch):
    data = [((1,), (1,)), ((0,), (0,))]
    assert boxes(neuron_instance(1, data, bound=1), monkeypatch) == []
    assert boxes(neuron_instance(1, data, loss="l1", bound=1), monkeypatch) == []
    network = make_network(3, [0], [2], [(0, 1), (1, 2)])
    assert boxes(make_instance(network, data), monkeypatch) == []


def test_huge_numbers_and_tables_are_left_alone(monkeypatch):
    huge = neuron_instance(
        1, [((2**61,), (2**62,))], Activation("identity"), weights=(1, 2), biases=(0,)
    )
    assert boxes(huge, monkeypatch) == []
    assert assert_same_answer(huge)
    silent = neuron_instance(1, [((0,), (0,))], weights=(0, 2**70), biases=(0, 1))
    assert boxes(silent, monkeypatch) == []
    assert assert_same_answer(silent)
    far = neuron_instance(1, [((1,), (2**140,))], Activation("square"), biases=(0, 1))
    assert boxes(far, monkeypatch) == [Box([(0, 1)], [])]
    assert not assert_same_answer(far)
    monkeypatch.setattr(intervals, "ENTRIES_LIMIT", 1)
    data = [((1, 0), (1,)), ((0, 1), (0,))]
    assert boxes(neuron_instance(2, data, biases=(0, 1)), monkeypatch) == []


def test_fractions_are_probed_in_their_units(monkeypatch):
    half = Fraction(1, 2)
    instance = neuron_instance(
        2, [((1, 1), (1,)), ((1, 0), (half,))], Activation("identity"), weights=(0, half, 1)
    )
    (box,) = boxes(instance, monkeypatch)
    assert box == Box([(1, 1), (1, 1)], [0])
    assert assert_same_solutions(instance) == 1


def test_a_deadline_ends_probing():
    with pytest.raises(LimitReached):
        encode(neuron_instance(2, [((1, 1), (1,))]), Deadline(0))
