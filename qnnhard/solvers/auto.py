"""The backend that measures an instance and takes the algorithm that suits it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.treewidth.estimate import Estimate, estimate
from qnnhard.algorithms.treewidth.store import DEFAULT_MEMORY
from qnnhard.encoding.view import view_data
from qnnhard.solvers.answer import Answer, Backend, How, Prediction, Verdict, prediction
from qnnhard.solvers.one_point import OnePointBackend
from qnnhard.solvers.pairwise import PairwiseBackend
from qnnhard.solvers.portfolio import PortfolioBackend
from qnnhard.solvers.portfolio.costs import encoding_cost, least_encoding_cost
from qnnhard.solvers.sat import SatBackend
from qnnhard.solvers.treewidth import TreewidthBackend

POINTS = 12
"""Up to so many distinct inputs `treewidth` is considered; the estimate alone grows with them."""

BITS = 24
"""Up to 2^24 predicted states in a table `treewidth` is tried."""

_SHARE = 0.15
"""Of the time that making tables is predicted to take, what SAT gets before it."""

_CONFLICTS = 10_000
"""CaDiCaL's conflicts a second, roughly, on instances that `treewidth` is made for."""


@dataclass(frozen=True)
class AutoBackend(Backend):
    """A special algorithm that applies and is predicted to be fast, else the portfolio.

    Where `treewidth` applies, SAT may be faster still, on instances that are loose or refuted
    locally, and nobody can predict its time. So it goes first for as many conflicts as take a
    small share of the time that the tables are predicted to take, unless its encoding alone
    would take longer. Predictions follow from sizes, not from a clock: runs can be repeated.

    Parameters
    ----------
    jobs, seed, proof, memory
        Of the portfolio; a proof is written by nothing else. `memory` is also the budget of
        `treewidth`.
    announce : callable
        Is told in one line which algorithm is taken and why, before it starts.
    """

    name: ClassVar[str] = "auto"
    description: ClassVar[str] = "measures the instance and takes the algorithm that suits it"
    in_cross_checks: ClassVar[bool] = False

    jobs: int = 1
    seed: int = 0
    proof: str | None = None
    memory: int | None = None
    announce: Callable[[str], None] = field(default=lambda _: None, compare=False)

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return which algorithm would be taken, and why."""
        return Prediction(self._plan(instance, deadline)[1])

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; a special algorithm that meets a limit leaves it to the portfolio."""
        chosen, reason, first = self._plan(instance, deadline)
        if first:
            self.announce(f"sat for {first:,} conflicts, which are cheaper than {reason}")
            answer = SatBackend(conflicts=first).solve(instance, deadline)
            if answer.verdict is not Verdict.UNKNOWN:
                return answer
        self.announce(reason)
        special = not isinstance(chosen, PortfolioBackend)
        try:
            answer = chosen.solve(instance, deadline)
        except Unsupported as reason:
            # The estimate ends at a target out of reach, before all numbers have been bounded.
            if not special:
                raise
            answer = Answer(Verdict.UNKNOWN, How.LIMIT, detail=str(reason))
        if answer.verdict is not Verdict.UNKNOWN or not special or deadline.remaining <= 0:
            return answer
        self.announce(f"portfolio: {chosen.name} gave up: {answer.detail}")
        return self._portfolio().solve(instance, deadline)

    def _portfolio(self) -> PortfolioBackend:
        return PortfolioBackend(self.jobs, self.seed, self.proof, self.memory)

    def _plan(self, instance: TrainingInstance, deadline: Deadline) -> tuple[Backend, str, int]:
        """Return a backend, why it is taken, and the conflicts that SAT gets before it."""
        if self.proof is not None:
            return self._portfolio(), "portfolio: a proof was asked for", 0
        linear: tuple[Backend, ...] = (OnePointBackend(), PairwiseBackend())
        for backend in linear:
            found = prediction(backend, instance, deadline)
            if isinstance(found, Prediction):
                return backend, f"{backend.name}: {found.cost}", 0
        points = len(view_data(instance).first)
        if points > POINTS:
            return self._portfolio(), f"portfolio: {points} distinct inputs, too many for tables", 0
        tables = estimate(instance, deadline)
        if not tables.feasible or (tables.bits or 0) > BITS:
            return self._portfolio(), f"portfolio: no special algorithm suits ({tables})", 0
        chosen = TreewidthBackend(self.memory or DEFAULT_MEMORY, estimated=tables)
        return chosen, str(tables), _head_start(instance, tables)


def _head_start(instance: TrainingInstance, tables: Estimate) -> int:
    """Return the conflicts for SAT; 0 where its share would not even do for encoding."""
    seconds = _SHARE * (tables.making or 0)
    for cost in (least_encoding_cost, encoding_cost):
        if 1e-6 * cost(instance, tables.points) > seconds / 2:
            return 0
    return int(_CONFLICTS * seconds)
