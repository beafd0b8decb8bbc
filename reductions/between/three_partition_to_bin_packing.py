"""3-Partition to exact bin packing (theory 4.6): the same numbers, bins and capacity.

A 3-Partition instance is a packing of 3m numbers strictly between a quarter and a half of the
capacity. A bin filled exactly holds three of them: two are too little, four too much. So the
packings of both problems are the same, and witnesses are kept as they are.
"""

from collections.abc import Mapping
from typing import ClassVar

from instances.problems.three_partition import require_triples
from instances.sources.packing import Bins, Packing, require_bins
from instances.text.numbers import Number
from reductions.claims import Claim, exactly
from reductions.reduction import Bridge


class ThreePartitionToBinPacking(Bridge[Packing, Bins, Packing, Bins]):
    """The bridge `three-partition-to-bin-packing`: the identity on the admissible sources."""

    name: ClassVar[str] = "three-partition-to-bin-packing"
    problem: ClassVar[str] = "three-partition"
    target: ClassVar[str] = "bin-packing"
    construction: ClassVar[str] = (
        "The same numbers, bins and capacity: a bin that is filled exactly with numbers between "
        "a quarter and a half of its capacity holds three."
    )
    parsimonious: ClassVar[bool] = True

    def build(self, source: Packing) -> Packing:
        """Return `source`; raise `InputError` if it breaks the bounds of 3-Partition."""
        return require_triples(source, self.name)

    def push(self, source: Packing, witness: Bins) -> Bins:
        """Return the bins as they are."""
        require_bins(self.build(source), witness)
        return witness

    def pull(self, source: Packing, witness: Bins) -> Bins:
        """Return the bins as they are."""
        require_bins(self.build(source), witness)
        return witness

    def claims(self, source: Packing) -> list[Claim]:
        """Return the size laws: three numbers a bin, and the source's capacity."""
        self.build(source)
        return exactly(
            numbers=3 * source.bins,
            bins=source.bins,
            capacity=source.capacity,
            sum=source.bins * source.capacity,
        )

    def measure(self, target: Packing) -> Mapping[str, Number | None]:
        """Return how many numbers and bins there are, the capacity and the sum of all numbers."""
        return {
            "numbers": len(target.numbers),
            "bins": target.bins,
            "capacity": target.capacity,
            "sum": sum(target.numbers),
        }
