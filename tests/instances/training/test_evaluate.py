"""Exact evaluation against a recursive evaluator in fractions."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from instances.errors import InvalidWitness, Unsupported
from instances.memory import limited_memory
from instances.training import evaluate as module
from instances.training import live_bits
from instances.training.activations import Activation
from instances.training.evaluate import compute, evaluate
from instances.training.in_turn import compute_in_turn, is_narrow
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from tests.helpers import (
    ACTIVATIONS,
    make_instance,
    make_network,
    make_parameters,
    naive_loss,
    naive_outputs,
    naive_values,
    neuron_instance,
    objects,
    random_instance,
    random_parameters,
    solution,
)


def assert_agrees(instance: TrainingInstance, parameters: Parameters) -> None:
    result = evaluate(instance, parameters)
    wanted = naive_outputs(instance, parameters)
    targets = instance.targets.tolist()
    assert result.outputs.tolist() == wanted
    assert result.mismatched.tolist() == [a != b for a, b in zip(wanted, targets, strict=True)]
    assert result.loss == naive_loss(instance, parameters)
    assert result.accepted == (result.loss <= instance.bound)


def test_random_instances_agree_with_the_naive_evaluator():
    for seed in range(1200):
        r = random.Random(seed)
        instance = random_instance(r, fan_in=4, hidden=7)
        assert_agrees(instance, random_parameters(r, instance))


@pytest.mark.parametrize("single", [False, True])
def test_random_instances_with_fractions_agree_with_the_naive_evaluator(single, monkeypatch):
    """Level by level, and neuron by neuron as where values may become too long."""
    if single:
        monkeypatch.setattr(live_bits.LiveBits, "admits", lambda *_: False)
    for seed in range(300):
        r = random.Random(seed)
        plain = random_instance(r, hidden=5)
        levels = sorted({Fraction(r.randint(-9, 9), r.randint(1, 4)) for _ in range(3)})
        instance = replace(
            plain,
            d=None,
            domains=tuple(tuple(levels) for _ in plain.domains),
            inputs=objects(Fraction(v, r.randint(1, 3)) for v in plain.inputs.ravel().tolist())
            .reshape(plain.inputs.shape),
            targets=objects(Fraction(v, 2) for v in plain.targets.ravel().tolist())
            .reshape(plain.targets.shape),
            bound=Fraction(7, 3),
        )  # fmt: skip
        assert_agrees(instance, random_parameters(r, instance))


def test_random_instances_with_huge_integers_agree_with_the_naive_evaluator():
    for seed in range(300):
        r = random.Random(seed)
        plain = random_instance(r, hidden=5)
        size = r.choice((2**31, 2**40, 2**61, 2**62, 2**63 - 1, 2**63, 2**64, 10**30))
        instance = replace(
            plain,
            d=None,
            domains=tuple((-size, size - 1, size) for _ in plain.domains),
            inputs=plain.inputs * r.choice((1, 2**20, 2**40)),
        )
        assert_agrees(instance, random_parameters(r, instance))


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("loss", ["mismatch", "l1", "l2"])
def test_every_activation_and_loss_agree_over_all_parameters_of_a_neuron(activation, loss):
    data = [((1, -2), (1,)), ((2, 2), (0,)), ((1, -2), (4,))]
    instance = neuron_instance(2, data, activation, loss=loss, bound=5)
    instance = replace(instance, domains=((-2, -1, 0, 1, 3),), weight_domain=[0, 0],
                       bias_domain=[-1, -1, 0])  # fmt: skip
    for weights in np.ndindex(5, 5, 5):
        chosen = [instance.domains[0][i] for i in weights]
        parameters = Parameters(objects(chosen[:2]), objects([0, 0, chosen[2]]))
        assert_agrees(instance, parameters)


@pytest.mark.parametrize("weight", [10**30, -(10**30), 2**63, 2**62 + 1, -(2**63)])
def test_a_huge_weight_does_not_overflow(weight):
    network = make_network(3, [0], [2], [(0, 1), (1, 2), (0, 2)], Activation("identity"))
    instance = make_instance(network, [((3,), (0,))], weights=(weight,), loss="l1")
    parameters = make_parameters(instance, dict.fromkeys([(0, 1), (1, 2), (0, 2)], weight))
    result = evaluate(instance, parameters)
    assert result.outputs.tolist() == [[3 * weight**2 + 3 * weight]]
    assert result.loss == abs(3 * weight**2 + 3 * weight)


def test_sums_of_many_medium_terms_do_not_overflow():
    fan_in = 1000
    big = 2**54
    instance = neuron_instance(
        fan_in, [([big] * fan_in, (0,))], Activation("identity"), weights=(2,), loss="l1"
    )
    parameters = make_parameters(instance, {(u, fan_in): 2 for u in range(fan_in)})
    assert evaluate(instance, parameters).loss == 2 * big * fan_in


def test_a_huge_bias_does_not_overflow():
    instance = neuron_instance(0, [((), (0,))], Activation("identity"), biases=(-(2**63),))
    parameters = make_parameters(instance, {}, {0: -(2**63)})
    assert evaluate(instance, parameters).outputs.tolist() == [[2**63]]


def test_repeated_squaring_is_exact():
    depth = 12
    network = make_network(
        depth + 1, [0], [depth], [(v, v + 1) for v in range(depth)], Activation("square")
    )
    instance = make_instance(network, [((3,), (3**2**depth,))], weights=(1,))
    parameters = make_parameters(instance, {(v, v + 1): 1 for v in range(depth)})
    result = evaluate(instance, parameters)
    assert result.accepted
    assert result.outputs.tolist() == [[3 ** (2**depth)]]


def test_a_ceiling_past_int64_is_exact():
    instance = neuron_instance(1, [((7,), (7,))], Activation("relu_clipped", 10**30), weights=(1,))
    assert evaluate(instance, make_parameters(instance, {(0, 1): 1})).accepted


def test_a_neuron_without_predecessors_computes_the_activation_of_minus_its_bias():
    network = make_network(1, [], [0], [], Activation("identity"))
    instance = make_instance(network, [((), (2,)), ((), (2,))], biases=(-2, 5))
    assert evaluate(instance, make_parameters(instance, {}, {0: -2})).loss == 0
    assert evaluate(instance, make_parameters(instance, {}, {0: 5})).loss == 2


def test_the_bias_is_subtracted():
    instance = neuron_instance(1, [((5,), (2,))], Activation("identity"), weights=(1,), biases=(3,))
    assert evaluate(instance, make_parameters(instance, {(0, 1): 1}, {1: 3})).accepted


def test_an_output_may_feed_another_output():
    network = make_network(3, [0], [1, 2], [(0, 1), (1, 2), (0, 2)], Activation("identity"))
    instance = make_instance(network, [((2,), (2, 4))], weights=(1,))
    every = dict.fromkeys([(0, 1), (1, 2), (0, 2)], 1)
    assert evaluate(instance, make_parameters(instance, every)).outputs.tolist() == [[2, 4]]


def test_outputs_come_in_their_fixed_order():
    network = make_network(3, [0], [2, 1], [(0, 1), (0, 2)], Activation("identity"))
    weights = {(0, 1): (1,), (0, 2): (5,)}
    instance = make_instance(network, [((1,), (5, 1))], weights=weights)
    assert evaluate(instance, make_parameters(instance, {(0, 1): 1, (0, 2): 5})).accepted


def test_no_data_points_cost_nothing():
    instance = neuron_instance(2, [])
    result = evaluate(instance, make_parameters(instance, {}))
    assert (result.loss, result.accepted, result.outputs.shape) == (0, True, (0, 1))


def test_no_outputs_cost_nothing_however_many_points():
    network = make_network(2, [0], [], [(0, 1)])
    for loss in ("mismatch", "l1", "l2"):
        instance = make_instance(network, [((1,), ())] * 3, loss=loss)
        result = evaluate(instance, make_parameters(instance, {}))
        assert (result.loss, result.outputs.shape) == (0, (3, 0))


def test_a_network_without_neurons_is_evaluated():
    instance = make_instance(make_network(0, [], [], []), [((), ()), ((), ())])
    assert evaluate(instance, make_parameters(instance, {})).accepted


def test_a_point_mismatches_once_however_many_outputs_differ():
    network = make_network(3, [0], [1, 2], [(0, 1), (0, 2)])
    instance = make_instance(network, [((1,), (1, 1))] * 2)
    result = evaluate(instance, make_parameters(instance, {}))
    assert (result.loss, result.mismatched.tolist()) == (2, [True, True])


def test_blocks_of_points_give_the_same_result_as_one_block(monkeypatch):
    for seed in range(60):
        r = random.Random(seed)
        instance = random_instance(r)
        parameters = random_parameters(r, instance)
        whole = evaluate(instance, parameters)
        monkeypatch.setattr(module, "_BLOCK", instance.network.size)
        parts = evaluate(instance, parameters)
        monkeypatch.undo()
        assert parts.outputs.tolist() == whole.outputs.tolist()
        assert parts.loss == whole.loss


def test_a_term_of_every_edge_and_point_is_never_held_at_once():
    # 40,000 edges and 2,000 points are 0.6 GiB of terms, the values of all neurons 6 MiB.
    width, points = 200, 2_000
    edges = [(source, target) for target in range(width, 2 * width) for source in range(width)]
    outputs = range(width, 2 * width)
    network = make_network(2 * width, range(width), outputs, edges, Activation("identity"))
    ones = Parameters(np.ones(len(edges), np.int64), np.zeros(2 * width, np.int64))
    inputs = np.arange(points * width, dtype=np.int64).reshape(points, width)
    with limited_memory(300 << 20):
        found = compute(network, ones, inputs, network.outputs)
    assert (found == inputs.sum(axis=1)[:, None]).all()


def test_a_deep_network_is_evaluated_in_blocks_as_well(monkeypatch):
    chain = [(neuron, neuron + 1) for neuron in range(40)]
    network = make_network(41, [0], [40], chain)
    parameters = Parameters(np.ones(40, np.int64), np.zeros(41, np.int64))
    inputs = np.arange(7, dtype=np.int64)[:, None]
    sizes: list[int] = []

    def in_turn(*arguments):
        sizes.append(len(arguments[2]))
        return compute_in_turn(*arguments)

    monkeypatch.setattr(module, "compute_in_turn", in_turn)
    monkeypatch.setattr(module, "_BLOCK", 3 * 41)
    found = compute(network, parameters, inputs, network.outputs)
    assert found.tolist() == [[0], *[[1]] * 6]
    assert sizes == [3, 3, 1]


def test_compute_returns_any_neurons_on_any_inputs():
    for seed in range(100):
        r = random.Random(seed)
        instance = random_instance(r)
        parameters = random_parameters(r, instance)
        every = np.arange(instance.network.size)
        found = compute(instance.network, parameters, instance.inputs, every).tolist()
        for row, values in zip(instance.inputs.tolist(), found, strict=True):
            naive = naive_values(instance, parameters, row)
            assert values == [naive[v] for v in every.tolist()]


def test_parameters_outside_their_domain_are_rejected_by_name():
    instance = neuron_instance(2, [((1, 1), (1,))], biases=(0, 1))
    with pytest.raises(InvalidWitness, match=r"weight \[n2,n3\] is 2"):
        evaluate(instance, make_parameters(instance, {(1, 2): 2}))
    with pytest.raises(InvalidWitness, match=r"bias \[n3\] is -1"):
        evaluate(instance, make_parameters(instance, {}, {2: -1}))
    with pytest.raises(InvalidWitness, match=r"weight \[n1,n3\] is 1/2"):
        evaluate(instance, make_parameters(instance, {(0, 2): Fraction(1, 2)}))


def test_a_bias_at_an_input_is_rejected():
    instance = neuron_instance(1, [((1,), (1,))])
    with pytest.raises(InvalidWitness, match=r"bias \[n1\]"):
        evaluate(instance, make_parameters(instance, {}, {0: 1}))


@pytest.mark.parametrize(("weights", "biases"), [(1, 3), (3, 3), (2, 2), (2, 4), (0, 0)])
def test_parameters_of_another_size_are_rejected(weights, biases):
    instance = neuron_instance(2, [((1, 1), (1,))])
    with pytest.raises(InvalidWitness, match="belong to another instance"):
        evaluate(instance, Parameters(objects([0] * weights), objects([0] * biases)))


def test_the_lowest_parameters_are_in_their_domains():
    for seed in range(50):
        instance = random_instance(random.Random(seed))
        parameters = Parameters(*lowest(instance))
        assert_agrees(instance, parameters)
        least = [instance.domains[i][0] for i in instance.weight_domain.tolist()]
        assert list(solution(parameters)[0]) == least


def squaring(length):
    """A chain of squares from 2, all of which an identity neuron adds up."""
    neurons = range(1, length + 1)
    edges = [(0, 1), *((v, v + 1) for v in neurons[:-1]), *((v, length + 1) for v in neurons)]
    kinds = {**dict.fromkeys(neurons, Activation("square")), length + 1: Activation("identity")}
    network = make_network(length + 2, [0], [length + 1], edges, kinds)
    instance = make_instance(network, [((2,), (0,))], weights=(1,))
    return instance, make_parameters(instance, dict.fromkeys(edges, 1))


def test_a_value_that_would_be_too_long_is_refused_before_it_is_computed():
    instance, parameters = squaring(60)
    message = r"a value of neuron 'n\d+' has \d+ bits or more, beyond the 67108864 .*: \d+$"
    with pytest.raises(Unsupported, match=message) as caught:
        evaluate(instance, parameters)
    lengths = [int(part.split(": ")[1]) for part in str(caught.value).split(", ")[-3:]]
    assert lengths[0] == lengths[2] // 4 + 1 < 1 << 24


def test_values_that_are_needed_together_may_not_be_too_long(monkeypatch):
    instance, parameters = squaring(12)
    wanted = evaluate(instance, parameters).outputs.tolist()
    assert wanted == [[sum(1 << (1 << k) for k in range(1, 13))]]
    # The squares have 2^13 bits together, and the sum as many as the last.
    for limit in (12_400, 13_000):
        monkeypatch.setattr(live_bits, "MOST_LIVE_BITS", limit)
        assert evaluate(instance, parameters).outputs.tolist() == wanted
    monkeypatch.setattr(live_bits, "MOST_LIVE_BITS", 8_000)
    with pytest.raises(Unsupported, match=r"values of neuron 'n13' and those still needed have"):
        evaluate(instance, parameters)


@pytest.mark.parametrize("kept", [[-1], [0, 40, -1]])
def test_values_are_dropped_after_their_last_use(monkeypatch, kept):
    """A chain of doublings: all values together have 10^6 bits, two of them 4,000."""
    size = 2000
    edges = [(v, v + 1) for v in range(size - 1)]
    network = make_network(size, [0], [size - 1], edges, Activation("identity"))
    instance = make_instance(network, [((1,), (0,))], weights=(2,))
    parameters = make_parameters(instance, dict.fromkeys(edges, 2))
    monkeypatch.setattr(live_bits, "MOST_LIVE_BITS", 4_200)
    neurons = np.array(kept) % size
    values = compute(network, parameters, instance.inputs, neurons)
    assert values.tolist() == [[1 << v for v in neurons.tolist()]]
    with pytest.raises(Unsupported, match="still needed"):
        compute(network, parameters, instance.inputs, np.arange(size))


def test_neuron_by_neuron_is_level_by_level():
    r = random.Random(11)
    compared = 0
    for _ in range(300):
        instance = random_instance(r)
        parameters = random_parameters(r, instance)
        if is_narrow(instance.network, parameters, instance.inputs):
            compared += 1
            everything = np.arange(instance.network.size)
            found = compute_in_turn(instance.network, parameters, instance.inputs, everything)
            for values, row in zip(found.tolist(), instance.inputs.tolist(), strict=True):
                assert dict(enumerate(values)) == naive_values(instance, parameters, row)
    assert compared > 50


def test_levels_of_deep_narrow_networks_are_longest_paths():
    r = random.Random(3)
    size = 3000
    edges = {(v - 1, v) for v in range(2, size)} | {
        tuple(sorted(r.sample(range(size), 2))) for _ in range(size)
    }
    network = make_network(size, [0, 1], [size - 1], sorted((u, v) for u, v in edges if v > 1))
    longest = [0] * size
    for u, v in sorted(edges, key=lambda edge: edge[1]):
        if v > 1:
            longest[v] = max(longest[v], longest[u] + 1)
    assert network.levels.tolist() == longest


def test_levels_of_networks_of_any_depth_are_longest_paths():
    depths = set()
    for seed in range(200):
        r = random.Random(seed)
        size, depth = r.randint(2, 40), r.randint(1, 14)
        rank = [0, *(r.randint(0, depth) for _ in range(size - 2)), depth]
        edges = sorted(
            (u, v)
            for u in range(size)
            for v in range(size)
            if rank[u] < rank[v] and r.random() < 0.2
        )
        inputs = [v for v in range(size) if not any(edge[1] == v for edge in edges)]
        network = make_network(size, inputs, [], edges)
        longest = [0] * size
        for u, v in sorted(edges, key=lambda edge: rank[edge[1]]):
            longest[v] = max(longest[v], longest[u] + 1)
        assert network.levels.tolist() == longest
        in_order = [neuron for level in network.by_level() for neuron in level.tolist()]
        assert in_order == sorted(range(size), key=lambda v: longest[v])
        depths.add(max(longest))
    assert depths >= set(range(1, 10))
