"""Whether an instance is low-dimensional enough for `treewidth`, before it is tried."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.training.instance import TrainingInstance
from instances.training.numbers import exact_array
from qnnhard.algorithms.treewidth.choices import options, require_integers, require_loss
from qnnhard.algorithms.treewidth.domains import TooLarge
from qnnhard.algorithms.treewidth.solve import REFUSE_BITS, Plan, Solver, refusal

SAMPLE = 4096
"""Neurons of the elimination order for which tables are estimated."""


@dataclass(frozen=True)
class Estimate:
    """What the first run of `treewidth` would take: all distinct inputs, with error zero.

    Parameters
    ----------
    points : int
        p, the number of distinct inputs.
    neurons : int or None
        Neurons that need to be eliminated; ``None`` where that was not found out.
    width : int or None
        Of the elimination order.
    bits : float or None
        The logarithm to base 2 of the rows of the largest table, usually rather too high.
    making : float or None
        A rough prediction of the seconds that making the tables takes.
    obstacle : str
        Why the instance is refused; empty where it is not.
    plan : Plan or None
        What was prepared, so that `decide` need not do it again.
    """

    points: int
    neurons: int | None = None
    width: int | None = None
    bits: float | None = None
    making: float | None = None
    obstacle: str = ""
    plan: Plan | None = field(default=None, repr=False, compare=False)

    @property
    def feasible(self) -> bool:
        """Whether the backend would try."""
        return not self.obstacle

    def __str__(self) -> str:
        if self.bits is None or self.width is None:
            return f"treewidth: p={self.points}: {self.obstacle or 'decided without tables'}"
        rows = f"{2**self.bits:.0f}" if self.bits < 10 else f"2^{self.bits:.0f}"
        return f"treewidth: p={self.points}, width {self.width}, about {rows} states a table"


def estimate(
    instance: TrainingInstance,
    deadline: Deadline | None = None,
    order: Sequence[int] | None = None,
) -> Estimate:
    """Predict table sizes in time linear in the network, without making a table.

    A positive bound is not looked at: it adds runs with fewer inputs. Of large networks only
    the first `SAMPLE` neurons of the order are; the limits of the run itself hold throughout.
    """
    points = [choices[0][1] for choices in options(instance)]
    count = len(points)
    solver = Solver(instance, deadline or Deadline(), order=order)
    try:
        require_loss(instance)
        require_integers(instance)
        targets = exact_array(instance.targets[points], (count, instance.targets.shape[1]))
        plan = solver.plan(instance.inputs[points], targets) if points else None
        if plan is None:
            return Estimate(count)
        plan, sizes = solver.improved(plan, SAMPLE)
    except (TooLarge, Unsupported, LimitReached) as reason:
        return Estimate(count, obstacle=str(reason).removeprefix("treewidth: "))
    obstacle = refusal(plan, sizes) if sizes.bits > REFUSE_BITS else ""
    size = len(plan.order)
    return Estimate(count, size, plan.width, sizes.bits, sizes.making, obstacle, plan)
