"""Problems in which at most a budget of things may be chosen."""

from typing import TypeVar

from instances.problems.problem import Problem
from instances.sources.budgets import BUDGET, WithBudget
from instances.sources.chosen import Chosen

S = TypeVar("S", bound=WithBudget)


class Budgeted(Problem[S, Chosen]):
    """A problem whose sources have a budget, which a file may leave to the user."""

    field = BUDGET

    def require_complete(self, source: S) -> None:
        """Raise `InputError` if the budget is missing."""
        source.require_budget(self.name)
