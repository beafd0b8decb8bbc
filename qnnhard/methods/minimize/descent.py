"""The least loss by questions to CaDiCaL, from the best one known on or bit by bit.

*Descent* asks for a smaller loss than the best one until there is none. *Bisection* settles the
bits of the least loss from the highest on, however large its weights are: it asks for a model in
which the bit is 0 and the bits above it are as small as they can be; where there is none, the bit
is 1. The least loss and the best one known agree in the bits above, and so does every loss in
between: no more calls are needed than there are bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from instances.progress import track
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.objective import CountedLoss, Objective
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


def bisect(problem: Minimization, objective: Objective) -> None:
    """Improve the bounds until they meet; raise `LimitReached` when the deadline passes."""
    from pysat.solvers import Cadical195

    formula, word = objective.formula, objective.word
    with Cadical195() as solver, slicing(problem.deadline, "CaDiCaL") as run:
        load(solver, formula, problem.deadline)
        lower = word.low
        for place in track(range(len(word.bits) - 1, -1, -1), "minimize", "bits"):
            bit, budget = word.bits[place], FIRST_SLICE
            while _bit(problem, word.low, place) and abs(bit) != TRUE:
                status = run(solver, budget, [-bit])
                if status is False:
                    break
                if status:
                    problem.improve(read_model(solver, formula))
                else:
                    problem.polish_between(budget, formula.literals)
                    budget = min(2 * budget, LAST_SLICE)
            reached = _bit(problem, word.low, place)
            lower += reached << place
            problem.refute(lower, SOLVED)
            if problem.bounds.closed:
                return
            if abs(bit) != TRUE:
                solver.add_clause([bit if reached else -bit])


def _bit(problem: Minimization, low: int, place: int) -> int:
    """Return a bit of the best loss above `low`."""
    return (problem.units - low) >> place & 1
