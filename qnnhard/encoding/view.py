"""What the encoder sees of a dataset: distinct inputs, and targets with multiplicities."""

from dataclasses import dataclass

import numpy as np

from instances.errors import Unsupported
from instances.training.instance import TrainingInstance
from instances.training.numbers import Array


@dataclass(frozen=True, eq=False)
class DataView:
    """A dataset with equal points merged.

    Parameters
    ----------
    inputs : int64 array, distinct inputs x alpha
        In order of first appearance.
    first : list of int
        Per distinct input the first data point that has it, from 0.
    group_input : list of int
        Per group (a distinct pair of input and target row) its distinct input.
    group_first : list of int
        Per group its first data point.
    targets : int64 array, groups x omega
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


def view_data(instance: TrainingInstance) -> DataView:
    """Merge equal data points; raise `Unsupported` where data are not 64-bit integers."""
    if object in (instance.inputs.dtype, instance.targets.dtype):
        raise Unsupported("the unary encoding takes integer data below 2^62 only")
    inputs: dict[bytes, int] = {}
    groups: dict[tuple[int, bytes], int] = {}
    first: list[int] = []
    group_first: list[int] = []
    multiplicity: list[int] = []
    for point in range(instance.points):
        place = inputs.setdefault(instance.inputs[point].tobytes(), len(inputs))
        if place == len(first):
            first.append(point)
        group = groups.setdefault((place, instance.targets[point].tobytes()), len(groups))
        if group == len(group_first):
            group_first.append(point)
            multiplicity.append(0)
        multiplicity[group] += 1
    return DataView(
        inputs=instance.inputs[np.array(first, dtype=np.int64)],
        first=first,
        group_input=[place for place, _ in groups],
        group_first=group_first,
        targets=instance.targets[np.array(group_first, dtype=np.int64)],
        multiplicity=multiplicity,
    )
