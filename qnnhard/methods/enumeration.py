"""The enumeration oracle."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.enumeration import first_solution, search_bits
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes
from qnnhard.verdict import How


@dataclass(frozen=True)
class EnumerationMethod(Method):
    """Exhaustive search over neuron behaviours, independent of the SAT encoding."""

    name: ClassVar[str] = "enumerate"
    description: ClassVar[str] = "exhaustive search over behaviours; tiny instances only"

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return the bound on the number of combinations that is compared with the limit."""
        return Prediction(f"at most 2^{search_bits(instance, deadline):.0f} behaviours")

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:  # noqa: ARG002
        """Try all combinations of behaviours."""
        parameters = first_solution(instance, deadline)
        return Found(parameters, None if parameters is not None else How.ENUMERATED)
