"""One process: local search, the encoding, and CaDiCaL with local search in between.

All budgets are numbers of steps and conflicts that follow from the instance's sizes, so that
the same seed gives the same parameters.
"""

from dataclasses import dataclass
from functools import partial

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.algorithms.local_search import LocalSearch
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import encode
from qnnhard.solvers.answer import Answer, How, Verdict
from qnnhard.solvers.cadical import IN_PROCESS_LITERALS
from qnnhard.solvers.child import call_in_child
from qnnhard.solvers.lazy import solve_lazily
from qnnhard.solvers.portfolio.costs import conflict_cost, encoding_cost, step_cost
from qnnhard.solvers.portfolio.few_points import FEW, few_suffice
from qnnhard.solvers.sat import SatBackend
from qnnhard.solvers.slices import Found, Turns, interleave, new_search, searched

FIRST, MORE, AGAIN, BETWEEN = 70, 70, 50, 12
"""Shares of local search in percent.

Of the encoding's cost: at first, where an eighth of the data points or less is missed by then,
and after the encoding, where few are. Of the cost of CaDiCaL's conflicts: between its slices.
"""

FEWEST = 10
"""Steps below which local search before the encoding is not worth its preparation."""


@dataclass(frozen=True)
class Schedule:
    """The methods of one process in turns.

    Parameters
    ----------
    seed : int
    proof : str or None
        Where to write a proof of a NO; CaDiCaL then runs on its own after local search.
    tables : bool
        See `qnnhard.encoding.encode.encode`.
    """

    seed: int = 0
    proof: str | None = None
    tables: bool = True

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; UNKNOWN when the deadline passes."""
        if deadline.remaining <= 0:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        points = _open_points(instance)
        if not points:
            return SatBackend(self.proof, self.tables).solve(instance, deadline)
        # A proof, and what is solved without tables, is about all data points.
        few = self.tables and self.proof is None and few_suffice(instance, points)
        cost = encoding_cost(instance, min(points, FEW) if few else points)
        step = step_cost(instance, points)
        worthwhile = cost * FIRST // (100 * step) >= FEWEST
        search = new_search(instance, self.seed) if worthwhile else None
        if search is not None:
            found = search.run(deadline, cost * FIRST // (100 * step))
            if found is None and _is_near(instance, search, 8):
                found = search.run(deadline, cost * MORE // (100 * step))
            if found is not None:
                return self._yes(found, search)
        if self.proof is not None:
            return SatBackend(self.proof, self.tables).solve(instance, deadline)
        if few:
            return solve_lazily(instance, deadline, self._turns(instance, 0, step, search))[0]
        return self._complete(instance, deadline, search, cost, step)

    def _complete(
        self,
        instance: TrainingInstance,
        deadline: Deadline,
        search: LocalSearch | None,
        cost: int,
        step: int,
    ) -> Answer:
        """Encode, and let CaDiCaL and local search take turns."""
        sizes: dict[str, int] = {}
        try:
            encoding = encode(
                instance, deadline, tables=self.tables, symmetry=True, input_symmetry=True
            )
            formula = encoding.formula
            sizes = formula.sizes
            if search is not None and _is_near(instance, search, 20):
                found = search.run(deadline, cost * AGAIN // (100 * step))
                if found is not None:
                    return self._yes(found, search, sizes)
            turns = self._turns(instance, formula.literals, step, search)
            outcome = _decide(formula, deadline, turns)
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit, sizes=sizes)
        return outcome.answer(partial(decode, encoding), sizes)

    def _turns(
        self, instance: TrainingInstance, literals: int, step: int, search: LocalSearch | None
    ) -> Turns:
        pace = 10 * conflict_cost(literals) * BETWEEN // step
        return Turns(instance, self.seed, pace, search)

    def _yes(
        self, found: Parameters, search: LocalSearch, sizes: dict[str, int] | None = None
    ) -> Answer:
        work = searched(self.seed, search.steps)
        return Answer(Verdict.YES, How.EVALUATED, found, work, sizes or {})


def _decide(formula: Formula, deadline: Deadline, turns: Turns) -> Found:
    """Run `interleave` here, or in a child where CaDiCaL may be deaf for seconds."""
    if formula.literals <= IN_PROCESS_LITERALS:
        return interleave(formula, deadline, turns)
    return call_in_child(deadline, _decide_within, formula, deadline.left, turns.anew())


def _decide_within(formula: Formula, seconds: float | None, turns: Turns) -> Found:
    """Do the work of `_decide` in a child process."""
    return interleave(formula, Deadline(seconds), turns)


def _open_points(instance: TrainingInstance) -> int:
    """Return the number of distinct data points; 0 where the encoder answers at once."""
    if instance.bound < 0:
        return 0
    view = canonical(instance).data
    return 0 if instance.bound < 1 and view.contradictory else len(view.group_first)


def _is_near(instance: TrainingInstance, search: LocalSearch, part: int) -> bool:
    """Return whether it came within two, or 1 / `part`, of the data points of the bound."""
    return search.best_mismatch <= instance.bound + max(2, instance.points // part)
