"""Truth assignments as witnesses: files, and what they satisfy."""

from collections.abc import Iterable

from instances.errors import InputError, InvalidWitness
from instances.sources.cnf import Cnf
from instances.sources.forms import Witnesses
from instances.text.documents import (
    as_integer,
    as_list,
    decode_object,
    encode_object,
    is_json,
    split_lines,
)
from instances.text.values import parse_integer, quote

Assignment = tuple[bool, ...]


def require_assignment(formula: Cnf, assignment: Assignment) -> None:
    """Raise `InvalidWitness` unless `assignment` has one truth value for every variable."""
    if len(assignment) != formula.variables:
        raise InvalidWitness(
            f"the assignment has {len(assignment)} values for {formula.variables} variables"
        )
    for variable, value in enumerate(assignment, start=1):
        if value is not True and value is not False:
            raise InvalidWitness(f"variable {variable} has a value that is neither true nor false")


def holds(literal: int, assignment: Assignment) -> bool:
    """Tell whether a literal is true under `assignment`."""
    return assignment[abs(literal) - 1] == (literal > 0)


def parse_assignment(formula: Cnf, text: str) -> Assignment:
    """Read an assignment of the variables of `formula`.

    Two forms are read: JSON ``{"assignment": [1, -2, 3]}``, and what SAT solvers print,
    that is ``v`` lines or bare literals closed by 0, with ``c`` and status lines ignored.

    Raises
    ------
    InputError
        If a variable is missing, assigned twice or not in the formula, or the form is wrong.
    """
    if is_json(text):
        values = as_list(decode_object(text, {"assignment": True})["assignment"], "assignment")
        return _collect(
            formula, (as_integer(value, "assignment: literal", minimum=None) for value in values)
        )
    return _collect(formula, _read_solver_output(text))


def _read_solver_output(text: str) -> list[int]:
    literals: list[int] = []
    closed = False
    for at, line in enumerate(split_lines(text), start=1):
        tokens = line.split()
        if not tokens or tokens[0] == "c":
            continue
        if line.strip() in ("s SATISFIABLE", "SAT", "SATISFIABLE"):
            continue
        if tokens[0] in ("s", "UNSAT", "UNSATISFIABLE"):
            raise InputError(f"line {at}: {quote(line.strip())} is no assignment")
        for token in tokens[1:] if tokens[0] == "v" else tokens:
            if closed:
                raise InputError(f"line {at}: {quote(token)} after the closing 0")
            literal = parse_integer(token, f"line {at}: literal")
            if literal == 0:
                closed = True
            else:
                literals.append(literal)
    if not closed:
        raise InputError("the assignment is not closed by 0: the file seems truncated")
    return literals


def _collect(formula: Cnf, literals: Iterable[int]) -> Assignment:
    values: dict[int, bool] = {}
    for literal in literals:
        if not 0 < abs(literal) <= formula.variables:
            raise InputError(
                f"assignment: literal {literal} is not over the {formula.variables} variables"
            )
        if abs(literal) in values:
            raise InputError(f"assignment: variable {abs(literal)} is assigned twice")
        values[abs(literal)] = literal > 0
    if len(values) < formula.variables:
        missing = next(v for v in range(1, formula.variables + 1) if v not in values)
        raise InputError(f"assignment: variable {missing} has no value")
    return tuple(values[variable] for variable in range(1, formula.variables + 1))


def write_assignment(formula: Cnf, assignment: Assignment) -> str:
    """Return `assignment` as JSON, a true variable as ``v`` and a false one as ``-v``."""
    require_assignment(formula, assignment)
    literals = [v if value else -v for v, value in enumerate(assignment, start=1)]
    return encode_object({"assignment": literals})


ASSIGNMENTS: Witnesses[Cnf, Assignment] = Witnesses(parse_assignment, write_assignment)
