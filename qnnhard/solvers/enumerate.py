"""The enumeration oracle as a backend."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.enumeration import first_solution, search_bits
from qnnhard.solvers.answer import Answer, Backend, How, Prediction, Verdict


@dataclass(frozen=True)
class EnumerationBackend(Backend):
    """Exhaustive search over neuron behaviours, independent of the SAT encoding."""

    name: ClassVar[str] = "enumerate"
    description: ClassVar[str] = "exhaustive search over behaviours; tiny instances only"

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return the bound on the number of combinations that is compared with the limit."""
        return Prediction(f"at most 2^{search_bits(instance, deadline):.0f} behaviours")

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; see `Backend.solve`."""
        try:
            parameters = first_solution(instance, deadline)
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        if parameters is None:
            return Answer(Verdict.NO, How.ENUMERATED)
        return Answer(Verdict.YES, How.EVALUATED, parameters)
