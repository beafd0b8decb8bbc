"""Lists of natural numbers, with a target or without, and their files."""

from dataclasses import dataclass
from typing import Any

from instances.sources.chosen import Chosen, chosen_indices
from instances.sources.forms import Opening, Sizes, SourceForm, Witnesses
from instances.text.naturals import (
    describe_numbers,
    parse_numbers,
    require_natural,
    write_numbers,
)


@dataclass(frozen=True)
class NumberList:
    """Natural numbers in their order, repetitions and zeros included.

    Raises
    ------
    InputError
        If a number is negative or has more than 4000 digits.
    """

    numbers: tuple[int, ...]

    def __post_init__(self) -> None:
        for index, number in enumerate(self.numbers):
            require_natural(number, f"number {index}")


@dataclass(frozen=True)
class SumInstance:
    """A list of natural numbers and a target.

    Parameters
    ----------
    numbers : tuple of int
        In their order, repetitions and zeros included.
    target : int

    Raises
    ------
    InputError
        If a number or the target is negative or has more than 4000 digits.
    """

    numbers: tuple[int, ...]
    target: int

    def __post_init__(self) -> None:
        for index, number in enumerate(self.numbers):
            require_natural(number, f"number {index}")
        require_natural(self.target, "the target")


def holds_numbers(opening: Opening, *fields: str) -> bool:
    """Tell whether a file has a list of numbers with `fields`, the first of which heads a text."""
    if opening.keys:
        others = {"target", "bins"}
        return "numbers" in opening.keys and others & opening.keys.keys() == others & set(fields)
    return opening.words[:1] == (fields[0] if fields else "partition",)


def _parse_list(text: str) -> NumberList:
    """Read JSON with `numbers`, or text under a line ``partition``."""
    return NumberList(tuple(parse_numbers(text, (), "partition")[0]))


def _parse_sum(text: str) -> SumInstance:
    """Read JSON with `numbers` and `target`, or text under a line ``target T``."""
    numbers, (target,) = parse_numbers(text, ("target",), "target")
    return SumInstance(tuple(numbers), target)


def _sizes(source: NumberList | SumInstance) -> Sizes:
    """Return how many numbers there are, their sum, and the most digits of one or the target."""
    longest = max((*source.numbers, getattr(source, "target", 0)), default=0)
    return {
        "numbers": len(source.numbers),
        "sum": sum(source.numbers),
        "digits": len(str(longest)),
    }


NUMBER_LISTS: SourceForm[NumberList] = SourceForm(
    suffix=".json",
    recognises=holds_numbers,
    parse=_parse_list,
    write=lambda source: write_numbers(source.numbers),
    describe=lambda source: describe_numbers(source.numbers),
    sizes=_sizes,
)
SUMS: SourceForm[SumInstance] = SourceForm(
    suffix=".json",
    recognises=lambda opening: holds_numbers(opening, "target"),
    parse=_parse_sum,
    write=lambda source: write_numbers(source.numbers, target=source.target),
    describe=lambda source: describe_numbers(source.numbers, source.target),
    sizes=_sizes,
)
CHOSEN_NUMBERS: Witnesses[Any, Chosen] = chosen_indices(
    "chosen", "number", lambda source: len(source.numbers)
)
