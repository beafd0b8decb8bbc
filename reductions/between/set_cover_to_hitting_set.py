"""Set Cover to Hitting Set: the dual set system, whose elements are the sets; see `dual`."""

from typing import ClassVar

from instances.sources.chosen import Chosen
from instances.sources.forms import Witnesses
from instances.sources.set_system import CHOSEN_SETS, SetSystem
from reductions.between.dual import DualBridge, DualImage
from reductions.map import AnyImage


class SetCoverToHittingSetImage(DualImage):
    """The dual system, whose chosen elements are the source's chosen sets."""

    witnesses: ClassVar[Witnesses[SetSystem, Chosen]] = CHOSEN_SETS


class SetCoverToHittingSet(DualBridge):
    """The bridge `set-cover-to-hitting-set`: elements in the order of sets, and the reverse."""

    name: ClassVar[str] = "set-cover-to-hitting-set"
    source: ClassVar[str] = "set-cover"
    target: ClassVar[str] = "hitting-set"
    image: ClassVar[type[AnyImage]] = SetCoverToHittingSetImage
    construction: ClassVar[str] = (
        "The dual system: a set is an element, and an element the set of the sets that contain it."
    )
