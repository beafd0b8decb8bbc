"""Problems in which at most a budget of things may be chosen."""

from typing import Protocol, TypeVar

from instances.problems.problem import Problem
from instances.sources.budgets import BUDGET
from instances.sources.chosen import Chosen


class HasBudget(Protocol):
    """A source whose budget may be missing."""

    def require_budget(self, problem: str) -> int:
        """Return the budget; raise `InputError` in the name of `problem` if there is none."""


S = TypeVar("S", bound=HasBudget)


class Budgeted(Problem[S, Chosen]):
    """A problem whose sources have a budget, which a file may leave to the user."""

    field = BUDGET

    def require_complete(self, source: S) -> None:
        """Raise `InputError` if the budget is missing."""
        source.require_budget(self.name)
