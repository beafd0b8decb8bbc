"""Descent: ask for a smaller loss than the best one until there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from qnnhard.encoding.objective import CountedLoss
from qnnhard.methods.minimize.minimization import Minimization
from qnnhard.sat.cadical import (
    FIRST_SLICE,
    LAST_SLICE,
    SLICE_WORK,
    SOLVED,
    load,
    read_model,
    slicing,
)


@dataclass(frozen=True)
class _Stage:
    """A solver of PySAT, and the conflicts of its slices, of which the last one may repeat."""

    kind: str
    name: str
    slices: tuple[int, ...]
    repeats: bool = False

    def budgets(self) -> Iterator[int]:
        """Return the conflicts of slice after slice."""
        return chain(self.slices, repeat(self.slices[-1]) if self.repeats else ())


STAGES = (
    _Stage("minisat22", "MiniSat 2.2", (2_000, 8_000, 8_000)),
    _Stage("cadical195", SOLVED, (FIRST_SLICE, 1_000, LAST_SLICE), repeats=True),
)
"""Solvers in turn, the next one where conflicts do not suffice.

MiniSat refutes twice as fast as CaDiCaL what takes up to about 20,000 conflicts, in few slices:
each makes it forget. CaDiCaL is far ahead where many more are needed.
"""


def descend(problem: Minimization, counted: CountedLoss) -> None:
    """Improve the bounds until they meet; raise `LimitReached` when the deadline passes."""
    for stage in STAGES:
        _run(stage, problem, counted)
        if problem.bounds.closed:
            return


def _run(stage: _Stage, problem: Minimization, counted: CountedLoss) -> None:
    """Descend with one solver, until the bounds meet or a question takes all its slices."""
    from pysat.solvers import Solver

    bounds, formula = problem.bounds, counted.formula
    most = SLICE_WORK // max(1, formula.literals)
    with Solver(stage.kind) as solver, slicing(problem.deadline, stage.name) as run:
        load(solver, formula, problem.deadline)
        asked, slices = None, stage.budgets()
        while not bounds.closed:
            if asked != bounds.loss:
                asked, slices = bounds.loss, stage.budgets()
                below = counted.below(problem.units)
                if below is not None:
                    solver.add_clause([below])
            budget = next(slices, None)
            if budget is None:
                return
            budget = min(budget, most)
            status = run(solver, budget)
            if status is False:
                problem.refute(problem.units, stage.name)
            elif status:
                problem.improve(read_model(solver, formula))
            else:
                problem.polish_between(budget, formula.literals)
