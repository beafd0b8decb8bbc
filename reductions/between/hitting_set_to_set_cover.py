"""Hitting Set to Set Cover: the dual set system, whose sets are the elements; see `dual`."""

from typing import ClassVar

from instances.sources.chosen import Chosen
from instances.sources.forms import Witnesses
from instances.sources.set_system import CHOSEN_ELEMENTS, SetSystem
from reductions.between.dual import DualBridge, DualImage
from reductions.map import AnyImage


class HittingSetToSetCoverImage(DualImage):
    """The dual system, whose chosen sets are the source's chosen elements."""

    witnesses: ClassVar[Witnesses[SetSystem, Chosen]] = CHOSEN_ELEMENTS


class HittingSetToSetCover(DualBridge):
    """The bridge `hitting-set-to-set-cover`: sets in the order of elements, and the reverse."""

    name: ClassVar[str] = "hitting-set-to-set-cover"
    source: ClassVar[str] = "hitting-set"
    target: ClassVar[str] = "set-cover"
    image: ClassVar[type[AnyImage]] = HittingSetToSetCoverImage
    construction: ClassVar[str] = (
        "The dual system: an element is the set of the sets that contain it, and a set an element."
    )
