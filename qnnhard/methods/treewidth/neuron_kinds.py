"""Kinds of neurons and of edges.

Sums and behaviours are vectors over the p data points that are to be fitted. Neurons with the
same activation, biases, in-edges and target are of one kind, so that what is computed for one
serves all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.canonical.scaled import ScaledActivation
from instances.errors import LimitReached, Unsupported
from instances.text.numbers import Array

Vector = NDArray[np.int64]

UNBOUNDED = 1 << 60
LARGEST = 1 << 40
"""Largest magnitude of a pre-activation that is attempted."""


class TooLarge(LimitReached):
    """Sets of behaviours or tables beyond the limits on rows or memory."""


@dataclass(frozen=True, eq=False)
class BehaviourSet:
    """The behaviours that a neuron may have: one column of `values` each, p rows."""

    values: Vector

    @property
    def size(self) -> int:
        """Number of behaviours."""
        return int(self.values.shape[1])


@dataclass(frozen=True, eq=False)
class EdgeKind:
    """The weights of an edge and the behaviours of its source.

    `rise` and `fall` say, per data point, by how much the edge can raise or lower a sum.
    """

    weights: Vector
    behaviours: BehaviourSet
    rise: Vector
    fall: Vector

    @classmethod
    def of(cls, weights: Vector, behaviours: BehaviourSet) -> "EdgeKind":
        """Return the kind of an edge; raise `Unsupported` where its products are too large."""
        values = behaviours.values
        ends = int(weights[0]), int(weights[-1])
        if max(map(abs, ends)) * max(1, abs(int(values.min())), abs(int(values.max()))) >= LARGEST:
            raise Unsupported("treewidth: numbers beyond 2^40; use --backend sat")
        least, greatest = values.min(axis=1), values.max(axis=1)
        products = np.stack([0 * least, *(end * v for end in ends for v in (least, greatest))])
        return cls(weights, behaviours, products.max(axis=0), (-products).max(axis=0))

    @property
    def terms(self) -> Vector:
        """What the edge may add to a sum: behaviours by weights, one column each, p rows."""
        values = self.behaviours.values
        return (values[:, :, None] * self.weights).reshape(len(values), -1)


@dataclass(frozen=True, eq=False)
class NeuronKind:
    """A kind of neuron.

    Parameters
    ----------
    biases : int64 array, increasing
    constants : tuple of EdgeKind
        The in-edges from constant sources, which `reduced.Reduced` lists in this order.
    rise, fall : int64 arrays, p
        What all in-edges together can add to a sum, or take from it.
    goal : int64 array, p, or None
        The behaviour that the neuron must have, where it is known.
    """

    activation: ScaledActivation
    biases: Vector
    constants: tuple[EdgeKind, ...]
    rise: Vector
    fall: Vector
    goal: Vector | None

    def __post_init__(self) -> None:
        if int(max(self.rise.max(), self.fall.max())) + int(abs(self.biases).max()) >= LARGEST:
            raise Unsupported("treewidth: pre-activations beyond 2^40; use --backend sat")

    @property
    def floor(self) -> int:
        """The end below which all sums have one value."""
        floor = None if self.activation.square else self.activation.floor
        return -UNBOUNDED if floor is None else floor

    @property
    def ceiling(self) -> int:
        """The end above which all sums have one value."""
        ceiling = self.activation.ceiling
        return UNBOUNDED if ceiling is None else min(ceiling, UNBOUNDED)

    def preimages(self, values: Array) -> tuple[Vector, Vector]:
        """Return the least and greatest t whose activation can be each of `values`.

        For ``square`` this is the hull of two numbers, a necessary condition only.
        """
        if self.activation.square:
            root = np.sqrt(np.maximum(values, 0).astype(np.float64)).astype(np.int64) + 1
            return -root, root
        values = values.astype(np.int64)
        low = np.where(values <= self.floor, -UNBOUNDED, values)
        return low, np.where(values >= self.ceiling, UNBOUNDED, values)

    def direction(self, values: Array) -> NDArray[np.int8]:
        """Return 1 where a larger sum serves `values` at least as well, -1 where a smaller."""
        if self.activation.square:
            return np.zeros(values.shape, dtype=np.int8)
        up, down = values >= self.ceiling, values <= self.floor
        return up.astype(np.int8) - down.astype(np.int8)

    def activate(self, sums: Array) -> Vector:
        """Return the behaviours of `sums`; magnitudes below 2^40 keep squares exact."""
        values = sums.astype(np.int64)
        if self.activation.square and values.size and abs(values).max() >= 1 << 30:
            raise Unsupported("treewidth: squares beyond 2^60; use --backend sat")
        applied: Vector = self.activation.apply(values)
        return applied
