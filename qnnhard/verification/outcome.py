"""The result of verifying one reduction on one source."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from qnnhard.verdict import How, Verdict


class Failure(StrEnum):
    """What can be wrong, the gravest first; the two about backends accuse no reduction."""

    NOT_A_TARGET = "not-a-target"
    BACKENDS_DISAGREE = "backends-disagree"
    BACKEND_DEFECT = "backend-defect"
    YES_TO_NO = "yes-to-no"
    NO_TO_YES = "no-to-yes"
    PUSH_REJECTED = "push-rejected"
    PULL_REJECTED = "pull-rejected"
    CLAIM_VIOLATED = "claim-violated"
    UNDECIDED = "undecided"


@dataclass
class Outcome:
    """Both answers, how the target's is known, every failure, and the times.

    `seconds` holds the time of each stage: ``source`` (the source's own solver), ``build``,
    ``target`` (the training instance), ``push``, ``pull``. `backends` has the answers of a
    cross-check, by backend. `saved` is the file of a failing source, of the kind `problem`.
    """

    reduction: str
    source: str
    source_answer: Verdict = Verdict.UNKNOWN
    target_answer: Verdict = Verdict.UNKNOWN
    how: How = How.LIMIT
    failures: list[tuple[Failure, str]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    detail: str = ""
    saved: str | None = None
    problem: str = ""
    backends: dict[str, str] = field(default_factory=dict)

    @property
    def preserved(self) -> bool:
        """Whether the answer survived the reduction in both directions."""
        return not self.failures

    @property
    def failure(self) -> Failure | None:
        """The gravest failure."""
        return min((kind for kind, _ in self.failures), key=list(Failure).index, default=None)

    @property
    def total_seconds(self) -> float:
        """The time of all stages together."""
        return sum(self.seconds.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the machine-readable form."""
        return {
            "reduction": self.reduction,
            "source": self.source,
            "source_answer": str(self.source_answer),
            "target_answer": str(self.target_answer),
            "how": None if self.how is How.LIMIT else str(self.how),
            "preserved": self.preserved,
            "failure": str(self.failure) if self.failure else None,
            "failures": [{"type": str(kind), "detail": text} for kind, text in self.failures],
            "seconds": round(self.total_seconds, 6),
            "stages": {name: round(value, 6) for name, value in self.seconds.items()},
            "sizes": self.sizes,
            "detail": self.detail,
            "saved": self.saved,
            "backends": self.backends,
        }
