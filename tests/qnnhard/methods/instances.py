"""Training instances of known difficulty."""

import random
from functools import cache
from typing import Any

import pytest

from instances.deadline import Deadline
from instances.problems.satisfiability import ThreeSat
from instances.training.instance import TrainingInstance, layered
from qnnhard.methods.answer import Answer
from qnnhard.methods.minimize import schedule
from qnnhard.methods.sat import SatMethod
from reductions.to_training.two_inputs import TwoInputs
from tests.helpers import DATA, random_cnf


@cache
def from_file(name: str) -> TrainingInstance:
    """The two-inputs instance of a file in instances/data."""
    return TwoInputs.build(ThreeSat().parse((DATA / name).read_text())).target


@cache
def hopeless() -> TrainingInstance:
    """The two-inputs instance of a random 3-CNF that takes hours."""
    return TwoInputs.build(ThreeSat().parse(random_cnf(random.Random(1), 700, 3000))).target


def easy_yes() -> TrainingInstance:
    return layered([2, 2, 1], 3, ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]))


def easy_no() -> TrainingInstance:
    """XOR does not fit one hidden neuron's worth of binary parameters."""
    return layered([2, 1, 1], 2, ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]))


STRATEGIES: dict[str, dict[str, Any]] = {
    "those that suit": {},
    "descent": {"follow_cores": lambda *_: None, "weigh_loss": lambda *_: None},
    "cores": {"count_loss": lambda *_: None, "CORES": None},
    "bisection": {
        "count_loss": lambda *_: None,
        "follow_cores": lambda *_: None,
        "weigh_loss": lambda *_: None,
    },
}
"""What stands in for steps of the schedule, so that one strategy alone is left."""


def minimize(
    instance: TrainingInstance,
    deadline: Deadline,
    proof: str | None = None,
    seed: int = 0,
    strategy: str = "those that suit",
) -> Answer:
    """The least loss by SAT, with a strategy of one's own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, stand_in in STRATEGIES[strategy].items():
            patch.setattr(schedule, name, stand_in)
        return SatMethod(proof, seed=seed).minimize(instance, deadline)
