"""PosSLP: the sign of what a straight-line program computes."""

from collections.abc import Iterator
from random import Random

from instances.deadline import Deadline
from instances.enumeration.numbers import every_program
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.sources.chosen import chosen_indices
from instances.sources.forms import Field
from instances.sources.straight_line import (
    PROGRAMS,
    Gate,
    StraightLineProgram,
    gate_depths,
    last_value,
)
from instances.text.parameters import Parameter, Values
from instances.text.values import LARGEST, parse_integer

Empty = tuple[()]


class PosSlp(Problem[StraightLineProgram, Empty]):
    """The question whether the last value of a straight-line program is positive.

    There is nothing to choose, so a witness is empty, and checking it is evaluating the program
    exactly. Bit lengths can double at every multiplication: past the bit budget, solver and
    check stop with `LimitReached`.
    """

    name = "posslp"
    title = "PosSLP"
    question = "Is the last value of the straight-line program positive?"
    form = PROGRAMS
    witnesses = chosen_indices("chosen", "number", lambda _: 0)
    field = Field("max-bits", "most_bits", lambda text, what: parse_integer(text, what, 1))
    parameters = (
        Parameter("size", "16", "number of gates"),
        Parameter("depth", "6", "most multiplications on a path"),
        Parameter("squaring", "no", "yes: square 1 + 1 depth times, in a row, before other gates"),
        Parameter("planted", "no", "yes: the last two gates make a square plus 1"),
    )

    def draw(self, given: Values, random: Random) -> StraightLineProgram:
        """Draw gates whose operators and operands are random, recent operands more often.

        An operator is a product with probability 1/2 where the depth allows one, and a sum or a
        difference otherwise. With squaring the program begins with 2^(2^depth).
        """
        size, depth = given.integer("size"), given.integer("depth")
        planted, squaring = given.choice("planted"), given.choice("squaring")
        opening: list[Gate] = []
        if squaring:
            opening = [(0, "+", 0), *((t, "*", t) for t in range(1, min(depth, size) + 1))]
        closing = 2 if planted else 0
        if size < max(1, len(opening) + closing) or size > LARGEST // 100:
            raise InputError(
                f"{self.name}: {size} gates do not fit: give size="
                f"{max(1, 1 + depth * squaring + closing)} or more, up to {LARGEST // 100}"
            )
        if planted and not depth:
            raise InputError(f"{self.name}: a planted square needs depth=1 or more")
        gates = _draw(opening, size - closing, depth - planted, depth, random)
        if planted:
            gates += [(len(gates), "*", len(gates)), (len(gates) + 1, "+", 0)]
        return StraightLineProgram(tuple(gates))

    def random(self, random: Random) -> StraightLineProgram:
        """Draw up to 8 gates with operands that may be equal."""
        gates = []
        for number in range(1, random.randint(1, 8) + 1):
            operator = random.choice("+--**" if number > 1 else "+--")
            gates.append((random.randrange(number), operator, random.randrange(number)))
        return StraightLineProgram(tuple(gates))

    def every(self, gates: int) -> Iterator[StraightLineProgram]:
        """Yield all programs; see `every_program`."""
        return every_program(gates)

    def check(self, source: StraightLineProgram, witness: Empty) -> None:
        """Raise `InvalidWitness` unless the last value is positive, by evaluating the program."""
        if witness != ():
            raise InvalidWitness("the witness is not empty")
        value = last_value(source, Deadline(), source.most_bits)
        if value <= 0:
            raise InvalidWitness(f"the last value is {'negative' if value else '0'}, not positive")

    def solve(self, source: StraightLineProgram, deadline: Deadline) -> Empty | None:
        """Decide `source` by evaluating the program."""
        deadline.check()
        return () if last_value(source, deadline, source.most_bits) > 0 else None


def _draw(opening: list[Gate], count: int, deepest: int, depth: int, random: Random) -> list[Gate]:
    """Return `opening` and random gates up to `count`; the last gate is at most `deepest` deep."""
    gates = list(opening)
    depths = gate_depths(gates)
    while len(gates) < count:
        limit = deepest if len(gates) == count - 1 else depth
        allowed = [t for t in range(max(0, len(depths) - 8), len(depths)) if depths[t] <= limit]
        first, second = (random.choice(allowed or [0]) for _ in range(2))
        deep = max(depths[first], depths[second])
        product = deep < limit and random.random() < 0.5
        gates.append((first, "*" if product else random.choice("+-"), second))
        depths.append(deep + product)
    return gates
