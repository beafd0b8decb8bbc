"""What the targets of an output with known predecessors say of its parameters.

Every goal says that a linear form of the weights, with the values of the predecessors as
factors, minus the bias lies in an interval.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from instances.text.numbers import SAFE
from qnnhard.encoding.neurons.profile import Profile

Integers = NDArray[np.int64]

ENTRIES_LIMIT = 1 << 22
"""Most values of predecessors, times values of the bias, that are looked at."""


@dataclass(frozen=True, eq=False)
class Intervals:
    """The intervals of an output's goals: ``low <= values @ weights - bias <= high``.

    Parameters
    ----------
    values : int64 array, goals x in-edges
    low, high : int64 arrays
        One entry a goal; of a goal that is out of reach `low` is the larger one.
    exact : bool
        Whether all sums in an interval meet the goal; otherwise all that meet it are inside.
    """

    values: Integers
    low: Integers
    high: Integers
    exact: bool

    @cached_property
    def entries(self) -> tuple[Integers, Integers, Integers]:
        """Goal, in-edge and value of all nonzero values, goal by goal."""
        rows, cols = np.nonzero(self.values)
        return rows, cols, self.values[rows, cols]


def find_intervals(profile: Profile) -> Intervals | None:
    """Return what the goals of a neuron say.

    ``None`` for a neuron without goals or with a predecessor whose value is open, where a goal
    may be missed, and where numbers are too large.
    """
    if profile.loss != "exact" or not profile.goals:
        return None
    if len(profile.sources) * len(profile.goals) * len(profile.bias) > ENTRIES_LIMIT:
        return None
    values = profile.known
    if values is None:
        return None
    # A weight is kept in an array also where its predecessor is 0 everywhere.
    most = np.abs(values).max(axis=1, initial=1).tolist()
    reach = max(map(abs, profile.bias)) + sum(
        value * max(map(abs, domain)) for value, domain in zip(most, profile.weights, strict=True)
    )
    if 4 * reach >= SAFE:
        return None
    value = {goal.target: profile.reachable(goal) for goal in profile.goals}
    interval = {target: _interval(profile, value[target], reach) for target in value}
    bounds = np.array([interval[goal.target] for goal in profile.goals], dtype=np.int64)
    return Intervals(
        values=values.T[[goal.point for goal in profile.goals]],
        low=bounds[:, 0],
        high=bounds[:, 1],
        exact=not profile.scaled.square,
    )


def _interval(profile: Profile, value: int | None, reach: int) -> tuple[int, int]:
    """Return the hull of the sums within `reach` whose activation is `value`."""
    nothing = 1, 0
    if value is None:
        return nothing
    found = profile.scaled.preimage(value)
    if found is None:
        return nothing
    low, high = found
    if profile.scaled.square:
        return (-high, high) if high is not None and high <= reach else nothing
    low = -reach if low is None else max(low, -reach)
    high = reach if high is None else min(high, reach)
    return (low, high) if low <= high else nothing
