"""Sums over some of a neuron's in-edges: what they can still become, and which there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers, number_rows
from instances.deadline import Deadline
from instances.text.numbers import Array
from qnnhard.methods.treewidth.neuron_kinds import EdgeKind, NeuronKind, TooLarge, Vector

SUM_LIMIT = 1 << 20
"""Most candidates for the sums of one neuron; beyond, its range per data point is used."""

BEHAVIOUR_LIMIT = 1 << 16
"""Most behaviours of one neuron that are listed."""


class SumState:
    """How much of a neuron's in-edges a partial sum already holds.

    Sums beyond ``low`` and ``high`` are equivalent to the bound: whatever is still added, all
    biases leave the neuron saturated on the same side. Both bounds keep 0 between them, so two
    clamped sums add up to one that is still saturated.
    """

    __slots__ = ("done", "fall", "high", "kind", "low", "number", "rise")

    def __init__(self, number: int, kind: NeuronKind, done: tuple[Vector, Vector]) -> None:
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

    def can_reach(self, sums: Array, values: Array) -> NDArray[np.bool_]:
        """Return which columns of `sums` some further contribution and bias may bring to `values`.

        A necessary condition, tested data point by data point.
        """
        low, high = self.kind.preimages(values)
        reachable = sums + (self.rise - int(self.kind.biases[0])) >= low
        reachable &= sums - (self.fall + int(self.kind.biases[-1])) <= high
        result: NDArray[np.bool_] = reachable.all(axis=0)
        return result

    def distinct_sums(self, first: Vector, second: Vector) -> tuple[Vector, Numbers]:
        """Return the distinct sums of a column each, clamped, and the first pair for each of them.

        Without those that cannot reach the kind's goal any more. Pairs are numbered in the order
        of `first`.
        """
        added = (first[:, :, None] + second[:, None, :]).reshape(len(first), -1)
        added = np.clip(added, self.low, self.high)
        pair = number_rows(added, added.shape[1])[1]
        values = added[:, pair]
        if self.kind.goal is not None:
            kept = self.can_reach(values, self.kind.goal[:, None])
            values, pair = values[:, kept], pair[kept]
        return values, pair


class SumStates:
    """All states of sums, each once."""

    def __init__(self) -> None:
        self.all: list[SumState] = []
        self._known: dict[tuple[NeuronKind, bytes], SumState] = {}

    def start(self, kind: NeuronKind) -> SumState:
        """Return the state of a sum that holds nothing."""
        return self._state(kind, 0 * kind.rise, 0 * kind.fall)

    def after(self, state: SumState, edge: EdgeKind) -> SumState:
        """Return the state after one more in-edge."""
        return self._state(state.kind, state.done[0] + edge.rise, state.done[1] + edge.fall)

    def merged(self, first: SumState, second: SumState) -> SumState:
        """Return the state of the sum of two sums over disjoint in-edges."""
        rise, fall = (a + b for a, b in zip(first.done, second.done, strict=True))
        return self._state(first.kind, rise, fall)

    def _state(self, kind: NeuronKind, rise: Vector, fall: Vector) -> SumState:
        key = (kind, rise.tobytes() + fall.tobytes())
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = SumState(len(self.all), kind, (rise, fall))
            self.all.append(found)
        return found


@dataclass(frozen=True, eq=False)
class Sums:
    """Distinct sums over some in-edges, and per edge the candidate that each came from.

    Candidate c of an edge with g behaviours and k weights adds to earlier sum ``c // (g * k)``
    weight ``c % k``.
    """

    values: Vector
    state: SumState
    back: tuple[tuple[Numbers, EdgeKind], ...]

    def weights(self, number: int) -> list[int]:
        """Return the weight of every edge for the sum `number`."""
        chosen = []
        for candidates, edge in reversed(self.back):
            number, choice = divmod(
                int(candidates[number]), edge.behaviours.size * len(edge.weights)
            )
            chosen.append(int(edge.weights[choice % len(edge.weights)]))
        return chosen[::-1]


def accumulate(
    kind: NeuronKind, edges: tuple[EdgeKind, ...], states: SumStates, deadline: Deadline
) -> Sums:
    """Return the sums over `edges`, behaviours of their sources taken independently.

    Sums that cannot reach the kind's goal any more are left out. Raises `TooLarge`.
    """
    state = states.start(kind)
    values = np.zeros((len(kind.rise), 1), dtype=np.int64)
    back = []
    for edge in edges:
        deadline.check()
        state = states.after(state, edge)
        if values.shape[1] * edge.behaviours.size * len(edge.weights) > SUM_LIMIT:
            raise TooLarge(f"a neuron has more than {SUM_LIMIT} partial sums")
        values, first = state.distinct_sums(values, edge.terms)
        back.append((first, edge))
    return Sums(values, state, tuple(back))


def behaviours_of(
    kind: NeuronKind, edges: tuple[EdgeKind, ...], states: SumStates, deadline: Deadline
) -> Vector:
    """Return the behaviours that neurons of `kind` may have, a superset of those they have.

    Raises `TooLarge` where there are more than `BEHAVIOUR_LIMIT`.
    """
    try:
        sums = accumulate(kind, edges, states, deadline).values
    except TooLarge:
        return _box(kind, deadline)
    found = np.concatenate(list(_activated(kind, sums, deadline)), axis=1)
    deadline.check()
    _, first = number_rows(found, found.shape[1])
    if len(first) > BEHAVIOUR_LIMIT:
        raise TooLarge(f"a neuron has more than {BEHAVIOUR_LIMIT} behaviours")
    return found[:, first]


def _activated(kind: NeuronKind, sums: Vector, deadline: Deadline) -> Iterator[Vector]:
    """Yield the behaviours of `sums` for every bias, of which there may be many thousands."""
    for bias in kind.biases:
        deadline.check()
        yield kind.activate(sums - bias)


def _box(kind: NeuronKind, deadline: Deadline) -> Vector:
    """Return the product of the ranges per data point."""
    ranges = []
    for rise, fall in zip(kind.rise.tolist(), kind.fall.tolist(), strict=True):
        if rise + fall > SUM_LIMIT:
            raise TooLarge(f"a neuron has more than {SUM_LIMIT} partial sums")
        sums = np.arange(-fall, rise + 1, dtype=np.int64)[None, :]
        values = [np.unique(values) for values in _activated(kind, sums, deadline)]
        ranges.append(np.unique(np.concatenate(values)).tolist())
    if prod(map(len, ranges)) > BEHAVIOUR_LIMIT:
        raise TooLarge(f"a neuron has more than {BEHAVIOUR_LIMIT} behaviours")
    return np.array(list(product(*ranges)), dtype=np.int64).T.reshape(len(ranges), -1)
