"""The lazy backend: CaDiCaL on a growing subset of the data points."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported
from instances.text.numbers import show_number
from instances.training.instance import TrainingInstance
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.encoding.growing import GrowingEncoding, needs_all_points
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes, reason_of
from qnnhard.methods.sat import SatMethod
from qnnhard.methods.slices import Turns, interleave
from qnnhard.processes.child import call_in_child
from qnnhard.sat.cadical import IN_PROCESS_LITERALS


@dataclass(frozen=True)
class LazyMethod(Method):
    """CaDiCaL on some data points, and on more of those that its parameters violate.

    The solver keeps what it learned from one subset to the next: see `GrowingEncoding`.

    Parameters
    ----------
    proof : str or None
        Where to write a DRAT proof of a NO. It refers to the subset, in the plain encoding.
    """

    name = "lazy"
    description = "CaDiCaL on a growing subset of the data points; for bound 0"

    proof: str | None = None

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return that nothing better is known than for SAT, where it applies."""
        _require_exact(instance)
        return super().predict(instance, deadline)

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Solve a growing part of `instance`."""
        _require_exact(instance)
        found, part = solve_lazily(instance, deadline, sizes)
        if part is None or self.proof is None:
            return found
        prover = SatMethod(self.proof, tables=False)
        try:
            proved = prover.search(part, deadline, {})
        except LimitReached as limit:
            return replace(found, detail=f"{found.detail}: {reason_of(limit, deadline)}")
        if proved.parameters is not None:
            raise QnnhardError(
                f"the lazy backend: {found.detail}, yet the plain encoding of these has one: "
                "this is a defect; please report the instance"
            )
        return replace(proved, detail=f"{_subset(instance, part)}; {proved.detail}")


def solve_lazily(
    instance: TrainingInstance, deadline: Deadline, sizes: Sizes, turns: Turns | None = None
) -> tuple[Found, TrainingInstance | None]:
    """Decide an instance with bound 0 by some of its data points.

    Parameters
    ----------
    sizes : dict
        To be filled with the sizes of the formula.
    turns : Turns or None
        Of local search, between the slices of CaDiCaL.

    Returns
    -------
    found : Found
    part : TrainingInstance or None
        For a NO, the instance with those of its data points that have no solution.
    """
    growing = GrowingEncoding(instance, deadline)
    try:
        return _solve(growing, turns, IN_PROCESS_LITERALS)
    except _Outgrown:
        again = turns and turns.anew()
    finally:
        sizes.update(growing.sizes)
    arguments = instance, deadline, growing.points, again
    result, grown = call_in_child(deadline, _solve_within, *arguments)
    sizes.update(grown)
    return result


def _solve_within(
    instance: TrainingInstance, deadline: Deadline, points: NDArray[np.int64], turns: Turns | None
) -> tuple[tuple[Found, TrainingInstance | None], Sizes]:
    """Go on in a child process; return what `solve_lazily` does, and the sizes."""
    growing = GrowingEncoding(instance, deadline, points)
    return _solve(growing, turns, None), growing.sizes


class _Outgrown(Exception):
    """The formula is too large for this process."""


def _solve(
    growing: GrowingEncoding, turns: Turns | None, limit: int | None
) -> tuple[Found, TrainingInstance | None]:
    """Solve and extend; raise `_Outgrown` at more than `limit` literals."""

    def checked(formula: Formula | None) -> Formula | None:
        if limit is not None and growing.literals > limit:
            raise _Outgrown
        return formula

    instance, first = growing.instance, growing.start()
    checked(first)
    extend = growing.extend
    found = interleave(first, growing.deadline, turns, lambda m: checked(extend(m))).found(
        growing.decode
    )
    if found.parameters is not None:
        return found, None
    part = growing.part()
    return replace(found, detail=f"{_subset(instance, part)}; {found.detail}"), part


def _subset(instance: TrainingInstance, part: TrainingInstance) -> str:
    return f"no solution for {part.points} of {instance.points} data points"


def _require_exact(instance: TrainingInstance) -> None:
    if not needs_all_points(instance):
        raise Unsupported(
            f"the lazy backend needs bound 0, not {show_number(instance.bound)}: "
            "use another backend"
        )
