"""Sparsified parameters: values unchanged, bounds kept, minima against brute force."""

import random
import sys
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import InvalidWitness, QnnhardError
from instances.training.activations import Activation
from instances.training.evaluate import compute, evaluate
from instances.training.instance import TrainingInstance, layered, z
from instances.training.parameters import Parameters
from qnnhard.sparsify.minimum import enumerated_minimum, programmed_minimum
from qnnhard.sparsify.problem import keep_problem
from qnnhard.sparsify.sparsify import sparsify
from qnnhard.sparsify.zero_sums import steinitz_kept
from tests.helpers import (
    ACTIVATIONS,
    act,
    make_parameters,
    naive_values,
    neuron_instance,
    random_instance,
    random_parameters,
)

KINDS = (*ACTIVATIONS, Activation("relu_clipped", 0), Activation("relu_clipped", 5))


def fewest(rows, removable, bias, activation):
    """The least number of edges kept, over all subsets."""
    points = range(len(rows[0])) if rows else range(0)

    def values(chosen):
        totals = [
            sum((row[j] for row, keep in zip(rows, chosen, strict=True) if keep), 0) for j in points
        ]
        return [act(activation, total - bias) for total in totals]

    wanted = values([True] * len(rows))
    choices = product(*[(False, True) if able else (True,) for able in removable])
    return min(sum(chosen) for chosen in choices if values(chosen) == wanted)


def random_neuron(r, most):
    """Contributions of a neuron's edges, which may be removed, its bias and activation."""
    p, n, d = r.randint(1, 6), r.randint(0, most), r.randint(2, 5)
    levels = z(d)
    weights = [w for w in levels if w] if r.random() < 0.8 else [Fraction(1, 2), -2, Fraction(3, 4)]
    values = [v for v in levels if v >= 0] if r.random() < 0.5 else levels
    sparse = r.choice((0.0, 0.5))
    rows = []
    for _ in range(n):
        w = r.choice(weights)
        rows.append([w * (0 if r.random() < sparse else r.choice(values)) for _ in range(p)])
    removable = [r.random() < 0.85 for _ in range(n)]
    bias = r.choice((*levels, Fraction(1, 3)))
    return rows, removable, bias, r.choice(KINDS)


def check_neurons(seeds, most):
    programmed = 0
    for seed in seeds:
        r = random.Random(seed)
        neuron = random_neuron(r, most)
        edges = keep_problem(*neuron)
        problem = edges.problem
        least = fewest(*neuron) - edges.required
        kept = enumerated_minimum(problem)
        if kept is not None:
            assert problem.allows(kept)
            assert sum(kept) == least
        if problem.classes:
            found, known = programmed_minimum(problem, Deadline())
            assert known
            assert problem.allows(found)
            assert sum(found) == least
            programmed += 1
        few = steinitz_kept(problem)
        assert problem.allows(few)
        assert least <= sum(few) <= problem.bound
    assert programmed > len(seeds) // 2


def test_minima_equal_brute_force():
    check_neurons(range(250), 7)


@pytest.mark.long
def test_minima_equal_brute_force_up_to_ten_edges():
    check_neurons(range(1000, 2200), 10)


def least_by_sums(problem):
    """The least number kept, by the fewest edges of every reachable sum."""
    fewest_of = {(0,) * len(problem.low): 0}
    for row, count in zip(problem.classes, problem.counts, strict=True):
        for _ in range(count):
            for at, size in list(fewest_of.items()):
                to = tuple(a + b for a, b in zip(at, row, strict=True))
                fewest_of[to] = min(size + 1, fewest_of.get(to, size + 1))
    return min(
        size
        for at, size in fewest_of.items()
        if all(
            low <= x <= high or x == other
            for x, low, high, other in zip(
                at, problem.low, problem.high, problem.other, strict=True
            )
        )
    )


def test_minima_of_many_edges_equal_dynamic_programming():
    tried = 0
    for seed in range(60):
        r = random.Random(seed)
        p, n = r.randint(1, 2), r.randint(20, 50)
        rows = [[r.choice((-1, 0, 1, 2)) for _ in range(p)] for _ in range(n)]
        activation = r.choice(KINDS)
        problem = keep_problem(rows, [True] * n, r.randint(-2, 2), activation).problem
        least = least_by_sums(problem)
        if not problem.classes:
            continue
        tried += enumerated_minimum(problem) is None
        for kept in (enumerated_minimum(problem), programmed_minimum(problem, Deadline())[0]):
            if kept is not None:
                assert problem.allows(kept)
                assert sum(kept) == least, (seed, str(activation))
    assert tried > 5


def test_random_networks_keep_every_value():
    dropped = 0
    for seed in range(250):
        r = random.Random(seed)
        instance = random_instance(r, fan_in=r.randint(1, 6), hidden=6)
        parameters = random_parameters(r, instance)
        least = sparsify(instance, parameters)
        few = sparsify(instance, parameters, "steinitz")
        for row in instance.inputs.tolist():
            wanted = naive_values(instance, parameters, row)
            assert naive_values(instance, least.parameters, row) == wanted
            assert naive_values(instance, few.parameters, row) == wanted
        for one, other in zip(least.neurons, few.neurons, strict=True):
            assert one.neuron == other.neuron
            assert one.after <= other.after <= other.bound == one.bound
            dropped += one.before - one.after
        for result in (least, few):
            check_counts(instance, parameters, result)
    assert dropped > 300


def check_counts(instance, before, result):
    """What is said of every neuron is so, and only weights went to 0."""
    changed = result.parameters.weights != before.weights
    assert not result.parameters.weights[changed.astype(bool)].any()
    assert (result.parameters.biases == before.biases).all()
    targets = instance.network.targets
    for neuron in result.neurons:
        own = targets == neuron.neuron
        assert neuron.before == np.count_nonzero(before.weights[own])
        assert neuron.after == np.count_nonzero(result.parameters.weights[own])
        assert neuron.after <= neuron.before


def taught(r, widths, d, points) -> tuple[TrainingInstance, Parameters]:
    """A layered instance labelled by random parameters, which so are a solution."""
    levels = np.array(z(d))
    x = r.choice(levels, (points, widths[0]))
    blank = layered(widths, d, (x, np.zeros((points, widths[-1]), dtype=int)))
    network = blank.network
    biases = np.where(network.is_input, 0, r.choice(levels, network.size))
    teacher = Parameters(r.choice(levels, network.edges), biases)
    y = compute(network, teacher, x, network.outputs)
    return layered(widths, d, (x, y)), teacher


def layers(instance, parameters, widths):
    """The values of every layer by matrix products."""
    value, begin, neuron = instance.inputs, 0, widths[0]
    found = []
    for below, here in pairwise(widths):
        weights = parameters.weights[begin : begin + below * here].reshape(here, below)
        value = value @ weights.T - parameters.biases[neuron : neuron + here]
        value = np.clip(value, 0, instance.d // 2)
        found.append(value.tolist())
        begin, neuron = begin + below * here, neuron + here
    return found


def check_solution(seed, widths, d, points):
    instance, teacher = taught(np.random.default_rng(seed), widths, d, points)
    wanted = layers(instance, teacher, widths)
    least = sparsify(instance, teacher)
    few = sparsify(instance, teacher, "steinitz")
    for result in (least, few):
        assert evaluate(instance, result.parameters).accepted
        assert layers(instance, result.parameters, widths) == wanted
        check_counts(instance, teacher, result)
    for one, other in zip(least.neurons, few.neurons, strict=True):
        assert one.after <= other.after <= other.bound
        assert one.found in ("enumerated", "solver")
        assert d > 2 or other.after <= 2 * points
    return max(neuron.before for neuron in least.neurons)


def test_solutions_made_by_a_teacher():
    for seed in range(40):
        r = random.Random(seed)
        widths = [r.randint(1, 60), r.randint(1, 8), r.randint(1, 3)]
        check_solution(seed, widths, r.randint(2, 5), r.randint(1, 6))
    assert check_solution(99, [10_000, 1], 2, 6) > 4000
    assert check_solution(98, [10_000, 1], 3, 6) > 6000


@pytest.mark.long
def test_five_hundred_solutions_made_by_a_teacher():
    for seed in range(480):
        r = random.Random(1000 + seed)
        widths = [r.randint(1, 120), *[r.randint(1, 20) for _ in range(r.randint(0, 2))], 2]
        check_solution(seed, widths, r.randint(2, 5), r.randint(1, 6))
    for seed in range(20):
        r = random.Random(2000 + seed)
        assert check_solution(seed, [10_000, 1], r.randint(2, 5), r.randint(1, 6)) > 4000


@pytest.mark.parametrize("d", [2, 3, 4, 5])
def test_weights_that_cannot_be_zero_stay(d):
    """Contributions cancel or saturate, but 0 is in no domain but that of the first edge."""
    n = 6
    instance = neuron_instance(
        n,
        [((1,) * n, (1,))],
        Activation("relu_clipped", 1),
        weights={(u, n): (0, 1) if u == 0 else (1, 2) for u in range(n)},
    )
    parameters = make_parameters(instance, {(u, n): 1 for u in range(n)})
    for method in ("minimum", "steinitz"):
        result = sparsify(instance, parameters, method)
        assert result.parameters.weights.tolist() == [0, 1, 1, 1, 1, 1]
        assert result.neurons[0].bound == 5


def test_a_square_may_change_the_sign_below_it():
    instance = neuron_instance(4, [((3, 3, 3, -3), (0,))], Activation("square"), weights=(0, 1))
    parameters = make_parameters(instance, {(u, 4): 1 for u in range(3)})
    assert sparsify(instance, parameters).neurons[0].after == 3
    minus = neuron_instance(3, [((1, 1, -3), (0,))], Activation("square"), weights=(0, 1, 5))
    five = make_parameters(minus, {(0, 3): 5, (1, 3): 1, (2, 3): 1})
    assert sparsify(minus, five).parameters.weights.tolist() == [0, 0, 1]
    assert sparsify(minus, five, "steinitz").neurons[0].after == 3


def test_without_data_nothing_is_needed():
    instance = neuron_instance(3, [])
    parameters = make_parameters(instance, {(u, 3): 1 for u in range(3)})
    for method in ("minimum", "steinitz"):
        result = sparsify(instance, parameters, method)
        assert not result.parameters.weights.any()
        assert (result.neurons[0].after, result.neurons[0].bound) == (0, 0)


def test_numbers_of_any_size():
    huge = 10**40
    instance = neuron_instance(
        3, [((huge, -huge, 1), (0,))], Activation("identity"), weights=(0, Fraction(1, 3))
    )
    parameters = make_parameters(instance, {(u, 3): Fraction(1, 3) for u in range(3)})
    for method in ("minimum", "steinitz"):
        kept = sparsify(instance, parameters, method).parameters.weights.tolist()
        assert kept == [0, 0, Fraction(1, 3)]


def test_numbers_too_large_for_the_integer_program_are_left_to_the_lemma():
    n, huge = 40, 10**12
    values = [(-1) ** u * (huge + u) for u in range(n)]
    instance = neuron_instance(n, [(values, (0,))], Activation("identity"))
    parameters = make_parameters(instance, {(u, n): 1 for u in range(n)})
    result = sparsify(instance, parameters)
    assert result.neurons[0].found == "bounded"
    kept = result.parameters.weights.tolist()
    assert sum(w * v for w, v in zip(kept, values, strict=True)) == sum(values)


def test_out_of_time_the_lemma_takes_over():
    r = random.Random(3)
    n = 40
    data = [([r.randint(-9, 9) for _ in range(n)], (0,)) for _ in range(3)]
    instance = neuron_instance(n, data, Activation("identity"))
    parameters = make_parameters(instance, {(u, n): 1 for u in range(n)})
    result = sparsify(instance, parameters, deadline=Deadline(0))
    assert result.neurons[0].found == "bounded"
    assert result.neurons[0].after <= result.neurons[0].bound


def test_parameters_outside_their_domain_are_refused():
    instance = neuron_instance(1, [((1,), (1,))])
    with pytest.raises(InvalidWitness):
        sparsify(instance, make_parameters(instance, {(0, 1): 7}))


def test_with_many_data_points_the_lemma_bounds_nothing():
    """Only weights that contribute nothing go: the bound is beyond every in-degree."""
    r = random.Random(5)
    data = [([0, *(r.randint(1, 9) for _ in range(6))], (0,)) for _ in range(30)]
    instance = neuron_instance(7, data, Activation("identity"))
    parameters = make_parameters(instance, {(u, 7): 1 for u in range(7)})
    result = sparsify(instance, parameters, "steinitz")
    assert result.parameters.weights.tolist() == [0, 1, 1, 1, 1, 1, 1]
    assert result.neurons[0].bound > 10**30
    assert sparsify(instance, parameters).neurons[0].after == 6


@pytest.mark.parametrize(
    ("kept", "words"),
    [(lambda counts: [0] * len(counts), "changed a neuron's value"), (list, "missed its bound")],
)
def test_a_changed_value_or_a_missed_bound_is_a_defect(monkeypatch, kept, words):
    """One output over ten inputs that are 1: any edge is enough for it, none is not."""
    instance = layered([10, 1], 2, ([[1] * 10], [[1]]))
    ones = Parameters(np.ones(10, dtype=np.int64), np.zeros(11, dtype=np.int64))
    assert sparsify(instance, ones).neurons[0].after == 1
    module = sys.modules[sparsify.__module__]
    monkeypatch.setattr(module, "_solve", lambda problem, *_: (kept(problem.counts), "bounded"))
    with pytest.raises(QnnhardError, match=words):
        sparsify(instance, ones)
