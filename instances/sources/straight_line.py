"""Straight-line programs: their instances and files, and exact evaluation within a bit budget."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached
from instances.sources.documents import split_lines
from instances.sources.values import parse_integer, quote

OPERATORS = "+-*"
MOST_BITS = 1 << 22
"""The bit budget of a value where none is given: products of that size take about a second."""

_GATE = re.compile(r"\s*g([0-9]+)\s*=\s*g([0-9]+)\s*([-+*])\s*g([0-9]+)\s*(#.*)?")

Gate = tuple[int, str, int]
"""The first operand, the operator and the second operand of a gate."""


@dataclass(frozen=True)
class StraightLineProgram:
    """A program g0 = 1, g1, ..., gn that computes integers; its result is the last gate.

    Parameters
    ----------
    gates : tuple of (int, str, int)
        Gate t, counted from 1, is the sum (``+``), difference (``-``) or product (``*``) of two
        gates before it. There is at least one.

    Raises
    ------
    InputError
        If there is no gate, an operator is unknown, or an operand does not come before its gate.
    """

    gates: tuple[Gate, ...]

    def __post_init__(self) -> None:
        if not self.gates:
            raise InputError("the program has no gate: give one or more, such as g1 = g0 + g0")
        for number, (first, operator, second) in enumerate(self.gates, start=1):
            if operator not in ("+", "-", "*"):
                raise InputError(f"gate g{number}: operator {quote(operator)} is not +, - or *")
            for operand in (first, second):
                if not 0 <= operand < number:
                    raise InputError(f"gate g{number}: g{operand} does not come before it")

    @cached_property
    def depth(self) -> int:
        """The most multiplications on a path to the last gate."""
        depths = [0]
        for first, operator, second in self.gates:
            depths.append(max(depths[first], depths[second]) + (operator == "*"))
        return depths[-1]

    @property
    def products(self) -> int:
        """Number of multiplications."""
        return sum(operator == "*" for _, operator, _ in self.gates)


def parse_program(text: str) -> StraightLineProgram:
    """Read a program: a gate a line, in order, such as ``g7 = g3 * g5``.

    The gate g0 = 1 is there from the start, and gates are numbered from g1 without gaps. Blank
    lines, and comments from ``#`` to the end of a line, are passed over.

    Raises
    ------
    InputError
        With the line that is wrong.
    """
    gates: list[Gate] = []
    for line, content in enumerate(split_lines(text), start=1):
        if not content.strip() or content.lstrip().startswith("#"):
            continue
        match = _GATE.fullmatch(content)
        if match is None:
            raise InputError(
                f"line {line}: {quote(content.strip())} is no gate such as 'g2 = g1 * g0'"
            )
        number, first, second = (
            parse_integer(match[group], f"line {line}: gate") for group in (1, 2, 4)
        )
        expected = len(gates) + 1
        if number != expected:
            raise InputError(f"line {line}: found g{number} where g{expected} comes next")
        for operand in (first, second):
            if operand >= number:
                raise InputError(
                    f"line {line}: g{number} uses g{operand}, which no line before it defines"
                )
        gates.append((first, match[3], second))
    return StraightLineProgram(tuple(gates))


def write_program(program: StraightLineProgram) -> str:
    """Return a text that `parse_program` reads back."""
    lines = (
        f"g{number} = g{first} {operator} g{second}\n"
        for number, (first, operator, second) in enumerate(program.gates, start=1)
    )
    return "".join(lines)


def values(program: StraightLineProgram, deadline: Deadline, most_bits: int) -> Iterator[int]:
    """Yield the values of g0, g1, ... exactly.

    A value is forgotten after its last use, so that a long program needs little memory. They
    are of type `mpz` where gmpy2 is installed.

    Raises
    ------
    LimitReached
        Where a value exceeds `most_bits`, a product before it is computed, with the bit lengths
        of the longest gates so far; or when time runs out.
    """
    last_use = {}
    for number, (first, _, second) in enumerate(program.gates, start=1):
        last_use[first] = last_use[second] = number
    alive: dict[int, Any] = {0: _integer()(1)}
    longest = [(0, 1)]
    yield alive[0]
    for number, (first, operator, second) in enumerate(program.gates, start=1):
        deadline.check()
        a, b = alive[first], alive[second]
        # A product is refused before it is computed; a sum has at most one bit more than a term.
        _require(number, _least_bits(a.bit_length(), operator, b.bit_length()), most_bits, longest)
        value = a + b if operator == "+" else a - b if operator == "-" else a * b
        _require(number, value.bit_length(), most_bits, longest)
        if value.bit_length() > longest[-1][1]:
            longest.append((number, value.bit_length()))
        for operand in {first, second}:
            if last_use[operand] == number:
                del alive[operand]
        if number in last_use:
            alive[number] = value
        yield value


def last_value(program: StraightLineProgram, deadline: Deadline, most_bits: int = MOST_BITS) -> int:
    """Return the value of the last gate; see `values`."""
    result = 1
    for value in values(program, deadline, most_bits):
        result = value
    return result


def bit_lengths(
    program: StraightLineProgram, deadline: Deadline, most_bits: int = MOST_BITS
) -> Iterator[int]:
    """Yield the bit lengths of g0, g1, ... in magnitude; see `values`."""
    for value in values(program, deadline, most_bits):
        yield value.bit_length()


def _least_bits(a: int, operator: str, b: int) -> int:
    """Return a bit length that a result has at least, 0 where it may cancel."""
    return a + b - 1 if operator == "*" and a and b else 0


def _require(number: int, bits: int, most_bits: int, longest: list[tuple[int, int]]) -> None:
    """Raise `LimitReached` with the curve so far if a gate has more bits than the budget."""
    if bits > most_bits:
        raise LimitReached(
            f"gate g{number} has {bits} bits or more, beyond the budget of {most_bits}; "
            f"bit lengths so far: {_curve(longest)}"
        )


def _curve(longest: list[tuple[int, int]]) -> str:
    """Return the last few of the gates that set a record, with their bit lengths."""
    return ", ".join(f"g{number}: {bits}" for number, bits in longest[-8:])


@lru_cache(maxsize=1)
def _integer() -> Any:
    """Return the type of integers to compute with: `mpz` of gmpy2 where it is installed."""
    try:
        return import_module("gmpy2").mpz
    except ImportError:
        return int
