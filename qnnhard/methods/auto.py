"""What measures an instance and takes the algorithm that suits it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Found
from qnnhard.methods.linear.one_point import OnePointMethod
from qnnhard.methods.linear.pairwise import PairwiseMethod
from qnnhard.methods.method import DECIDING, Method, Prediction, Sizes, prediction
from qnnhard.methods.portfolio.costs import conflict_cost, encoding_cost, least_encoding_cost
from qnnhard.methods.portfolio.method import PortfolioMethod
from qnnhard.methods.sat import SatMethod
from qnnhard.methods.treewidth.estimate import Estimate, estimate
from qnnhard.methods.treewidth.method import TreewidthMethod
from qnnhard.methods.treewidth.store import DEFAULT_MEMORY
from qnnhard.verdict import Verdict

POINTS = 12
"""Up to so many distinct inputs `treewidth` is considered; the estimate alone grows with them."""

BITS = 24
"""Up to 2^24 predicted states in a table `treewidth` is tried.

A column has two states at least, so nothing wider than this is looked at.
"""

SECONDS = 60.0
"""Up to so many predicted seconds of all runs without tables `treewidth` is tried."""

_CHEAP, _EDGE = 10_000, 10
"""Microseconds of a cheap encoding, and of an edge in an estimate."""

_SLICE = 1_000
"""Conflicts of CaDiCaL before anything else, at least."""

_SHARE = 0.15
"""Of the time that making tables is predicted to take, what SAT gets before it."""

_CONFLICTS = 10_000
"""CaDiCaL's conflicts a second, roughly, on instances that `treewidth` is made for."""


@dataclass(frozen=True)
class _Plan:
    """A method, why it is taken, and the conflicts that SAT gets before it."""

    method: Method
    reason: str
    start: int = 0


@dataclass(frozen=True)
class AutoMethod(Method):
    """A special algorithm that applies and is predicted to be fast, else the portfolio.

    SAT may be faster than all others, on instances that are loose or refuted locally, and nobody
    can predict its time. So it goes first where encoding is predicted to cost less than to
    estimate tables, for conflicts that cost as much. Where `treewidth` is to be taken, SAT has
    another start: as many conflicts as take a small share of the time that the tables are
    predicted to take, unless its encoding alone would take longer. Predictions follow from
    sizes, not from a clock: runs can be repeated.

    Parameters
    ----------
    jobs, seed, proof, memory
        Of the portfolio; a proof is written by nothing else. `memory` is also the budget of
        `treewidth`.
    announce : callable
        Is told in one line which algorithm is taken and why, before it starts.
    """

    name = "auto"
    description = "measures the instance and takes the algorithm that suits it"
    in_cross_checks = False

    jobs: int = field(default=1, metadata=DECIDING)
    seed: int = 0
    proof: str | None = None
    memory: int | None = field(default=None, metadata=DECIDING)
    announce: Callable[[str], None] = field(default=lambda _: None, compare=False)

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return which algorithm would be taken, unless SAT decides before it, and why."""
        plan = self._special(instance, deadline) or self._tables(instance, deadline)
        return Prediction(plan.reason)

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Decide `instance`; a special algorithm that meets a limit leaves it to the portfolio."""
        given = instance, deadline, sizes
        plan, tried = self._special(instance, deadline), 0
        if plan is None:
            tried = _first_slice(instance)
            if tried:
                self._announce_sat(tried, "before tables are estimated")
                found = _tried(SatMethod(conflicts=tried), *given)
                if found.verdict is not Verdict.UNKNOWN:
                    return found
            plan = self._tables(instance, deadline)
        if plan.start > tried:
            self._announce_sat(plan.start, f"which are cheaper than {plan.reason}")
            found = _tried(SatMethod(conflicts=plan.start), *given)
            if found.verdict is not Verdict.UNKNOWN:
                return found
        self.announce(plan.reason)
        if isinstance(plan.method, PortfolioMethod):
            return plan.method.search(*given)
        found = _tried(plan.method, *given)
        if found.verdict is not Verdict.UNKNOWN:
            return found
        self.announce(f"portfolio: {plan.method.name} gave up: {found.detail}")
        return self._portfolio().search(*given)

    def least(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Find the least loss by SAT."""
        return SatMethod(self.proof, seed=self.seed).least(instance, deadline, sizes)

    def _announce_sat(self, conflicts: int, words: str) -> None:
        self.announce(f"sat for {conflicts:,} conflicts, {words}")

    def _portfolio(self) -> PortfolioMethod:
        return PortfolioMethod(self.jobs, self.seed, self.proof, self.memory)

    def _special(self, instance: TrainingInstance, deadline: Deadline) -> _Plan | None:
        """Return a plan that needs no estimate, if there is one."""
        if self.proof is not None:
            return _Plan(self._portfolio(), "portfolio: a proof was asked for")
        linear: tuple[Method, ...] = (OnePointMethod(), PairwiseMethod())
        for method in linear:
            found = prediction(method, instance, deadline)
            if isinstance(found, Prediction):
                return _Plan(method, f"{method.name}: {found.cost}")
        return None

    def _tables(self, instance: TrainingInstance, deadline: Deadline) -> _Plan:
        """Return a plan with `treewidth` where it is predicted to be fast, else the portfolio."""
        points = len(canonical(instance).data.first)
        if points > POINTS:
            reason = f"portfolio: {points} distinct inputs, too many for tables"
            return _Plan(self._portfolio(), reason)
        tables = estimate(instance, deadline, widest=BITS, most_seconds=SECONDS)
        if not tables.feasible or (tables.bits or 0) > BITS:
            return _Plan(self._portfolio(), f"portfolio: no special algorithm suits ({tables})")
        chosen = TreewidthMethod(self.memory or DEFAULT_MEMORY, estimated=tables)
        return _Plan(chosen, str(tables), _head_start(instance, tables))


def _tried(method: Method, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
    """Return what a method finds; nothing where it refuses, or meets another limit than time."""
    own: Sizes = {}
    try:
        found = method.search(instance, deadline, own)
    except (LimitReached, Unsupported) as reason:
        # An estimate ends at a target out of reach, before all numbers have been bounded.
        deadline.check()
        return Found(detail=str(reason).removesuffix(" reached"))
    if found.verdict is not Verdict.UNKNOWN:
        sizes.update(own)
    return found


def _first_slice(instance: TrainingInstance) -> int:
    """Return the conflicts for SAT before all else; 0 where encoding may not be cheap."""
    points = len(canonical(instance).data.first)
    enough = _CHEAP + _EDGE * instance.network.edges
    for cost in (least_encoding_cost, encoding_cost):
        if cost(instance, points) > enough:
            return 0
    return _SLICE + enough // conflict_cost(points * instance.network.edges)


def _head_start(instance: TrainingInstance, tables: Estimate) -> int:
    """Return the conflicts for SAT; 0 where its share would not even do for encoding."""
    seconds = _SHARE * tables.runs * (tables.making or 0)
    for cost in (least_encoding_cost, encoding_cost):
        if 1e-6 * cost(instance, tables.points) > seconds / 2:
            return 0
    return int(_CONFLICTS * seconds)
