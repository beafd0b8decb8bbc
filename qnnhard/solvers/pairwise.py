"""The 2-SAT algorithm for in-degree two as a backend."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.pairwise import decide, observe
from qnnhard.algorithms.pairwise_refutation import Refutation, check_refutation
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
        trivial = negative_bound(instance)
        if trivial is not None:
            return trivial
        try:
            found = decide(instance, deadline)
            if isinstance(found, Refutation):
                check_refutation(instance, found, deadline)
                return Answer(Verdict.NO, How.PROOF_CHECKED, detail=found.describe(instance))
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        parameters = accepted(instance, found, "the pairwise backend")
        return Answer(Verdict.YES, How.EVALUATED, parameters)
