"""The dual of a set system, in which elements and sets change places (theory 4.6).

An element becomes the set of the sets that contain it, and a set becomes an element. Chosen
elements hit a set iff, as chosen sets, they cover its element, within the same budget: witnesses
are the same. An empty set becomes an element in no set, and the reverse.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from instances.sources.chosen import Chosen
from instances.sources.set_system import SetSystem
from instances.text.numbers import Number
from reductions.between.sizes import system_sizes
from reductions.capacity import require_capacity
from reductions.claims import Claim, exactly
from reductions.reduction import Bridge


class DualBridge(Bridge[SetSystem, Chosen, SetSystem, Chosen]):
    """The dual system with the same budget, and the same witnesses."""

    parsimonious: ClassVar[bool] = True

    def build(self, source: SetSystem) -> SetSystem:
        """Return the dual set system with the same budget."""
        budget = source.require_budget(self.problem)
        require_capacity(self.name, sets=source.universe)
        memberships = source.memberships()
        sets = (memberships.get(element, ()) for element in range(source.universe))
        return SetSystem.of(len(source.sets), sets, budget)

    @abstractmethod
    def require(self, source: SetSystem, witness: Chosen) -> None:
        """Raise `InvalidWitness` unless `witness` has the form of a witness of `source`."""

    def push(self, source: SetSystem, witness: Chosen) -> Chosen:
        """Return the witness."""
        self.require(source, witness)
        return witness

    def pull(self, source: SetSystem, witness: Chosen) -> Chosen:
        """Return the witness."""
        self.require(source, witness)
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
