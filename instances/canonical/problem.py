"""The canonical problem of a training instance, made once and handed to every engine.

The evaluator, the enumeration and the CP-SAT model work on the instance itself instead, so that
comparisons with them are comparisons.
"""

from collections import deque
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from instances.canonical.data import MergedData, merge_points
from instances.canonical.frozen import Frozen, find_frozen
from instances.canonical.scaling import Scaling, find_scaling
from instances.training.instance import TrainingInstance


@dataclass(frozen=True, eq=False)
class Canonical:
    """What follows from an instance alone, each part computed when it is first asked for.

    Parameters
    ----------
    instance : TrainingInstance
    """

    instance: TrainingInstance

    @cached_property
    def data(self) -> MergedData:
        """The data with equal points merged."""
        return merge_points(self.instance)

    @cached_property
    def frozen(self) -> Frozen:
        """The hidden neurons whose values the data alone decide."""
        return find_frozen(self.instance, self.data.inputs)

    @cached_property
    def scaling(self) -> Scaling:
        """Units that make all values integers; raises `Unsupported` as `find_scaling` does."""
        return find_scaling(self.instance, self.frozen)

    @cached_property
    def relevant(self) -> NDArray[np.bool_]:
        """Per neuron whether some output depends on it, at some data point."""
        return self.instance.network.leads_to_output & bool(self.instance.points)


_latest: deque[Canonical] = deque(maxlen=2)


def canonical(instance: TrainingInstance) -> Canonical:
    """Return the canonical problem of `instance`, the same one for all who ask in turn."""
    # By identity: to compare instances costs as much as to make what is kept here.
    for known in tuple(_latest):
        if known.instance is instance:
            return known
    made = Canonical(instance)
    _latest.append(made)
    return made
