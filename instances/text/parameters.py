"""The parameters of generators, as a user types them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from instances.errors import InputError
from instances.text.values import parse_integer, quote, unknown

_DECIMAL = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")


@dataclass(frozen=True)
class Parameter:
    """A generator parameter: its name, its default as the user would type it, its meaning."""

    name: str
    default: str
    help: str


class Values:
    """The values of a generator's parameters as the user gave them, defaults filled in.

    `named` are those that the user gave. Raises `InputError` in the name of `problem` if it has no
    such parameter.
    """

    def __init__(
        self, problem: str, parameters: Sequence[Parameter], given: Mapping[str, str]
    ) -> None:
        allowed = [parameter.name for parameter in parameters]
        for name in given:
            if name not in allowed:
                raise InputError(f"{problem}: {unknown('parameter', name, allowed)}")
        self.named = frozenset(given)
        self._problem = problem
        self._texts = {p.name: given.get(p.name, p.default).strip() for p in parameters}

    def is_empty(self, name: str) -> bool:
        """Tell whether the parameter has no value."""
        return not self._texts[name]

    def integer(self, name: str, minimum: int = 0) -> int:
        """Return an integer parameter that is at least `minimum`."""
        return parse_integer(self._texts[name], f"{self._problem}: parameter {name}", minimum)

    def widths(self, name: str) -> list[int]:
        """Return the positive integers of a list such as ``8-6-1``; none for an empty one."""
        text = self._texts[name]
        what = f"{self._problem}: parameter {name}"
        return [parse_integer(part, what, 1) for part in text.split("-")] if text else []

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
