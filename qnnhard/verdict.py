"""The three answers, and the ways in which one is known."""

from enum import Enum


class Verdict(Enum):
    """The three answers; the values are the exit codes of the SAT convention."""

    YES = 10
    NO = 20
    UNKNOWN = 0

    def __str__(self) -> str:
        return self.name.lower()


class How(Enum):
    """How an answer is known.

    YES is always EVALUATED: the exact evaluator accepted the parameters. NO is
    PROOF_CHECKED by an independent checker, ENUMERATED exhaustively, or the word of a SOLVER.
    """

    EVALUATED = "evaluated"
    PROOF_CHECKED = "proof-checked"
    ENUMERATED = "enumerated"
    SOLVER = "solver"
    LIMIT = "limit"

    def __str__(self) -> str:
        return self.value

    @property
    def explanation(self) -> str:
        """The words for a reader."""
        return {
            How.EVALUATED: "the exact evaluator accepted the parameters",
            How.PROOF_CHECKED: "an independent checker accepted the proof",
            How.ENUMERATED: "the search was exhaustive",
            How.SOLVER: "the solver says so",
            How.LIMIT: "a limit was reached",
        }[self]
