"""`exact-cover` against brute force, all solutions."""

import numpy as np
import pytest

from instances.errors import InvalidWitness, Unsupported
from instances.sources.set_system import SetSystem
from instances.training.parameters import Parameters
from reductions.to_training.exact_cover import ExactCoverReduction
from tests.reductions.brute_force import exact_cover_witnesses
from tests.reductions.comparison import compare
from tests.reductions.sources import random_sources, set_systems

REDUCTION = ExactCoverReduction


def compare_and_count(source):
    seen = compare(REDUCTION, source)
    if source.universe:
        assert seen == len(list(exact_cover_witnesses(source))), source


@pytest.mark.parametrize("universe", range(4))
@pytest.mark.parametrize("sets", range(4))
def test_exhaustive(universe, sets):
    for source in set_systems(universe, sets, (None,)):
        compare_and_count(source)


def test_random():
    for source in random_sources("exact-cover", 250, seed=1):
        compare_and_count(source)


@pytest.mark.long
def test_random_long():
    for source in random_sources("exact-cover", 20000, seed=2):
        compare_and_count(source)


def test_names_and_data():
    instance = REDUCTION.build(SetSystem.of(2, [(0, 1), (1,)])).target
    assert instance.network.names.all() == ["s1", "s2", "z", "o"]
    assert instance.inputs.tolist() == [[0, 0, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]
    assert instance.targets.ravel().tolist() == [0, 0, 1, 0, 1]
    assert dict(instance.origin) == {"reduction": "exact-cover", "theorem": "[LD] Theorem 1"}


def test_empty_universe_pulls_every_choice_of_empty_sets():
    assert compare(REDUCTION, SetSystem.of(0, [(), ()])) == 8 + 4


@pytest.mark.parametrize("witness", [(2,), (-1,), (1, 0), (0, 0), (True,)])
def test_push_refuses_wrong_shapes(witness):
    with pytest.raises(InvalidWitness):
        REDUCTION.build(SetSystem.of(1, [(0,), ()])).push(witness)


@pytest.mark.parametrize(("weights", "biases"), [(1, 4), (3, 3), (0, 0)])
def test_pull_refuses_wrong_lengths(weights, biases):
    parameters = Parameters(np.zeros(weights, int), np.zeros(biases, int))
    with pytest.raises(InvalidWitness, match="where 2 sets give 3 and 4"):
        REDUCTION.build(SetSystem.of(1, [(0,), ()])).pull(parameters)


def test_too_large():
    with pytest.raises(Unsupported, match="data_entries"):
        REDUCTION.build(SetSystem(10**9, ((0,),))).target
