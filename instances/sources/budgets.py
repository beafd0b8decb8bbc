"""The budget of set systems and graphs, which a file may leave to the user."""

from collections.abc import Mapping

from instances.errors import InputError
from instances.text.values import parse_integer, quote


def require_budget(budget: int | None, problem: str) -> int:
    """Return `budget`; raise `InputError` if a source of `problem` has none."""
    if budget is None:
        raise InputError(f"{problem} needs a budget: give it in the file or as --set budget=N")
    return budget


def refuse_budget(budget: int | None, problem: str) -> None:
    """Raise `InputError` if a source of `problem`, which has no budgets, comes with one."""
    if budget is not None:
        raise InputError(f"{problem} has no budget: remove budget {budget} from the file")


def read_override(problem: str, values: Mapping[str, str], budget: int | None) -> int | None:
    """Return the budget that the user's values set, or `budget` where they set none."""
    for name, text in values.items():
        if name != "budget":
            raise InputError(f"{problem}: {quote(name)} cannot be set; only budget can")
        budget = parse_integer(text.strip(), f"{problem}: budget", 0)
    return budget
