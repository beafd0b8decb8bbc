"""Subset Sum to Partition (theory 4.6; the construction is Karp's, 1972, with one number).

Numbers of sum S and target T are joined by one further number |S - 2T|, the last.

If S >= 2T it is S - 2T, the parts of a partition have the sum S - T each, and the part with the
last number has numbers of sum T besides. If S < 2T it is 2T - S, the parts have the sum T, and
the part without the last number is what is asked for; where T > S the last number exceeds T, so
there is none. Each choice of numbers with sum T gives both parts of one partition.
"""

from functools import cached_property

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import NumberList, SumInstance
from reductions.claims import Claim, exactly
from reductions.map import Map


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
