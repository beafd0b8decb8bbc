"""Local search on the way to the least loss, from the best parameters known."""

from dataclasses import dataclass, field

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from qnnhard.methods.minimize.bounds import Bounds
from qnnhard.methods.portfolio.costs import FEWEST, encoding_cost, step_cost
from qnnhard.methods.slices import new_search


@dataclass(eq=False)
class Polish:
    """Turns of local search, in steps that follow from predicted costs and not from a clock.

    Parameters
    ----------
    bounds : Bounds
        What is known, to be improved.

    Attributes
    ----------
    cost : int
        What the encoding is predicted to cost, in microseconds.
    """

    bounds: Bounds
    seed: int
    deadline: Deadline
    cost: int = field(init=False)

    def __post_init__(self) -> None:
        instance = self.bounds.instance
        points = len(canonical(instance).data.group_first)
        self.cost = encoding_cost(instance, points)
        self._step = step_cost(instance, points)
        worthwhile = self.cost >= FEWEST * self._step
        self._search = new_search(instance, self.seed, minimize=True) if worthwhile else None

    def run(self, cost: int) -> None:
        """Search for about `cost` microseconds, and keep what is better.

        It goes on where it stood, except where other parameters than its own are the best.
        """
        search, bounds = self._search, self.bounds
        if search is None or bounds.closed:
            return
        if bounds.loss is not None and bounds.loss < search.best_mismatch:
            assert bounds.parameters is not None
            search.resume(bounds.parameters)
        search.run(self.deadline, cost // self._step)
        if bounds.loss is None or search.best_mismatch < bounds.loss:
            bounds.improve(search.best_parameters)
