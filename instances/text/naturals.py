"""Natural numbers of many digits, and lists of them in files."""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

from instances.errors import InputError
from instances.text.documents import (
    as_list,
    decode_object,
    encode_object,
    is_json,
    significant_lines,
)
from instances.text.values import quote

MOST_DIGITS = 4000
"""The most digits of a number.

Sums of numbers then stay below the 4300 digits that Python converts unless it is told otherwise
(`sys.set_int_max_str_digits`), and that JSON readers accept, wherever this library is used.
"""

_TOO_LARGE: int = 10**MOST_DIGITS
_NATURAL = re.compile(r"[0-9]+")
_NEGATIVE = re.compile(r"-[0-9]+")


def parse_natural(text: str, what: str) -> int:
    """Read a decimal number that is not negative, exactly.

    Parameters
    ----------
    text : str
        ASCII digits, at most `MOST_DIGITS` without leading zeros.
    what : str
        The subject of an error message, such as ``"line 3: number"``.

    Raises
    ------
    InputError
        If `text` is no such number.
    """
    if _NEGATIVE.fullmatch(text):
        raise InputError(f"{what} {quote(text)} is negative: numbers must be at least 0")
    if not _NATURAL.fullmatch(text):
        raise InputError(f"{what} {quote(text)} is not an integer")
    digits = text.lstrip("0") or "0"
    if len(digits) > MOST_DIGITS:
        raise InputError(
            f"{what} {quote(text)} is too large: at most {MOST_DIGITS} digits are supported"
        )
    return int(digits)


def require_natural(value: int, what: str) -> int:
    """Return `value`; raise `InputError` if it is negative or has more than `MOST_DIGITS`."""
    if value < 0:
        raise InputError(f"{what} is negative: numbers must be at least 0")
    if value >= _TOO_LARGE:
        raise InputError(f"{what} is too large: at most {MOST_DIGITS} digits are supported")
    return value


def as_natural(value: object, what: str) -> int:
    """Return a decoded JSON value that must be a natural number or its decimal text."""
    if isinstance(value, str):
        return parse_natural(value, what)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{what} must be an integer")
    return require_natural(value, what)


def parse_numbers(text: str, fields: Sequence[str], title: str) -> tuple[list[int], list[int]]:
    """Read a list of numbers and the named fields that come with it.

    Two forms are read: JSON such as ``{"numbers": [3, 5], "target": 8}``, whose large numbers
    may be texts, and plain text with the fields in the first line, such as ``target 8``, one
    number a line after it, blank lines, and comments ``#``.

    Parameters
    ----------
    text : str
    fields : sequence of str
        The names of the fields, in the order of the first line of a plain text.
    title : str
        What the first line of a plain text says where there are no fields.

    Returns
    -------
    numbers, values : lists of int
        The numbers in their order, and the values of `fields`.

    Raises
    ------
    InputError
        With the line or key that is wrong.
    """
    if is_json(text):
        document = _decode(text, fields)
        values = [as_natural(document[field], f"JSON: {field}") for field in fields]
        items = as_list(document["numbers"], "JSON: numbers")
        return [as_natural(item, f"JSON: number {i}") for i, item in enumerate(items)], values
    lines = significant_lines(text)
    at, header = next(lines, (1, []))
    names = list(fields) or [title]
    if header[::2] != names or len(header) != 2 * len(fields) + (not fields):
        form = " ".join(f"{name} N" for name in fields) or title
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


def _decode(text: str, fields: Sequence[str]) -> dict[str, Any]:
    try:
        return decode_object(text, dict.fromkeys(("numbers", *fields), True))
    except InputError as error:
        if "out of range" not in str(error):
            raise
        raise InputError(
            f"JSON: a number is too large: at most {MOST_DIGITS} digits are supported"
        ) from None


def write_numbers(numbers: Sequence[int], **fields: int) -> str:
    """Return the JSON form of a list of numbers with fields, which `parse_numbers` reads.

    A number from 2^53 on becomes its decimal text, which every JSON reader keeps exact.
    """
    return encode_object(
        {
            "numbers": [_portable(number) for number in numbers],
            **{field: _portable(value) for field, value in fields.items()},
        }
    )


def describe_numbers(numbers: Sequence[int], *others: int) -> str:
    """Return how many numbers there are and how many digits the longest has."""
    digits = max((len(str(number)) for number in chain(numbers, others)), default=0)
    return f"{len(numbers)} numbers of up to {digits} digits"


def show_natural(number: int) -> str:
    """Return `number` for a message, of a long one only the magnitude."""
    text = str(number)
    return text if len(text) <= 24 else f"about 10^{len(text) - 1}"


def _portable(number: int) -> int | str:
    return number if number < 1 << 53 else str(number)
