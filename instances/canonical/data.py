"""A dataset with equal points merged: distinct inputs, and targets with multiplicities."""

from dataclasses import dataclass

import numpy as np

from instances.text.numbers import Array
from instances.training.instance import TrainingInstance


@dataclass(frozen=True, eq=False)
class MergedData:
    """A dataset with equal points merged.

    Parameters
    ----------
    inputs : array, distinct inputs x alpha
        In order of first appearance.
    first : list of int
        Per distinct input the first data point that has it, from 0.
    group_input : list of int
        Per group (a distinct pair of input and target row) its distinct input.
    group_first : list of int
        Per group its first data point.
    targets : array, groups x omega
    multiplicity : list of int
        Per group its number of data points.
    """

    inputs: Array
    first: list[int]
    group_input: list[int]
    group_first: list[int]
    targets: Array
    multiplicity: list[int]

    @property
    def contradictory(self) -> bool:
        """Whether some input has two different targets, so that no network fits the data."""
        return len(self.group_input) > len(self.first)


def merge_points(instance: TrainingInstance) -> MergedData:
    """Return the data of `instance`, in order of first appearance."""
    inputs: dict[object, int] = {}
    groups: dict[tuple[int, object], int] = {}
    first: list[int] = []
    group_first: list[int] = []
    multiplicity: list[int] = []
    for point in range(instance.points):
        place = inputs.setdefault(_key(instance.inputs[point]), len(inputs))
        if place == len(first):
            first.append(point)
        group = groups.setdefault((place, _key(instance.targets[point])), len(groups))
        if group == len(group_first):
            group_first.append(point)
            multiplicity.append(0)
        multiplicity[group] += 1
    return MergedData(
        inputs=instance.inputs[np.array(first, dtype=np.int64)],
        first=first,
        group_input=[place for place, _ in groups],
        group_first=group_first,
        targets=instance.targets[np.array(group_first, dtype=np.int64)],
        multiplicity=multiplicity,
    )


def _key(row: Array) -> object:
    return tuple(row.tolist()) if row.dtype == object else row.tobytes()
