"""Exact bin packing: every bin must be filled to its capacity."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from instances.deadline import Deadline
from instances.errors import InputError
from instances.problems.problem import Problem
from instances.sources.packing import FILLED_BINS, PACKINGS, Bins, Packing, check_packing, pack
from instances.text.parameters import Parameter, Values


class BinPacking(Problem[Packing, Bins]):
    """The question whether the numbers fill all bins exactly.

    The numbers add up to what the bins hold: a list that leaves space over is padded with
    numbers 1. A witness has the bin of every number.
    """

    name = "bin-packing"
    title = "Exact Bin Packing"
    question = "Do the numbers fill the bins exactly?"
    form = PACKINGS
    witnesses = FILLED_BINS
    parameters = (
        Parameter("size", "12", "how many numbers"),
        Parameter("bins", "3", "how many bins"),
        Parameter("capacity", "40", "capacity of a bin"),
        Parameter("planted", "no", "yes: every bin is cut into hidden parts"),
    )

    def draw(self, given: Values, random: Random) -> Packing:
        """Cut the sum of all bins into positive numbers at random places.

        A planted packing has a cut at the end of every bin.
        """
        size, bins = given.integer("size"), given.integer("bins")
        capacity = given.integer("capacity")
        total = bins * capacity
        if size > total or (total and not size):
            raise InputError(
                f"{self.name}: {size} positive numbers cannot add up to {total}: change size, "
                "bins or capacity"
            )
        fixed = range(capacity, total, capacity) if given.choice("planted") and capacity else ()
        free = size - 1 - len(fixed)
        if size and free < 0:
            raise InputError(f"{self.name}: {bins} planted bins need size={bins} or more")
        numbers = _cut(total, fixed, free, random) if size else []
        random.shuffle(numbers)
        return Packing(tuple(numbers), bins, capacity)

    def random(self, random: Random) -> Packing:
        """Draw up to 6 numbers and 3 bins, zeros, equal numbers and too large ones included."""
        bins = random.choice((0, 1, 2, 2, 2, 3, 3))
        scale = random.choice((1, 1, 1, 10**25))
        capacity = random.choice((0, 1, 2, 5, 7, 9))
        if not bins:
            return Packing((), 0, scale * capacity)
        numbers: list[int] = []
        left = bins * capacity
        planted = random.random() < 0.25
        while left:
            room = (left - 1) % capacity + 1 if planted else left
            number = room if len(numbers) >= 5 else random.randint(1, min(room, capacity + 1))
            numbers.append(scale * number)
            left -= number
        numbers += [0] * random.choice((0, 0, 0, 0, 1))
        random.shuffle(numbers)
        return Packing(tuple(numbers), bins, scale * capacity)

    def check(self, source: Packing, witness: Bins) -> None:
        """Raise `InvalidWitness` with the first bin that is not filled exactly."""
        check_packing(source, witness)

    def solve(self, source: Packing, deadline: Deadline) -> Bins | None:
        """Decide `source` by backtracking; see `pack`."""
        return pack(source, deadline)


def _cut(total: int, fixed: Sequence[int], free: int, random: Random) -> list[int]:
    """Cut `total` at the `fixed` places and at `free` random other ones; return the lengths."""
    taken = set(fixed)
    drawn = random.sample(range(1, total), min(total - 1, len(taken) + free))
    others = [place for place in drawn if place not in taken][:free]
    ends = [0, *sorted(taken.union(others)), total]
    return [b - a for a, b in pairwise(ends)]
