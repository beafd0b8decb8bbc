"""Reachability for one distinct input as a backend."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.one_point import Refutation, check_refutation, decide, require
from qnnhard.solvers.answer import (
    Answer,
    Backend,
    How,
    Prediction,
    Verdict,
    accepted,
    negative_bound,
)


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
        trivial = negative_bound(instance)
        if trivial is not None:
            return trivial
        try:
            found = decide(instance, deadline)
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        if isinstance(found, Refutation):
            check_refutation(instance, found)
            return Answer(Verdict.NO, How.PROOF_CHECKED, detail=found.describe(instance))
        parameters = accepted(instance, found, "the one-point backend")
        return Answer(Verdict.YES, How.EVALUATED, parameters)
