"""Whether an instance is low-dimensional enough for `treewidth`, before it is tried."""

from dataclasses import dataclass, field, replace
from math import inf

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from qnnhard.methods.treewidth.neuron_kinds import TooLarge
from qnnhard.methods.treewidth.solve import (
    REFUSE_BITS,
    WIDTH_LIMIT,
    Solver,
    SweepPlan,
    refusal,
    require_integers,
    require_loss,
)

SAMPLE = 4096
"""Neurons of the elimination order for which tables are estimated."""

_MOST_RUNS = 1 << 20
"""Selections are counted up to here."""

_RUN, _EDGE = 1e-3, 1e-5
"""Rough seconds of a run, and of an edge in it, besides making tables."""


@dataclass(frozen=True)
class Estimate:
    """What `treewidth` would take.

    Parameters
    ----------
    points : int
        p, the number of distinct inputs.
    runs : int
        Selections of targets within the bound, each a run at worst; 0 where there is none.
    base : float
        Roughly the seconds of a run, besides making tables.
    width : int or None
        Of the elimination order.
    bits : float or None
        The logarithm to base 2 of the rows of the largest table, usually rather too high.
    making : float or None
        A rough prediction of the seconds that making the tables of a run takes.
    obstacle : str
        Why the instance is refused; empty where it is not.
    plan : SweepPlan or None
        What was prepared for the cheapest selection, so that `decide` need not do it again.
    """

    points: int
    runs: int = 0
    base: float = 0.0
    width: int | None = None
    bits: float | None = None
    making: float | None = None
    obstacle: str = ""
    plan: SweepPlan | None = field(default=None, repr=False, compare=False)

    @property
    def feasible(self) -> bool:
        """Whether the backend would try."""
        return not self.obstacle

    @property
    def seconds(self) -> float:
        """A rough prediction of what all runs take."""
        return self.runs * (self.base + (self.making or 0.0))

    def __str__(self) -> str:
        runs = f", up to {self.runs:,} runs" if self.runs > 1 else ""
        if self.bits is None or self.width is None:
            return f"treewidth: p={self.points}: {self.obstacle or 'decided without tables'}"
        rows = f"{2**self.bits:.0f}" if self.bits < 10 else f"2^{self.bits:.0f}"
        return f"treewidth: p={self.points}, width {self.width}, about {rows} states a table{runs}"


def estimate(
    instance: TrainingInstance,
    deadline: Deadline | None = None,
    widest: int = WIDTH_LIMIT,
    most_seconds: float = inf,
) -> Estimate:
    """Predict what the algorithm does in time linear in the network, without making a table.

    Tables are those of all distinct inputs, or of as many as can be met together on sight: a
    selection that some output rules out needs no tables, but the next ones may. Of large
    networks only the first `SAMPLE` neurons of the order are looked at; the limits of the run
    itself hold throughout.

    Parameters
    ----------
    widest : int
        The width above which the instance is refused, before an order is complete.
    most_seconds : float
        The instance is refused where its runs alone, without tables, would take longer.
    """
    choices = options(instance)
    runs = selections(choices, instance.bound, _MOST_RUNS)
    base = _RUN + _EDGE * instance.network.edges
    found = Estimate(len(choices), runs, base)
    if runs * base > most_seconds:
        words = f"{runs:,}" if runs <= _MOST_RUNS else f"more than {_MOST_RUNS:,}"
        return replace(found, obstacle=f"{words} selections of targets")
    solver = Solver(instance, deadline or Deadline(), widest=widest)
    try:
        require_loss(instance)
        require_integers(instance)
        plan, cheapest = _first_plan(solver, [first[0][1] for first in choices], runs)
        if plan is None:
            return found
        plan, sizes = solver.improved(plan, SAMPLE)
    except (TooLarge, Unsupported, LimitReached) as reason:
        return replace(found, obstacle=str(reason).removeprefix("treewidth: "))
    return replace(
        found,
        width=plan.width,
        bits=sizes.bits,
        making=sizes.making,
        obstacle=refusal(plan, sizes) if sizes.bits > REFUSE_BITS else "",
        plan=plan if cheapest else None,
    )


def _first_plan(solver: Solver, points: list[int], runs: int) -> tuple[SweepPlan | None, bool]:
    """Return a plan for the data `points`, and whether it is for all of them.

    Where they cannot all be met and there are more runs, some are passed over.
    """
    plan = solver.plan(points) if runs and points else None
    if plan is not None or runs <= 1:
        return plan, True
    kept: list[int] = []
    for point in points:
        tried = solver.plan([*kept, point])
        if tried is not None:
            kept.append(point)
            plan = tried
    return plan, False


def options(instance: TrainingInstance) -> list[list[tuple[int, int]]]:
    """Return what can be done with every distinct input, cheapest first.

    Each choice is the number of data points lost, and a data point whose target is met or -1
    where the input is given up.
    """
    data = canonical(instance).data
    total = [0] * len(data.first)
    for place, count in zip(data.group_input, data.multiplicity, strict=True):
        total[place] += count
    found: list[list[tuple[int, int]]] = [[] for _ in total]
    groups = zip(data.group_input, data.group_first, data.multiplicity, strict=True)
    for place, point, count in groups:
        found[place].append((total[place] - count, point))
    return [[*sorted(met), (lost, -1)] for met, lost in zip(found, total, strict=True)]


def selections(choices: list[list[tuple[int, int]]], bound: Number, enough: int) -> int:
    """Return how many ways there are to choose for every input, at a cost within `bound`.

    Parameters
    ----------
    choices : list of list of (int, int)
        What `options` returned.
    enough : int
        The count ends above it, and is then too low.
    """
    spare = bound - sum(found[0][0] for found in choices)
    ways = {0: 1} if spare >= 0 else {}
    for found in choices:
        more: dict[int, int] = {}
        for spent, count in ways.items():
            for cost, _ in found:
                total = spent + cost - found[0][0]
                if total <= spare:
                    more[total] = more.get(total, 0) + count
        ways = more
        if sum(ways.values()) > enough:
            break
    return sum(ways.values())
