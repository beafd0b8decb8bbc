"""Hitting Set to Set Cover: the dual set system, whose sets are the elements; see `dual`."""

from typing import ClassVar

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.set_system import SetSystem
from reductions.between.dual import DualBridge


class HittingSetToSetCover(DualBridge):
    """The bridge `hitting-set-to-set-cover`: sets in the order of elements, and the reverse."""

    name: ClassVar[str] = "hitting-set-to-set-cover"
    problem: ClassVar[str] = "hitting-set"
    target: ClassVar[str] = "set-cover"
    construction: ClassVar[str] = (
        "The dual system: an element is the set of the sets that contain it, and a set an element."
    )

    def require(self, source: SetSystem, witness: Chosen) -> None:
        """Raise `InvalidWitness` unless `witness` holds elements within the budget."""
        budget = source.require_budget(self.problem)
        require_chosen(witness, source.universe, "element", budget)
