"""The 2-SAT algorithm for in-degree two as a backend."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.pairwise.decide import decide, observe
from qnnhard.algorithms.pairwise.refutation import check_refutation
from qnnhard.solvers.answer import Answer, Backend, Prediction
from qnnhard.solvers.refuting import solve_or_refute


@dataclass(frozen=True)
class PairwiseBackend(Backend):
    """Linear time where all that neurons can compute is closed under majority."""

    name: ClassVar[str] = "pairwise"
    description: ClassVar[str] = (
        "2-SAT for {0,1} parameters, one hidden layer, in-degree 2 and bound 0"
    )

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return that it takes linear time, where it applies."""
        observe(instance, deadline)
        return Prediction("linear time")

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; see `Backend.solve`. A NO is checked step by step."""
        return solve_or_refute(instance, deadline, decide, check_refutation)
