"""Partition to exact bin packing with two bins (theory 4.6).

Numbers of sum S are doubled, and packed into two bins of capacity S. Two parts of sum S/2 fill
the bins, and bins filled exactly are such parts. Where S is odd there are none, and no even
numbers add up to the odd capacity. Witnesses correspond: the chosen part is bin 0.
"""

from functools import cached_property

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import NumberList
from instances.sources.packing import Bins, Packing, require_bins
from reductions.claims import Claim, exactly
from reductions.map import Map


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
