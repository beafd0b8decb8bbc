"""Training instances of known difficulty."""

import random
from functools import cache

from instances.problems.satisfiability import ThreeSat
from instances.training.instance import TrainingInstance, layered
from reductions.to_training.two_inputs import TwoInputs
from tests.helpers import DATA, random_cnf


@cache
def from_file(name: str) -> TrainingInstance:
    """The two-inputs instance of a file in instances/data."""
    return TwoInputs().build(ThreeSat().parse((DATA / name).read_text())).target


@cache
def hopeless() -> TrainingInstance:
    """The two-inputs instance of a random 3-CNF that takes hours."""
    return TwoInputs().build(ThreeSat().parse(random_cnf(random.Random(1), 700, 3000))).target


def easy_yes() -> TrainingInstance:
    return layered([2, 2, 1], 3, ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]))


def easy_no() -> TrainingInstance:
    """XOR does not fit one hidden neuron's worth of binary parameters."""
    return layered([2, 1, 1], 2, ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]))
