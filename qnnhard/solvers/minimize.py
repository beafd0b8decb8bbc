"""The least loss of a training instance, with a statement of how optimality is known."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.numbers import Number
from instances.training.parameters import Parameters
from qnnhard.encoding.decode import decode
from qnnhard.encoding.wcnf import WeightedFormula, encode_loss
from qnnhard.solvers.answer import How
from qnnhard.solvers.cadical import solve_formula
from qnnhard.solvers.child import call_in_child
from qnnhard.solvers.sat import SatBackend


@dataclass(frozen=True, eq=False)
class Minimum:
    """The least loss found.

    Parameters
    ----------
    loss : number or None
        The exact loss of `parameters`; ``None`` where the time limit passed.
    parameters : Parameters or None
    how : How
        How it is known that no parameters do better.
    detail : str
    sizes : dict
    """

    loss: Number | None
    parameters: Parameters | None
    how: How
    detail: str = ""
    sizes: dict[str, int] = field(default_factory=dict)


def minimize(instance: TrainingInstance, deadline: Deadline, proof: str | None = None) -> Minimum:
    """Return parameters of least loss, whatever the bound of `instance`, by core-guided MaxSAT.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline
    proof : str or None
        Where to write a DRAT proof that no parameters have a smaller loss; it is checked.

    Raises
    ------
    Unsupported
        Where the instance is too large to encode.
    """
    try:
        weighted = encode_loss(instance, deadline)
        formula = weighted.formula
        sizes = {
            "variables": formula.variables,
            "clauses": formula.clauses,
            "soft": len(weighted.soft),
        }
        cost, model = _least_cost(weighted, deadline)
    except LimitReached:
        return Minimum(None, None, How.LIMIT, deadline.limit)
    parameters = decode(weighted.encoding, model)
    loss = evaluate(instance, parameters).loss
    if loss != weighted.loss(cost):
        raise QnnhardError(
            f"MaxSAT gave parameters of loss {loss} for a cost that stands for "
            f"{weighted.loss(cost)}: this is a defect; please report the instance"
        )
    if proof is None or loss == 0:
        detail = "no loss is below 0" if loss == 0 else "RC2 says that no loss is smaller"
        return Minimum(loss, parameters, How.EVALUATED if loss == 0 else How.SOLVER, detail, sizes)
    below = replace(instance, bound=loss - Fraction(1, weighted.encoding.loss_unit), d=None)
    answer = SatBackend(proof).solve(below, deadline)
    return Minimum(loss, parameters, answer.how, answer.detail, sizes)


def _least_cost(weighted: WeightedFormula, deadline: Deadline) -> tuple[int, NDArray[np.bool_]]:
    """Return the least cost of a model, and the model."""
    if not weighted.soft:
        model = solve_formula(weighted.formula, deadline).model
        assert model is not None
        return 0, model
    clauses = [clause for chunk in weighted.formula.chunks() for clause in chunk]
    cost, literals = call_in_child(deadline, _run_rc2, clauses, list(weighted.soft))
    model = np.zeros(weighted.formula.variables + 1, dtype=np.bool_)
    chosen = np.array([v for v in literals if 0 < v <= weighted.formula.variables], dtype=np.int64)
    model[chosen] = True
    return cost, model


def _run_rc2(clauses: list[list[int]], soft: list[tuple[int, int]]) -> tuple[int, list[int]]:
    from pysat.examples.rc2 import RC2Stratified
    from pysat.formula import WCNF

    problem = WCNF()
    problem.extend(clauses)
    for weight, literal in soft:
        problem.append([literal], weight=weight)
    with RC2Stratified(problem, solver="cadical195", adapt=True, exhaust=True, minz=True) as rc2:
        model = rc2.compute()
        if model is None:
            raise QnnhardError("the hard clauses are contradictory: this is a defect")
        return int(rc2.cost), list(model)
