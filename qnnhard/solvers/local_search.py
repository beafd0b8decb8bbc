"""Local search as a backend: it finds solutions and never proves that there is none."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import QnnhardError
from instances.text.numbers import show_number
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.conceivable import conceivable_loss
from qnnhard.algorithms.local_search import LocalSearch
from qnnhard.solvers.answer import Answer, Backend, How, Prediction, Verdict
from qnnhard.solvers.minimize.result import Minimum


@dataclass(frozen=True)
class LocalSearchBackend(Backend):
    """Tabu search over single parameters, for YES only.

    Parameters
    ----------
    seed : int
    steps : int
        Steps after which the answer is UNKNOWN.
    """

    name: ClassVar[str] = "local-search"
    description: ClassVar[str] = "tabu search over single parameters; finds YES, never proves NO"
    in_cross_checks: ClassVar[bool] = False

    seed: int = 0
    steps: int = 1_000_000

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:  # noqa: ARG002
        """Return what it may find; refusals come with preparing the search."""
        LocalSearch(instance, self.seed)
        return Prediction("a YES, perhaps soon; never a NO")

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Look for a solution of `instance`; see `Backend.solve`."""
        if deadline.remaining <= 0:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        search = LocalSearch(instance, self.seed)
        found = search.run(deadline, self.steps)
        work = self._work(search)
        if found is None:
            detail = f"{work}, best loss {search.best_mismatch}; local search cannot prove a NO"
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=detail)
        return Answer(Verdict.YES, How.EVALUATED, found, detail=work)

    def minimize(self, instance: TrainingInstance, deadline: Deadline) -> Minimum:
        """Return the least loss that was found: an upper bound unless none can be smaller."""
        lower = conceivable_loss(instance)
        if deadline.remaining <= 0:
            return Minimum(None, None, How.LIMIT, deadline.limit, lower=lower)
        search = LocalSearch(instance, self.seed, minimize=True)
        search.run(deadline, self.steps)
        loss, parameters = search.best_mismatch, search.best_parameters
        if evaluate(instance, parameters).loss != loss:
            raise QnnhardError("local-search misjudged its parameters: this is a defect")
        if loss == lower:
            detail = f"{self._work(search)}; no loss is below {show_number(lower)}"
            return Minimum(loss, parameters, How.EVALUATED, detail)
        return Minimum(loss, parameters, How.LIMIT, self._work(search), lower=lower)

    def _work(self, search: LocalSearch) -> str:
        return f"seed {self.seed}, {search.steps:,} steps, {search.restarts:,} restarts"
