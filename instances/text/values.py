"""Integers as a user types them, natural numbers of many digits, and text made safe to show."""

import re
from collections.abc import Collection

from instances.errors import InputError

LARGEST = 10**9
"""The largest size, index or budget that a source may have."""

_INTEGER = re.compile(r"-?[0-9]+")


def quote(text: str) -> str:
    """Return `text` as a short quoted string that is safe inside a one-line message."""
    return ascii(text if len(text) <= 24 else text[:24] + "...")


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """Return a message about a name that is not among those `known`, with the nearest of them.

    `what` is the kind of thing that is named, such as ``"problem"``; the known are listed in
    their order.
    """
    from difflib import get_close_matches

    # The comparison takes quadratic time, and a name far longer than all others is near none.
    near = get_close_matches(name[:80].lower(), known, 1)
    hint = f"did you mean '{near[0]}'? choose" if near else "choose"
    return f"no {what} {quote(name)}; {hint} from: {', '.join(known) or 'none'}"


def parse_integer(text: str, what: str, minimum: int | None = None) -> int:
    """Read a decimal integer of magnitude at most `LARGEST`.

    Parameters
    ----------
    text : str
        An optional minus sign and ASCII digits.
    what : str
        The subject of an error message, such as ``"line 3: literal"``.
    minimum : int, optional
        The smallest value allowed.

    Raises
    ------
    InputError
        If `text` is not an integer, is too large or is below `minimum`.
    """
    if not _INTEGER.fullmatch(text):
        raise InputError(f"{what} {quote(text)} is not an integer")
    # Python refuses to convert thousands of digits, so their number is looked at first.
    digits = text.lstrip("-").lstrip("0") or "0"
    if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise InputError(f"{what} {quote(text)} is too large: at most {LARGEST} is supported")
    value = -int(digits) if text.startswith("-") else int(digits)
    if minimum is not None and value < minimum:
        raise InputError(f"{what} {value} must be at least {minimum}")
    return value


def parse_place(text: str, what: str, size: int, first: int = 1) -> int:
    """Read which of `size` things is meant, counted from `first`; return it counted from 0."""
    value = parse_integer(text, what)
    if not first <= value < first + size:
        raise InputError(f"{what} {value} is outside {first}..{first + size - 1}")
    return value - first


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


def visible(text: str) -> str:
    r"""Return `text` with everything that does not print escaped, line ends included.

    Control characters, escape sequences and marks that turn the direction of writing could make
    a terminal show what is not there, and a line end could start a line of its own. Bytes of
    names that are not UTF-8 are shown as such: ``\xff``.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def visible_lines(text: str) -> str:
    """Return `text` with its own line ends, and everything else as in `visible`."""
    return "\n".join(map(visible, text.split("\n")))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
