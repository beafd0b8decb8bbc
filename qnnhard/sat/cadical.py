"""CaDiCaL 1.9.5 through PySAT, in slices that leave room for a clock."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.memory import require_memory
from instances.progress import stage
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.processes.child import call_in_child

IN_PROCESS_LITERALS = 200_000
"""Formulas up to this size are solved in this process.

Their slices are short; on larger ones a call may spend seconds on preprocessing, deaf to the
clock and to Ctrl-C, so those are solved in a child process.
"""

FIRST_SLICE = 200
LAST_SLICE = 2_000
"""Conflicts of a slice, during which the solver is deaf to the clock; they double in between.

Slices steer CaDiCaL: with other ones it takes another way.
"""

RESERVE = 32 << 20
"""Bytes that a slice, or loading a chunk of clauses, may take."""

SLICE_WORK = 200_000_000
"""Most literals times conflicts of a slice: less than half a second."""

SOLVED = "CaDiCaL 1.9.5"
"""Who found a model."""

UNPROVED = f"{SOLVED}, no proof"
"""On whose word alone there is none."""


@dataclass(frozen=True, eq=False)
class SatResult:
    """A model (``model[v]`` is the value of variable v), or a refutation.

    `proof` holds the lines of a DRAT proof where one was asked for.
    """

    model: NDArray[np.bool_] | None
    proof: list[str] | None = None


class Run(Protocol):
    """What `slicing` yields."""

    def __call__(self, solver: Any, conflicts: int, assumptions: Sequence[int] = ()) -> bool | None:
        """Run a solver of PySAT for so many conflicts, under some assumptions."""


def solve_formula(
    formula: Formula, deadline: Deadline, proof: bool = False, conflicts: int | None = None
) -> SatResult:
    """Decide `formula`.

    Raises
    ------
    LimitReached
        When the deadline passes, within half a second, or after so many conflicts.
    """
    arguments = formula, deadline, proof, conflicts
    if formula.literals > IN_PROCESS_LITERALS:
        return call_in_child(deadline, _search, *arguments)
    return _search(*arguments)


def _search(formula: Formula, deadline: Deadline, proof: bool, conflicts: int | None) -> SatResult:
    with sliced(formula, deadline, proof) as (solver, run):
        budget, spent = FIRST_SLICE, 0
        status: bool | None = None
        while status is None:
            if conflicts is not None and spent >= conflicts:
                raise LimitReached(f"limit of {conflicts} conflicts reached")
            status = run(budget)
            spent += budget
            budget = min(2 * budget, LAST_SLICE)
        if not status:
            return SatResult(None, solver.get_proof() if proof else None)
        return SatResult(read_model(solver, formula))


@contextmanager
def sliced(
    formula: Formula, deadline: Deadline, proof: bool = False
) -> Iterator[tuple[Any, Callable[..., bool | None]]]:
    """Yield CaDiCaL with the clauses of `formula`, and what runs it for so many conflicts.

    The latter is as in `slicing`, assumptions included; loading raises the same.
    """
    from pysat.solvers import Cadical195

    require_memory(RESERVE)
    with Cadical195(with_proof=proof) as solver, slicing(deadline, "CaDiCaL") as run:
        load(solver, formula, deadline)
        yield solver, partial(run, solver)


@contextmanager
def slicing(deadline: Deadline, name: str) -> Iterator[Run]:
    """Yield what runs a solver of PySAT for so many conflicts, under some assumptions.

    It returns whether all clauses can be satisfied, ``None`` where the conflicts did not do, and
    raises `LimitReached` once the deadline has passed, and `MemoryError` where the solver could
    find no memory.
    """
    # PySAT leaves a call in the main thread on Ctrl-C by a long jump out of the solver, which
    # can corrupt memory. In any other thread it leaves signals to Python.
    with ThreadPoolExecutor(max_workers=1) as thread, stage(name, "conflicts") as progress:

        def run(solver: Any, conflicts: int, assumptions: Sequence[int] = ()) -> bool | None:
            deadline.check()
            require_memory(RESERVE)
            solver.conf_budget(conflicts)
            status: bool | None = thread.submit(
                solver.solve_limited, assumptions=list(assumptions)
            ).result()
            progress.done += conflicts
            return status

        yield run


def load(solver: Any, formula: Formula, deadline: Deadline) -> None:
    """Add the clauses of `formula` to a solver of PySAT; raise `LimitReached` in between."""
    with stage("loading", "clauses", formula.clauses) as progress:
        for chunk in formula.chunks():
            deadline.check()
            require_memory(RESERVE)
            for clause in chunk:
                solver.add_clause(clause)
            progress.done += len(chunk)


def read_model(solver: Any, formula: Formula) -> NDArray[np.bool_]:
    """Return the model of a solver of PySAT: ``model[v]`` is the value of variable v."""
    model = np.zeros(formula.variables + 1, dtype=np.bool_)
    literals = np.array(solver.get_model(), dtype=np.int64)
    model[literals[(literals > 0) & (literals <= formula.variables)]] = True
    return model
