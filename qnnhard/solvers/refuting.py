"""What backends share whose algorithms refute where they find no solution."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.certificates.certificate import Certificate
from qnnhard.solvers.answer import Answer, How, Verdict, negative_bound


class Refutation(Protocol):
    """Why an instance has no solution."""

    def describe(self, instance: TrainingInstance) -> str:
        """Return one line about it."""
        ...


R = TypeVar("R", bound=Refutation)


def solve_or_refute(
    instance: TrainingInstance,
    deadline: Deadline,
    decide: Callable[[TrainingInstance, Deadline], Parameters | R],
    check: Callable[[TrainingInstance, R, Deadline], None],
) -> Answer:
    """Return a YES, or a NO whose refutation was checked.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline
    decide : callable
        Returns parameters or a refutation.
    check : callable
        Raises `QnnhardError` for a refutation that does not hold.
    """
    trivial = negative_bound(instance)
    if trivial is not None:
        return trivial
    try:
        found = decide(instance, deadline)
        if not isinstance(found, Parameters):
            check(instance, found, deadline)
            found_by = Certificate(instance, "plain code")
            detail = found.describe(instance)
            return Answer(Verdict.NO, How.PROOF_CHECKED, detail=detail, certificate=found_by)
    except LimitReached:
        return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
    return Answer(Verdict.YES, How.EVALUATED, found)
