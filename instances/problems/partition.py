"""Partition: two parts of equal sum."""

from random import Random

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.problems.subset_sum import MOST_RANDOM_BITS
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import CHOSEN_NUMBERS, NUMBER_LISTS, NumberList
from instances.sources.sums import find_sum
from instances.text.parameters import Parameter, Values


class Partition(Problem[NumberList, Chosen]):
    """The question whether the numbers can be split into two parts of equal sum.

    A witness is the increasing tuple of the indices of one part; either part will do.
    """

    name = "partition"
    title = "Partition"
    question = "Can the numbers be split into two parts of equal sum?"
    form = NUMBER_LISTS
    witnesses = CHOSEN_NUMBERS
    parameters = (
        Parameter("size", "16", "how many numbers"),
        Parameter("bits", "16", "bits of the numbers"),
        Parameter("planted", "no", "yes: the last number balances two hidden parts"),
    )

    def draw(self, given: Values, random: Random) -> NumberList:
        """Draw numbers from 1 to 2^bits - 1 uniformly.

        A planted list hides two parts: its numbers but one are dealt to them as they come,
        each to the part of lesser sum, and the last number is their difference.
        """
        size, bits = given.integer("size"), given.integer("bits", 1)
        if bits > MOST_RANDOM_BITS:
            raise InputError(f"{self.name}: numbers of {bits} bits: at most {MOST_RANDOM_BITS}")
        numbers = [random.randint(1, (1 << bits) - 1) for _ in range(size)]
        if given.choice("planted") and numbers:
            gap = 0
            for number in numbers[1:]:
                gap = abs(gap - number)
            numbers[0] = gap
            random.shuffle(numbers)
        return NumberList(tuple(numbers))

    def random(self, random: Random) -> NumberList:
        """Draw up to 7 numbers, small or large, zeros and equal ones included."""
        largest = random.choice((1, 3, 9, 20, 10**30))
        numbers = [random.randint(0, largest) for _ in range(random.randint(0, 7))]
        if numbers and random.random() < 0.5:
            signed = sum(number * random.choice((-1, 1)) for number in numbers[1:])
            numbers[0] = abs(signed)
        return NumberList(tuple(numbers))

    def check(self, source: NumberList, witness: Chosen) -> None:
        """Raise `InvalidWitness` unless the chosen numbers and the others have equal sums."""
        require_chosen(witness, len(source.numbers), "number")
        difference = 2 * sum(source.numbers[index] for index in witness) - sum(source.numbers)
        if difference:
            raise InvalidWitness(f"the sums of the two parts differ by {abs(difference)}")

    def solve(self, source: NumberList, deadline: Deadline) -> Chosen | None:
        """Decide `source` by looking for half of the sum; see `find_sum`."""
        half, odd = divmod(sum(source.numbers), 2)
        deadline.check()
        return None if odd else find_sum(source.numbers, half, deadline)
