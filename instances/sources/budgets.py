"""The budget of set systems and graphs, which a file may leave to the user."""

from collections.abc import Iterator, Mapping
from typing import Any

from instances.errors import InputError
from instances.sources.forms import Field
from instances.text.documents import as_integer
from instances.text.values import parse_integer


class WithBudget:
    """A source of whose things at most `budget` may be chosen, where there is a budget."""

    budget: int | None

    def require_budget(self, problem: str) -> int:
        """Return the budget; raise `InputError` in the name of `problem` if there is none."""
        if self.budget is None:
            raise InputError(f"{problem} needs a budget: give it in the file or as --set budget=N")
        return self.budget

    def _check_budget(self) -> None:
        """Raise `InputError` if the budget is negative."""
        if self.budget is not None and self.budget < 0:
            raise InputError(f"budget {self.budget} must be at least 0")

    @property
    def budget_text(self) -> str:
        """The budget after other sizes; empty where there is none."""
        return "" if self.budget is None else f", budget {self.budget}"


def read_budget(document: Mapping[str, Any]) -> int | None:
    """Return the budget of a JSON document, if it has one."""
    return as_integer(document["budget"], "JSON: budget") if "budget" in document else None


def read_first_line(
    lines: Iterator[tuple[int, list[str]]], names: Mapping[str, str]
) -> tuple[int, list[int], int | None]:
    """Return number, numbers and budget of a first line such as ``vertices edges [budget]``.

    The keys of `names` are the names of the numbers in such a form, the values those in errors.
    """
    at, header = next(((at, tokens) for at, tokens in lines if tokens), (1, []))
    if len(header) - len(names) not in (0, 1):
        raise InputError(f"line {at}: expected a first line '{' '.join(names)} [budget]'")
    numbers = [
        parse_integer(token, f"line {at}: {name}", 0)
        for name, token in zip((*names.values(), "budget"), header, strict=False)
    ]
    return at, numbers[: len(names)], numbers[len(names)] if len(header) > len(names) else None


BUDGET = Field("budget", "budget", lambda text, what: parse_integer(text, what, 0))
"""The budget of a source, at least 0."""
