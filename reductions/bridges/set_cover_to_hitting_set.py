"""Set Cover to Hitting Set (theory 4.6): the dual set system.

A set becomes an element and an element the set of the sets that contain it. Chosen sets cover an
element iff, as chosen elements, they hit its set, within the same budget: witnesses are the same.
An element in no set becomes an empty set, an empty set an element in no set.
"""

from collections.abc import Mapping
from typing import ClassVar

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.set_system import SetSystem
from instances.training.numbers import Number
from reductions.bridges.sizes import system_sizes
from reductions.capacity import require_capacity
from reductions.claims import Claim, exactly
from reductions.reduction import Bridge


class SetCoverToHittingSet(Bridge[SetSystem, Chosen, SetSystem, Chosen]):
    """The bridge `set-cover-to-hitting-set`: elements in the order of sets, and the reverse."""

    name: ClassVar[str] = "set-cover-to-hitting-set"
    problem: ClassVar[str] = "set-cover"
    target: ClassVar[str] = "hitting-set"
    construction: ClassVar[str] = (
        "The dual system: a set is an element, and an element the set of the sets that contain it."
    )
    parsimonious: ClassVar[bool] = True

    def build(self, source: SetSystem) -> SetSystem:
        """Return the dual set system with the same budget."""
        budget = source.require_budget(self.problem)
        require_capacity(self.name, sets=source.universe)
        memberships = source.memberships()
        sets = (memberships.get(element, ()) for element in range(source.universe))
        return SetSystem.of(len(source.sets), sets, budget)

    def push(self, source: SetSystem, witness: Chosen) -> Chosen:
        """Return the chosen sets as elements."""
        return self._same(source, witness)

    def pull(self, source: SetSystem, witness: Chosen) -> Chosen:
        """Return the chosen elements as sets."""
        return self._same(source, witness)

    def _same(self, source: SetSystem, witness: Chosen) -> Chosen:
        require_chosen(witness, len(source.sets), "set", source.require_budget(self.problem))
        return witness

    def claims(self, source: SetSystem) -> list[Claim]:
        """Return the size laws."""
        return exactly(
            universe=len(source.sets),
            sets=source.universe,
            memberships=sum(map(len, source.sets)),
            budget=source.require_budget(self.problem),
        )

    def measure(self, target: SetSystem) -> Mapping[str, Number | None]:
        """Return the numbers of elements, sets and memberships, and the budget."""
        return system_sizes(target)
