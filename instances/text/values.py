"""Integers as a user types them, and quotations for messages."""

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
