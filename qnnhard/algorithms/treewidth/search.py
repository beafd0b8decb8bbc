"""Any bound: which target each input keeps, and which inputs are given up (theory, section 5.2).

[LD] Theorems 5 and 6. Points with equal inputs have equal outputs. For each distinct input
either one of its observed targets is met, and the points with another target are lost, or the
input is given up: all its points are lost and it leaves the data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.text.numbers import Number
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.algorithms.treewidth.estimate import Estimate, options
from qnnhard.algorithms.treewidth.neuron_kinds import TooLarge
from qnnhard.algorithms.treewidth.solve import (
    Solver,
    SweepPlan,
    Work,
    require_integers,
    require_loss,
)
from qnnhard.algorithms.treewidth.store import DEFAULT_MEMORY

Selection = frozenset[tuple[int, int]]
"""Distinct inputs with the data point whose target each must meet."""


@dataclass(frozen=True, eq=False)
class SearchOutcome:
    """What was found.

    Parameters
    ----------
    parameters : Parameters or None
    loss : number or None
        The mismatches of `parameters`.
    complete : bool
        Whether every selection that could do better was decided.
    work : Work
    detail : str
        Why the search is not complete.
    """

    parameters: Parameters | None
    loss: int | None
    complete: bool
    work: Work
    detail: str = ""


def decide(
    instance: TrainingInstance,
    deadline: Deadline,
    memory: int = DEFAULT_MEMORY,
    order: Sequence[int] | None = None,
    estimated: Estimate | None = None,
) -> SearchOutcome:
    """Look for parameters with at most ``instance.bound`` mismatched data points.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline
    memory : int
        Budget in bytes.
    order : sequence of int or None
        An elimination order of the neurons, from outside; by default minimum degree.
    estimated : Estimate or None
        Of this instance, if there is one: saves the work that it took.

    Raises
    ------
    Unsupported
        For a positive bound on a loss other than ``mismatch``, or numbers that are too large.
    LimitReached
        When the deadline passes.
    """
    require_loss(instance)
    if instance.bound >= 0:
        require_integers(instance)
    return _SelectionSearch(instance, deadline, memory, order, estimated).run(
        stop_within_bound=True
    )


def least(
    instance: TrainingInstance,
    deadline: Deadline,
    memory: int = DEFAULT_MEMORY,
    order: Sequence[int] | None = None,
) -> SearchOutcome:
    """Look for parameters with the fewest mismatches, or the best ones by the deadline.

    Raises `Unsupported` as `decide` does.
    """
    if instance.loss != "mismatch":
        raise Unsupported(f"treewidth: cannot minimize {instance.loss}; use --backend sat")
    require_integers(instance)
    search = _SelectionSearch(instance, deadline, memory, order)
    try:
        return search.run(stop_within_bound=False)
    except LimitReached:
        loss, parameters = search.best or (None, None)
        return SearchOutcome(parameters, loss, False, search.solver.work, deadline.limit)


class _SelectionSearch:
    """Best-first over selections in the order of their cost."""

    def __init__(
        self,
        instance: TrainingInstance,
        deadline: Deadline,
        memory: int,
        order: Sequence[int] | None,
        estimated: Estimate | None = None,
    ) -> None:
        self.instance = instance
        self.deadline = deadline
        self.solver = Solver(instance, deadline, memory, order)
        self.cores: list[Selection] = []
        self.unshrunk: Selection | None = None
        self.fitted: list[Selection] = []
        self.best: tuple[int, Parameters] | None = None
        self.obstacle = ""
        self.options = options(instance)
        self.prepared: dict[Selection, SweepPlan] = {}
        if estimated is not None and estimated.plan is not None and estimated.feasible:
            cheapest = frozenset((n, found[0][1]) for n, found in enumerate(self.options))
            self.prepared[cheapest] = estimated.plan

    def run(self, stop_within_bound: bool) -> SearchOutcome:
        """Try selections until one fits, or none within the bound is left."""
        bound: Number = self.instance.bound if stop_within_bound else self.instance.points
        if bound > 0:
            self._note(Parameters(*lowest(self.instance)))
        for cost, selection in self._selections(bound):
            self._shrink()
            if self.best is not None and self.best[0] <= (bound if stop_within_bound else cost):
                break
            self._fits(selection)
        work, obstacle = self.solver.work, self.obstacle
        if self.best is not None and self.best[0] <= bound:
            loss, parameters = self.best
            return SearchOutcome(
                parameters, loss, stop_within_bound or not obstacle, work, obstacle
            )
        return SearchOutcome(None, None, not obstacle, work, obstacle)

    def _selections(self, bound: Number) -> Iterator[tuple[int, Selection]]:
        """Yield the selections of cost within `bound`, cheapest first, that contain no core."""
        start = (0,) * len(self.options)
        heap = [(sum(choices[0][0] for choices in self.options), start)]
        while heap and heap[0][0] <= bound:
            self.deadline.check()
            cost, chosen = heappop(heap)
            picked = [choices[index] for choices, index in zip(self.options, chosen, strict=True)]
            selection = frozenset(
                (number, point) for number, (_, point) in enumerate(picked) if point >= 0
            )
            if not any(core <= selection for core in self.cores):
                yield cost, selection
            # Only positions from the last advanced one on advance, so each is reached once.
            last = max((place for place, index in enumerate(chosen) if index), default=0)
            for place in range(last, len(chosen)):
                index = chosen[place] + 1
                if index < len(self.options[place]):
                    gap = self.options[place][index][0] - self.options[place][index - 1][0]
                    following = (*chosen[:place], index, *chosen[place + 1 :])
                    heappush(heap, (cost + gap, following))

    def _fits(self, selection: Selection) -> bool | None:
        """Decide one selection; keep what it teaches. ``None`` where it is too large."""
        if any(selection <= known for known in self.fitted):
            return True
        if any(core <= selection for core in self.cores):
            return False
        points = np.array(sorted(point for _, point in selection), dtype=np.int64)
        inputs, targets = self.instance.inputs[points], self.instance.targets[points]
        try:
            parameters = self.solver.fit(inputs, targets, self.prepared.pop(selection, None))
        except TooLarge as limit:
            self.obstacle = self.obstacle or str(limit)
            return None
        if parameters is None:
            self.cores.append(selection)
            self.unshrunk = selection
            return False
        self.fitted.append(selection)
        self._note(parameters)
        return True

    def _shrink(self) -> None:
        """Replace the last infeasible selection by one whose members are all needed."""
        while self.unshrunk is not None:
            core, self.unshrunk = self.unshrunk, None
            for member in sorted(core):
                # A smaller infeasible selection becomes the next to be shrunk.
                if self._fits(core - {member}) is False:
                    break

    def _note(self, parameters: Parameters) -> None:
        """Keep the parameters with the fewest mismatches."""
        loss = int(evaluate(self.instance, parameters).mismatched.sum())
        if self.best is None or loss < self.best[0]:
            self.best = (loss, parameters)
