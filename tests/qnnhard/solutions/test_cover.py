"""Covers against brute force: all solutions, or many that are solutions, and different."""

import random
from collections import Counter

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.training.evaluate import evaluate
from qnnhard.solutions import changes
from qnnhard.solutions.cover import cover
from tests.helpers import (
    brute_force,
    make_instance,
    make_network,
    naive_loss,
    neuron_instance,
    random_instance,
    solution,
    space_size,
)
from tests.qnnhard.encoding.formulas import random_fractional_instance


def compared(make, seeds, most):
    """Compare covers with brute force; return how many were complete, diverse and empty."""
    kinds = Counter()
    for seed in seeds:
        instance = make(random.Random(seed))
        if space_size(instance) > 3000:
            continue
        every = brute_force(instance)
        found = cover(instance, (), most, seed, Deadline(60))
        got = [solution(parameters) for parameters in found.solutions]
        assert len(set(got)) == len(got) <= most, seed
        assert set(got) <= every, seed
        assert found.complete == (len(every) <= most), seed
        if found.complete:
            assert set(got) == every, seed
        else:
            assert len(got) == most, seed
        for parameters in found.solutions:
            assert evaluate(instance, parameters).accepted
            assert naive_loss(instance, parameters) <= instance.bound
        kinds["empty" if not every else "complete" if found.complete else "diverse"] += 1
    return kinds


@pytest.mark.parametrize("make", [random_instance, random_fractional_instance])
@pytest.mark.parametrize("count", [100, pytest.param(600, marks=pytest.mark.long)])
def test_covers_are_complete_where_they_can_be_and_diverse_elsewhere(make, count):
    kinds = compared(make, range(count), 16)
    assert min(kinds[kind] for kind in ("empty", "complete", "diverse")) > count // 15


def test_known_solutions_are_part_of_it_and_the_seed_decides_the_rest():
    taken = 0
    for seed in range(150):
        instance = random_instance(random.Random(seed))
        if space_size(instance) > 2000 or len(every := brute_force(instance)) < 40:
            continue
        first, second, other = (
            cover(instance, (), 12, number, Deadline(60)).solutions for number in (1, 1, 2)
        )
        assert list(map(solution, first)) == list(map(solution, second))
        again = cover(instance, first[:3], 12, 2, Deadline(60)).solutions
        assert list(map(solution, again[:3])) == list(map(solution, first[:3]))
        assert {*map(solution, other)} <= every
        taken += 1
    assert taken > 5


def test_parameters_that_do_not_matter_take_every_value():
    """A neuron that leads nowhere, and a weight that is multiplied with 0."""
    network = make_network(4, [0, 1], [2], [(0, 2), (1, 2), (0, 3)])
    data = [((1, 0), (1,))]
    instance = make_instance(network, data, (0, 1, 2), (0, 1))
    found = cover(instance, (), 20, 1, Deadline(60))
    assert not found.complete
    assert str(found) == "20 diverse solutions"
    weights = np.array([parameters.weights.tolist() for parameters in found.solutions])
    assert set(weights[:, 1]) == set(weights[:, 2]) == {0, 1, 2}
    assert {parameters.biases[3] for parameters in found.solutions} == {0, 1}
    assert cover(instance, (), 1000, 1, Deadline(60)).complete


def test_a_deadline_leaves_what_was_known():
    instance = neuron_instance(3, [((1, 1, 1), (1,))])
    known = cover(instance, (), 2, 0, Deadline(60)).solutions
    found = cover(instance, known, 9, 0, Deadline(0))
    assert [solution(p) for p in found.solutions] == [solution(p) for p in known]
    assert not found.complete


def test_changes_are_the_accepted_neighbors(monkeypatch):
    for seed in range(120):
        r = random.Random(seed)
        instance = random_instance(r)
        if space_size(instance) > 2000 or not (every := sorted(brute_force(instance))):
            continue
        start = cover(instance, (), 1, seed, Deadline(60)).solutions[0]
        at_once = changes.Changes(instance, start, r, 10**6)
        one_by_one = changes.Changes.__new__(changes.Changes)
        one_by_one.instance, one_by_one.solution, one_by_one.random = instance, start, r
        one_by_one.evaluations = 10**6
        slow = set(one_by_one._one_by_one())
        assert set(at_once.accepted) <= slow, seed
        reached = {solution(changes.changed(start, [change])) for change in slow}
        assert reached <= set(every)
