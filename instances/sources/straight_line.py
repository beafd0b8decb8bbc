"""Straight-line programs: their instances and files, and exact evaluation within a bit budget."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached
from instances.sources.forms import SourceForm
from instances.text.documents import split_lines
from instances.text.values import parse_integer, quote

MOST_BITS = 1 << 22
"""The bit budget of a value where none is given: products of that size take about a second."""

LIVE_VALUES = 1 << 10
"""Values as long as the bit budget that may be needed at a time; see `live_budget`."""

MOST_LIVE_BITS = 1 << 34
"""Most bits of all values that are needed at a time, whatever the bit budget: 2 GiB."""

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
    most_bits: int = field(default=MOST_BITS, compare=False)

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
        return gate_depths(self.gates)[-1]

    @property
    def products(self) -> int:
        """Number of multiplications."""
        return sum(operator == "*" for _, operator, _ in self.gates)


def gate_depths(gates: Iterable[Gate]) -> list[int]:
    """Return the most multiplications on a path to g0, g1, ..."""
    depths = [0]
    for first, operator, second in gates:
        depths.append(max(depths[first], depths[second]) + (operator == "*"))
    return depths


def parse_program(text: str) -> StraightLineProgram:
    """Read a program: a gate a line, in order, such as ``g7 = g3 * g5``.

    The gate g0 = 1 is there from the start, and gates are numbered from g1 without gaps. Blank
    lines, and comments from ``#`` to the end of a line, are passed over.
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


def live_budget(most_bits: int) -> int:
    """Return the most bits that all values still needed may have together.

    It is that of `LIVE_VALUES` values as long as the budget of one, at least 2^26 (8 MiB) and at
    most `MOST_LIVE_BITS`.
    """
    return min(max(LIVE_VALUES * most_bits, 1 << 26), MOST_LIVE_BITS)


def last_value(program: StraightLineProgram, deadline: Deadline, most_bits: int = MOST_BITS) -> int:
    """Return the value of the last gate exactly.

    A value is forgotten after its last use, so that a long program needs little memory.

    Raises
    ------
    LimitReached
        Where a value exceeds `most_bits`, or all values still needed exceed `live_budget`, with
        the bit lengths of the longest gates so far, a product before it is computed; or when
        time runs out.
    """
    result: Any = 1
    for value in _values(program, deadline, most_bits):
        result = value
    return int(result)


def bit_lengths(
    program: StraightLineProgram, deadline: Deadline, most_bits: int = MOST_BITS
) -> Iterator[int]:
    """Yield the bit lengths of g0, g1, ... in magnitude; errors as in `last_value`."""
    for value in _values(program, deadline, most_bits):
        yield int(value.bit_length())


def _values(program: StraightLineProgram, deadline: Deadline, most_bits: int) -> Iterator[Any]:
    """Yield the values of g0, g1, ..., of type `mpz` where gmpy2 is installed."""
    last_use = {}
    for number, (first, _, second) in enumerate(program.gates, start=1):
        last_use[first] = last_use[second] = number
    alive: dict[int, Any] = {0: _integer()(1)}
    budget = _Budget(most_bits)
    yield alive[0]
    for number, (first, operator, second) in enumerate(program.gates, start=1):
        deadline.check()
        a, b = alive[first], alive[second]
        # A product is refused before it is computed; a sum has at most one bit more than a term.
        least = a.bit_length() + b.bit_length() - 1 if operator == "*" and a and b else 0
        budget.require(number, least)
        value = a + b if operator == "+" else a - b if operator == "-" else a * b
        budget.require(number, value.bit_length())
        budget.record(number, value.bit_length())
        for operand in {first, second}:
            if last_use[operand] == number:
                budget.live -= alive.pop(operand).bit_length()
        if number in last_use:
            alive[number] = value
            budget.live += value.bit_length()
        del a, b
        yield value


class _Budget:
    """The bits that values have, and the most that they may have."""

    def __init__(self, most_bits: int) -> None:
        self.most = most_bits
        self.most_live = live_budget(most_bits)
        self.live = 1
        self.longest = [(0, 1)]

    def require(self, number: int, bits: int) -> None:
        """Raise `LimitReached` with the curve so far if gate `number`, of `bits`, is too long."""
        if bits > self.most:
            raise LimitReached(
                f"gate g{number} has {bits} bits or more, beyond the budget of {self.most}; "
                f"{self._curve()}"
            )
        if self.live + bits > self.most_live:
            raise LimitReached(
                f"gate g{number} and the values still needed have {self.live + bits} bits or more, "
                f"beyond the {self.most_live} that a budget of {self.most} a value allows; "
                f"{self._curve()}"
            )

    def record(self, number: int, bits: int) -> None:
        """Remember a gate that is longer than all before it."""
        if bits > self.longest[-1][1]:
            self.longest.append((number, bits))

    def _curve(self) -> str:
        """Return the last few of the gates that set a record, with their bit lengths."""
        records = ", ".join(f"g{number}: {bits}" for number, bits in self.longest[-8:])
        return f"bit lengths so far: {records}"


@lru_cache(maxsize=1)
def _integer() -> Any:
    """Return the type of integers to compute with: `mpz` of gmpy2 where it is installed."""
    try:
        return import_module("gmpy2").mpz
    except ImportError:
        return int


PROGRAMS: SourceForm[StraightLineProgram] = SourceForm(
    suffix=".slp",
    recognises=lambda opening: re.match(r"g[0-9]+ ?=", " ".join(opening.words)) is not None,
    parse=parse_program,
    write=write_program,
    describe=lambda program: f"{len(program.gates)} gates, multiplicative depth {program.depth}",
    sizes=lambda program: {
        "gates": len(program.gates),
        "depth": program.depth,
        "products": program.products,
    },
)
