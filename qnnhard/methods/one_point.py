"""Reachability for one distinct input."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.algorithms.one_point import check_refutation, decide, require
from qnnhard.certificates.certificate import Certificate
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes


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
        found = decide(instance, deadline)
        if isinstance(found, Parameters):
            return Found(found)
        check_refutation(instance, found, deadline)
        return Found(None, Certificate(instance, "plain code"), found.describe(instance))
