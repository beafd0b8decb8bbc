"""Dynamic programming over elimination orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.treewidth.estimate import Estimate, estimate
from qnnhard.algorithms.treewidth.search import SearchOutcome, decide, least
from qnnhard.algorithms.treewidth.store import DEFAULT_MEMORY
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes
from qnnhard.verdict import How


@dataclass(frozen=True)
class TreewidthMethod(Method):
    """Tables along an elimination order, for few distinct inputs and low treewidth.

    Parameters
    ----------
    memory : int
        Budget in bytes for the tables, beyond which it gives up.
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

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Fill tables for every choice of data points that may be missed."""
        return _found(decide(instance, deadline, self.memory, self.order, self.estimated), sizes)

    def least(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Find the fewest mismatches."""
        return _found(least(instance, deadline, self.memory, self.order), sizes)


def _found(outcome: SearchOutcome, sizes: Sizes) -> Found:
    sizes.update(rows=outcome.work.rows, runs=outcome.work.runs)
    if outcome.complete:
        work = str(outcome.work)
        return Found(outcome.parameters, How.ENUMERATED, work, loss=outcome.loss)
    return Found(outcome.parameters, detail=outcome.detail, loss=outcome.loss)
