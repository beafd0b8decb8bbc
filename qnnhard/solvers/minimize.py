"""The least loss of a training instance, with a statement of how optimality is known.

The loss is a binary number over the formula's variables. From the highest bit on, CaDiCaL is
asked for a model in which the bit is 0 and the bits above it are as small as they can be; where
there is none, the bit is 1. Every model gives an upper bound and every refutation a lower one,
and no more calls are needed than the loss has bits, however large its weights are.
"""

import os
import pickle
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError
from instances.progress import track
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.numbers import Number, normal, show_number
from instances.training.parameters import Parameters
from qnnhard.encoding.builder import TRUE
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.decode import decode
from qnnhard.encoding.objective import Objective, encode_objective
from qnnhard.solvers.answer import How, Verdict
from qnnhard.solvers.boundary import ask
from qnnhard.solvers.cadical import load, read_model
from qnnhard.solvers.child import call_in_child
from qnnhard.solvers.sat import SatBackend


@dataclass(frozen=True, eq=False)
class Minimum:
    """The least loss found.

    Parameters
    ----------
    loss : number or None
        The least loss, or where `how` is ``LIMIT`` the best one known, if any.
    parameters : Parameters or None
        Parameters of that loss; where the time limit passed, the best ones known, if any.
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


@dataclass(frozen=True, eq=False)
class _Bounds:
    """What is known of the least value of a word, above its `low`.

    Parameters
    ----------
    lower, upper : int
    model : bool array
        A model of value `upper`; ``model[v]`` is the value of variable v.
    """

    lower: int
    upper: int
    model: NDArray[np.bool_]


def minimize(
    instance: TrainingInstance, deadline: Deadline, proof: str | None = None, tables: bool = True
) -> Minimum:
    """Return parameters of least loss, whatever the bound of `instance`.

    Parameters
    ----------
    instance : TrainingInstance
    deadline : Deadline
    proof : str or None
        Where to write a DRAT proof that no parameters have a smaller loss; it is checked.
    tables : bool
        Whether that proof may refute an encoding with tables; see `SatBackend`.

    Raises
    ------
    Unsupported
        Where the instance is too large to encode.
    """
    try:
        objective = encode_objective(instance, deadline)
    except LimitReached:
        return Minimum(None, None, How.LIMIT, deadline.limit)
    unit = objective.encoding.loss_unit
    sizes = objective.formula.sizes
    bounds = _least(objective, deadline)
    if bounds is None:
        return Minimum(None, None, How.LIMIT, deadline.limit, sizes)
    parameters = decode(objective.encoding, bounds.model)
    loss = evaluate(instance, parameters).loss
    lower, upper = (
        normal(Fraction(objective.word.low + value, unit)) for value in (bounds.lower, bounds.upper)
    )
    if loss != upper:
        raise QnnhardError(
            f"the solver gave parameters of loss {loss} for a model that stands for {upper}: "
            "this is a defect; please report the instance"
        )
    if loss == 0:
        return Minimum(loss, parameters, How.EVALUATED, "no loss is below 0", sizes)
    if lower < upper:
        known = f"best known loss {show_number(loss)}, lower bound {show_number(max(lower, 0))}"
        return Minimum(None, parameters, How.LIMIT, f"{deadline.limit}; {known}", sizes)
    detail = "CaDiCaL says that no loss is smaller"
    if proof is None:
        return Minimum(loss, parameters, How.SOLVER, detail, sizes)
    below = replace(instance, bound=loss - Fraction(1, unit), d=None)
    answer = ask(SatBackend(proof, tables), below, deadline)
    if answer.verdict is Verdict.YES:
        raise QnnhardError(
            f"{detail} than {show_number(loss)}, yet one is: this is a defect; "
            "please report the instance"
        )
    if answer.verdict is Verdict.UNKNOWN:
        detail = f"{detail}; the time limit passed before there was a proof"
        return Minimum(loss, parameters, How.SOLVER, detail, sizes)
    return Minimum(loss, parameters, answer.how, answer.detail, sizes)


def _least(objective: Objective, deadline: Deadline) -> _Bounds | None:
    """Return bounds on the least loss, equal unless the time limit passed; None without any."""
    with TemporaryDirectory(prefix="qnnhard-") as folder:
        file = Path(folder) / "bounds"
        try:
            return call_in_child(
                deadline, _search, objective.formula, objective.word.bits, str(file)
            )
        except LimitReached:
            if not file.exists():
                return None
            found: _Bounds = pickle.loads(file.read_bytes())
            return found


def _search(formula: Formula, bits: tuple[int, ...], file: str) -> _Bounds:
    """Minimize a binary number, and keep what is known of it in `file`, which is replaced."""
    from pysat.solvers import Cadical195

    def note(lower: int, upper: int, model: NDArray[np.bool_]) -> _Bounds:
        bounds = _Bounds(lower, upper, model)
        Path(f"{file}.new").write_bytes(pickle.dumps(bounds, protocol=5))
        os.replace(f"{file}.new", file)
        return bounds

    with Cadical195() as solver:
        load(solver, formula, Deadline())
        if not solver.solve():
            raise QnnhardError("no parameters satisfy the formula: this is a defect")
        model = read_model(solver, formula)
        bounds = note(0, _value(bits, model), model)
        for place in track(range(len(bits) - 1, -1, -1), "minimize", "bits"):
            bit = bits[place]
            if bounds.upper >> place & 1 and bit != TRUE and solver.solve(assumptions=[-bit]):
                model = read_model(solver, formula)
                bounds = note(bounds.lower, _value(bits, model), model)
            if bounds.upper >> place & 1:
                bounds = note(bounds.lower + (1 << place), bounds.upper, bounds.model)
            if abs(bit) != TRUE:
                solver.add_clause([bit if bounds.upper >> place & 1 else -bit])
    return bounds


def _value(bits: tuple[int, ...], model: NDArray[np.bool_]) -> int:
    """Return the value of a word's bits."""
    return sum(
        1 << place
        for place, bit in enumerate(bits)
        if bit == TRUE or (bit != -TRUE and bool(model[abs(bit)]) == (bit > 0))
    )
