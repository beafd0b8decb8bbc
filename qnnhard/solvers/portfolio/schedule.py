"""One process: local search, the encoding, and CaDiCaL with local search in between.

All budgets are numbers of steps and conflicts that follow from the instance's sizes, so that
the same seed gives the same parameters.
"""

from dataclasses import dataclass, replace

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.algorithms.local_search import LocalSearch
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import encode
from qnnhard.encoding.view import view_data
from qnnhard.solvers.answer import Answer, How, Verdict, accepted
from qnnhard.solvers.cadical import IN_PROCESS_LITERALS
from qnnhard.solvers.child import call_in_child
from qnnhard.solvers.lazy import LazyBackend
from qnnhard.solvers.portfolio.costs import conflict_cost, encoding_cost, step_cost
from qnnhard.solvers.portfolio.slices import Found, interleave, interleave_within, new_search
from qnnhard.solvers.portfolio.subset import first_points
from qnnhard.solvers.sat import SatBackend

FIRST, MORE, AGAIN, BETWEEN = 15, 35, 30, 6
"""Shares of local search in percent.

Of the encoding's cost: at first, where an eighth of the data points or less is missed by then,
and after the encoding, where few are. Of the cost of CaDiCaL's conflicts: between its slices.
"""

FEWEST = 16
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
            return self._sat(instance, deadline)
        # A proof, and what is solved without tables, is about all data points.
        part = first_points(instance) if self.tables and self.proof is None else None
        if part is not None:
            answer = self._try_part(instance, part, deadline)
            if answer is not None:
                return answer
        encoding, step = encoding_cost(instance, points), step_cost(instance, points)
        worthwhile = encoding * FIRST // (100 * step) >= FEWEST
        search = new_search(instance, self.seed) if worthwhile else None
        if search is not None:
            found = search.run(deadline, encoding * FIRST // (100 * step))
            if found is None and _is_near(instance, search, 8):
                found = search.run(deadline, encoding * MORE // (100 * step))
            if found is not None:
                return self._yes(instance, found, search.steps)
        if part is not None:
            return LazyBackend().solve(instance, deadline)
        if self.proof is not None:
            return self._sat(instance, deadline)
        return self._complete(instance, deadline, search, encoding, step)

    def _sat(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        return SatBackend(self.proof, self.tables).solve(instance, deadline)

    def _try_part(
        self, instance: TrainingInstance, part: TrainingInstance, deadline: Deadline
    ) -> Answer | None:
        """Decide the instance by a few of its data points, if these suffice."""
        answer = self._sat(part, deadline)
        if answer.verdict is Verdict.NO:
            some = f"no solution for {part.points} of {instance.points} data points"
            return replace(answer, detail=f"{some}; {answer.detail}")
        if answer.parameters is not None and not evaluate(instance, answer.parameters).accepted:
            return None
        return answer

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
            encoding = encode(instance, deadline, tables=self.tables)
            formula = encoding.formula
            sizes = {"variables": formula.variables, "clauses": formula.clauses}
            if search is not None and _is_near(instance, search, 20):
                found = search.run(deadline, cost * AGAIN // (100 * step))
                if found is not None:
                    return self._yes(instance, found, search.steps, sizes)
            pace = 10 * conflict_cost(formula) * BETWEEN // step
            outcome = self._turns(formula, deadline, instance, pace, search)
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit, sizes=sizes)
        if outcome.parameters is not None:
            return self._yes(instance, outcome.parameters, outcome.steps, sizes)
        if outcome.model is None:
            return Answer(Verdict.NO, How.SOLVER, detail="CaDiCaL 1.9.5, no proof", sizes=sizes)
        parameters = accepted(instance, decode(encoding, outcome.model), "the portfolio")
        return Answer(Verdict.YES, How.EVALUATED, parameters, "by CaDiCaL 1.9.5", sizes)

    def _turns(
        self,
        formula: Formula,
        deadline: Deadline,
        instance: TrainingInstance,
        pace: int,
        search: LocalSearch | None,
    ) -> Found:
        """Run `interleave` here, or in a child where CaDiCaL may be deaf for seconds."""
        if formula.literals <= IN_PROCESS_LITERALS:
            return interleave(formula, deadline, instance, self.seed, pace, search)
        seconds = None if deadline.seconds is None else deadline.remaining
        # Another seed, since the child's local search cannot go on from this one.
        arguments = formula, seconds, instance, self.seed + 1, pace
        found: Found = call_in_child(deadline, interleave_within, *arguments)
        return found

    def _yes(
        self,
        instance: TrainingInstance,
        found: Parameters,
        steps: int,
        sizes: dict[str, int] | None = None,
    ) -> Answer:
        parameters = accepted(instance, found, "local search in the portfolio")
        detail = f"by local search, seed {self.seed}, {steps:,} steps"
        return Answer(Verdict.YES, How.EVALUATED, parameters, detail, sizes or {})


def _open_points(instance: TrainingInstance) -> int:
    """Return the number of distinct data points; 0 where the encoder answers at once."""
    if instance.bound < 0:
        return 0
    view = view_data(instance)
    return 0 if instance.bound < 1 and view.contradictory else len(view.group_first)


def _is_near(instance: TrainingInstance, search: LocalSearch, part: int) -> bool:
    """Return whether it came within two, or 1 / `part`, of the data points of the bound."""
    return search.best_mismatch <= instance.bound + max(2, instance.points // part)
