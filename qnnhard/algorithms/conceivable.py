"""A lower bound on every loss: what equal inputs with different targets cost."""

from collections import Counter
from fractions import Fraction
from math import floor
from typing import Any

from instances.text.numbers import Number, normal
from instances.training.instance import TrainingInstance


def conceivable_loss(instance: TrainingInstance) -> Number:
    """Return the loss that no function of the inputs avoids.

    Equal inputs have equal outputs, so that different targets cost something: for ``mismatch``
    all but the most frequent one; for ``l1`` and ``l2`` the distance to a median and to the
    mean, or to the integers beside it where outputs are integers.
    """
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    inputs, targets = instance.inputs.tolist(), instance.targets.tolist()
    for point, target in zip(inputs, targets, strict=True):
        found.setdefault(tuple(point), []).append(tuple(target))
    several = [rows for rows in found.values() if len(rows) > 1]
    if instance.loss == "mismatch":
        return sum(len(rows) - max(Counter(rows).values()) for rows in several)
    whole = all(isinstance(v, int) for domain in instance.domains for v in domain) and all(
        isinstance(value, int) for point in inputs for value in point
    )
    total: Number = 0
    for rows in several:
        for column in zip(*rows, strict=True):
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
