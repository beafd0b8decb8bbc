"""The 2-SAT algorithm for in-degree two."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.pairwise.decide import decide, observe
from qnnhard.algorithms.pairwise.refutation import check_refutation
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes
from qnnhard.methods.refuting import solve_or_refute


@dataclass(frozen=True)
class PairwiseMethod(Method):
    """Linear time where all that neurons can compute is closed under majority.

    A NO is checked step by step.
    """

    name: ClassVar[str] = "pairwise"
    description: ClassVar[str] = (
        "2-SAT for {0,1} parameters, one hidden layer, in-degree 2 and bound 0"
    )

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return that it takes linear time, where it applies."""
        observe(instance, deadline)
        return Prediction("linear time")

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:  # noqa: ARG002
        """Solve the 2-SAT formula of what neurons may compute."""
        return solve_or_refute(instance, deadline, decide, check_refutation)
