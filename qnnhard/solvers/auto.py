"""The backend that measures an instance and takes the algorithm that suits it."""

from collections.abc import Callable
from typing import ClassVar

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.treewidth.estimate import estimate
from qnnhard.solvers.answer import Answer, Backend, Prediction, Verdict, prediction
from qnnhard.solvers.one_point import OnePointBackend
from qnnhard.solvers.pairwise import PairwiseBackend
from qnnhard.solvers.sat import SatBackend
from qnnhard.solvers.treewidth import TreewidthBackend

SECONDS = 60.0
"""Up to this prediction `treewidth` is preferred to SAT, whose time nobody can predict."""


class AutoBackend(Backend):
    """The first special algorithm that applies and is predicted to be fast, else SAT.

    Parameters
    ----------
    announce : callable
        Is told in one line which algorithm is taken and why, before it starts.
    """

    name: ClassVar[str] = "auto"
    description: ClassVar[str] = "measures the instance and takes the algorithm that suits it"

    def __init__(self, announce: Callable[[str], None] | None = None) -> None:
        self.announce = announce or (lambda _: None)

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return which algorithm would be taken, and why."""
        return Prediction(self._choose(instance, deadline)[1])

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; a special algorithm that meets a limit leaves the rest to SAT."""
        chosen, reason = self._choose(instance, deadline)
        self.announce(reason)
        answer = chosen.solve(instance, deadline)
        if answer.verdict is not Verdict.UNKNOWN or deadline.remaining <= 0:
            return answer
        self.announce(f"{SatBackend.name}: {chosen.name} gave up: {answer.detail}")
        return SatBackend().solve(instance, deadline)

    def _choose(self, instance: TrainingInstance, deadline: Deadline) -> tuple[Backend, str]:
        """Return a backend and why it is taken."""
        linear: tuple[Backend, ...] = (OnePointBackend(), PairwiseBackend())
        for backend in linear:
            linear_time = prediction(backend, instance, deadline)
            if isinstance(linear_time, Prediction):
                return backend, f"{backend.name}: {linear_time.cost}"
        found = estimate(instance, deadline)
        if not found.feasible:
            return SatBackend(), f"sat: no special algorithm applies ({found})"
        if found.seconds is not None and found.seconds > SECONDS:
            return SatBackend(), f"sat: {found} would take too long"
        return TreewidthBackend(estimated=found), str(found)
