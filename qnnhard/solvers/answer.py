"""Answers that say how they are known, and the interface of backends."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported, in_one_line
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.certificates.certificate import Certificate


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


@dataclass(frozen=True, eq=False)
class Answer:
    """What a backend says; `qnnhard.solvers.boundary` settles what is known of it.

    Parameters
    ----------
    verdict : Verdict
    how : How
        How the backend knows it, by its own account.
    parameters : Parameters or None
        Present exactly for YES.
    detail : str
        One line about the work done or the limit reached.
    sizes : dict
        Sizes such as the numbers of variables and clauses.
    certificate : Certificate or None
        What makes a NO PROOF_CHECKED.
    lost : str
        Why a file that belongs to the answer could not be written, if so.
    """

    verdict: Verdict
    how: How
    parameters: Parameters | None = None
    detail: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    certificate: Certificate | None = None
    lost: str = ""


@dataclass(frozen=True)
class Prediction:
    """What solving an instance would cost, in a line for people."""

    cost: str


class Backend(ABC):
    """A complete or incomplete method for training instances."""

    name: ClassVar[str]
    description: ClassVar[str]
    in_cross_checks: ClassVar[bool] = True
    """Whether cross-checks ask it: not where it never says NO, or only hands on to others."""

    @abstractmethod
    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; UNKNOWN when the deadline passes, `Unsupported` where refused."""

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:  # noqa: ARG002
        """Return what `solve` would cost, far more cheaply; raise `Unsupported` as it does."""
        return Prediction("exponential in the worst case")


def negative_bound(instance: TrainingInstance) -> Answer | None:
    """Return the NO of an instance whose bound is negative, ``None`` for other instances."""
    if instance.bound >= 0:
        return None
    return Answer(Verdict.NO, How.ENUMERATED, detail="the bound is negative, and no loss is")


def prediction(
    backend: Backend, instance: TrainingInstance, deadline: Deadline
) -> Prediction | str:
    """Return what a backend predicts, or in words why it does not apply."""
    try:
        found = backend.predict(instance, deadline)
    except Unsupported as reason:
        return str(reason).removeprefix(f"{backend.name}: ")
    except LimitReached:
        return "the prediction took too long"
    except (QnnhardError, MemoryError):
        raise
    except Exception as error:
        return f"the prediction ended with {in_one_line(error)}"
    return found if isinstance(found, Prediction) else "there is no prediction"
