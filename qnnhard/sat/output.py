"""What other programs print: ``s``, ``o`` and ``v`` lines, MiniSat's result file, DRAT proofs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.errors import InputError
from instances.files import read_bytes
from qnnhard.verdict import Verdict

_OPTIMUM = "OPTIMUM FOUND"

_SPOKEN = {
    "SATISFIABLE": Verdict.YES,
    _OPTIMUM: Verdict.YES,
    "UNSATISFIABLE": Verdict.NO,
    "UNKNOWN": Verdict.UNKNOWN,
    "INDETERMINATE": Verdict.UNKNOWN,
}
"""What may follow ``s``."""

_ALONE = {
    "SAT": Verdict.YES,
    "SATISFIABLE": Verdict.YES,
    "UNSAT": Verdict.NO,
    "UNSATISFIABLE": Verdict.NO,
    "INDET": Verdict.UNKNOWN,
    "INDETERMINATE": Verdict.UNKNOWN,
}
"""MiniSat's words, which stand alone on their line."""

_EXIT = {Verdict.YES.value: Verdict.YES, Verdict.NO.value: Verdict.NO}

_LITERAL = re.compile("-?[0-9]{1,12}")
_COST = re.compile("[0-9]{1,19}")


@dataclass(frozen=True, eq=False)
class SolverOutput:
    """A solver's answer.

    Parameters
    ----------
    model : bool array or None
        For YES: ``model[v]`` is the value of variable v.
    contradiction : str
        Why an answer counts as UNKNOWN, in words; empty where the solver did not give any.
    cost : int or None
        Of a MaxSAT solver's last solution.
    optimal : bool
        Whether a MaxSAT solver says that no cost is less.
    """

    verdict: Verdict
    model: NDArray[np.bool_] | None = None
    contradiction: str = ""
    cost: int | None = None
    optimal: bool = False


class _Lines:
    """The lines that mean something: statuses, the tokens of a model, and costs."""

    def __init__(self, text: str) -> None:
        self.statuses: list[str] = []
        self.verdicts: list[Verdict] = []
        self.tokens: list[str] = []
        self.costs: list[int] = []
        self.given = False
        for line in text.split("\n"):
            words = line.split()
            if words:
                self._add(words)

    def _add(self, words: list[str]) -> None:
        if words[0] == "s":
            status = " ".join(words[1:])
            if status not in _SPOKEN:
                raise _no_status(f", not 's {status:.20}'")
            self.statuses.append(status)
            self.verdicts.append(_SPOKEN[status])
        elif words[0] == "v":
            self.given = True
            self.tokens.extend(words[1:])
        elif words[0] == "o" and len(words) == 2 and _COST.fullmatch(words[1]):
            self.costs.append(int(words[1]))
        elif len(words) == 1 and words[0] in _ALONE:
            self.verdicts.append(_ALONE[words[0]])
        elif self.verdicts and not self.tokens and _is_literals(words):
            self.tokens.extend(words)

    @property
    def maxsat(self) -> bool:
        return _OPTIMUM in self.statuses or bool(self.costs)


def is_maxsat(text: str) -> bool:
    """Return whether a MaxSAT solver printed `text`; raise as `parse_output` for its statuses."""
    return _Lines(text).maxsat


def parse_output(text: str, variables: int, exit_status: int | None = None) -> SolverOutput:
    """Read a solver's output; variables that it leaves out are false.

    Status lines that contradict each other, or an exit status of 10 or 20 that contradicts them,
    make the answer UNKNOWN. A MaxSAT solver's model may be a string of 0 and 1, one a variable,
    and its list of literals need not end in 0.

    Raises
    ------
    InputError
        Where there is no status, the model is missing or not ended by 0, or a literal is no
        variable of the formula or has both signs.
    """
    lines = _Lines(text)
    if not lines.verdicts:
        raise _no_status("")
    verdict = lines.verdicts[0]
    if any(other is not verdict for other in lines.verdicts):
        return SolverOutput(Verdict.UNKNOWN, contradiction="its status lines contradict each other")
    if _EXIT.get(exit_status or 0, verdict) is not verdict:
        why = f"its exit status {exit_status} contradicts the answer {verdict}"
        return SolverOutput(Verdict.UNKNOWN, contradiction=why)
    if verdict is not Verdict.YES:
        return SolverOutput(verdict)
    if lines.maxsat and _is_string(lines.tokens, variables):
        model = np.zeros(variables + 1, dtype=np.bool_)
        model[1 : len(lines.tokens[0]) + 1] = [digit == "1" for digit in lines.tokens[0]]
    else:
        unended = lines.maxsat and lines.tokens[-1:] != ["0"] and lines.given
        model = _model([*lines.tokens, "0"] if unended else lines.tokens, variables)
    cost = lines.costs[-1] if lines.costs else None
    return SolverOutput(verdict, model, cost=cost, optimal=_OPTIMUM in lines.statuses)


def _no_status(instead: str) -> InputError:
    return InputError(
        f"solver output: no status; expected a line such as 's SATISFIABLE' or 'SAT'{instead}"
    )


def _is_literals(words: list[str]) -> bool:
    return words[-1] == "0" and all(_LITERAL.fullmatch(word) for word in words)


def _is_string(tokens: list[str], variables: int) -> bool:
    """Return whether there is one digit a variable; a file may not show the last variables."""
    return len(tokens) == 1 and len(tokens[0]) <= variables and set(tokens[0]) <= {"0", "1"}


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


_LONGEST = 5
"""Bytes of a literal at most: seven bits each, for variables below 2^31."""


def read_proof(path: str) -> list[str]:
    """Return the steps of a DRAT proof as lines of text.

    Raises
    ------
    InputError
        Where the file cannot be read, or is neither text nor the binary form.
    """
    content = read_bytes(path)
    try:
        # Every step of the binary form ends in a byte 0, which text never has.
        return list(_steps(content)) if b"\0" in content else content.decode("ascii").splitlines()
    except ValueError as error:
        raise InputError(f"{path}: no DRAT proof ({error})") from error


def _steps(content: bytes) -> Iterator[str]:
    """Yield the steps of a proof in the binary form; raise `ValueError` where it is broken."""
    place = 0
    while place < len(content):
        kind = {ord("a"): "", ord("d"): "d "}.get(content[place])
        if kind is None:
            raise ValueError(f"byte {place} begins no step")
        literals = []
        number, place = _number(content, place + 1)
        while number:
            literals.append(-(number >> 1) if number & 1 else number >> 1)
            number, place = _number(content, place)
        if 0 in literals:
            raise ValueError(f"the step that ends at byte {place} has a literal -0")
        yield kind + " ".join(map(str, [*literals, 0]))


def _number(content: bytes, place: int) -> tuple[int, int]:
    """Return the number at `place`, seven bits a byte from the lowest on, and where it ends."""
    number = 0
    for shift, byte in enumerate(content[place : place + _LONGEST]):
        number |= (byte & 127) << 7 * shift
        if byte < 128:
            return number, place + shift + 1
    raise ValueError(f"the number at byte {place} has no end")
