"""What methods share whose algorithms refute where they find no solution."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.certificates.certificate import Certificate
from qnnhard.methods.answer import Found


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
) -> Found:
    """Return a solution, or a refutation that was checked.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline
    decide : callable
        Returns parameters or a refutation.
    check : callable
        Raises `QnnhardError` for a refutation that does not hold.
    """
    found = decide(instance, deadline)
    if isinstance(found, Parameters):
        return Found(found)
    check(instance, found, deadline)
    return Found(None, Certificate(instance, "plain code"), found.describe(instance))
