"""One process: local search, the encoding, and CaDiCaL with local search in between.

All budgets are numbers of steps and conflicts that follow from the instance's sizes, so that
the same seed gives the same parameters.
"""

from dataclasses import dataclass
from functools import partial

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.encoding import growing
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Options, encode
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.methods.answer import Found
from qnnhard.methods.lazy import solve_lazily
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.methods.method import Sizes
from qnnhard.methods.portfolio.costs import FEWEST, conflict_cost, encoding_cost, step_cost
from qnnhard.methods.sat import SatMethod
from qnnhard.methods.slices import Interleaved, Turns, interleave, new_search, searched
from qnnhard.processes.child import call_in_child
from qnnhard.sat.cadical import IN_PROCESS_LITERALS

FIRST, MORE, AGAIN, BETWEEN = 70, 70, 50, 12
"""Shares of local search in percent.

Of the encoding's cost: at first, where an eighth of the data points or less is missed by then,
and after the encoding, where few are. Of the cost of CaDiCaL's conflicts: between its slices.
"""

FEW = 24
"""Data points that often do, for predictions of cost."""


@dataclass(frozen=True)
class Schedule:
    """The methods of one process in turns.

    With a proof CaDiCaL runs on its own after local search. See `PortfolioMethod` for the fields.
    """

    seed: int = 0
    proof: str | None = None
    tables: bool = True

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Decide `instance`; raise `LimitReached` when the deadline passes."""
        prover = SatMethod(self.proof, self.tables)
        points = _open_points(instance)
        if not points:
            return prover.search(instance, deadline, sizes)
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
                return Found(found, detail=searched(self.seed, search.steps))
        if self.proof is not None:
            return prover.search(instance, deadline, sizes)
        if few:
            turns = self._turns(instance, 0, step, search)
            return solve_lazily(instance, deadline, sizes, turns)[0]
        options = Options(tables=self.tables, symmetry=True, input_symmetry=True)
        encoding = encode(instance, deadline, options)
        sizes.update(encoding.formula.sizes)
        if search is not None and _is_near(instance, search, 20):
            found = search.run(deadline, cost * AGAIN // (100 * step))
            if found is not None:
                return Found(found, detail=searched(self.seed, search.steps))
        turns = self._turns(instance, encoding.formula.literals, step, search)
        return _decide(encoding.formula, deadline, turns).found(partial(decode, encoding))

    def _turns(
        self, instance: TrainingInstance, literals: int, step: int, search: LocalSearch | None
    ) -> Turns:
        pace = 10 * conflict_cost(literals) * BETWEEN // step
        return Turns(instance, self.seed, pace, search)


def _decide(formula: Formula, deadline: Deadline, turns: Turns) -> Interleaved:
    """Run `interleave` here, or in a child where CaDiCaL may be deaf for seconds."""
    if formula.literals <= IN_PROCESS_LITERALS:
        return interleave(formula, deadline, turns)
    return call_in_child(deadline, interleave, formula, deadline, turns.anew())


def _open_points(instance: TrainingInstance) -> int:
    """Return the number of distinct data points; 0 where the encoder answers at once."""
    if instance.bound < 0:
        return 0
    view = canonical(instance).data
    return 0 if instance.bound < 1 and view.contradictory else len(view.group_first)


def _is_near(instance: TrainingInstance, search: LocalSearch, part: int) -> bool:
    """Return whether it came within two, or 1 / `part`, of the data points of the bound."""
    return search.best_mismatch <= instance.bound + max(2, instance.points // part)


def few_suffice(instance: TrainingInstance, points: int) -> bool:
    """Return whether few of `points` distinct data points are likely to decide the instance.

    Lazily added data points were measured to be 2 to 7 times faster with bound 0, two values a
    parameter and a hidden layer. With more values the search takes most of the time and
    profits from all of them, and without a hidden layer every data point is cheap.
    """
    if instance.bound < 0 or not growing.needs_all_points(instance) or points <= growing.FIRST:
        return False
    if instance.domain_steps[instance.used_domains].max(initial=0) > 1:
        return False
    network = instance.network
    hidden = ~(network.is_input | network.is_output)
    return bool(hidden[network.sources].any())
