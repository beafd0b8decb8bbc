"""Reachability for one distinct input."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.one_point import check_refutation, decide, require
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes
from qnnhard.methods.refuting import solve_or_refute


@dataclass(frozen=True)
class OnePointMethod(Method):
    """Linear time for one distinct input, at any depth. A NO is checked."""

    name: ClassVar[str] = "one-point"
    description: ClassVar[str] = "reachability for {0,1} parameters, one input and bound 0"

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:  # noqa: ARG002
        """Return that it takes linear time, where it applies."""
        require(instance)
        return Prediction("linear time")

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:  # noqa: ARG002
        """Find what every neuron can be."""
        return solve_or_refute(instance, deadline, decide, check_refutation)
