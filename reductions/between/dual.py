"""The dual of a set system, in which elements and sets change places (theory 4.6).

An element becomes the set of the sets that contain it, and a set becomes an element. Chosen
elements hit a set iff, as chosen sets, they cover its element, within the same budget: witnesses
are the same. An empty set becomes an element in no set, and the reverse.
"""

from functools import cached_property
from typing import ClassVar

from instances.sources.chosen import Chosen
from instances.sources.forms import Witnesses
from instances.sources.set_system import SetSystem
from reductions.capacity import require_capacity
from reductions.claims import Claim, exactly
from reductions.map import Image, Map


class DualImage(Image[SetSystem, Chosen, SetSystem, Chosen]):
    """The dual of a set system, with the same witnesses."""

    witnesses: ClassVar[Witnesses[SetSystem, Chosen]]

    @cached_property
    def target(self) -> SetSystem:
        """The dual set system with the same budget."""
        source = self.source
        budget = source.require_budget(self.map.source)
        require_capacity(self.map.name, sets=source.universe)
        memberships = source.memberships()
        sets = (memberships.get(element, ()) for element in range(source.universe))
        return SetSystem.of(len(source.sets), sets, budget)

    def _require(self, witness: Chosen) -> None:
        """Raise `InvalidWitness` unless `witness` has the form of a witness of both problems."""
        self.source.require_budget(self.map.source)
        self.witnesses.write(self.source, witness)

    def push(self, witness: Chosen) -> Chosen:
        """Return the witness."""
        self._require(witness)
        return witness

    def pull(self, witness: Chosen) -> Chosen:
        """Return the witness."""
        self._require(witness)
        return witness

    def claims(self) -> list[Claim]:
        """Return the size laws: elements and sets change places."""
        source = self.source
        return exactly(
            universe=len(source.sets),
            sets=source.universe,
            memberships=sum(map(len, source.sets)),
            budget=source.require_budget(self.map.source),
        )


class DualBridge(Map[SetSystem, Chosen, SetSystem, Chosen]):
    """The dual system with the same budget, and the same witnesses."""

    parsimonious = True
