"""The result of verifying one reduction on one source."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from instances.errors import InputError, in_one_line
from instances.training.parameters import Parameters
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
    ``target`` (the training instance), ``push``, ``solutions`` (finding more of them), ``pull``.
    `solutions` is how many solutions of the target were pulled, and `complete` whether these are
    all. `backends` has the answers of a cross-check, by backend. `saved` is the file of a failing
    source, of the kind `problem`. `witness` is what the source's own solver found, and
    `parameters` what the backend found; they are no part of the machine-readable form.
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
    solutions: int = 0
    complete: bool = False
    witness: Any = field(default=None, repr=False, compare=False)
    parameters: Parameters | None = field(default=None, repr=False, compare=False)

    @property
    def preserved(self) -> bool:
        """Whether the answer survived the reduction in both directions."""
        return not self.failures

    @property
    def failure(self) -> Failure | None:
        """The gravest failure."""
        return min((kind for kind, _ in self.failures), key=list(Failure).index, default=None)

    @property
    def covered(self) -> str:
        """Which solutions were pulled, in words; empty where there is none."""
        if self.complete:
            return f"all {self.solutions}" if self.solutions != 1 else "the only one"
        return f"{self.solutions} diverse" if self.solutions > 1 else "1" * self.solutions

    @property
    def total_seconds(self) -> float:
        """The time of all stages together."""
        return sum(self.seconds.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the machine-readable form."""
        stages = {name: round(value, 6) for name, value in self.seconds.items()}
        return {
            "reduction": self.reduction,
            "source": self.source,
            "source_answer": str(self.source_answer),
            "target_answer": str(self.target_answer),
            "how": None if self.how is How.LIMIT else str(self.how),
            "preserved": self.preserved,
            "failure": str(self.failure) if self.failure else None,
            "failures": [{"type": str(kind), "detail": text} for kind, text in self.failures],
            "seconds": round(sum(stages.values()), 6),
            "stages": stages,
            "sizes": self.sizes,
            "detail": self.detail,
            "saved": self.saved,
            "backends": self.backends,
            "solutions": {"pulled": self.solutions, "complete": self.complete},
        }

    def as_record(self) -> dict[str, Any]:
        """Return what `of_record` reads: the machine-readable form, and the source's problem."""
        return self.as_dict() | {"problem": self.problem}

    @classmethod
    def of_record(cls, record: Any) -> "Outcome":
        """Return the outcome of a record; raise `InputError` for what is none."""
        try:
            read = msgspec.convert(record, _Record)
            outcome = cls(
                reduction=read.reduction,
                source=read.source,
                source_answer=Verdict[read.source_answer.upper()],
                target_answer=Verdict[read.target_answer.upper()],
                how=How.LIMIT if read.how is None else How(read.how),
                failures=[(Failure(each.type), each.detail) for each in read.failures],
                seconds=read.stages,
                sizes=read.sizes,
                detail=read.detail,
                saved=read.saved,
                problem=read.problem,
                backends=read.backends,
                solutions=read.solutions.pulled,
                complete=read.solutions.complete,
            )
        except ValueError as error:
            raise InputError(f"not the record of an outcome ({in_one_line(error)})") from None
        if outcome.as_record() != record:
            raise InputError("not the record of an outcome: its fields contradict each other")
        return outcome


_Answer = Literal["yes", "no", "unknown"]


class _Failed(msgspec.Struct, forbid_unknown_fields=True):
    type: str
    detail: str


class _Pulled(msgspec.Struct, forbid_unknown_fields=True):
    pulled: Annotated[int, msgspec.Meta(ge=0)]
    complete: bool


class _Record(msgspec.Struct, forbid_unknown_fields=True):
    """The form of a record."""

    reduction: str
    source: str
    source_answer: _Answer
    target_answer: _Answer
    how: str | None
    preserved: bool
    failure: str | None
    failures: list[_Failed]
    seconds: float
    stages: dict[str, Annotated[float, msgspec.Meta(ge=0)]]
    sizes: dict[str, Any]
    detail: str
    saved: str | None
    backends: dict[str, str]
    solutions: _Pulled
    problem: str
