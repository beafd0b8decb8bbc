"""Descent: ask for a smaller loss than the best one until there is none."""

from instances.deadline import Deadline
from qnnhard.encoding.objective import CountedLoss
from qnnhard.solvers.cadical import FIRST_SLICE, LAST_SLICE, SOLVED, load, read_model, slicing
from qnnhard.solvers.minimize.problem import Problem

STAGES: tuple[tuple[str, str, int | None], ...] = (
    ("minisat22", "MiniSat 2.2", 5_000),
    ("cadical195", SOLVED, None),
)
"""Solvers in turn, their names, and the conflicts after which the next one follows.

MiniSat refutes twice as fast as CaDiCaL what takes a second or less, and CaDiCaL is far ahead
where many conflicts are needed.
"""


def descend(problem: Problem, counted: CountedLoss, deadline: Deadline) -> None:
    """Improve the bounds until they meet; raise `LimitReached` when the deadline passes."""
    for solver, name, conflicts in STAGES:
        if _stage(problem, counted, deadline, solver, name, conflicts):
            return


def _stage(
    problem: Problem,
    counted: CountedLoss,
    deadline: Deadline,
    kind: str,
    name: str,
    most: int | None,
) -> bool:
    """Descend with one solver; return whether the bounds met within so many conflicts."""
    from pysat.solvers import Solver

    bounds, formula = problem.bounds, counted.formula
    with Solver(kind) as solver, slicing(deadline, "descent") as run:
        load(solver, formula, deadline)
        asked, spent, budget = None, 0, FIRST_SLICE
        while not bounds.closed:
            if asked != bounds.loss:
                asked, budget = bounds.loss, FIRST_SLICE
                below = counted.below(problem.units)
                if below is not None:
                    solver.add_clause([below])
            status = run(solver, budget)
            if status is False:
                problem.refute(problem.units, name)
            elif status:
                problem.improve(read_model(solver, formula), deadline)
            else:
                spent += budget
                if most is not None and spent >= most:
                    return False
                problem.polish_between(budget, formula.literals, deadline)
                budget = min(2 * budget, LAST_SLICE)
    return True
