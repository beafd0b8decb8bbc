"""Reachability for one distinct input as a backend."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.one_point import check_refutation, decide, require
from qnnhard.solvers.answer import Answer, Backend, Prediction
from qnnhard.solvers.refuting import solve_or_refute


@dataclass(frozen=True)
class OnePointBackend(Backend):
    """Linear time for one distinct input, at any depth."""

    name: ClassVar[str] = "one-point"
    description: ClassVar[str] = "reachability for {0,1} parameters, one input and bound 0"

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:  # noqa: ARG002
        """Return that it takes linear time, where it applies."""
        require(instance)
        return Prediction("linear time")

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; see `Backend.solve`. A NO is checked."""
        return solve_or_refute(instance, deadline, decide, check_refutation)
