"""`hitting-set` against brute force, all solutions of small systems."""

import numpy as np
import pytest

from instances.errors import InputError, InvalidWitness, Unsupported
from instances.sources.set_system import SetSystem
from instances.training.measures import measure
from instances.training.parameters import Parameters
from reductions.to_training.hitting_set import HittingSetReduction
from tests.reductions.comparison import compare
from tests.reductions.sources import random_sources, set_systems

REDUCTION = HittingSetReduction


@pytest.mark.parametrize("universe", range(4))
@pytest.mark.parametrize("sets", range(3))
def test_exhaustive(universe, sets):
    for source in set_systems(universe, sets, (0, 1, 2, 3)):
        compare(REDUCTION, source)


def test_exhaustive_three_sets():
    for universe in range(4):
        for source in set_systems(universe, 3, (0, 1, 2)):
            compare(REDUCTION, source, every=False)


def test_random():
    for source in random_sources("hitting-set", 200, seed=1):
        if source.budget * len(source.sets) <= 15:
            compare(REDUCTION, source, every=False, limit=10)


@pytest.mark.long
def test_random_long():
    for source in random_sources("hitting-set", 5000, seed=2):
        compare(REDUCTION, source, every=False, limit=50)


def test_names_and_data():
    # Elements 0 and 1 are in the same sets; 3 is in none.
    instance = REDUCTION.build(SetSystem.of(4, [(0, 1), (0, 1, 2)], budget=1)).target
    assert instance.network.names.all() == ["i1", "z", "o1", "o2"]
    assert instance.inputs.tolist() == [[1, 0]] * 3 + [[0, 1], [1, 0]]
    assert instance.targets.tolist() == [[1, 1], [0, 1], [0, 0], [1, 1], [1, 1]]
    assert instance.bound == 2


def test_negative_bound_without_elements():
    instance = REDUCTION.build(SetSystem.of(0, [()], budget=2)).target
    assert instance.bound == -2
    assert instance.points == 2
    # Without elements there are no slot points, whatever the number of slots.
    assert measure(instance)["distinct_inputs"] == 2


def test_slots_may_repeat_an_element():
    source = SetSystem.of(2, [(0,)], budget=2)
    assert REDUCTION.build(source).pull(REDUCTION.build(source).push((0,))) == (0,)


@pytest.mark.parametrize("witness", [(2,), (1, 0), (0, 1)])
def test_push_refuses_wrong_shapes(witness):
    with pytest.raises(InvalidWitness):
        REDUCTION.build(SetSystem.of(2, [(0, 1)], budget=1)).push(witness)


def test_pull_refuses_what_cannot_be_read():
    source = SetSystem.of(2, [(0,), (1,)], budget=1)
    with pytest.raises(InvalidWitness, match="where budget 1 and 2 sets give 4 and 4"):
        REDUCTION.build(source).pull(Parameters(np.zeros(3, int), np.zeros(4, int)))
    with pytest.raises(InvalidWitness, match="slot i1 matches none"):
        REDUCTION.build(source).pull(Parameters(np.ones(4, int), np.zeros(4, int)))


def test_refused_sources():
    with pytest.raises(InputError, match="hitting-set needs a budget"):
        REDUCTION.build(SetSystem.of(1, [(0,)])).target
    with pytest.raises(Unsupported):
        REDUCTION.build(SetSystem.of(1, [(0,)], budget=10**9)).target
