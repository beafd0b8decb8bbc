"""Kinds of neurons and of edges, and what a partial sum of a kind can still become.

Sums and behaviours are vectors over the p data points that are to be fitted. Neurons with the
same activation, biases, in-edges and target are of one kind, so that what is computed for one
serves all.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from instances.errors import Unsupported
from instances.text.numbers import Array
from instances.training.activations import Activation

Vector = NDArray[np.int64]

UNBOUNDED = 1 << 60
LARGEST = 1 << 40
"""Largest magnitude of a pre-activation that is attempted."""


@dataclass(frozen=True, eq=False)
class Domain:
    """The behaviours that a neuron may have: one column of `values` each, p rows."""

    number: int
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

    number: int
    weights: Vector
    domain: Domain
    rise: Vector
    fall: Vector


def edge_kind(number: int, weights: Vector, domain: Domain) -> EdgeKind:
    """Return the kind of an edge; raises `Unsupported` where its products are too large."""
    ends = (
        [
            int(bound) * value
            for bound in (weights[0], weights[-1])
            for value in (domain.values.min(axis=1), domain.values.max(axis=1))
        ]
        if _small(weights, domain.values)
        else []
    )
    if not ends:
        raise Unsupported("treewidth: numbers beyond 2^40; use --backend sat")
    zero = np.zeros(len(domain.values), dtype=np.int64)
    return EdgeKind(
        number,
        weights,
        domain,
        np.max([zero, *ends], axis=0),
        np.max([zero, *(-end for end in ends)], axis=0),
    )


def _small(weights: Vector, values: Vector) -> bool:
    largest = max(abs(int(weights[0])), abs(int(weights[-1])))
    return largest * max(1, abs(int(values.min())), abs(int(values.max()))) < LARGEST


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of neuron.

    Parameters
    ----------
    number : int
    activation : Activation
    biases : int64 array, increasing
    constants : tuple of EdgeKind
        The in-edges from constant sources, which `reduced.Reduced` lists in this order.
    rise, fall : int64 arrays, p
        What all in-edges together can add to a sum, or take from it.
    goal : int64 array, p, or None
        The behaviour that the neuron must have, where it is known.
    """

    number: int
    activation: Activation
    biases: Vector
    constants: tuple[EdgeKind, ...]
    rise: Vector
    fall: Vector
    goal: Vector | None
    floor: int = field(init=False)
    ceiling: int = field(init=False)

    def __post_init__(self) -> None:
        reach = int(max(self.rise.max(), self.fall.max()))
        reach += max(abs(int(self.biases[0])), abs(int(self.biases[-1])))
        if reach >= LARGEST:
            raise Unsupported("treewidth: pre-activations beyond 2^40; use --backend sat")
        floor, ceiling = {
            "relu": (0, UNBOUNDED),
            "relu_clipped": (0, min(self.activation.maximum, UNBOUNDED)),
            "step": (0, 1),
            "sign": (-1, 1),
        }.get(self.activation.kind, (-UNBOUNDED, UNBOUNDED))
        object.__setattr__(self, "floor", floor)
        object.__setattr__(self, "ceiling", ceiling)

    def interval(self, values: Array) -> tuple[Vector, Vector]:
        """Return the least and greatest t whose activation can be each of `values`.

        For ``square`` this is the hull of two numbers, a necessary condition only.
        """
        if self.activation.kind == "square":
            root = np.sqrt(np.maximum(values, 0).astype(np.float64)).astype(np.int64) + 1
            return -root, root
        values = values.astype(np.int64)
        low = np.where(values <= self.floor, -UNBOUNDED, values)
        return low, np.where(values >= self.ceiling, UNBOUNDED, values)

    def direction(self, values: Array) -> NDArray[np.int8]:
        """Return 1 where a larger sum serves `values` at least as well, -1 where a smaller."""
        if self.activation.kind == "square":
            return np.zeros(values.shape, dtype=np.int8)
        up, down = values >= self.ceiling, values <= self.floor
        return up.astype(np.int8) - down.astype(np.int8)

    def activate(self, sums: Array, bias: int) -> Vector:
        """Return the behaviours of `sums`; magnitudes below 2^40 keep squares exact."""
        values = sums.astype(np.int64) - bias
        if self.activation.kind == "square" and values.size and abs(values).max() >= 1 << 30:
            raise Unsupported("treewidth: squares beyond 2^60; use --backend sat")
        applied: Vector = self.activation.apply(values)
        return applied


class SumState:
    """How much of a neuron's in-edges a partial sum already holds.

    Sums beyond ``low`` and ``high`` are equivalent to the bound: whatever is still added, all
    biases leave the neuron saturated on the same side. Both bounds keep 0 between them, so two
    clamped sums add up to one that is still saturated.
    """

    __slots__ = ("done", "fall", "following", "high", "kind", "low", "merging", "number", "rise")

    def __init__(self, number: int, kind: Kind, done: tuple[Vector, Vector]) -> None:
        self.number = number
        self.kind = kind
        self.done = done
        self.rise = (kind.rise - done[0])[:, None]
        self.fall = (kind.fall - done[1])[:, None]
        least, greatest = int(kind.biases[0]), int(kind.biases[-1])
        low = min(least + kind.floor, 0) - self.rise
        high = max(greatest + kind.ceiling, 0) + self.fall
        self.low = np.maximum(low, -done[1][:, None])
        self.high = np.minimum(high, done[0][:, None])
        self.following: dict[int, SumState] = {}
        self.merging: dict[int, SumState] = {}

    def can_reach(self, sums: Array, values: Array) -> NDArray[np.bool_]:
        """Return which columns of `sums` some further contribution and bias may bring to `values`.

        A necessary condition, tested data point by data point.
        """
        low, high = self.kind.interval(values)
        reachable = sums + (self.rise - int(self.kind.biases[0])) >= low
        reachable &= sums - (self.fall + int(self.kind.biases[-1])) <= high
        result: NDArray[np.bool_] = reachable.all(axis=0)
        return result


class SumStates:
    """All states of sums, each once."""

    def __init__(self) -> None:
        self.all: list[SumState] = []
        self._known: dict[tuple[int, bytes], SumState] = {}

    def start(self, kind: Kind, with_constants: bool) -> SumState:
        """Return the state of a sum that holds the constant in-edges, or nothing."""
        zero = np.zeros(len(kind.rise), dtype=np.int64)
        rise, fall = zero, zero
        if with_constants:
            rise = sum((edge.rise for edge in kind.constants), zero)
            fall = sum((edge.fall for edge in kind.constants), zero)
        return self._state(kind, rise, fall)

    def after(self, state: SumState, edge: EdgeKind) -> SumState:
        """Return the state after one more in-edge."""
        found = state.following.get(edge.number)
        if found is None:
            found = self._state(state.kind, state.done[0] + edge.rise, state.done[1] + edge.fall)
            state.following[edge.number] = found
        return found

    def merged(self, first: SumState, second: SumState) -> SumState:
        """Return the state of the sum of two sums over disjoint in-edges."""
        found = first.merging.get(second.number)
        if found is None:
            rise, fall = (a + b for a, b in zip(first.done, second.done, strict=True))
            found = self._state(first.kind, rise, fall)
            first.merging[second.number] = found
        return found

    def _state(self, kind: Kind, rise: Vector, fall: Vector) -> SumState:
        key = (kind.number, rise.tobytes() + fall.tobytes())
        found = self._known.get(key)
        if found is None:
            found = SumState(len(self.all), kind, (rise, fall))
            self._known[key] = found
            self.all.append(found)
        return found
