"""Dynamic programming over elimination orders."""

from collections.abc import Sequence
from dataclasses import dataclass

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes
from qnnhard.methods.treewidth.estimate import Estimate, estimate
from qnnhard.methods.treewidth.search import SelectionSearch
from qnnhard.methods.treewidth.solve import Solver, require_integers, require_loss
from qnnhard.methods.treewidth.store import DEFAULT_MEMORY


@dataclass(frozen=True)
class TreewidthMethod(Method):
    """Tables along an elimination order, for few distinct inputs and low treewidth.

    Parameters
    ----------
    memory : int
        Budget in bytes for the tables, beyond which it gives up.
    order : sequence of int or None
        See `Solver`.
    estimated : Estimate or None
        See `SelectionSearch`.
    """

    name = "treewidth"
    description = "dynamic programming for few distinct inputs and low treewidth"

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
        require_loss(instance)
        if instance.bound >= 0:
            require_integers(instance)
        solver = Solver(instance, deadline, self.memory, self.order)
        return SelectionSearch(solver, sizes, self.estimated).run(instance.bound, enough=True)

    def least(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Find the fewest mismatches, or the best parameters by the deadline."""
        if instance.loss != "mismatch":
            raise Unsupported(f"treewidth: cannot minimize {instance.loss}; use --backend sat")
        require_integers(instance)
        search = SelectionSearch(Solver(instance, deadline, self.memory, self.order), sizes)
        try:
            return search.run(instance.points, enough=False)
        except LimitReached:
            return search.found(search.best, deadline.limit)
