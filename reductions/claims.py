"""Claims: what a reduction promises about the instances that it builds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from instances.text.numbers import Number


@dataclass(frozen=True)
class Claim:
    """A promise such as ``alpha == 3`` or ``max_in_degree <= 2`` about one measured quantity."""

    measure: str
    relation: str
    value: Number | None

    def __str__(self) -> str:
        return f"{self.measure} {self.relation} {self.value}"

    def holds(self, measured: Number | None) -> bool:
        """Return whether the measured quantity is as promised."""
        if self.relation == "==" or measured is None or self.value is None:
            return measured == self.value
        return measured <= self.value


def exactly(**values: Number | None) -> list[Claim]:
    """Return the claims that each named measure has exactly the given value."""
    return [Claim(name, "==", value) for name, value in values.items()]


def at_most(**values: Number) -> list[Claim]:
    """Return the claims that each named measure is at most the given value."""
    return [Claim(name, "<=", value) for name, value in values.items()]


def violations(claims: Sequence[Claim], measured: Mapping[str, Number | None]) -> list[str]:
    """Return a sentence for every claim that the measured quantities break."""
    return [
        f"claimed {claim}, measured {measured.get(claim.measure)}"
        for claim in claims
        if claim.measure not in measured or not claim.holds(measured[claim.measure])
    ]
