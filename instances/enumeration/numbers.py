"""All lists of numbers, packings and straight-line programs of small sizes, up to order.

Every function yields the degenerate ones as well, and the same sources in the same order each time.
"""

from collections.abc import Iterator
from itertools import combinations_with_replacement, product

from instances.sources.number_lists import NumberList, SumInstance
from instances.sources.packing import Packing
from instances.sources.straight_line import Gate, StraightLineProgram


def every_number_list(numbers: int, largest: int) -> Iterator[NumberList]:
    """Yield the multisets of up to `numbers` numbers from 0 to `largest`."""
    for count in range(numbers + 1):
        for chosen in combinations_with_replacement(range(largest + 1), count):
            yield NumberList(chosen)


def every_sum(numbers: int, largest: int) -> Iterator[SumInstance]:
    """Yield the lists of `every_number_list` with every target from 0 to one above their sum."""
    for source in every_number_list(numbers, largest):
        for target in range(sum(source.numbers) + 2):
            yield SumInstance(source.numbers, target)


def every_packing(bins: int, capacity: int, zeros: int) -> Iterator[Packing]:
    """Yield the multisets of numbers that add up to what up to `bins` bins hold.

    The capacity of a bin goes from 0 to `capacity`. Up to `zeros` of the numbers are 0, and
    numbers may be larger than a bin.
    """
    for count, room in product(range(bins + 1), range(capacity + 1)):
        for parts in partitions(count * room, 1, count * room):
            for nothing in range(zeros + 1 if count else 1):
                yield Packing((0,) * nothing + parts, count, room)


def every_triple_packing(bins: int, capacity: int) -> Iterator[Packing]:
    """Yield the multisets of three numbers a bin, strictly between a quarter and a half of it.

    They add up to what up to `bins` bins hold, whose capacity goes from 0 to `capacity`.
    """
    for count, room in product(range(bins + 1), range(capacity + 1)):
        least, most = room // 4 + 1, (room - 1) // 2
        for parts in partitions(count * room, least, most, 3 * count):
            if len(parts) == 3 * count:
                yield Packing(parts, count, room)


def partitions(
    total: int, least: int, most: int, longest: int | None = None
) -> Iterator[tuple[int, ...]]:
    """Yield the increasing rows of numbers from `least` to `most` that add up to `total`.

    Parameters
    ----------
    least : int
        At least 1.
    longest : int, optional
        How many numbers a row has at most.
    """
    if total == 0:
        yield ()
    if longest == 0:
        return
    remaining = None if longest is None else longest - 1
    for first in range(least, min(total, most) + 1):
        for rest in partitions(total - first, first, most, remaining):
            yield (first, *rest)


def every_program(gates: int) -> Iterator[StraightLineProgram]:
    """Yield the programs of 1 to `gates` gates, with operands of sums and products in order."""
    for count in range(1, gates + 1):
        for chosen in product(*map(_every_gate, range(1, count + 1))):
            yield StraightLineProgram(chosen)


def _every_gate(number: int) -> list[Gate]:
    """Return the gates that can be the one of this number, but for the order of operands."""
    return [
        (first, operator, second)
        for first in range(number)
        for operator in "+-*"
        for second in range(0 if operator == "-" else first, number)
    ]
