"""Hitting Set to Set Cover: the dual set system, whose sets are the elements; see `dual`."""

from instances.sources.set_system import CHOSEN_ELEMENTS
from reductions.between.dual import DualBridge, DualImage


class HittingSetToSetCoverImage(DualImage):
    """The dual system, whose chosen sets are the source's chosen elements."""

    witnesses = CHOSEN_ELEMENTS


class HittingSetToSetCover(DualBridge):
    """The bridge `hitting-set-to-set-cover`: sets in the order of elements, and the reverse."""

    name = "hitting-set-to-set-cover"
    source = "hitting-set"
    target = "set-cover"
    image = HittingSetToSetCoverImage
    construction = (
        "The dual system: an element is the set of the sets that contain it, and a set an element."
    )
