"""Core-guided search: what cannot all be avoided raises the bound from below."""

from collections.abc import Sequence

from qnnhard.encoding.wcnf import WeightedFormula
from qnnhard.methods.minimize.minimization import Minimization
from qnnhard.sat.cadical import FIRST_SLICE, LAST_SLICE, read_model, slicing

_WORD = "RC2 with Glucose 3"


CALL = 20
"""Conflicts that a call of the solver costs as much as."""


class _Enough(Exception):
    """The bounds met, or the conflicts are spent."""


def follow_cores(problem: Minimization, weighted: WeightedFormula, most: int | None = None) -> None:
    """Improve the bounds until they meet; raise `LimitReached` when the deadline passes.

    Parameters
    ----------
    most : int or None
        Conflicts after which to give up; every call counts for some.

    Notes
    -----
    The algorithm is RC2 of PySAT, by strata of weights where they differ. Its calls to a solver
    are cut into slices here; Glucose goes on after one as if there had been none.
    """
    from pysat.examples.rc2 import RC2, RC2Stratified
    from pysat.formula import WCNF

    bounds, formula = problem.bounds, weighted.encoding.formula
    given = WCNF()
    given.nv = formula.variables
    given.hard = (clause for chunk in formula.chunks() for clause in chunk)
    given.soft = [[literal] for _, literal in weighted.soft]
    given.wght = [weight for weight, _ in weighted.soft]
    kind = RC2 if len(set(given.wght)) <= 1 else RC2Stratified
    with kind(given, solver="glucose3") as rc2, slicing(problem.deadline, "cores") as run:
        calls = 0

        def call(
            assumptions: Sequence[int] = (),
            expect_interrupt: bool = False,  # noqa: ARG001
        ) -> bool:
            nonlocal calls
            calls += 1
            budget = FIRST_SLICE
            while True:
                problem.refute(weighted.constant + rc2.cost, _WORD)
                spent = rc2.oracle.accum_stats()["conflicts"] + CALL * calls
                if bounds.closed or (most is not None and spent >= most):
                    raise _Enough
                status = run(rc2.oracle, budget, assumptions)
                if status:
                    bounds.improve(problem.decode(read_model(rc2.oracle, formula)))
                if status is not None:
                    return status
                problem.polish_between(budget, formula.literals)
                budget = min(2 * budget, LAST_SLICE)

        rc2._call_oracle = call
        try:
            rc2.compute()
        except _Enough:
            return
        problem.refute(weighted.constant + rc2.cost, _WORD)
