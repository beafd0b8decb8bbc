"""Dynamic programming over elimination orders as a backend."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.conceivable import conceivable_loss
from qnnhard.algorithms.treewidth.estimate import Estimate, estimate
from qnnhard.algorithms.treewidth.search import Outcome, decide, least
from qnnhard.algorithms.treewidth.store import DEFAULT_MEMORY
from qnnhard.solvers.answer import Answer, Backend, How, Prediction, Verdict
from qnnhard.solvers.minimize.result import Minimum


@dataclass(frozen=True)
class TreewidthBackend(Backend):
    """Tables along an elimination order, for few distinct inputs and low treewidth.

    Parameters
    ----------
    memory : int
        Budget in bytes for the tables; beyond it the answer is UNKNOWN.
    order : sequence of int or None
        An elimination order of the neurons, from outside; by default minimum degree.
    estimated : Estimate or None
        Of the instance that is to be solved, if there is one: saves the work that it took.
    """

    name: ClassVar[str] = "treewidth"
    description: ClassVar[str] = "dynamic programming for few distinct inputs and low treewidth"

    memory: int = DEFAULT_MEMORY
    order: Sequence[int] | None = None
    estimated: Estimate | None = None

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return p, the width and the size of the tables for all inputs at error zero."""
        found = estimate(instance, deadline)
        if not found.feasible:
            raise Unsupported(found.obstacle)
        return Prediction(str(found))

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; UNKNOWN also where tables would be too large. See `Backend.solve`."""
        try:
            outcome = decide(instance, deadline, self.memory, self.order, self.estimated)
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        sizes, detail = _sizes(outcome), str(outcome.work)
        if outcome.parameters is not None:
            return Answer(Verdict.YES, How.EVALUATED, outcome.parameters, detail, sizes)
        if not outcome.complete:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=outcome.detail, sizes=sizes)
        return Answer(Verdict.NO, How.ENUMERATED, detail=detail, sizes=sizes)

    def minimize(self, instance: TrainingInstance, deadline: Deadline) -> Minimum:
        """Return parameters with the fewest mismatches, whatever the bound of `instance`."""
        lower = conceivable_loss(instance)
        try:
            outcome = least(instance, deadline, self.memory, self.order)
        except LimitReached:
            return Minimum(None, None, How.LIMIT, deadline.limit, lower=lower)
        best, sizes = (outcome.loss, outcome.parameters), _sizes(outcome)
        if not outcome.complete:
            return Minimum(*best, How.LIMIT, outcome.detail, sizes, lower)
        return Minimum(*best, How.ENUMERATED, str(outcome.work), sizes)


def _sizes(outcome: Outcome) -> dict[str, int]:
    return {"rows": outcome.work.rows, "runs": outcome.work.runs}
