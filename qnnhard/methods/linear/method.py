"""What the linear-time algorithms over {0, 1} have in common: conditions, and refutations."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.text.numbers import show_number
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.certificates.certificate import Certificate
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes

BINARY = (Activation("relu_clipped", 1), Activation("step"))
"""The activations of integers that give 1 for all that is at least 1, and 0 otherwise."""


class Refutation(Protocol):
    """Why an instance has no solution."""

    def describe(self, instance: TrainingInstance) -> str:
        """Return one line about it."""
        ...

    def check(self, instance: TrainingInstance, deadline: Deadline) -> None:
        """Raise `QnnhardError` unless it proves that `instance` has no zero-error solution."""
        ...


@dataclass(frozen=True)
class LinearMethod(Method):
    """A method that solves or refutes in linear time. A NO is checked."""

    @abstractmethod
    def require(self, instance: TrainingInstance, deadline: Deadline) -> object:
        """Raise `Unsupported` with the first condition that fails."""

    @abstractmethod
    def decide(self, instance: TrainingInstance, deadline: Deadline) -> Parameters | Refutation:
        """Return a solution, or a refutation where there is none; raise as `search`."""

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return that it takes linear time, where it applies."""
        self.require(instance, deadline)
        return Prediction("linear time")

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:  # noqa: ARG002
        """Return a solution, or a refutation that was checked."""
        found = self.decide(instance, deadline)
        if isinstance(found, Parameters):
            return Found(found)
        found.check(instance, deadline)
        return Found(None, Certificate(instance, "plain code"), found.describe(instance))

    def require_zero_error(self, instance: TrainingInstance) -> None:
        """Raise `Unsupported` unless the bound admits no mismatch."""
        if instance.bound >= 1:
            bound = show_number(instance.bound)
            raise Unsupported(f"{self.name}: the bound is {bound}, but must be below 1")

    def require_bits(self, instance: TrainingInstance) -> None:
        """Raise `Unsupported` unless all data are 0 or 1."""
        for name, array in (("input", instance.inputs), ("target", instance.targets)):
            if ((array != 0) & (array != 1)).any():
                raise Unsupported(f"{self.name}: some {name} is neither 0 nor 1")


def other_activation(who: str, neuron: str, activation: Activation) -> Unsupported:
    """Return the refusal of an activation that is not one of `BINARY`."""
    return Unsupported(
        f"{who}: {neuron} has the activation {activation}, not relu_clipped(1) or step"
    )
