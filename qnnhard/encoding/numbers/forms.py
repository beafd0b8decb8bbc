"""Linear forms over literals, and the same integers as words of bits."""

from collections.abc import Callable
from dataclasses import dataclass, field

TRUE = 1 << 30
"""The literal that always holds; its negation never does. Neither reaches a clause."""

Meaning = Callable[[int], int]
"""What takes a variable to the literal that it stands for."""


def renamed(literal: int, meaning: Meaning) -> int:
    """Return what a literal means once its variable has a meaning; the constants stay."""
    if abs(literal) == TRUE:
        return literal
    return meaning(literal) if literal > 0 else -meaning(-literal)


@dataclass
class Form:
    """The integer ``constant + sum of coefficient * literal``, a literal counting 1 where true.

    `terms` maps variables, in the order in which they were met, to non-zero coefficients.
    """

    constant: int = 0
    terms: dict[int, int] = field(default_factory=dict)

    def add(self, coefficient: int, literal: int) -> None:
        """Add a multiple of a literal, which may be a constant or negated."""
        if literal == TRUE or literal == -TRUE:
            self.constant += coefficient if literal > 0 else 0
            return
        if literal < 0:
            self.constant += coefficient
            coefficient, literal = -coefficient, -literal
        total = self.terms.get(literal, 0) + coefficient
        if total:
            self.terms[literal] = total
        else:
            self.terms.pop(literal, None)

    def add_form(self, coefficient: int, other: "Form") -> None:
        """Add a multiple of another form."""
        self.constant += coefficient * other.constant
        for literal, inner in other.terms.items():
            self.add(coefficient * inner, literal)

    @property
    def low(self) -> int:
        """A lower bound on the value."""
        return self.constant + sum(c for c in self.terms.values() if c < 0)

    @property
    def high(self) -> int:
        """An upper bound on the value."""
        return self.constant + sum(c for c in self.terms.values() if c > 0)


@dataclass(frozen=True)
class Word:
    """The integer ``low + sum of 2^k * bits[k]``, which is at most `high`.

    Bits are literals or the constants TRUE and -TRUE. There may be fewer than `high` would need.
    """

    low: int
    high: int
    bits: tuple[int, ...]

    def form(self) -> Form:
        """Return the word as a form."""
        result = Form(self.low)
        for place, bit in enumerate(self.bits):
            result.add(1 << place, bit)
        return result

    def over(self, meaning: Meaning) -> "Word":
        """Return the word over the literals that its variables stand for."""
        return Word(self.low, self.high, tuple(renamed(bit, meaning) for bit in self.bits))
