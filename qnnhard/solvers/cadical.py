"""CaDiCaL 1.9.5 through PySAT, in slices that leave room for a clock."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from qnnhard.encoding.cnf import Formula
from qnnhard.solvers.child import call_in_child

IN_PROCESS_LITERALS = 200_000
"""Formulas up to this size are solved in this process even under a time limit.

Their slices are short; larger ones may spend seconds on preprocessing within one call.
"""

_FIRST_SLICE = 200
_LAST_SLICE = 20_000


@dataclass(frozen=True, eq=False)
class SatResult:
    """A model (``model[v]`` is the value of variable v), or a refutation.

    `proof` holds the lines of a DRAT proof where one was asked for.
    """

    model: NDArray[np.bool_] | None
    proof: list[str] | None = None

    @property
    def satisfiable(self) -> bool:
        """Whether there is a model."""
        return self.model is not None


def solve_formula(formula: Formula, deadline: Deadline, proof: bool = False) -> SatResult:
    """Decide `formula`.

    Raises
    ------
    LimitReached
        When the deadline passes, within half a second.
    """
    if deadline.seconds is not None and formula.literals > IN_PROCESS_LITERALS:
        return call_in_child(deadline, _search, formula, deadline.remaining, proof)
    return _search(formula, None if deadline.seconds is None else deadline.remaining, proof)


def _search(formula: Formula, seconds: float | None, proof: bool) -> SatResult:
    from pysat.solvers import Cadical195

    deadline = Deadline(seconds)
    with Cadical195(with_proof=proof) as solver:
        for chunk in formula.chunks():
            deadline.check()
            for clause in chunk:
                solver.add_clause(clause)
        budget = _FIRST_SLICE
        status: bool | None = None
        while status is None:
            deadline.check()
            solver.conf_budget(budget)
            status = _slice(solver)
            budget = min(2 * budget, _LAST_SLICE if deadline.seconds is None else 2_000)
        if not status:
            return SatResult(None, solver.get_proof() if proof else None)
        model = np.zeros(formula.variables + 1, dtype=np.bool_)
        literals = np.array(solver.get_model(), dtype=np.int64)
        chosen = literals[(literals > 0) & (literals <= formula.variables)]
        model[chosen] = True
        return SatResult(model)


def _slice(solver: Any) -> bool | None:
    """Run one slice; ``None`` where its budget was used up."""
    import pysolvers

    try:
        result: bool | None = solver.solve_limited()
    except pysolvers.error as error:
        # PySAT catches Ctrl-C inside a call and reports it as an error of its own.
        raise KeyboardInterrupt from error
    return result
