"""Natural numbers of many digits."""

import re

from instances.errors import InputError
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


def show_natural(number: int) -> str:
    """Return `number` for a message, of a long one only the magnitude."""
    text = str(number)
    return text if len(text) <= 24 else f"about 10^{len(text) - 1}"
