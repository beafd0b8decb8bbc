"""What a result says about a problem under a restriction, and how to see that it is so."""

from dataclasses import dataclass
from enum import StrEnum

SMALL = 8
"""Up to this value a measure of one instance is called small."""


class Status(StrEnum):
    """What a result says about the problem under its restriction."""

    NP_HARD = "NP-hard"
    WEAKLY_NP_HARD = "weakly NP-hard"
    STRONGLY_NP_HARD = "strongly NP-hard"
    W2_HARD = "W[2]-hard"
    W1_HARD = "W[1]-hard"
    POSSLP_HARD = "PosSLP-hard"
    SIMULATES = "as hard as D-NNT"
    STRUCTURE = "structure"
    POLYNOMIAL = "polynomial"
    FPT = "FPT"
    PSEUDO_POLYNOMIAL = "pseudo-polynomial"
    OPEN = "open here"

    @property
    def tractable(self) -> bool:
        """Whether an algorithm is meant."""
        return self in {Status.POLYNOMIAL, Status.FPT, Status.PSEUDO_POLYNOMIAL}

    @property
    def hard(self) -> bool:
        """Whether a lower bound is meant."""
        other = {Status.STRUCTURE, Status.SIMULATES, Status.OPEN}
        return not self.tractable and self not in other


@dataclass(frozen=True)
class Evidence:
    """What was run, and the command that runs it again."""

    what: str
    command: str
