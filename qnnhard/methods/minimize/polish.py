"""Local search on the way to the least loss, from the best parameters known."""

from dataclasses import dataclass, field

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.instance import TrainingInstance
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.methods.minimize.bounds import Bounds
from qnnhard.methods.portfolio.costs import encoding_cost, step_cost

FEWEST = 10
"""Steps below which local search before the encoding is not worth its preparation."""


@dataclass(eq=False)
class Polish:
    """Turns of local search, in steps that follow from predicted costs and not from a clock.

    Attributes
    ----------
    cost : int
        What the encoding is predicted to cost, in microseconds.
    """

    instance: TrainingInstance
    seed: int
    cost: int = field(init=False)

    def __post_init__(self) -> None:
        points = len(canonical(self.instance).data.group_first)
        self.cost = encoding_cost(self.instance, points)
        self._step = step_cost(self.instance, points)
        self._search: LocalSearch | None = None
        if self.cost >= FEWEST * self._step:
            try:
                self._search = LocalSearch(self.instance, self.seed, minimize=True)
            except Unsupported:
                return

    def run(self, bounds: Bounds, deadline: Deadline, cost: int) -> None:
        """Search for about `cost` microseconds, and keep what is better.

        It goes on where it stood, except where other parameters than its own are the best.
        """
        search = self._search
        if search is None or bounds.closed:
            return
        if bounds.loss is not None and bounds.loss < search.best_mismatch:
            assert bounds.parameters is not None
            search.resume(bounds.parameters)
        search.run(deadline, cost // self._step)
        if bounds.loss is None or search.best_mismatch < bounds.loss:
            bounds.improve(search.best_parameters)
