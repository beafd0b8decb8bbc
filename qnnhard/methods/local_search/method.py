"""Local search: it finds solutions and never proves that there is none."""

from dataclasses import dataclass

from instances.deadline import Deadline
from instances.text.numbers import show_number
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Found
from qnnhard.methods.conceivable import conceivable_loss
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.methods.method import Method, Prediction, Sizes


@dataclass(frozen=True)
class LocalSearchMethod(Method):
    """Tabu search over single parameters, for YES only.

    Parameters
    ----------
    steps : int
        Steps after which it gives up.
    """

    name = "local-search"
    description = "tabu search over single parameters; finds YES, never proves NO"
    in_cross_checks = False

    seed: int = 0
    steps: int = 1_000_000

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:  # noqa: ARG002
        """Return what it may find; refusals come with preparing the search."""
        LocalSearch(instance, self.seed)
        return Prediction("a YES, perhaps soon; never a NO")

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:  # noqa: ARG002
        """Search until all data points are met."""
        search = LocalSearch(instance, self.seed)
        found = search.run(deadline, self.steps)
        work = self._work(search)
        if found is not None:
            return Found(found, detail=work)
        best = f"best loss {search.best_mismatch}"
        return Found(detail=f"{work}, {best}; local search cannot prove a NO")

    def least(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:  # noqa: ARG002
        """Search for an upper bound, which is the least loss where none can be smaller."""
        search = LocalSearch(instance, self.seed, minimize=True)
        search.run(deadline, self.steps)
        detail, lower = self._work(search), conceivable_loss(instance)
        if search.best_mismatch == lower:
            detail += f"; no loss is below {show_number(lower)}"
        return Found(search.best_parameters, detail=detail, loss=search.best_mismatch)

    def _work(self, search: LocalSearch) -> str:
        return f"seed {self.seed}, {search.steps:,} steps, {search.restarts:,} restarts"
