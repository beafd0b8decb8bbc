"""What external SAT solvers print: ``s`` and ``v`` lines, or MiniSat's result file."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.errors import InputError
from qnnhard.solvers.answer import Verdict

_STATUS = {
    "SATISFIABLE": Verdict.YES,
    "SAT": Verdict.YES,
    "UNSATISFIABLE": Verdict.NO,
    "UNSAT": Verdict.NO,
    "UNKNOWN": Verdict.UNKNOWN,
    "INDETERMINATE": Verdict.UNKNOWN,
    "INDET": Verdict.UNKNOWN,
}

_LITERAL = re.compile("-?[0-9]{1,12}")


@dataclass(frozen=True, eq=False)
class SolverOutput:
    """A solver's answer, and for YES its model: ``model[v]`` is the value of variable v."""

    verdict: Verdict
    model: NDArray[np.bool_] | None = None


def parse_output(text: str, variables: int) -> SolverOutput:
    """Read a solver's output; variables that it leaves out are false.

    Raises
    ------
    InputError
        Where there is no status, the model is missing or not ended by 0, or a literal is no
        variable of the formula or has both signs.
    """
    status: str | None = None
    tokens: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "s":
            if status is not None:
                raise InputError("solver output: two status lines")
            status = " ".join(words[1:])
        elif words[0] == "v":
            tokens.extend(words[1:])
        elif words[0] in _STATUS and status is None:
            status = words[0]
        elif status is not None and not tokens and _is_literals(words):
            tokens.extend(words)
    if status is None or status not in _STATUS:
        raise InputError(
            "solver output: no status; expected a line such as 's SATISFIABLE' or 'SAT'"
        )
    verdict = _STATUS[status]
    if verdict is not Verdict.YES:
        return SolverOutput(verdict)
    return SolverOutput(verdict, _model(tokens, variables))


def _is_literals(words: list[str]) -> bool:
    return words[-1] == "0" and all(_LITERAL.fullmatch(word) for word in words)


def _model(tokens: list[str], variables: int) -> NDArray[np.bool_]:
    if not tokens or tokens[-1] != "0":
        raise InputError("solver output: the model is missing or cut off (no final 0)")
    model = np.zeros(variables + 1, dtype=np.bool_)
    given: dict[int, bool] = {}
    for token in tokens[:-1]:
        if not _LITERAL.fullmatch(token):
            raise InputError(f"solver output: '{token[:20]}' is not a literal")
        literal = int(token)
        if literal == 0 or abs(literal) > variables:
            raise InputError(
                f"solver output: literal {literal} where the formula has variables 1 to "
                f"{variables}; is this the output for another instance?"
            )
        if given.setdefault(abs(literal), literal > 0) != (literal > 0):
            raise InputError(f"solver output: variable {abs(literal)} has both signs")
        model[abs(literal)] = literal > 0
    return model
