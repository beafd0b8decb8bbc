"""Partition to exact bin packing with two bins (theory 4.6).

Numbers of sum S are doubled, and packed into two bins of capacity S. Two parts of sum S/2 fill
the bins, and bins filled exactly are such parts. Where S is odd there are none, and no even
numbers add up to the odd capacity. Witnesses correspond: the chosen part is bin 0.
"""

from collections.abc import Mapping
from typing import ClassVar

from instances.problems.partition import NumberList
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.packing import Bins, Packing, require_bins
from instances.text.numbers import Number
from reductions.claims import Claim, exactly
from reductions.reduction import Bridge


class PartitionToBinPacking(Bridge[NumberList, Chosen, Packing, Bins]):
    """The bridge `partition-to-bin-packing`: the numbers in their order."""

    name: ClassVar[str] = "partition-to-bin-packing"
    problem: ClassVar[str] = "partition"
    target: ClassVar[str] = "bin-packing"
    construction: ClassVar[str] = (
        "The numbers, doubled, are packed into two bins whose capacity is the sum of the numbers."
    )
    parsimonious: ClassVar[bool] = True

    def build(self, source: NumberList) -> Packing:
        """Return the packing; the numbers are doubled so that an odd sum needs no exception."""
        return Packing(tuple(2 * number for number in source.numbers), 2, sum(source.numbers))

    def push(self, source: NumberList, witness: Chosen) -> Bins:
        """Return bin 0 for the chosen numbers and bin 1 for the others."""
        require_chosen(witness, len(source.numbers), "number")
        chosen = set(witness)
        return tuple(int(index not in chosen) for index in range(len(source.numbers)))

    def pull(self, source: NumberList, witness: Bins) -> Chosen:
        """Return the numbers in bin 0."""
        require_bins(self.build(source), witness)
        return tuple(index for index, where in enumerate(witness) if where == 0)

    def claims(self, source: NumberList) -> list[Claim]:
        """Return the size laws."""
        return exactly(numbers=len(source.numbers), bins=2, capacity=sum(source.numbers))

    def measure(self, target: Packing) -> Mapping[str, Number | None]:
        """Return how many numbers and bins there are, and the capacity."""
        return {
            "numbers": len(target.numbers),
            "bins": target.bins,
            "capacity": target.capacity,
        }
