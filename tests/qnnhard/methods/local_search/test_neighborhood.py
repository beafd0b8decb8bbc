"""Local search: its losses against full evaluation, and what it finds against enumeration."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance, layered, z
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.local_search.arrange import find_layout
from qnnhard.methods.local_search.layout import SearchLayout
from qnnhard.methods.local_search.neighborhood import Neighborhood
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.methods.local_search.targets import find_goals
from tests.helpers import (
    ACTIVATIONS,
    act,
    make_instance,
    make_network,
    naive_loss,
    naive_outputs,
    naive_values,
    neuron_instance,
    random_instance,
    random_parameters,
)
from tests.qnnhard.methods.instances import easy_no


def as_parameters(
    instance: TrainingInstance, layout: SearchLayout, values: list[int]
) -> Parameters:
    weights, biases = lowest(instance)
    for parameter, value in zip(layout.parameters, values, strict=True):
        if parameter.edge is None:
            biases[parameter.neuron] = value
        else:
            weights[parameter.edge] = value
    return Parameters(weights, biases)


def distance(activation: Activation, total: int, target: int) -> int | None:
    """From a sum to the nearest that gives a small target."""
    near = [t for t in (*range(-30, 31), int(total)) if act(activation, t) == target]
    return min((abs(t - total) for t in near), default=None)


def naive_losses(instance: TrainingInstance, parameters: Parameters) -> list[int | None]:
    """The loss of every distinct data point by its definition, None where no sum meets it."""
    network, found = instance.network, []
    pairs = zip(instance.inputs.tolist(), instance.targets.tolist(), strict=True)
    for x, y in dict.fromkeys((tuple(x), tuple(y)) for x, y in pairs):
        values = naive_values(instance, parameters, x)
        parts = []
        for v, target in zip(network.outputs.tolist(), y, strict=True):
            if instance.loss != "mismatch":
                parts.append(abs(values[v] - target) ** (1 + (instance.loss == "l2")))
                continue
            total = -parameters.biases[v]
            for e in np.flatnonzero(network.targets == v):
                total += parameters.weights[e] * values[int(network.sources[e])]
            parts.append(distance(network.activations[network.activation[v]], total, target))
        found.append(None if None in parts else sum(parts))
    return found


def compare(instance: TrainingInstance, r: random.Random, capped: bool, moves: int) -> Counter:
    """Every change at every point of a random walk, against full evaluation."""
    seen: Counter = Counter()
    view = canonical(instance).data
    layout = find_layout(instance, len(view.multiplicity))
    goals = find_goals(instance, layout, view)
    near = Neighborhood(layout, goals, capped)
    near.assign([r.choice(p.domain) for p in layout.parameters])
    number = [n for n, p in enumerate(layout.parameters) for _ in p.domain[1:]]

    def check(chosen: list[int], losses: np.ndarray) -> None:
        parameters = as_parameters(instance, layout, chosen)
        naive = naive_losses(instance, parameters)
        limit = 1 if capped else 1 << 62
        assert losses.tolist() == [min(naive[group], limit) for group in goals.groups.tolist()]
        counted = losses if goals.power else losses != 0
        total = goals.offset + int(goals.multiplicity @ counted)
        assert total == evaluate(instance, parameters).loss
        seen[losses.dtype.name] += 1

    for _ in range(moves):
        check(near.chosen, near.current)
        losses = near.losses()
        for change, place in enumerate(number):
            chosen = list(near.chosen)
            assert chosen[place] != near.alternatives[change]
            chosen[place] = int(near.alternatives[change])
            check(chosen, losses[change])
        if number:
            near.move(r.randrange(len(number)))
    seen["left out"] += goals.offset > 0
    seen["blocks"] = len(layout.blocks)
    seen["products"] += sum(map(bool, near._between))
    return seen


def compare_many(seeds: range, moves: int) -> Counter:
    seen: Counter = Counter()
    for seed in seeds:
        r = random.Random(seed)
        instance = random_instance(r, hidden=5)
        seen += compare(instance, r, instance.loss == "mismatch" and seed % 2 == 0, moves)
        seen[instance.loss] += 1
    return seen


def test_the_loss_of_every_change_is_that_of_full_evaluation():
    seen = compare_many(range(80), 2)
    assert min(seen[name] for name in ("mismatch", "l1", "l2", "left out", "products")) > 4


@pytest.mark.long
def test_the_loss_of_every_change_is_that_of_full_evaluation_at_length():
    compare_many(range(1000, 1500), 3)


def test_the_loss_of_every_change_in_types_of_all_sizes():
    seen: Counter = Counter()
    for seed in range(60):
        r = random.Random(seed)
        instance = random_instance(r)
        scale = (100, 10**4, 10**8)[seed % 3]
        domains = tuple(tuple(scale * value for value in domain) for domain in instance.domains)
        larger = replace(instance, domains=domains, d=None)
        try:
            seen += compare(larger, r, False, 1)
        except Unsupported:
            seen["refused"] += 1
    assert min(seen[name] for name in ("int16", "int32", "int64", "refused")) > 0, seen


@pytest.mark.parametrize(
    ("widths", "d"), [((4, 3, 1), 3), ((3, 3, 3, 2), 3), ((2, 3, 2, 2, 1), 4), ((5, 2), 5)]
)
def test_the_loss_of_every_change_in_layered_networks(widths, d):
    r = random.Random(d)
    levels = z(d)
    xs = [[r.choice(levels) for _ in range(widths[0])] for _ in range(3)]
    ys = [[r.choice(levels) for _ in range(widths[-1])] for _ in xs]
    for capped in (False, True):
        compare(layered(widths, d, (xs, ys)), r, capped, 2)


# --- what is found ----------------------------------------------------------------------------


def agree(seeds: range, steps: int) -> Counter:
    """Never a solution where enumeration says that there is none."""
    found: Counter = Counter()
    for seed in seeds:
        instance = random_instance(random.Random(seed))
        parameters = LocalSearch(instance, seed).run(Deadline(60), steps)
        exists = first_solution(instance, Deadline(60)) is not None
        if parameters is not None:
            assert exists, seed
            assert naive_loss(instance, parameters) <= instance.bound, seed
        found[exists, parameters is not None] += 1
    return found


def test_solutions_are_found_where_enumeration_finds_them_and_nowhere_else():
    found = agree(range(400), 60)
    assert found[True, True] > 150
    assert found[False, False] > 150
    assert found[True, False] < 4


@pytest.mark.long
def test_solutions_are_found_where_enumeration_finds_them_in_many_more_instances():
    found = agree(range(10**6, 10**6 + 5000), 200)
    assert found[True, False] < 10


def planted(r: random.Random, widths: tuple[int, ...], d: int, points: int) -> TrainingInstance:
    """Data that a random network of the same shape labelled."""
    levels = z(d)
    xs = [[r.choice(levels) for _ in range(widths[0])] for _ in range(points)]
    blank = layered(widths, d, (xs, [[0] * widths[-1]] * points))
    labels = naive_outputs(blank, random_parameters(r, blank))
    return layered(widths, d, (xs, [[int(value) for value in row] for row in labels]))


@pytest.mark.parametrize("d", [2, 3, 4, 5])
def test_planted_solutions_are_found(d):
    for seed in range(8):
        r = random.Random(seed)
        for widths in ((4, 3, 1), (3, 3, 2), (3, 2, 2, 1), (4, 2)):
            instance = planted(r, widths, d, 12)
            parameters = LocalSearch(instance, seed).run(Deadline(60), 20_000)
            assert parameters is not None, (seed, widths)
            assert evaluate(instance, parameters).loss == 0


@pytest.mark.parametrize("bound", [1, 2])
def test_planted_solutions_with_noise_are_found(bound):
    for seed in range(8):
        r = random.Random(seed)
        instance = planted(r, (4, 3, 1), 3, 16)
        targets = instance.targets.copy()
        targets[:bound] = 1 - (targets[:bound] > 0)
        noisy = replace(instance, targets=targets, bound=bound)
        parameters = LocalSearch(noisy, seed).run(Deadline(60), 20_000)
        assert parameters is not None, seed
        assert evaluate(noisy, parameters).accepted


def test_the_search_is_the_same_however_it_is_sliced():
    instance = easy_no()
    whole, sliced, other = (LocalSearch(instance, seed) for seed in (3, 3, 4))
    assert whole.run(Deadline(60), 1500) is None
    for steps in (1, 2, 500, 997):
        assert sliced.run(Deadline(60), steps) is None
    other.run(Deadline(60), 1500)
    for name in ("steps", "restarts", "best_mismatch", "best_parameters"):
        assert getattr(whole, name) == getattr(sliced, name)
    assert whole.restarts >= 2
    assert [s._near.chosen for s in (whole, sliced)] == [whole._near.chosen] * 2
    assert whole._weights.tolist() == sliced._weights.tolist()
    assert whole.run(Deadline(0)) is None
    assert whole.steps == 1500


def test_the_seed_matters():
    data = ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
    instance = layered([2, 3, 1], 5, data)
    found = {tuple(LocalSearch(instance, s).run(Deadline(60)).weights.tolist()) for s in range(9)}
    assert len(found) > 1


def test_the_least_loss_whatever_the_bound():
    for seed in range(100):
        instance = random_instance(random.Random(seed))
        search = LocalSearch(instance, seed, minimize=True)
        search.run(Deadline(60), 80)
        assert naive_loss(instance, search.best_parameters) == search.best_mismatch
        below = replace(instance, bound=search.best_mismatch - 1, d=None)
        assert first_solution(below, Deadline(60)) is None, seed


def test_weights_of_missed_points_grow_and_are_reset_before_they_leave_their_type():
    search = LocalSearch(easy_no(), 0)
    search._most = 4 * search._unit
    heaviest = []
    for _ in range(50):
        search.run(Deadline(60), 1)
        assert search._weights.sum() * search._goals.largest < search._most
        heaviest.append(int(search._weights.max()))
    assert heaviest[:3] == [1, 2, 3]
    assert set(heaviest[3:]) == {2, 3}


# --- corners and refusals ---------------------------------------------------------------------


def test_empty_parts():
    for instance in (
        neuron_instance(2, []),
        make_instance(make_network(0, [], [], []), [((), ())]),
        make_instance(make_network(2, [0], [], [(0, 1)]), [((1,), ())]),
        neuron_instance(1, [((1,), (7,))], bound=1),
    ):
        search = LocalSearch(instance)
        assert evaluate(instance, search.run(Deadline(60), 9)).accepted
        assert LocalSearch(replace(instance, bound=-1)).run(Deadline()) is None


def test_nothing_is_tried_where_nothing_can_help():
    unreachable = neuron_instance(1, [((1,), (7,)), ((0,), (0,))])
    frozen = neuron_instance(1, [((1,), (1,))], weights=(0,))
    for instance in (unreachable, frozen):
        search = LocalSearch(instance)
        assert search.run(Deadline()) is None
        assert (search.steps, search.best_mismatch) == (0, 1)
    assert LocalSearch(unreachable, minimize=True).run(Deadline()) is not None


def test_equal_points_count_with_their_multiplicity():
    data = [((1,), (0,))] * 5 + [((1,), (1,))] * 3
    for loss in ("mismatch", "l1", "l2"):
        search = LocalSearch(neuron_instance(1, data, loss=loss), minimize=True)
        search.run(Deadline(60), 20)
        assert search.best_mismatch == 3


def test_neurons_without_predecessors_and_neurons_that_nothing_needs():
    network = make_network(5, [0], [2, 4], [(0, 1), (2, 4), (0, 3)], Activation("identity"))
    data = [((1,), (2, -6)), ((0,), (2, -6))]
    instance = make_instance(network, data, (-3, 1, 5), (-2, 0, 4))
    assert evaluate(instance, LocalSearch(instance).run(Deadline(60), 100)).accepted
    assert find_layout(instance, 2).changes == 6


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_every_target_of_an_activation_is_met(activation):
    for target in {act(activation, t) for t in range(-4, 5)}:
        instance = neuron_instance(1, [((1,), (target,))], activation, weights=range(-4, 5))
        assert LocalSearch(instance, 1).run(Deadline(60), 30) is not None, target


def test_what_it_is_not_made_for_is_refused_in_one_line():
    data = ([[1] * 300] * 2, [[1] * 300] * 2)
    wide = layered([300, 300, 300], 2, data)
    deep = layered([1] * 1000, 2, ([[1]], [[1]]))
    for instance in (wide, deep):
        with pytest.raises(Unsupported, match=r"^local-search: one step would evaluate \d+ chan"):
            LocalSearch(instance)
    half = Fraction(1, 2)
    whole_numbers = "local-search: .* must be integers"
    for instance in (
        neuron_instance(1, [((1,), (1,))], weights=(0, half)),
        neuron_instance(1, [((half,), (1,))]),
        neuron_instance(1, [((1,), (half,))]),
        neuron_instance(1, [((2**70,), (1,))]),
    ):
        with pytest.raises(Unsupported, match=whole_numbers):
            LocalSearch(instance)


def test_numbers_that_may_leave_64_bits_are_refused():
    squares = make_network(4, [0], [3], [(0, 1), (1, 2), (2, 3)], Activation("square"))
    identity = Activation("identity")
    for instance in (
        make_instance(squares, [((2**9,), (1,))], (0, 2**9)),
        neuron_instance(1, [((2**40,), (1,))], identity, weights=(0, 2**30)),
        neuron_instance(1, [((0,), (1,))], identity, weights=(0, 2**65)),
        neuron_instance(1, [((2**20,), (2**40,))], identity, weights=(0, 2**30), loss="l2"),
    ):
        with pytest.raises(Unsupported, match="leave 64 bits"):
            LocalSearch(instance)
