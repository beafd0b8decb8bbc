"""Bridges between numbers: Subset Sum, Partition, 3-Partition and exact bin packing (theory 4.6).

*Subset Sum to Partition* (the construction is Karp's, 1972, with one number). Numbers of sum S and
target T are joined by one further number |S - 2T|, the last. If S >= 2T it is S - 2T, the parts of
a partition have the sum S - T each, and the part with the last number has numbers of sum T besides.
If S < 2T it is 2T - S, the parts have the sum T, and the part without the last number is what is
asked for; where T > S the last number exceeds T, so there is none. Each choice of numbers with sum
T gives both parts of one partition.

*Partition to exact bin packing with two bins.* Numbers of sum S are doubled, and packed into two
bins of capacity S. Two parts of sum S/2 fill the bins, and bins filled exactly are such parts.
Where S is odd there are none, and no even numbers add up to the odd capacity. Witnesses correspond:
the chosen part is bin 0.

*3-Partition to exact bin packing*: the same numbers, bins and capacity. A 3-Partition instance is a
packing of 3m numbers strictly between a quarter and a half of the capacity. A bin filled exactly
holds three of them: two are too little, four too much. So the packings of both problems are the
same, and witnesses are kept as they are.
"""

from functools import cached_property

from instances.problems.packing import require_triples
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import NumberList, SumInstance
from instances.sources.packing import Bins, Packing, require_bins
from reductions.claims import Claim, exactly
from reductions.map import Map, SameWitness


class SubsetSumToPartition(Map[SumInstance, Chosen, NumberList, Chosen]):
    """The bridge `subset-sum-to-partition`: the numbers, then the further one.

    A partition has two witnesses, its parts, so the number of witnesses doubles.
    """

    name = "subset-sum-to-partition"
    source_problem = "subset-sum"
    target_problem = "partition"
    construction = (
        "One further number, the difference between the sum of all and twice the target, "
        "balances the chosen numbers against the others."
    )

    @cached_property
    def target(self) -> NumberList:
        """The numbers and the further one."""
        source = self.source
        return NumberList((*source.numbers, abs(sum(source.numbers) - 2 * source.target)))

    def push(self, witness: Chosen) -> Chosen:
        """Return the chosen numbers, with the further one where it is on their side."""
        last = len(self.source.numbers)
        require_chosen(witness, last, "number")
        return (*witness, last) if self._beside() else witness

    def pull(self, witness: Chosen) -> Chosen:
        """Return the numbers of the part that has the sum asked for."""
        last = len(self.source.numbers)
        require_chosen(witness, last + 1, "number")
        chosen = set(witness)
        wanted = (last in chosen) == self._beside()
        return tuple(index for index in range(last) if (index in chosen) == wanted)

    def _beside(self) -> bool:
        """Tell whether the further number is in the part of the chosen numbers."""
        return sum(self.source.numbers) >= 2 * self.source.target

    def claims(self) -> list[Claim]:
        """Return the size laws."""
        source = self.source
        total = sum(source.numbers)
        return exactly(
            numbers=len(source.numbers) + 1, sum=2 * max(source.target, total - source.target)
        )


class PartitionToBinPacking(Map[NumberList, Chosen, Packing, Bins]):
    """The bridge `partition-to-bin-packing`: the numbers in their order."""

    name = "partition-to-bin-packing"
    source_problem = "partition"
    target_problem = "bin-packing"
    construction = (
        "The numbers, doubled, are packed into two bins whose capacity is the sum of the numbers."
    )
    parsimonious = True

    @cached_property
    def target(self) -> Packing:
        """The packing; the numbers are doubled so that an odd sum needs no exception."""
        source = self.source
        return Packing(tuple(2 * number for number in source.numbers), 2, sum(source.numbers))

    def push(self, witness: Chosen) -> Bins:
        """Return bin 0 for the chosen numbers and bin 1 for the others."""
        require_chosen(witness, len(self.source.numbers), "number")
        chosen = set(witness)
        return tuple(int(index not in chosen) for index in range(len(self.source.numbers)))

    def pull(self, witness: Bins) -> Chosen:
        """Return the numbers in bin 0."""
        require_bins(self.target, witness)
        return tuple(index for index, where in enumerate(witness) if where == 0)

    def claims(self) -> list[Claim]:
        """Return the size laws."""
        return exactly(numbers=len(self.source.numbers), bins=2, capacity=sum(self.source.numbers))


class ThreePartitionToBinPacking(SameWitness[Packing, Bins, Packing]):
    """The bridge `three-partition-to-bin-packing`: the identity on the admissible sources."""

    name = "three-partition-to-bin-packing"
    source_problem = "three-partition"
    target_problem = "bin-packing"
    construction = (
        "The same numbers, bins and capacity: a bin that is filled exactly with numbers between "
        "a quarter and a half of its capacity holds three."
    )
    parsimonious = True

    @cached_property
    def target(self) -> Packing:
        """Return `source`; raise `InputError` if it breaks the bounds of 3-Partition."""
        return require_triples(self.source, self.name)

    def claims(self) -> list[Claim]:
        """Return the size laws: three numbers a bin, and the source's capacity."""
        source = self.target
        return exactly(
            numbers=3 * source.bins,
            bins=source.bins,
            capacity=source.capacity,
            sum=source.bins * source.capacity,
        )
