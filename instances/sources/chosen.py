"""Choices among the things of a source: sets of indices, and the budget that bounds them."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, TypeVar

from instances.errors import InputError, InvalidWitness
from instances.sources.forms import Field, Witnesses
from instances.text.documents import as_integer, as_list, decode_object, encode_object
from instances.text.values import parse_integer

S = TypeVar("S")

Chosen = tuple[int, ...]


def chosen_indices(
    key: str,
    noun: str,
    count: Callable[[S], int],
    budget: Callable[[S], int | None] = lambda _: None,
) -> Witnesses[S, Chosen]:
    """Return how choices among the things of a source are kept, such as ``{"sets": [0, 3]}``.

    Parameters
    ----------
    key : str
        The key of the JSON object.
    noun : str
        What the indices stand for, such as ``"set"``.
    count : callable
        The number of things of a source.
    budget : callable
        The largest number of things that may be chosen, if there is one.
    """

    def parse(source: S, text: str) -> Chosen:
        size = count(source)
        values = decode_object(text, {key: True})[key]
        indices = [
            as_integer(value, f"JSON: {key}: index") for value in as_list(values, f"JSON: {key}")
        ]
        indices.sort()
        if indices and indices[-1] >= size:
            raise InputError(f"JSON: {key}: index {indices[-1]} does not exist: there are {size}")
        for a, b in pairwise(indices):
            if a == b:
                raise InputError(f"JSON: {key}: index {a} is listed twice")
        return tuple(indices)

    def write(source: S, witness: Chosen) -> str:
        require_chosen(witness, count(source), noun, budget(source))
        return encode_object({key: witness})

    return Witnesses(parse, write)


def require_chosen(chosen: Chosen, size: int, noun: str, budget: int | None = None) -> None:
    """Raise `InvalidWitness` unless `chosen` are increasing indices 0..size-1 within `budget`.

    They stand for things that are called `noun`, such as ``"set"``.
    """
    for index in chosen:
        if isinstance(index, bool) or not isinstance(index, int):
            raise InvalidWitness(f"the chosen {noun} {index!r} is not an integer")
        if not 0 <= index < size:
            raise InvalidWitness(f"the chosen {noun} {index} does not exist: there are {size}")
    if any(a >= b for a, b in pairwise(chosen)):
        raise InvalidWitness(f"each chosen {noun} must be named once, in increasing order")
    if budget is not None and len(chosen) > budget:
        raise InvalidWitness(f"{len(chosen)} chosen exceed the budget of {budget}")


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
