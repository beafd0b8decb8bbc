"""What the encoder sees of a dataset: distinct inputs, and targets with multiplicities."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.text.numbers import Array
from instances.training.instance import TrainingInstance
from qnnhard.encoding.rows import number_rows


@dataclass(frozen=True, eq=False)
class DataView:
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


def view_data(instance: TrainingInstance) -> DataView:
    """Merge equal data points."""
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
    return DataView(
        inputs=instance.inputs[np.array(first, dtype=np.int64)],
        first=first,
        group_input=[place for place, _ in groups],
        group_first=group_first,
        targets=instance.targets[np.array(group_first, dtype=np.int64)],
        multiplicity=multiplicity,
    )


def distinct_columns(table: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return the distinct columns of a table as rows, and every column's position among them."""
    if table.dtype != object:
        number, first = number_rows(table, table.shape[1])
    else:
        found: dict[tuple[Any, ...], int] = {}
        places = [found.setdefault(tuple(column), len(found)) for column in table.T.tolist()]
        number = np.array(places, dtype=np.int64)
        first = np.unique(number, return_index=True)[1]
    return np.ascontiguousarray(table[:, first].T), number


def _key(row: Array) -> object:
    return tuple(row.tolist()) if row.dtype == object else row.tobytes()
