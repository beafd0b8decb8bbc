"""Outputs by array operations are encoded exactly as through the builder's trees."""

import random
from collections import Counter

import pytest

from instances.problems.registry import PROBLEMS
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from qnnhard.encoding.encode import encode
from qnnhard.encoding.neurons import ordered
from qnnhard.encoding.neurons.counting import counting_blocks
from reductions.registry import get_reduction
from tests.helpers import neuron_instance, random_instance
from tests.qnnhard.encoding.formulas import numbered_names
from tests.qnnhard.encoding.neurons.test_probing import random_neuron


def outcomes(instance: TrainingInstance, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Per output with known predecessors whether it is flat; both ways give one formula."""
    found = []

    def spy(goals, leaves):
        blocks = counting_blocks(goals, leaves)
        found.append(blocks is not None)
        return blocks

    monkeypatch.setattr(ordered, "counting_blocks", spy)
    by_arrays = encode(instance)
    monkeypatch.setattr(ordered, "counting_blocks", lambda goals, leaves: None)
    by_trees = encode(instance)
    assert b"".join(by_arrays.formula.dimacs()) == b"".join(by_trees.formula.dimacs())
    assert numbered_names(by_arrays) == numbered_names(by_trees)
    return found


@pytest.mark.parametrize("count", [240, pytest.param(600, marks=pytest.mark.long)])
def test_random_neurons_are_encoded_as_by_trees(monkeypatch, count):
    seen = Counter()
    for seed in range(count):
        seen.update(outcomes(random_neuron(random.Random(seed)), monkeypatch))
        seen.update(outcomes(random_instance(random.Random(seed)), monkeypatch))
    assert min(seen.values()) > count // 6


@pytest.mark.parametrize("size", [2, 3, 6])
def test_covers_are_encoded_as_by_trees(monkeypatch, size):
    for seed in range(4):
        settings = {"sets": "40", "universe": "16", "size": str(size)}
        source = PROBLEMS.get("exact-cover").generate(settings, seed)
        instance = get_reduction("exact-cover").build(source).target
        assert outcomes(instance, monkeypatch) == [True]


def test_sums_of_many_kinds_are_encoded_as_by_trees(monkeypatch):
    for seed in range(120):
        r = random.Random(seed)
        fan_in, gap = r.randint(1, 9), r.choice((1, 1, 2, 3))
        low = r.choice((-gap, 0, 1))
        rows = [[r.choice((0, 1, 1, -1)) for _ in range(fan_in)] for _ in range(5)]
        activation = r.choice((Activation("identity"), Activation("step"), Activation("relu")))
        data = [(row, [r.choice((0, 0, 1, 3, gap, 2 * gap))]) for row in rows]
        weights, biases = (low, low + gap), r.choice(((0,), (0, gap), (-gap, 0)))
        instance = neuron_instance(fan_in, data, activation, weights=weights, biases=biases)
        outcomes(instance, monkeypatch)


def test_what_is_not_flat_is_left_to_the_trees(monkeypatch):
    def flat(row, target, activation, weights=(0, 1)):
        data, kind = [(row, (target,))], Activation(activation)
        return outcomes(neuron_instance(len(row), data, kind, weights=weights), monkeypatch)

    assert flat((1, 1), 1, "step") == [True]
    assert flat((1, 2), 1, "step") == [False]
    assert flat((1, 1, 1), 1, "step", weights=(-1, 0, 1)) == [False]
    assert flat((1, 1), 1, "square") == [False]
    assert flat((1,) * 12, 6, "identity") == [False]
    assert flat((1, 1, 1), 3, "identity", weights=(0, 2)) == [False]
