"""What the outputs should be: distinct data points, and how far a sum is from its target."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.data import MergedData
from instances.errors import Unsupported
from instances.text.numbers import SAFE, magnitude
from instances.training.instance import TrainingInstance
from qnnhard.methods.local_search.layout import Block, SearchLayout


@dataclass(frozen=True, eq=False)
class Goals:
    """The data of a search.

    Parameters
    ----------
    groups : int64 array, points
        The groups of the `MergedData` whose targets parameters may meet.
    inputs : int64 array, alpha x points
    multiplicity : int64 array, points
    low, high : tuple of int64 arrays, neurons of a block x points
        Per block of outputs: for the loss ``mismatch`` the least and the largest sum, or
        magnitude of the sum under a square, that gives the target; otherwise the target twice.
    offset : int
        Number of data points that are left out, since no parameters can meet their targets.
    power : int
        0 for the loss ``mismatch``, where the loss of a data point is the distance of its sums
        to those intervals; 1 and 2 for ``l1`` and ``l2``.
    largest : int
        A bound on the loss of a data point, and on the numbers that it is computed from.
    """

    groups: NDArray[np.int64]
    inputs: NDArray[np.int64]
    multiplicity: NDArray[np.int64]
    low: tuple[NDArray[np.int64], ...]
    high: tuple[NDArray[np.int64], ...]
    offset: int
    power: int
    largest: int


def find_goals(instance: TrainingInstance, layout: SearchLayout, view: MergedData) -> Goals:
    """Return the goals of `instance`; raise `Unsupported` where numbers may leave 64 bits."""
    if instance.targets.dtype == object:
        raise Unsupported("local-search: data must be integers below 2^62; use --backend sat")
    inputs = view.inputs[np.array(view.group_input, dtype=np.int64)].T
    multiplicity = np.array(view.multiplicity, dtype=np.int64)
    power = ("mismatch", "l1", "l2").index(instance.loss)
    kept = np.ones(len(multiplicity), dtype=np.bool_)
    low, high, largest = [], [], 1
    for block in layout.blocks:
        wanted = view.targets[:, block.columns].T
        if power:
            low.append(wanted)
            high.append(wanted)
            gap = block.largest + int(magnitude(wanted))
            largest += len(block.columns) * gap**power
        else:
            least, most, met = _intervals(block, wanted)
            low.append(least)
            high.append(most)
            kept &= met.all(axis=0)
            largest += 2 * len(block.columns) * block.reach
    if largest * max(1, int(multiplicity.sum())) >= SAFE:
        raise Unsupported("local-search: losses may leave 64 bits; use --backend sat")
    return Goals(
        np.flatnonzero(kept),
        inputs[:, kept],
        multiplicity[kept],
        tuple(values[:, kept] for values in low),
        tuple(values[:, kept] for values in high),
        int(multiplicity[~kept].sum()),
        power,
        largest,
    )


def _intervals(
    block: Block, wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the ends of the target intervals, and which of them are not empty."""
    distinct, index = np.unique(wanted, return_inverse=True)
    found = [_interval(block, value) for value in distinct.tolist()]
    ends: Any = np.array([ends or (0, 0) for ends in found], dtype=np.int64).reshape(-1, 2)
    met = np.array([ends is not None for ends in found], dtype=np.bool_)
    shape = wanted.shape
    low, high = ends[index.ravel(), 0].reshape(shape), ends[index.ravel(), 1].reshape(shape)
    return low, high, met[index.ravel()].reshape(shape)


def _interval(block: Block, target: int) -> tuple[int, int] | None:
    """Return the sums within reach, or magnitudes under a square, that give a target."""
    found = block.activation.preimage(target)
    if found is None:
        return None
    low = -block.reach if found[0] is None else found[0]
    high = block.reach if found[1] is None else found[1]
    return (low, high) if low <= block.reach and high >= -block.reach else None
