"""3-Partition: exact bin packing in which every bin holds three numbers."""

from random import Random

from instances.deadline import Deadline
from instances.errors import InputError
from instances.problems.problem import Problem
from instances.sources.packing import FILLED_BINS, PACKINGS, Bins, Packing, check_packing, pack
from instances.text.parameters import Parameter, Values


class ThreePartition(Problem[Packing, Bins]):
    """The question whether 3m numbers split into m triples of equal sum.

    Every number lies strictly between a quarter and a half of the capacity, so a bin that is
    filled exactly holds three. A witness has the bin of every number.
    """

    name = "three-partition"
    title = "3-Partition"
    question = "Do the numbers split into triples of equal sum?"
    form = PACKINGS
    witnesses = FILLED_BINS
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

    def check(self, source: Packing, witness: Bins) -> None:
        """Raise `InvalidWitness` with the first bin that is not filled exactly."""
        self.admit(source)
        check_packing(source, witness)

    def solve(self, source: Packing, deadline: Deadline) -> Bins | None:
        """Decide `source` by backtracking; see `pack`."""
        self.admit(source)
        return pack(source, deadline)


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
