"""Numbers and choices as a user types them: generator parameters and fields to override."""

import re
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from instances.errors import InputError
from instances.problems.problem import Parameter

LARGEST = 10**9
"""The largest size, index or budget that a source may have."""

_INTEGER = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")


def quote(text: str) -> str:
    """Return `text` as a short quoted string that is safe inside a one-line message."""
    return ascii(text if len(text) <= 24 else text[:24] + "...")


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """Return a message about a name that is not among those `known`, with the nearest of them.

    Parameters
    ----------
    what : str
        The kind of thing that is named, such as ``"problem"``.
    name : str
        What the user typed.
    known : collection of str
        The names that there are, in the order in which they are listed.
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


class Values:
    """Generator parameters of one problem, defaults filled in.

    Parameters
    ----------
    problem : str
        The problem's name, for messages.
    parameters : sequence of Parameter
        The parameters that the problem has.
    given : mapping of str to str
        What the user typed.

    Raises
    ------
    InputError
        If `given` names a parameter that the problem does not have.
    """

    def __init__(
        self, problem: str, parameters: Sequence[Parameter], given: Mapping[str, str]
    ) -> None:
        allowed = [parameter.name for parameter in parameters]
        for name in given:
            if name not in allowed:
                raise InputError(f"{problem}: {unknown('parameter', name, allowed)}")
        self._problem = problem
        self._texts = {p.name: given.get(p.name, p.default).strip() for p in parameters}

    def is_empty(self, name: str) -> bool:
        """Tell whether the parameter has no value."""
        return not self._texts[name]

    def integer(self, name: str, minimum: int = 0) -> int:
        """Return an integer parameter that is at least `minimum`."""
        return parse_integer(self._texts[name], f"{self._problem}: parameter {name}", minimum)

    def decimal(self, name: str) -> Fraction:
        """Return a nonnegative decimal number, exactly."""
        text = self._texts[name]
        if len(text) > 20 or not _DECIMAL.fullmatch(text):
            raise InputError(
                f"{self._problem}: parameter {name} {quote(text)} is not a decimal such as 4.26"
            )
        return Fraction(text)

    def choice(self, name: str) -> bool:
        """Return whether a yes-or-no parameter says yes."""
        text = self._texts[name].lower()
        if text not in ("yes", "no"):
            raise InputError(f"{self._problem}: parameter {name} {quote(text)} must be yes or no")
        return text == "yes"
