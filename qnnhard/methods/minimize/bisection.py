"""Binary search: the bits of the least loss from the highest on, however large its weights are.

CaDiCaL is asked for a model in which the bit is 0 and the bits above it are as small as they can
be; where there is none, the bit is 1. The least loss and the best one known agree in the bits
above, and so does every loss in between: no more calls are needed than there are bits.
"""

from instances.progress import track
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.objective import Objective
from qnnhard.methods.minimize.minimization import Minimization
from qnnhard.sat.cadical import FIRST_SLICE, LAST_SLICE, SOLVED, load, read_model, slicing


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
