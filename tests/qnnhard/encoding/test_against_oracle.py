"""The SAT encoding against the enumeration oracle, and the oracle against brute force.

Three independent ways: clauses and CDCL; behaviours neuron by neuron; all parameters through
a recursive evaluator.
"""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance, z
from instances.training.parameters import lowest
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Encoding, encode
from qnnhard.methods.enumeration import all_solutions, first_solution
from tests.helpers import (
    ACTIVATIONS,
    Solution,
    brute_force,
    make_instance,
    make_network,
    naive_loss,
    neuron_instance,
    random_instance,
    solution,
    space_size,
)
from tests.qnnhard.encoding.formulas import (
    assert_clean,
    force_binary,
    models,
    parameter_variables,
    random_fractional_instance,
    some_parameters,
)


def assert_same_answer(instance: TrainingInstance, seed: int = -1, seconds: float = 60) -> bool:
    """Encoding and oracle agree, and every YES is accepted; return whether it is one."""
    oracle = first_solution(instance, Deadline(seconds))
    encoding = encode(instance)
    found = some_parameters(encoding)
    assert (found is None) == (oracle is None), seed
    for parameters in (found, oracle):
        if parameters is not None:
            assert evaluate(instance, parameters).accepted, seed
            assert naive_loss(instance, parameters) <= instance.bound, seed
    assert_clean(encoding)
    return found is not None


def solutions_of_models(encoding: Encoding) -> set[Solution]:
    """What all models decode to, projected to the parameter variables."""
    variables = parameter_variables(encoding)
    found = [solution(decode(encoding, model)) for model in models(encoding.formula, variables)]
    assert len(set(found)) == len(found)
    return set(found)


def restricted(encoding: Encoding, solutions: set[Solution]) -> set[Solution]:
    """Solutions with the parameters that have no variables at their least values.

    The encoder leaves parameters out on which no output depends.
    """
    instance = encoding.instance
    weights, biases = (values.tolist() for values in lowest(instance))
    keep_weight = (encoding.weight_start > 0).tolist()
    keep_bias = (encoding.bias_start > 0).tolist()
    return {
        (
            tuple(a if k else b for a, b, k in zip(ws, weights, keep_weight, strict=True)),
            tuple(a if k else b for a, b, k in zip(bs, biases, keep_bias, strict=True)),
        )
        for ws, bs in solutions
    }


def assert_same_solutions(instance: TrainingInstance) -> int:
    encoding = encode(instance)
    oracle = {solution(parameters) for parameters in all_solutions(instance)}
    if encoding.naming.contradiction is not None:
        assert not oracle
        assert next(models(encoding.formula), None) is None
        return 0
    assert solutions_of_models(encoding) == restricted(encoding, oracle)
    return len(oracle)


@pytest.mark.parametrize("count", [400, pytest.param(2400, marks=pytest.mark.long)])
def test_random_instances_get_the_same_answer(count):
    answers = Counter(
        assert_same_answer(random_instance(random.Random(seed)), seed) for seed in range(count)
    )
    assert min(answers[True], answers[False]) > count // 6


@pytest.mark.long
def test_many_larger_random_instances_get_the_same_answer():
    compared = 0
    for seed in range(10**6, 10**6 + 8000):
        instance = random_instance(random.Random(seed), fan_in=4, hidden=5)
        with suppress(LimitReached):
            assert_same_answer(instance, seed, seconds=2)
            compared += 1
    assert compared > 7900


def test_all_solutions_of_random_instances_are_all_models():
    count = Counter()
    for seed in range(20_000, 20_250):
        instance = random_instance(random.Random(seed), hidden=3)
        if space_size(instance) <= 5000:
            count[min(2, assert_same_solutions(instance))] += 1
    assert min(count.values()) > 7
    assert set(count) == {0, 1, 2}


@pytest.mark.long
def test_all_solutions_of_many_random_instances_are_all_models():
    for seed in range(2 * 10**6, 2 * 10**6 + 5000):
        instance = random_instance(random.Random(seed), hidden=3)
        if space_size(instance) <= 20_000:
            assert_same_solutions(instance)


def assert_oracle_complete(instance: TrainingInstance) -> int:
    wanted = brute_force(instance)
    found = [solution(parameters) for parameters in all_solutions(instance)]
    assert len(set(found)) == len(found)
    assert set(found) == wanted
    assert len(found) == len(wanted)
    assert (first_solution(instance, Deadline()) is not None) == bool(wanted)
    return len(wanted)


def test_the_oracle_finds_exactly_the_solutions_of_brute_force():
    some = 0
    for seed in range(40_000, 40_300):
        instance = random_instance(random.Random(seed), hidden=3)
        if space_size(instance) <= 400:
            some += assert_oracle_complete(instance) > 0
    assert some > 20


@pytest.mark.long
def test_the_oracle_finds_exactly_the_solutions_of_brute_force_on_many_instances():
    for seed in range(3 * 10**6, 3 * 10**6 + 2000):
        instance = random_instance(random.Random(seed), hidden=4)
        if space_size(instance) <= 3000:
            assert_oracle_complete(instance)


# --- sums in binary, and fractions ------------------------------------------------------------


@pytest.mark.parametrize("small", [2, 64])
def test_random_instances_get_the_same_answer_in_binary(monkeypatch, small):
    force_binary(monkeypatch, small)
    answers = Counter(
        assert_same_answer(random_instance(random.Random(seed)), seed)
        for seed in range(60_000, 60_150)
    )
    assert min(answers[True], answers[False]) > 22


def test_all_solutions_of_random_instances_are_all_models_in_binary(monkeypatch):
    force_binary(monkeypatch, 2)
    count = Counter()
    for seed in range(70_000, 70_150):
        instance = random_instance(random.Random(seed), hidden=3)
        if space_size(instance) <= 1000:
            count[min(2, assert_same_solutions(instance))] += 1
    assert set(count) == {0, 1, 2}


@pytest.mark.parametrize("small", [None, 2, 64], ids=["unary", "binary", "mixed"])
def test_random_instances_with_fractions_get_the_same_answer(monkeypatch, small):
    if small is not None:
        force_binary(monkeypatch, small)
    answers = Counter(
        assert_same_answer(random_fractional_instance(random.Random(seed)), seed)
        for seed in range(80_000, 80_070)
    )
    assert min(answers[True], answers[False]) > 10


@pytest.mark.long
@pytest.mark.parametrize("small", [None, 2, 64], ids=["unary", "binary", "mixed"])
@pytest.mark.parametrize("make", [random_instance, random_fractional_instance])
def test_many_instances_get_the_same_answer_in_binary_and_with_fractions(monkeypatch, make, small):
    if small is not None:
        force_binary(monkeypatch, small)
    compared = 0
    for seed in range(4 * 10**6, 4 * 10**6 + 2000):
        with suppress(LimitReached):
            assert_same_answer(make(random.Random(seed)), seed, seconds=2)
            compared += 1
    assert compared > 1950


# --- systematically: one neuron of every kind -------------------------------------------------

DOMAINS = [(0, 1), (-1, 0, 1), (-1, 0, 1, 2), (-2, -1, 0, 1, 2), (-3, 2), (-2,), (1, 3), (0, 5, 6)]

every_pair = pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])


def domains_and_bounds(bounds: tuple[int, ...], activation: Activation, every: bool):
    """Every domain, with every bound or with one: with all of them over the activations."""
    for place, domain in enumerate(DOMAINS, ACTIVATIONS.index(activation)):
        for bound in bounds if every else [bounds[place % len(bounds)]]:
            yield domain, bound


@every_pair
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("loss", ["mismatch", "l1", "l2"])
def test_a_hidden_neuron_of_every_kind_has_the_same_solutions(activation, loss, every):
    network = make_network(4, [0, 1], [3], [(0, 2), (1, 2), (2, 3), (0, 3)],
                           {2: activation, 3: Activation("identity")})  # fmt: skip
    r = random.Random(f"{activation}{loss}")
    for domain, bound in domains_and_bounds((0, 1, 2), activation, every):
        data = [([r.randint(-2, 2), r.randint(-2, 2)], [r.randint(-2, 2)]) for _ in range(3)]
        instance = make_instance(network, data, domain, (-1, 0, 2), loss, bound)
        assert_same_solutions(instance)
        assert_same_answer(instance)


@every_pair
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("loss", ["mismatch", "l1", "l2"])
def test_an_output_of_every_kind_that_feeds_another_has_the_same_solutions(activation, loss, every):
    network = make_network(3, [0], [1, 2], [(0, 1), (1, 2), (0, 2)],
                           {1: activation, 2: Activation("relu_clipped", 2)})  # fmt: skip
    r = random.Random(f"{activation}{loss}")
    for domain, bound in domains_and_bounds((0, 1, 3), activation, every):
        data = [([r.randint(-2, 2)], [r.randint(-1, 4), r.randint(-1, 2)]) for _ in range(3)]
        instance = make_instance(network, data, domain, (-1, 0, 2), loss, bound)
        assert_same_solutions(instance)


@pytest.mark.parametrize("d", [2, 3, 4, 5])
@pytest.mark.parametrize("bound", [0, 1, 2])
@pytest.mark.parametrize("count", [3, pytest.param(6, marks=pytest.mark.long)])
def test_quantized_instances_have_the_same_solutions(d, bound, count):
    levels = z(d)
    network = make_network(4, [0, 1], [3], [(0, 2), (1, 2), (2, 3)],
                           Activation("relu_clipped", levels[-1]))  # fmt: skip
    r = random.Random(d)
    total = 0
    for _ in range(count):
        data = [
            ([r.choice(levels), r.choice(levels)], [r.choice((0, 0, 1, levels[-1]))])
            for _ in range(3)
        ]
        total += assert_same_solutions(
            make_instance(network, data, levels, levels, bound=bound, d=d)
        )
    assert total > 0


# --- corner by corner -------------------------------------------------------------------------


def test_contradictory_labels_cost_at_least_one_mismatch():
    data = [((1,), (0,)), ((1,), (1,)), ((1,), (1,))]
    for bound, answer in ((0, False), (1, True)):
        instance = neuron_instance(1, data, bound=bound)
        assert assert_same_answer(instance) is answer
    assert assert_same_answer(neuron_instance(1, [((1,), (0,)), *data], bound=1)) is False


def test_repeated_points_count_with_their_multiplicity():
    data = [((1,), (0,))] * 5 + [((1,), (1,))] * 3
    for bound, answer in ((2, False), (3, True), (4, True), (5, True)):
        assert assert_same_answer(neuron_instance(1, data, bound=bound)) is answer
    assert_same_solutions(neuron_instance(1, data, bound=3))
    assert_same_solutions(neuron_instance(1, data, bound=5))


@pytest.mark.parametrize("target", [-1, 2, 100, 10**15])
def test_an_unreachable_target_forces_the_mismatch(target):
    data = [((1,), (target,)), ((0,), (0,))]
    assert assert_same_answer(neuron_instance(1, data)) is False
    assert assert_same_answer(neuron_instance(1, data, bound=1)) is True
    assert_same_solutions(neuron_instance(1, data, bound=1))


@pytest.mark.parametrize("target", [-2, 3])
def test_an_unreachable_target_costs_its_distance(target):
    gap = 2
    for loss, least in (("l1", gap), ("l2", gap**2)):
        for bound in (least - 1, least):
            instance = neuron_instance(1, [((1,), (target,))], loss=loss, bound=bound)
            assert assert_same_answer(instance) is (bound == least)


def test_frozen_parameters_have_no_variables():
    instance = neuron_instance(2, [((1, 1), (1,))], weights=(1,), biases=(1,))
    encoding = encode(instance)
    assert parameter_variables(encoding) == []
    assert assert_same_answer(instance) is True
    assert assert_same_answer(replace(instance, targets=np.array([[0]]))) is False


def test_parameters_that_no_output_depends_on_have_no_variables_and_their_least_value():
    network = make_network(4, [0], [1], [(0, 1), (0, 2), (1, 3)])
    instance = make_instance(network, [((1,), (1,))], (-1, 1), (-1, 0))
    encoding = encode(instance)
    used = {instance.network.edge_name(e) for e in np.flatnonzero(encoding.weight_start)}
    assert used == {"n1,n2"}
    parameters = some_parameters(encoding)
    assert parameters is not None
    assert parameters.weights.tolist()[1:] == [-1, -1]
    assert assert_same_answer(instance)


def test_an_instance_without_points_or_outputs_or_neurons_is_a_yes():
    assert assert_same_answer(neuron_instance(2, []))
    assert assert_same_answer(neuron_instance(2, [], bound=3))
    no_outputs = make_network(2, [0], [], [(0, 1)])
    for loss in ("mismatch", "l1", "l2"):
        for bound in (0, 2):
            data = [((1,), ())]
            assert assert_same_answer(make_instance(no_outputs, data, loss=loss, bound=bound))
    assert assert_same_answer(make_instance(make_network(0, [], [], []), [((), ())]))


def test_a_negative_bound_is_a_no_also_without_points():
    for instance in (
        neuron_instance(1, [], bound=-1),
        neuron_instance(1, [((1,), (1,))], bound=-1),
    ):
        assert assert_same_answer(instance) is False


def test_an_output_without_predecessors_computes_a_constant():
    network = make_network(1, [], [0], [], Activation("identity"))
    instance = make_instance(network, [((), (2,))], biases=(-3, -2, 0))
    assert assert_same_answer(instance)
    assert assert_same_solutions(instance) == 1
    other = replace(instance, targets=np.array([[1]]))
    assert assert_same_answer(other) is False


def test_a_bound_as_large_as_can_be_accepts_everything():
    for loss in ("mismatch", "l1", "l2"):
        instance = neuron_instance(2, [((1, 1), (0,))] * 3, loss=loss, bound=10**30)
        assert assert_same_solutions(instance) == space_size(instance)


def test_large_weights_and_data_are_encoded_exactly():
    big = 2**61
    instance = neuron_instance(
        2,
        [((big, 1), (big**2 + 3,)), ((1, 1), (big + 3,))],
        Activation("identity"),
        weights=(-big, 3, big),
    )
    assert assert_same_answer(instance) is True
    assert assert_same_solutions(instance) == 1
    other = replace(instance, targets=np.array([[big**2 + 3], [big + 2]], dtype=object))
    assert assert_same_answer(other) is False
    for bound, answer in ((Fraction(1, 2), False), (1, True)):
        assert assert_same_answer(replace(other, loss="l1", bound=bound)) is answer
    small = neuron_instance(
        2, [((2**30, 1), (2**60 + 3,))], Activation("identity"), weights=(3, 2**30)
    )
    assert assert_same_answer(small)


def test_two_outputs_that_pass_the_same_value_through_keep_clauses_clean():
    network = make_network(
        5, [0], [3, 4], [(0, 1), (1, 2), (1, 3), (2, 3), (1, 4), (2, 4)], Activation("relu")
    )
    for bound in (0, 1):
        instance = make_instance(
            network, [((1,), (2, 0)), ((0,), (0, 1))],
            {(0, 1): (0, 1), (1, 2): (1,), (1, 3): (1,), (2, 3): (1,), (1, 4): (0, 1),
             (2, 4): (-1, 1)}, bound=bound,
        )  # fmt: skip
        assert_same_answer(instance)
        assert_same_solutions(instance)


def test_a_squared_distance_with_a_loose_lower_bound_is_spent_in_full():
    instance = random_instance(random.Random(1000187), fan_in=4, hidden=5)
    assert instance.loss == "l2"
    assert assert_same_answer(instance)


@pytest.mark.parametrize("small", [2, 64])
def test_a_loss_of_parts_that_exclude_each_other_is_not_overrated(monkeypatch, small):
    force_binary(monkeypatch, small)
    assert assert_same_answer(random_fractional_instance(random.Random(4_000_397)))
