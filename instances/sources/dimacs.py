"""DIMACS files of formulas in conjunctive normal form."""

import re

import numpy as np
import numpy.typing as npt

from instances.errors import InputError
from instances.sources.cnf import Cnf
from instances.sources.forms import SourceForm
from instances.sources.graph_files import read_header
from instances.text.documents import split_lines
from instances.text.values import parse_integer, quote

_COMMENT = re.compile(r"^[ \t]*c.*$", re.MULTILINE)
_TRAILER = re.compile(r"^[ \t]*%", re.MULTILINE)
_HEADER_REMEDY = "expected a header like 'p cnf 20 91' before the clauses"


def parse_dimacs(text: str) -> Cnf:
    """Read a DIMACS CNF file.

    Lines that start with ``c`` are comments anywhere. Clauses end with 0 and may span lines
    or share one. A line that starts with ``%`` ends the formula, as in SATLIB's files.

    Raises
    ------
    InputError
        With the line number, if there is no header or a wrong one, a token is not an
        integer, a literal exceeds the header's variables, the last clause is not closed by
        0, or the header's number of clauses is wrong.
    """
    lines = split_lines(text)
    at, variables, clauses = _read_header(lines)
    body = lines[at:]
    numbers = _convert("\n".join(body))
    if (
        numbers is None
        or ((numbers > variables) | (numbers < -variables)).any()
        or (numbers[-1:] != 0).any()
    ):
        numbers = _convert_by_line(body, at + 1, variables)
    ends = np.flatnonzero(numbers == 0)
    if len(ends) != clauses:
        raise InputError(
            f"line {at}: the header announces {clauses} clauses, the file has {len(ends)}"
        )
    # Without the zeros, the end of clause i moves forward by the i zeros before it.
    starts = np.concatenate(([0], ends - np.arange(len(ends))))
    return Cnf(variables, numbers[numbers != 0].astype(np.int32), starts)


def _read_header(lines: list[str]) -> tuple[int, int, int]:
    """Return the header's line number, variables and clauses."""
    if not any(line.strip() for line in lines):
        raise InputError(f"line 1: the file is empty; {_HEADER_REMEDY}")
    for at, line in enumerate(lines, start=1):
        tokens = line.split()
        if not tokens or tokens[0].startswith("c"):
            continue
        if tokens[0] != "p":
            raise InputError(f"line {at}: found {quote(tokens[0])}; {_HEADER_REMEDY}")
        return at, *read_header(line, at, ("cnf",), ("variables", "clauses"), _HEADER_REMEDY)
    raise InputError(f"line {len(lines)}: no header in the file; {_HEADER_REMEDY}")


def _convert(body: str) -> npt.NDArray[np.int64] | None:
    """Return all integers of a well-formed body; ``None`` if it needs a closer look."""
    trailer = _TRAILER.search(body)
    if trailer:
        body = body[: trailer.start()]
    if "c" in body:
        body = _COMMENT.sub("", body)
    if not body.isascii():
        return None
    characters = np.frombuffer(body.encode() + b" ", dtype=np.uint8)
    digit = (characters >= ord("0")) & (characters <= ord("9"))
    minus = characters == ord("-")
    blank = np.isin(characters, np.frombuffer(b" \t\n", dtype=np.uint8))
    # NumPy reads "1-2" as two numbers and stops silently at what is none: admit only
    # digits and blanks, and minus signs between a blank and a digit.
    if not (digit | minus | blank).all():
        return None
    at = np.flatnonzero(minus)
    if not digit[at + 1].all() or not blank[at[at > 0] - 1].all():
        return None
    if not digit.any():
        return np.zeros(0, dtype=np.int64)
    # Numbers past 64 bits are clamped, which leaves them beyond every header.
    return np.fromstring(body, dtype=np.int64, sep=" ")


def _convert_by_line(body: list[str], first: int, variables: int) -> npt.NDArray[np.int64]:
    """Return all integers of a body, or say which line is wrong; `first` is its line number."""
    numbers: list[int] = []
    open_line = 0
    for at, line in enumerate(body, start=first):
        tokens = line.split()
        if not tokens or tokens[0].startswith("c"):
            continue
        if tokens[0].startswith("%"):
            break
        if tokens[0] == "p":
            raise InputError(f"line {at}: a second header")
        for token in tokens:
            literal = parse_integer(token, f"line {at}: literal")
            if abs(literal) > variables:
                raise InputError(
                    f"line {at}: literal {literal} is beyond the header's {variables} variables"
                )
            numbers.append(literal)
            open_line = at
    if numbers and numbers[-1] != 0:
        raise InputError(f"line {open_line}: clause not terminated by 0")
    return np.array(numbers, dtype=np.int64)


def write_dimacs(formula: Cnf) -> str:
    """Return `formula` as a DIMACS file, one clause a line."""
    lines = [f"p cnf {formula.variables} {formula.number_of_clauses}"]
    lines += [" ".join([*map(str, clause), "0"]) for clause in formula.clauses]
    return "\n".join(lines) + "\n"


FORMULAS: SourceForm[Cnf] = SourceForm(
    suffix=".cnf",
    recognises=lambda opening: opening.is_header("cnf"),
    parse=parse_dimacs,
    write=write_dimacs,
    describe=lambda formula: f"{formula.variables} variables, {formula.number_of_clauses} clauses",
    sizes=lambda formula: {
        "variables": formula.variables,
        "clauses": formula.number_of_clauses,
        "literals": len(formula.literals),
        "longest": int(formula.lengths.max(initial=0)),
    },
)
