"""CaDiCaL 1.9.5 in slices of conflicts, and local search between them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.algorithms.local_search import LocalSearch
from qnnhard.encoding.cnf import Formula
from qnnhard.solvers.cadical import FIRST_SLICE, LAST_SLICE, load, read_model

_SLICE_WORK = 200_000_000
"""Most literals times conflicts of a slice: less than half a second."""


@dataclass(frozen=True, eq=False)
class Found:
    """A model, or parameters, or neither: a refutation.

    `steps` are those of the local search that found parameters.
    """

    model: NDArray[np.bool_] | None
    parameters: Parameters | None = None
    steps: int = 0


def interleave_within(
    formula: Formula, seconds: float | None, instance: TrainingInstance, seed: int, pace: int
) -> Found:
    """Do as `interleave` in a child process, with a time limit in seconds."""
    return interleave(formula, Deadline(seconds), instance, seed, pace)


def interleave(
    formula: Formula,
    deadline: Deadline,
    instance: TrainingInstance,
    seed: int,
    pace: int,
    search: LocalSearch | None = None,
) -> Found:
    """Decide `formula`, with steps of local search after every slice.

    Parameters
    ----------
    formula : Formula
        An encoding of `instance`.
    deadline : Deadline
    instance : TrainingInstance
    seed : int
    pace : int
        Steps after every thousand conflicts; 0 is for CaDiCaL alone.
    search : LocalSearch or None
        The search to continue; a new one starts after the first slice.

    Raises
    ------
    LimitReached
        When the deadline passes.
    """
    from pysat.solvers import Cadical195

    # PySAT leaves a call in the main thread on Ctrl-C by a long jump out of the solver, which
    # can corrupt memory. In any other thread it leaves signals to Python.
    with Cadical195() as solver, ThreadPoolExecutor(max_workers=1) as thread:
        load(solver, formula, deadline)
        budget = FIRST_SLICE
        last = min(LAST_SLICE, _SLICE_WORK // max(1, formula.literals))
        while True:
            deadline.check()
            solver.conf_budget(budget)
            status: bool | None = thread.submit(solver.solve_limited).result()
            if status is not None:
                model = read_model(solver, formula) if status else None
                return Found(model)
            steps = pace * budget // 1000
            if steps and search is None:
                search = new_search(instance, seed)
                pace = 0 if search is None else pace
            if steps and search is not None:
                found = search.run(deadline, steps)
                if found is not None:
                    return Found(None, found, search.steps)
            budget = min(2 * budget, last)


def new_search(instance: TrainingInstance, seed: int) -> LocalSearch | None:
    """Return a local search, or none where it refuses the instance."""
    try:
        return LocalSearch(instance, seed)
    except Unsupported:
        return None
