"""Training over the reals as a problem: files, drawn instances, witnesses."""

from random import Random

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness, Unsupported
from instances.problems.continuous_training import ContinuousTraining
from instances.problems.registry import detect
from instances.training.parameters import Parameters

PROBLEM = ContinuousTraining()


def zeros(source) -> Parameters:
    network = source.network
    return Parameters(np.zeros(network.edges, dtype=int), np.zeros(network.size, dtype=int))


def test_files_are_read_back_and_recognised():
    for seed in range(40):
        source = PROBLEM.random(Random(seed))
        text = PROBLEM.write(source)
        assert PROBLEM.parse(text) == source
        assert detect(text, "-") == ("c-nnt",)
        assert "real parameters" in PROBLEM.form.describe(source)
        parameters = zeros(source)
        assert (
            PROBLEM.parse_witness(source, PROBLEM.write_witness(source, parameters)) == parameters
        )


def test_the_check_is_the_exact_evaluation():
    seen = set()
    for seed in range(60):
        source = PROBLEM.random(Random(seed))
        accepted = PROBLEM.evaluate(source, zeros(source)).accepted
        seen.add(accepted)
        if accepted:
            PROBLEM.check(source, zeros(source))
        else:
            with pytest.raises(InvalidWitness, match="above the bound"):
                PROBLEM.check(source, zeros(source))
    assert seen == {True, False}
    with pytest.raises(InvalidWitness, match="a witness is Parameters, not tuple"):
        PROBLEM.check(source, ())


def test_equal_arguments_give_equal_instances():
    values = {"inputs": "3", "hidden": "2", "points": "5", "planted": "yes"}
    made = PROBLEM.generate(values, 3)
    assert made == PROBLEM.generate(values, 3)
    assert made != PROBLEM.generate(values, 4)
    assert PROBLEM.form.sizes(made)["real"] == 3 * 2 + 2 + 3
    with pytest.raises(InputError, match="at most 1000 neurons a layer"):
        PROBLEM.generate({"hidden": "1001"}, 0)


def test_nobody_decides_it_here():
    with pytest.raises(Unsupported, match="no solver over the reals"):
        PROBLEM.solve(PROBLEM.random(Random(0)), Deadline())
