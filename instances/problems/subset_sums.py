"""Subset sum and partition, over natural numbers of any size."""

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from instances.deadline import Deadline
from instances.enumeration.numbers import every_number_list, every_sum
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import (
    CHOSEN_NUMBERS,
    NUMBER_LISTS,
    SUMS,
    NumberList,
    SumInstance,
)
from instances.sources.sums import find_sum
from instances.text.parameters import Parameter, Values
from instances.text.values import MOST_DIGITS

MOST_RANDOM_BITS = 13_000
"""Most bits of a generated number: it stays below `MOST_DIGITS` digits."""


class SubsetSum(Problem[SumInstance, Chosen]):
    """The question whether some of the numbers add up to the target.

    A witness is the increasing tuple of the indices of the chosen numbers.
    """

    name = "subset-sum"
    title = "Subset Sum"
    question = "Do some of the numbers add up to the target?"
    form = SUMS
    witnesses = CHOSEN_NUMBERS
    parameters = (
        Parameter("size", "16", "how many numbers"),
        Parameter("bits", "24", "bits of the numbers, where neither digits nor density is given"),
        Parameter("digits", "", "decimal digits of the numbers, instead of bits"),
        Parameter("density", "", "size over bits, instead of bits: below 1 sparse, above 1 dense"),
        Parameter("planted", "no", "yes: the target is the sum of a hidden half of the numbers"),
    )

    def draw(self, given: Values, random: Random) -> SumInstance:
        """Draw numbers uniformly from 1 to a largest one.

        The largest number is 2^bits or 10^digits, less one; with a density it is
        2^(size / density), rounded down to whole bits. A planted target is the sum of a
        random half of the numbers, another one uniform up to the sum of all.
        """
        size = given.integer("size")
        largest = self._largest(given, size)
        numbers = tuple(random.randint(1, largest) for _ in range(size))
        if given.choice("planted"):
            return SumInstance(numbers, sum(random.sample(numbers, size // 2)))
        return SumInstance(numbers, random.randint(0, sum(numbers)))

    def _largest(self, given: Values, size: int) -> int:
        """Return the largest number that may be drawn."""
        if not given.is_empty("density"):
            density = given.decimal("density")
            if not given.is_empty("digits"):
                raise InputError(f"{self.name}: give digits or density, not both")
            if density == 0:
                raise InputError(f"{self.name}: parameter density must be more than 0")
            return self._power(2, max(1, int(Fraction(size) / density)), MOST_RANDOM_BITS, "bits")
        if not given.is_empty("digits"):
            return self._power(10, given.integer("digits", 1), MOST_DIGITS - 10, "digits")
        return self._power(2, given.integer("bits", 1), MOST_RANDOM_BITS, "bits")

    def _power(self, base: int, exponent: int, most: int, what: str) -> int:
        if exponent > most:
            raise InputError(f"{self.name}: numbers of {exponent} {what}: at most {most}")
        largest: int = base**exponent - 1
        return largest

    def random(self, random: Random) -> SumInstance:
        """Draw up to 7 numbers, small or large, zeros and equal ones included, and any target."""
        largest = random.choice((1, 3, 9, 20, 20, 60, 10**30))
        numbers = [random.randint(0, largest) for _ in range(random.randint(0, 7))]
        if numbers and random.random() < 0.2:
            numbers[0] = numbers[-1]
        if numbers and random.random() < 0.1:
            numbers[random.randrange(len(numbers))] = 0
        target = sum(number for number in numbers if random.random() < 0.5)
        if random.random() < 0.6:
            target = max(0, target + random.choice((-3, -2, -1, 1, 2, 3, largest)))
        return SumInstance(tuple(numbers), target)

    def every(self, numbers: int, largest: int) -> Iterator[SumInstance]:
        """Yield all multisets of numbers, with targets from 0 to one above their sum."""
        return every_sum(numbers, largest)

    def check(self, source: SumInstance, witness: Chosen) -> None:
        """Raise `InvalidWitness` unless the chosen numbers add up to the target."""
        require_chosen(witness, len(source.numbers), "number")
        difference = sum(source.numbers[index] for index in witness) - source.target
        if difference:
            side = "below" if difference < 0 else "above"
            raise InvalidWitness(
                f"the chosen numbers add up to {abs(difference)} {side} the target"
            )

    def solve(self, source: SumInstance, deadline: Deadline) -> Chosen | None:
        """Decide `source` by a table of sums or by meeting in the middle; see `find_sum`."""
        return find_sum(source.numbers, source.target, deadline)


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

    def every(self, numbers: int, largest: int) -> Iterator[NumberList]:
        """Yield all multisets of numbers from 0 to the largest."""
        return every_number_list(numbers, largest)

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
