"""CaDiCaL 1.9.5 in slices of conflicts, with local search or new clauses between them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.methods.answer import Found
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.sat.cadical import (
    FIRST_SLICE,
    LAST_SLICE,
    SLICE_WORK,
    SOLVED,
    UNPROVED,
    load,
    read_model,
    sliced,
)
from qnnhard.verdict import How

Model = NDArray[np.bool_]


@dataclass(eq=False)
class Turns:
    """The turns of local search between slices.

    Parameters
    ----------
    pace : int
        Steps after every thousand conflicts; 0 leaves all turns to CaDiCaL.
    search : LocalSearch or None
        The search to continue; a new one starts with the first turn.
    """

    instance: TrainingInstance
    seed: int
    pace: int
    search: LocalSearch | None = None

    def take(self, conflicts: int, deadline: Deadline) -> Parameters | None:
        """Search after a slice of so many conflicts; return parameters within the bound."""
        steps = self.pace * conflicts // 1000
        if not steps:
            return None
        if self.search is None:
            self.search = new_search(self.instance, self.seed)
        if self.search is None:
            self.pace = 0
            return None
        return self.search.run(deadline, steps)

    def anew(self) -> "Turns":
        """Return the turns of a new search, for a process that cannot go on with this one."""
        return Turns(self.instance, self.seed + 1, self.pace)

    @property
    def work(self) -> str:
        """What was done so far, in words."""
        return searched(self.seed, 0 if self.search is None else self.search.steps)


def searched(seed: int, steps: int) -> str:
    """Return the words for parameters that local search found."""
    return f"by local search, seed {seed}, {steps:,} steps"


@dataclass(frozen=True, eq=False)
class Interleaved:
    """A model, or parameters, or neither: a refutation. `work` tells how either was found."""

    model: Model | None
    parameters: Parameters | None = None
    work: str = ""

    def found(self, decode: Callable[[Model], Parameters]) -> Found:
        """Return what this is; `decode` returns what a model stands for."""
        parameters = self.parameters if self.model is None else decode(self.model)
        if parameters is None:
            return Found(refutation=How.SOLVER, detail=UNPROVED)
        return Found(parameters, detail=self.work)


def interleave(
    formula: Formula,
    deadline: Deadline,
    turns: Turns | None = None,
    extend: Callable[[Model | None], Formula | None] | None = None,
) -> Interleaved:
    """Decide `formula`, with a turn of local search after every slice.

    Parameters
    ----------
    turns : Turns or None
        For an instance that `formula` encodes.
    extend : callable or None
        Returns clauses to add to the formula, over old variables and new ones: such that a
        given model violates, or ``None`` where the model stands. Without a model, what may
        help after a slice that decided nothing.
    """
    with sliced(formula, deadline) as (solver, run):
        budget, literals = FIRST_SLICE, formula.literals
        while True:
            status = run(budget)
            if status is False:
                return Interleaved(None)
            model = read_model(solver, formula) if status else None
            more = None if extend is None else extend(model)
            if model is not None and more is None:
                return Interleaved(model, None, f"by {SOLVED}")
            if more is not None:
                load(solver, more, deadline)
                formula, literals = more, literals + more.literals
            found = None if turns is None or status else turns.take(budget, deadline)
            if turns is not None and found is not None:
                return Interleaved(None, found, turns.work)
            last = min(LAST_SLICE, SLICE_WORK // max(1, literals))
            budget = FIRST_SLICE if status else min(2 * budget, last)


def new_search(instance: TrainingInstance, seed: int, minimize: bool = False) -> LocalSearch | None:
    """Return a local search, or none where it refuses the instance."""
    try:
        return LocalSearch(instance, seed, minimize)
    except Unsupported:
        return None
