"""Any bound: which target each input keeps, and which inputs are given up (theory, section 5.2).

[LD] Theorems 5 and 6. Points with equal inputs have equal outputs. For each distinct input
either one of its observed targets is met, and the points with another target are lost, or the
input is given up: all its points are lost and it leaves the data.
"""

from collections.abc import Iterator
from heapq import heappop, heappush

from instances.text.numbers import Number
from instances.training.evaluate import evaluate
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Sizes
from qnnhard.methods.treewidth.estimate import Estimate, options
from qnnhard.methods.treewidth.neuron_kinds import TooLarge
from qnnhard.methods.treewidth.solve import Solver, SweepPlan
from qnnhard.verdict import How

Selection = frozenset[tuple[int, int]]
"""Distinct inputs with the data point whose target each must meet."""


class SelectionSearch:
    """Best-first over selections in the order of their cost.

    Parameters
    ----------
    sizes : dict
        To be filled with the sizes of the work.
    estimated : Estimate or None
        Of the solver's instance, if there is one: saves the work that it took.
    """

    def __init__(self, solver: Solver, sizes: Sizes, estimated: Estimate | None = None) -> None:
        self.instance = solver.instance
        self.deadline = solver.deadline
        self.solver = solver
        self.sizes = sizes
        self.cores: list[Selection] = []
        self.unshrunk: Selection | None = None
        self.fitted: list[Selection] = []
        self.best: tuple[int, Parameters] | None = None
        self.obstacle = ""
        self.options = options(self.instance)
        self.prepared: dict[Selection, SweepPlan] = {}
        if estimated is not None and estimated.plan is not None and estimated.feasible:
            cheapest = frozenset((n, found[0][1]) for n, found in enumerate(self.options))
            self.prepared[cheapest] = estimated.plan

    def run(self, bound: Number, enough: bool) -> Found:
        """Try selections until one fits, or none within the bound is left.

        With `enough` any parameters within `bound` will do; otherwise the best are looked for.
        """
        if bound > 0:
            self._note(Parameters(*lowest(self.instance)))
        for cost, selection in self._selections(bound):
            self._shrink()
            if self.best is not None and self.best[0] <= (bound if enough else cost):
                break
            self._fits(selection)
        if self.best is not None and self.best[0] <= bound:
            return self.found(self.best, "" if enough else self.obstacle)
        return self.found(None, self.obstacle)

    def found(self, best: tuple[int, Parameters] | None, obstacle: str) -> Found:
        """Return the best parameters, and why others may be better, or that none are."""
        work = self.solver.work
        self.sizes.update(rows=work.rows, runs=work.runs)
        loss, parameters = best or (None, None)
        if obstacle:
            return Found(parameters, detail=obstacle, loss=loss)
        return Found(parameters, How.ENUMERATED, str(work), loss=loss)

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
        points = sorted(point for _, point in selection)
        try:
            parameters = self.solver.fit(points, self.prepared.pop(selection, None))
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
