"""Set Cover to Hitting Set: the dual set system, whose elements are the sets; see `dual`."""

from instances.sources.set_system import CHOSEN_SETS
from reductions.between.dual import DualBridge, DualImage


class SetCoverToHittingSetImage(DualImage):
    """The dual system, whose chosen elements are the source's chosen sets."""

    witnesses = CHOSEN_SETS


class SetCoverToHittingSet(DualBridge):
    """The bridge `set-cover-to-hitting-set`: elements in the order of sets, and the reverse."""

    name = "set-cover-to-hitting-set"
    source = "set-cover"
    target = "hitting-set"
    image = SetCoverToHittingSetImage
    construction = (
        "The dual system: a set is an element, and an element the set of the sets that contain it."
    )
