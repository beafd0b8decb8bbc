"""A lower bound on every loss: what equal inputs with different targets cost."""

from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from instances.canonical.problem import canonical
from instances.text.numbers import Number, common_denominator, normal
from instances.training.instance import TrainingInstance


def conceivable_loss(instance: TrainingInstance) -> Number:
    """Return the loss that no function of the inputs avoids.

    Equal inputs have equal outputs, so that different targets cost something: for ``mismatch``
    all but the most frequent one; for ``l1`` and ``l2`` the distance to a median and to the
    mean, or to the integers beside it where outputs are integers.
    """
    data = canonical(instance).data
    groups: dict[int, list[int]] = {}
    for group, place in enumerate(data.group_input):
        groups.setdefault(place, []).append(group)
    several = [found for found in groups.values() if len(found) > 1]
    if instance.loss == "mismatch":
        counts = [[data.multiplicity[group] for group in found] for found in several]
        return sum(sum(count) - max(count) for count in counts)
    whole = 1 == common_denominator(
        value for values in (*instance.domains, data.inputs.ravel().tolist()) for value in values
    )
    total: Number = 0
    for found in several:
        rows = np.repeat(data.targets[found], [data.multiplicity[g] for g in found], axis=0)
        for column in rows.T.tolist():
            total += _spread(sorted(column), instance.loss, whole)
    return normal(total)


def _spread(values: list[Any], loss: str, whole: bool) -> Number:
    """Return the least ``l1`` or ``l2`` distance of a number to all of some numbers."""
    if loss == "l1":
        middle = values[len(values) // 2]
        distance: Number = sum(abs(value - middle) for value in values)
        return distance
    mean = Fraction(sum(values)) / len(values)
    nearest = (floor(mean), floor(mean) + 1) if whole else (mean,)
    least: Number = min(sum((value - near) ** 2 for value in values) for near in nearest)
    return least
