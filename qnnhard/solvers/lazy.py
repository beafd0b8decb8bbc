"""The lazy backend: CaDiCaL on a growing subset of the data points."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import encode
from qnnhard.encoding.view import view_data
from qnnhard.solvers.answer import Answer, Backend, How, Prediction, Verdict, accepted
from qnnhard.solvers.cadical import solve_formula
from qnnhard.solvers.sat import SatBackend

FIRST = 16
"""Number of distinct data points to begin with."""


@dataclass(frozen=True)
class LazyBackend(Backend):
    """CaDiCaL on some data points, and on more of those that its parameters violate.

    At bound 0 parameters fit all data iff they violate no data point, and if none fit a subset
    then none fit all. A subset grows by half of its size at most, so that the encodings of all
    rounds together take at most about three times as long as the last one.

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
        points = _shuffled(view_data(instance).group_first)
        chosen = np.zeros(len(points), dtype=np.bool_)
        chosen[:FIRST] = True
        sizes = {"rounds": 0}
        try:
            while True:
                part = _part(instance, points[chosen])
                sizes |= {"rounds": sizes["rounds"] + 1, "points": part.points}
                parameters = _solution(part, deadline, sizes)
                if parameters is None:
                    return self._refuted(instance, part, deadline, sizes)
                violated = evaluate(instance, parameters).mismatched[points]
                if not violated.any():
                    accepted(instance, parameters, "the lazy backend")
                    return Answer(Verdict.YES, How.EVALUATED, parameters, sizes=sizes)
                chosen[np.flatnonzero(violated)[: max(1, part.points // 2)]] = True
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit, sizes=sizes)

    def _refuted(
        self,
        instance: TrainingInstance,
        part: TrainingInstance,
        deadline: Deadline,
        sizes: dict[str, int],
    ) -> Answer:
        subset = f"no solution for {part.points} of {instance.points} data points"
        how, detail = How.SOLVER, "CaDiCaL 1.9.5, no proof"
        if self.proof is not None:
            answer = SatBackend(self.proof, tables=False).solve(part, deadline)
            if answer.verdict is Verdict.NO:
                how, detail = answer.how, answer.detail
            else:
                detail = f"{detail}: {answer.detail}"
        return Answer(Verdict.NO, how, detail=f"{subset}; {detail}", sizes=sizes)


def _solution(
    part: TrainingInstance, deadline: Deadline, sizes: dict[str, int]
) -> Parameters | None:
    """Return parameters that fit the data of `part`, or ``None`` if there are none."""
    encoding = encode(part, deadline, symmetry=True)
    formula = encoding.formula
    sizes |= {"variables": formula.variables, "clauses": formula.clauses}
    model = solve_formula(formula, deadline).model
    return None if model is None else decode(encoding, model)


def _require_exact(instance: TrainingInstance) -> None:
    if instance.bound >= 1 or (instance.bound > 0 and instance.loss != "mismatch"):
        raise Unsupported(
            f"the lazy backend needs bound 0, not {instance.bound}: use another backend"
        )


def _part(instance: TrainingInstance, points: NDArray[np.int64]) -> TrainingInstance:
    """Return the instance with some of its data points only, in their old order."""
    kept = np.sort(points)
    return replace(instance, inputs=instance.inputs[kept], targets=instance.targets[kept])


def _shuffled(points: list[int]) -> NDArray[np.int64]:
    """Return points in a fixed order that has nothing to do with theirs.

    Neighbours in a dataset are often alike, and say less than points that are far apart.
    """
    keys = np.random.PCG64(0).random_raw(len(points))
    return np.array(points, dtype=np.int64)[np.argsort(keys, kind="stable")]
