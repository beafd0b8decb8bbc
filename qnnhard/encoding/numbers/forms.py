"""Linear forms over literals, and the same integers as words of bits."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from qnnhard.encoding.numbers.builder import TRUE


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


def weighted(values: Iterable[int], literals: Iterable[int]) -> Form:
    """Return the form of an order-encoded integer with the given values and literals."""
    ordered = list(values)
    result = Form(ordered[0])
    for below, above, literal in zip(ordered, ordered[1:], literals, strict=False):
        result.add(above - below, literal)
    return result
