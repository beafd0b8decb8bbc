"""Lists of natural numbers, alone or with named ones beside them, and their files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

from instances.errors import InputError
from instances.sources.chosen import Chosen, chosen_indices
from instances.sources.forms import Opening, Sizes, SourceForm, Witnesses
from instances.text.documents import (
    as_list,
    decode_object,
    encode_object,
    is_json,
    significant_lines,
)
from instances.text.values import MOST_DIGITS, as_natural, parse_natural, require_natural

_PLAIN = "partition"
"""The first line of a text in which no number stands beside the list."""


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


L = TypeVar("L", bound=NumberList)


@dataclass(frozen=True)
class SumInstance(NumberList):
    """A list of natural numbers and a target, which is natural as well."""

    target: int

    def __post_init__(self) -> None:
        super().__post_init__()
        require_natural(self.target, "the target")


def number_form(
    make: Callable[..., L],
    *fields: str,
    describe: Callable[[L], str],
    sizes: Callable[[L], Sizes],
) -> SourceForm[L]:
    """Return the form of lists of numbers with the numbers `fields` beside them.

    Two forms are read: JSON such as ``{"numbers": [3, 5], "target": 8}``, whose large numbers
    may be texts, and plain text with the fields in the first line, such as ``target 8``, one
    number a line after it, blank lines, and comments ``#``. JSON is written, in which a number
    from 2^53 on becomes its decimal text, which every JSON reader keeps exact.

    Parameters
    ----------
    make : callable
        Returns an instance from the tuple of numbers and the fields.
    fields : str
        The first of them tells the form of a file.
    describe, sizes : callable
        See `SourceForm`.
    """

    def parse(text: str) -> L:
        numbers, values = (_parse_json if is_json(text) else _parse_plain)(text, fields)
        return make(tuple(numbers), *values)

    def write(source: L) -> str:
        numbers = [_portable(number) for number in source.numbers]
        values = {field: _portable(getattr(source, field)) for field in fields}
        return encode_object({"numbers": numbers, **values})

    return SourceForm(
        ".json", lambda opening: _holds_numbers(opening, fields), parse, write, describe, sizes
    )


def _holds_numbers(opening: Opening, fields: Sequence[str]) -> bool:
    if opening.keys:
        others = {"target", "bins"}
        return "numbers" in opening.keys and others & opening.keys.keys() == others & set(fields)
    return opening.words[:1] == (fields[0] if fields else _PLAIN,)


def _parse_json(text: str, fields: Sequence[str]) -> tuple[list[int], list[int]]:
    try:
        document = decode_object(text, dict.fromkeys(("numbers", *fields), True))
    except InputError as error:
        if "out of range" not in str(error):
            raise
        raise InputError(
            f"JSON: a number is too large: at most {MOST_DIGITS} digits are supported"
        ) from None
    values = [as_natural(document[field], f"JSON: {field}") for field in fields]
    items = as_list(document["numbers"], "JSON: numbers")
    return [as_natural(item, f"JSON: number {i}") for i, item in enumerate(items)], values


def _parse_plain(text: str, fields: Sequence[str]) -> tuple[list[int], list[int]]:
    lines = significant_lines(text)
    at, header = next(lines, (1, []))
    if header[::2] != list(fields or (_PLAIN,)) or len(header) != (2 * len(fields) or 1):
        form = " ".join(f"{name} N" for name in fields) or _PLAIN
        raise InputError(f"line {at}: expected a first line '{form}', or a JSON object")
    values = [
        parse_natural(token, f"line {at}: {field}")
        for field, token in zip(fields, header[1::2], strict=True)
    ]
    numbers = []
    for line, tokens in lines:
        if len(tokens) != 1:
            raise InputError(f"line {line}: expected one number, found {len(tokens)}")
        numbers.append(parse_natural(tokens[0], f"line {line}: number"))
    return numbers, values


def _portable(number: int) -> int | str:
    return number if number < 1 << 53 else str(number)


def describe_numbers(numbers: Sequence[int], *others: int) -> str:
    """Return how many numbers there are and how many digits the longest has."""
    digits = max((len(str(number)) for number in chain(numbers, others)), default=0)
    return f"{len(numbers)} numbers of up to {digits} digits"


def _sizes(source: NumberList) -> Sizes:
    """Return how many numbers there are, their sum, and the most digits of one or the target."""
    longest = max((*source.numbers, getattr(source, "target", 0)), default=0)
    return {
        "numbers": len(source.numbers),
        "sum": sum(source.numbers),
        "digits": len(str(longest)),
    }


NUMBER_LISTS: SourceForm[NumberList] = number_form(
    NumberList, describe=lambda source: describe_numbers(source.numbers), sizes=_sizes
)
SUMS: SourceForm[SumInstance] = number_form(
    SumInstance,
    "target",
    describe=lambda source: describe_numbers(source.numbers, source.target),
    sizes=_sizes,
)
CHOSEN_NUMBERS: Witnesses[Any, Chosen] = chosen_indices(
    "chosen", "number", lambda source: len(source.numbers)
)
