"""The lazy backend: CaDiCaL on a growing subset of the data points."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported
from instances.text.numbers import show_number
from instances.training.instance import TrainingInstance
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.growing import GrowingEncoding, needs_all_points
from qnnhard.solvers.answer import Answer, Backend, How, Prediction, Verdict
from qnnhard.solvers.cadical import IN_PROCESS_LITERALS
from qnnhard.solvers.child import call_in_child
from qnnhard.solvers.sat import SatBackend
from qnnhard.solvers.slices import Turns, interleave


@dataclass(frozen=True)
class LazyBackend(Backend):
    """CaDiCaL on some data points, and on more of those that its parameters violate.

    The solver keeps what it learned from one subset to the next: see `GrowingEncoding`.

    Parameters
    ----------
    proof : str or None
        Where to write a DRAT proof of a NO. It refers to the subset, in the plain encoding.
    """

    name: ClassVar[str] = "lazy"
    description: ClassVar[str] = "CaDiCaL on a growing subset of the data points; for bound 0"

    proof: str | None = None

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return that nothing better is known than for SAT, where it applies."""
        _require_exact(instance)
        return super().predict(instance, deadline)

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; see `Backend.solve`."""
        _require_exact(instance)
        answer, part = solve_lazily(instance, deadline)
        if part is None or self.proof is None:
            return answer
        proved = SatBackend(self.proof, tables=False).solve(part, deadline)
        if proved.verdict is Verdict.YES:
            raise QnnhardError(
                f"the lazy backend: {answer.detail}, yet the plain encoding of these has one: "
                "this is a defect; please report the instance"
            )
        if proved.verdict is Verdict.UNKNOWN:
            return replace(answer, detail=f"{answer.detail}: {proved.detail}")
        detail = f"{_subset(instance, part)}; {proved.detail}"
        return replace(
            answer,
            how=proved.how,
            detail=detail,
            certificate=proved.certificate,
            lost=proved.lost,
        )


def solve_lazily(
    instance: TrainingInstance, deadline: Deadline, turns: Turns | None = None
) -> tuple[Answer, TrainingInstance | None]:
    """Decide an instance with bound 0 by some of its data points.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline
    turns : Turns or None
        Of local search, between the slices of CaDiCaL.

    Returns
    -------
    answer : Answer
    part : TrainingInstance or None
        For a NO, the instance with those of its data points that have no solution.
    """
    growing = GrowingEncoding(instance, deadline)
    try:
        try:
            return _solve(growing, turns, IN_PROCESS_LITERALS)
        except _Outgrown:
            again = turns and turns.anew()
            arguments = instance, deadline.left, growing.points, again
            return call_in_child(deadline, _solve_within, *arguments)
    except LimitReached:
        return Answer(Verdict.UNKNOWN, How.LIMIT, None, deadline.limit, growing.sizes), None


def _solve_within(
    instance: TrainingInstance,
    seconds: float | None,
    points: NDArray[np.int64],
    turns: Turns | None,
) -> tuple[Answer, TrainingInstance | None]:
    """Go on in a child process."""
    growing = GrowingEncoding(instance, Deadline(seconds), points)
    return _solve(growing, turns, None)


class _Outgrown(Exception):
    """The formula is too large for this process."""


def _solve(
    growing: GrowingEncoding, turns: Turns | None, limit: int | None
) -> tuple[Answer, TrainingInstance | None]:
    """Solve and extend; raise `_Outgrown` at more than `limit` literals."""

    def checked(formula: Formula | None) -> Formula | None:
        if limit is not None and growing.literals > limit:
            raise _Outgrown
        return formula

    instance, first = growing.instance, growing.start()
    checked(first)
    found = interleave(first, growing.deadline, turns, lambda m: checked(growing.extend(m)))
    answer = found.answer(growing.decode, growing.sizes)
    if answer.verdict is Verdict.YES:
        return answer, None
    part = growing.part()
    return replace(answer, detail=f"{_subset(instance, part)}; {answer.detail}"), part


def _subset(instance: TrainingInstance, part: TrainingInstance) -> str:
    return f"no solution for {part.points} of {instance.points} data points"


def _require_exact(instance: TrainingInstance) -> None:
    if not needs_all_points(instance):
        raise Unsupported(
            f"the lazy backend needs bound 0, not {show_number(instance.bound)}: "
            "use another backend"
        )
