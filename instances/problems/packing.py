"""Exact bin packing, and 3-Partition: its case in which every bin holds three numbers."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import ClassVar

from instances.deadline import Deadline
from instances.enumeration.numbers import every_packing, every_triple_packing
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.sources.packing import FILLED_BINS, PACKINGS, Bins, Packing, pack, require_bins
from instances.text.parameters import Parameter, Values
from instances.text.values import show_natural


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
    parameters: ClassVar[tuple[Parameter, ...]] = (
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

    def every(self, bins: int, capacity: int, zeros: int = 1) -> Iterator[Packing]:
        """Yield all packings; see `every_packing`."""
        return every_packing(bins, capacity, zeros)

    def check(self, source: Packing, witness: Bins) -> None:
        """Raise `InvalidWitness` with the first bin that is not filled exactly."""
        self.admit(source)
        require_bins(source, witness)
        loads: dict[int, int] = {}
        for number, where in zip(source.numbers, witness, strict=True):
            loads[where] = loads.get(where, 0) + number
        for where, load in sorted(loads.items()):
            if load != source.capacity:
                side = "below" if load < source.capacity else "above"
                difference = show_natural(abs(load - source.capacity))
                raise InvalidWitness(f"the load of bin {where} is {difference} {side} the capacity")
        if source.capacity and len(loads) < source.bins:
            empty = next(where for where in range(source.bins) if where not in loads)
            raise InvalidWitness(f"bin {empty} is empty")

    def solve(self, source: Packing, deadline: Deadline) -> Bins | None:
        """Decide `source` by backtracking; see `pack`."""
        self.admit(source)
        return pack(source, deadline)


class ThreePartition(BinPacking):
    """The question whether 3m numbers split into m triples of equal sum.

    Every number lies strictly between a quarter and a half of the capacity, so a bin that is
    filled exactly holds three. A witness has the bin of every number.
    """

    name = "three-partition"
    title = "3-Partition"
    question = "Do the numbers split into triples of equal sum?"
    case_of = "bin-packing"
    parameters = (
        Parameter("bins", "4", "how many triples"),
        Parameter("capacity", "100", "sum of a triple"),
        Parameter("planted", "no", "yes: hidden triples have equal sums"),
    )

    def admit(self, source: Packing) -> None:
        """Raise `InputError` if it breaks the bounds of 3-Partition."""
        require_triples(source, self.name)

    def draw(self, given: Values, random: Random) -> Packing:
        """Draw triples of equal sum within the bounds.

        Unless planted, pairs of numbers of different triples are then shifted by opposite
        amounts within the bounds, so that the sum of all stays and those of triples do not.
        """
        bins, capacity = given.integer("bins"), given.integer("capacity")
        numbers = self._triples(bins, capacity, random)
        if not given.choice("planted"):
            _stir(numbers, capacity, random)
        random.shuffle(numbers)
        return Packing(tuple(numbers), bins, capacity)

    def _triples(self, bins: int, capacity: int, random: Random) -> list[int]:
        """Draw `bins` triples of sum `capacity` within the bounds."""
        least, most = capacity // 4 + 1, (capacity - 1) // 2
        if bins and not 3 * least <= capacity <= 3 * most:
            raise InputError(
                f"{self.name}: no three numbers strictly between {capacity}/4 and {capacity}/2 "
                f"add up to {capacity}: give another capacity"
            )
        numbers = []
        for _ in range(bins):
            first = random.randint(max(least, capacity - 2 * most), min(most, capacity - 2 * least))
            rest = capacity - first
            second = random.randint(max(least, rest - most), min(most, rest - least))
            numbers += [first, second, rest - second]
        return numbers

    def random(self, random: Random) -> Packing:
        """Draw up to 3 bins of capacities from 3 on, some of them large."""
        bins = random.choice((0, 1, 2, 2, 2, 2, 2, 3, 3, 3))
        capacity = random.choice((3, 11, 14, 29, 29, 50, 83, 10**20 + 1))
        numbers = self._triples(bins, capacity, random)
        if random.random() < 0.85:
            _stir(numbers, capacity, random)
        random.shuffle(numbers)
        return Packing(tuple(numbers), bins, capacity)

    def every(self, bins: int, capacity: int) -> Iterator[Packing]:  # type: ignore[override]
        """Yield all packings within the bounds; see `every_triple_packing`."""
        return every_triple_packing(bins, capacity)

    def scope(self, size: int) -> dict[str, int]:
        """Return one bin less, of capacities from which numbers can be chosen."""
        return {"bins": max(0, size - 1), "capacity": 8 * size}


def require_triples(source: Packing, name: str) -> Packing:
    """Return `source`; raise `InputError` in the name of `name` if a bin could not hold three."""
    if len(source.numbers) != 3 * source.bins:
        raise InputError(
            f"{name}: {len(source.numbers)} numbers for {source.bins} bins, 3 a bin are needed: "
            "use the problem bin-packing"
        )
    for index, number in enumerate(source.numbers):
        if not source.capacity < 4 * number < 2 * source.capacity:
            raise InputError(
                f"{name}: number {index} is not strictly between a quarter and a half of the "
                "capacity: use the problem bin-packing"
            )
    return source


def _stir(numbers: list[int], capacity: int, random: Random) -> None:
    """Shift numbers of different triples by opposite amounts within the bounds, in place."""
    least, most = capacity // 4 + 1, (capacity - 1) // 2
    for _ in range(len(numbers) if len(numbers) > 3 else 0):
        up, down = random.sample(range(len(numbers)), 2)
        step = random.randint(0, min(most - numbers[up], numbers[down] - least))
        numbers[up] += step
        numbers[down] -= step


def _cut(total: int, fixed: Sequence[int], free: int, random: Random) -> list[int]:
    """Cut `total` at the `fixed` places and at `free` random other ones; return the lengths."""
    taken = set(fixed)
    drawn = random.sample(range(1, total), min(total - 1, len(taken) + free))
    others = [place for place in drawn if place not in taken][:free]
    ends = [0, *sorted(taken.union(others)), total]
    return [b - a for a, b in pairwise(ends)]
