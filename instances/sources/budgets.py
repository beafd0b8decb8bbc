"""The budget of set systems and graphs, which a file may leave to the user."""

from dataclasses import replace
from typing import Any

from instances.errors import InputError
from instances.sources.forms import Field
from instances.text.values import parse_integer


def require_budget(budget: int | None, problem: str) -> int:
    """Return `budget`; raise `InputError` if a source of `problem` has none."""
    if budget is None:
        raise InputError(f"{problem} needs a budget: give it in the file or as --set budget=N")
    return budget


def _with_budget(source: Any, text: str, what: str) -> Any:
    return replace(source, budget=parse_integer(text, what, 0))


BUDGET: Field[Any] = Field("budget", _with_budget)
"""The budget of a source, at least 0."""
