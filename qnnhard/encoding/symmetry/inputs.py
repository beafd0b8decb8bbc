"""Inputs that can change places because the data, as a whole, do not notice.

To exchange the weights of two inputs with equal out-edges amounts to exchanging their two
columns of the data. Where that maps the data points to themselves, targets and multiplicities
included, the loss stays.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from instances.canonical.data import MergedData
from instances.canonical.rows import (
    Numbers,
    distinct_columns,
    equal_rows,
    hash_factors,
    number_rows,
)
from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.encoding.symmetry.neurons import first_equal

WORK_LIMIT = 1 << 26
"""Most entries of the data that are compared; inputs that are left then count as different."""


def interchangeable_inputs(
    instance: TrainingInstance, view: MergedData, relevant: NDArray[np.bool_], deadline: Deadline
) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield sets of two or more interchangeable inputs, increasing, and their out-edges.

    Parameters
    ----------
    view : MergedData
        Of the instance.
    relevant : bool array
        Per neuron whether an output depends on it; edges into others do not count.

    Yields
    ------
    members : int64 array
    edges : int64 array, members x out-edges
        In the order of the targets' levels, and of their numbers within a level.
    """
    network = instance.network
    if instance.inputs.dtype == object or not len(view.group_input):
        return
    data = _Data(view)
    counted = np.flatnonzero(relevant[network.targets] & network.is_input[network.sources])
    ends = network.targets[counted]
    out = counted[np.lexsort((ends, network.levels[ends], network.sources[counted]))]
    start = np.searchsorted(network.sources[out], np.arange(network.size + 1))
    domain = first_equal(instance.domains)
    column = np.flatnonzero(~network.is_output[network.inputs])
    inputs = network.inputs[column]
    degree = (start[inputs + 1] - start[inputs]).astype(np.int64)
    for alike in equal_rows((degree, data.signature[column]), len(column)):
        if len(alike) < 2 or not degree[alike[0]]:
            continue
        edges = out[start[inputs[alike]][:, None] + np.arange(degree[alike[0]])]
        around = (*network.targets[edges].T, *domain[instance.weight_domain[edges]].T)
        for same in equal_rows(around, len(alike)):
            for members in data.classes(column[alike[same]], deadline):
                chosen = np.isin(column[alike], members)
                yield inputs[alike[chosen]].astype(np.int64), edges[chosen]


class _Data:
    """The distinct data points, and what an exchange of two inputs does to them."""

    def __init__(self, view: MergedData) -> None:
        self.rows = view.inputs[np.array(view.group_input, dtype=np.int64)]
        target = distinct_columns(view.targets.T)[1]
        self.label = number_rows((target, np.array(view.multiplicity)), len(self.rows))[0]
        # What an exchange does not change of a point; sums may wrap around.
        symmetric = (self.rows.sum(axis=1), (self.rows * self.rows).sum(axis=1), self.label)
        kind = number_rows(symmetric, len(self.rows))[0]
        weight = hash_factors(int(kind.max()) + 1)[kind].astype(np.int64)
        # Equal for interchangeable inputs, and hardly ever for others.
        self.signature = weight @ self.rows
        self.work = WORK_LIMIT

    def classes(self, columns: Numbers, deadline: Deadline) -> Iterator[Numbers]:
        """Yield the sets of two or more columns that may change places."""
        rest = columns
        while len(rest) > 1 and self.work > 0:
            deadline.check()
            alike = np.array([True, *(self._exchangeable(rest[0], other) for other in rest[1:])])
            if alike.sum() > 1:
                yield rest[alike]
            rest = rest[~alike]

    def _exchangeable(self, one: int, other: int) -> bool:
        """Return whether the points with two columns exchanged are the same points."""
        moved = self.rows[:, one] != self.rows[:, other]
        before, label = self.rows[moved], self.label[moved]
        self.work -= before.size + len(self.rows)
        if self.work <= 0:
            return False
        after = before.copy()
        after[:, [one, other]] = before[:, [other, one]]
        table = np.concatenate((np.column_stack((before, label)), np.column_stack((after, label))))
        number = number_rows(table.T, len(table))[0]
        return bool((np.sort(number[: len(before)]) == np.sort(number[len(before) :])).all())
