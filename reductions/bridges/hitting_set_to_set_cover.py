"""Hitting Set to Set Cover (theory 4.6): the dual set system.

An element becomes the set of the sets that contain it, and a set becomes an element. Chosen
elements hit a set iff, as chosen sets, they cover its element, within the same budget: witnesses
are the same. An empty set becomes an element in no set.
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


class HittingSetToSetCover(Bridge[SetSystem, Chosen, SetSystem, Chosen]):
    """The bridge `hitting-set-to-set-cover`: sets in the order of elements, and the reverse."""

    name: ClassVar[str] = "hitting-set-to-set-cover"
    problem: ClassVar[str] = "hitting-set"
    target: ClassVar[str] = "set-cover"
    construction: ClassVar[str] = (
        "The dual system: an element is the set of the sets that contain it, and a set an element."
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
        """Return the chosen elements as sets."""
        return self._same(source, witness)

    def pull(self, source: SetSystem, witness: Chosen) -> Chosen:
        """Return the chosen sets as elements."""
        return self._same(source, witness)

    def _same(self, source: SetSystem, witness: Chosen) -> Chosen:
        budget = source.require_budget(self.problem)
        require_chosen(witness, source.universe, "element", budget)
        return witness

    def claims(self, source: SetSystem) -> list[Claim]:
        """Return the size laws: elements and sets change places."""
        return exactly(
            universe=len(source.sets),
            sets=source.universe,
            memberships=sum(map(len, source.sets)),
            budget=source.require_budget(self.problem),
        )

    def measure(self, target: SetSystem) -> Mapping[str, Number | None]:
        """Return the numbers of elements, sets and memberships, and the budget."""
        return system_sizes(target)
