"""Corners that random instances rarely reach."""

import random
import time
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import InputError, QnnhardError, Unsupported
from instances.graphs.decomposition import (
    decomposition_of,
    elimination_order,
)
from instances.graphs.graph import neighbor_sets
from instances.graphs.orders import minimum_degree, width_of
from instances.training.activations import Activation
from instances.training.evaluate import compute, evaluate
from instances.training.instance import TrainingInstance, layered, quantized
from instances.training.names import name_blocks
from instances.training.neuron_graph import effective_graph
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.request import Request
from qnnhard.methods.treewidth import possible_behaviours
from qnnhard.methods.treewidth.estimate import estimate
from qnnhard.methods.treewidth.method import TreewidthMethod
from qnnhard.verdict import How, Verdict
from tests.helpers import (
    Number,
    brute_force,
    make_instance,
    make_network,
    naive_loss,
    neuron_instance,
    parameter_space,
    random_parameters,
    space_size,
)
from tests.qnnhard.methods.treewidth.low_treewidth import low_treewidth


def solve(instance: TrainingInstance, **options: object) -> Verdict:
    answer = TreewidthMethod(**options).solve(instance, Deadline())  # type: ignore[arg-type]
    if answer.verdict is Verdict.YES:
        assert answer.parameters is not None
        assert evaluate(instance, answer.parameters).accepted
    return answer.verdict


def chain(length: int, seed: int, d: int = 2) -> TrainingInstance:
    """A path of hidden neurons with an output at every fifth, and a teacher's targets."""
    hidden = np.arange(2, 2 + length)
    seen = hidden[4::5]
    size = 2 + length + len(seen)
    edges = (
        np.concatenate([[0, 1], hidden[:-1], seen]),
        np.concatenate([[2, 2], hidden[1:], np.arange(2 + length, size)]),
    )
    levels = range(2)
    data = [list(x) for x in product(levels, repeat=2)]
    outputs = np.arange(2 + length, size)

    def made(targets: object) -> TrainingInstance:
        return quantized(
            d,
            name_blocks(("n", size)),
            [0, 1],
            outputs,
            edges,
            (data, targets),  # type: ignore[arg-type]
        )

    frame = made([[0] * len(seen)] * len(data))
    for attempt in range(50):
        parameters = random_parameters(random.Random(f"{seed} {attempt}"), frame)
        weights, biases = parameters.weights.copy(), parameters.biases.copy()
        weights[:], biases[:] = np.maximum(weights, 1), np.minimum(biases, 0)
        parameters = type(parameters)(weights, biases)
        targets = compute(frame.network, parameters, frame.inputs, frame.network.outputs)
        if len(np.unique(targets, axis=0)) > 1:
            break
    return made(targets)


def test_no_data_no_outputs_negative_bound() -> None:
    network = make_network(3, [0], [2], [(0, 1), (1, 2)])
    assert solve(make_instance(network, [])) is Verdict.YES
    assert solve(make_instance(network, [], bound=-1)) is Verdict.NO
    silent = make_network(3, [0], [], [(0, 1), (1, 2)])
    assert solve(make_instance(silent, [([1], []), ([0], [])])) is Verdict.YES


def test_contradicting_labels() -> None:
    data = [([1], [1]), ([1], [0]), ([1], [1])]
    answer = TreewidthMethod().solve(neuron_instance(1, data), Deadline())
    assert (answer.verdict, answer.how) == (Verdict.NO, How.ENUMERATED)
    assert answer.sizes["runs"] == 0
    assert solve(neuron_instance(1, data, bound=1)) is Verdict.YES


def test_biases_far_from_zero_keep_clamps_apart() -> None:
    """Two tables of one sum, each clamped, must still add up beyond a large bias."""
    network = make_network(
        5, [0, 1], [4], [(0, 2), (1, 3), (2, 4), (3, 4)], Activation("relu_clipped", 4)
    )
    seen = set()
    for weights, bias, target in product(((1, 2), (-2, -1), (-1, 2)), (-10, -3, 3, 10), (0, 1, 4)):
        instance = make_instance(
            network,
            [([1, 2], [target])],
            weights={(0, 2): (1, 2), (1, 3): (1, 2), (2, 4): weights, (3, 4): weights},
            biases={2: (0,), 3: (0,), 4: (bias,)},
        )
        verdict = solve(instance)
        assert (verdict is Verdict.YES) == bool(brute_force(instance)), (weights, bias, target)
        seen.add(verdict)
    assert seen == {Verdict.YES, Verdict.NO}


def test_numbers_out_of_reach_are_refused() -> None:
    wide = neuron_instance(1, [([1], [1])], weights=(0, 1, 1 << 41))
    with pytest.raises(Unsupported, match="integer below"):
        solve(wide)
    far = neuron_instance(1, [([1 << 50], [1])])
    with pytest.raises(Unsupported, match="input value"):
        solve(far)


@pytest.mark.parametrize("target", [1 << 62, Fraction(1, 2)])
def test_targets_that_are_not_kept_in_64_bits_are_refused(target: Number) -> None:
    instance = neuron_instance(1, [([1], [target]), ([0], [0])], bound=1)
    with pytest.raises(Unsupported, match="a target is not an integer below"):
        solve(instance)
    assert "a target is not" in estimate(instance).obstacle


def test_a_square_reaches_a_target_beyond_64_bits() -> None:
    """Nothing that goes in is out of range: only the square, which must not be guessed."""
    instance = neuron_instance(
        1, [([1], [1 << 66])], Activation("square"), weights=(0, 1 << 33), biases=(0,)
    )
    with pytest.raises(Unsupported, match="a target is not an integer below"):
        solve(instance)
    with pytest.raises(Unsupported, match="a target is not an integer below"):
        TreewidthMethod().minimize(instance, Deadline())
    answer = Request("auto").method().solve(instance, Deadline())
    assert answer.verdict is Verdict.YES


@pytest.mark.parametrize("weights", [(0, Fraction(1, 2)), (0, (1 << 64) + 1)])
def test_minimize_refuses_numbers_whatever_the_bound(weights: tuple[Number, ...]) -> None:
    instance = neuron_instance(
        1, [([2], [2 * weights[1]])], Activation("identity"), weights=weights, bound=-1
    )
    assert solve(instance) is Verdict.NO
    with pytest.raises(Unsupported, match="integer below"):
        TreewidthMethod().minimize(instance, Deadline())


def test_sums_of_too_many_terms_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(possible_behaviours, "LARGEST", 1 << 60)
    assert solve(neuron_instance(3, [([1, 1, 1], [1])])) is Verdict.YES
    with pytest.raises(Unsupported, match="sums of too many terms"):
        solve(neuron_instance(4, [([1, 1, 1, 1], [1])]))


def test_wide_networks_are_refused_at_once() -> None:
    inputs = [list(x) for x in product((0, 1), repeat=3)]
    instance = layered([3, 40, 40, 40, 1], 2, (inputs, [[x[0] & x[1]] for x in inputs]))
    answer = TreewidthMethod().solve(instance, Deadline())
    assert answer.verdict is Verdict.UNKNOWN
    assert "rows, above 2^32" in answer.detail or "width above" in answer.detail
    assert not estimate(instance).feasible


def test_memory_budget_ends_in_unknown() -> None:
    instance = chain(200, 3, d=4)
    answer = TreewidthMethod(memory=4000).solve(instance, Deadline())
    assert answer.verdict is Verdict.UNKNOWN
    assert "memory budget" in answer.detail
    chosen = Request("treewidth", memory=4000).method()
    assert chosen == TreewidthMethod(4000)


def test_long_chain() -> None:
    instance = chain(3000, 1)
    answer = TreewidthMethod().solve(instance, Deadline())
    assert answer.verdict is Verdict.YES
    assert "width 1" in answer.detail
    assert " 99." in answer.detail


def test_estimate_is_not_below_the_tables() -> None:
    tested = 0
    for seed in range(150):
        instance = low_treewidth(random.Random(seed))
        found = estimate(instance)
        answer = TreewidthMethod(estimated=found).solve(instance, Deadline())
        if instance.bound == 0 and found.bits is not None:
            assert answer.sizes["rows"] <= 2**found.bits + 1e-6
            tested += 1
    assert tested > 30


def test_order_from_a_decomposition() -> None:
    for seed in range(60):
        instance = low_treewidth(random.Random(seed))
        effective = effective_graph(instance.network)
        vertices = minimum_degree(effective.graph.neighbors())[0]
        decomposition = decomposition_of(effective.graph, vertices)
        order = effective.neurons[elimination_order(decomposition)].tolist()
        assert sorted(order) == effective.neurons.tolist()
        assert solve(instance, order=order) is solve(instance)


def test_incomplete_order_is_an_error() -> None:
    instance = chain(10, 1)
    with pytest.raises(InputError, match="is missing"):
        solve(instance, order=[3])


def test_minimum_degree_on_known_graphs() -> None:
    path = [(v, v + 1) for v in range(9)]
    assert minimum_degree(neighbor_sets(10, path))[1] == 1
    cycle = [*path, (0, 9)]
    order, width = minimum_degree(neighbor_sets(10, cycle))
    assert width == width_of(neighbor_sets(10, cycle), order) == 2
    assert sorted(order) == list(range(10))
    complete = [(u, v) for v in range(6) for u in range(v)]
    assert minimum_degree(neighbor_sets(6, complete))[1] == 5


def test_minimize_is_the_least_loss() -> None:
    tested = 0
    for seed in range(1000):
        instance = low_treewidth(random.Random(seed))
        if space_size(instance) > 64 or instance.points < 2:
            continue
        found = TreewidthMethod().minimize(instance, Deadline())
        assert found.loss == min(naive_loss(instance, p) for p in parameter_space(instance))
        assert found.how is How.ENUMERATED
        assert found.parameters is not None
        assert evaluate(instance, found.parameters).loss == found.loss
        tested += 1
    assert tested > 20


def test_the_deadline_holds_where_a_domain_is_large() -> None:
    instance = layered([1, 1, 1], 1 << 16, ([[1]], [[1]]))
    begin = time.monotonic()
    answer = TreewidthMethod().solve(instance, Deadline(0.1))
    assert (answer.verdict, answer.detail) == (Verdict.UNKNOWN, "time limit of 0.1 s")
    assert time.monotonic() - begin < 5


def test_wrong_parameters_are_a_defect_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = chain(30, 1)
    found = TreewidthMethod().search(instance, Deadline(), {})
    wrong = replace(found, parameters=Parameters(*lowest(instance)))
    assert not evaluate(instance, wrong.parameters).accepted
    monkeypatch.setattr(TreewidthMethod, "search", lambda *_: wrong)
    with pytest.raises(QnnhardError, match="this is a defect"):
        TreewidthMethod().solve(instance, Deadline())
