"""Set Cover to Hitting Set: the dual set system, whose elements are the sets; see `dual`."""

from typing import ClassVar

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.set_system import SetSystem
from reductions.between.dual import DualBridge


class SetCoverToHittingSet(DualBridge):
    """The bridge `set-cover-to-hitting-set`: elements in the order of sets, and the reverse."""

    name: ClassVar[str] = "set-cover-to-hitting-set"
    problem: ClassVar[str] = "set-cover"
    target: ClassVar[str] = "hitting-set"
    construction: ClassVar[str] = (
        "The dual system: a set is an element, and an element the set of the sets that contain it."
    )

    def require(self, source: SetSystem, witness: Chosen) -> None:
        """Raise `InvalidWitness` unless `witness` holds sets within the budget."""
        require_chosen(witness, len(source.sets), "set", source.require_budget(self.problem))
