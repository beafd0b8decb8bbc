"""3-Partition to exact bin packing (theory 4.6): the same numbers, bins and capacity.

A 3-Partition instance is a packing of 3m numbers strictly between a quarter and a half of the
capacity. A bin filled exactly holds three of them: two are too little, four too much. So the
packings of both problems are the same, and witnesses are kept as they are.
"""

from functools import cached_property

from instances.problems.packing import require_triples
from instances.sources.packing import Bins, Packing
from reductions.between.same_witness import SameWitness
from reductions.claims import Claim, exactly


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
