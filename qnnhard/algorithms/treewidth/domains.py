"""What a neuron can do whatever the rest of the network does: sums over in-edges, behaviours."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from instances.deadline import Deadline
from instances.errors import LimitReached
from qnnhard.algorithms.treewidth.kinds import EdgeKind, Kind, SumState, SumStates, Vector
from qnnhard.algorithms.treewidth.rows import Index, distinct

SUM_LIMIT = 1 << 20
"""Most candidates for the sums of one neuron; beyond, its range per data point is used."""

DOMAIN_LIMIT = 1 << 16
"""Most behaviours of one neuron that are listed."""


class TooLarge(LimitReached):
    """Sets of behaviours or tables beyond the limits on rows or memory."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Distinct sums over some in-edges, and per edge the candidate that each came from.

    Candidate c of an edge with g behaviours and k weights adds to earlier sum ``c // (g * k)``
    weight ``c % k``.
    """

    values: Vector
    state: SumState
    back: tuple[tuple[Index, int, int], ...]

    def weights(self, number: int) -> list[int]:
        """Return the index of the weight of every edge for the sum `number`."""
        chosen = []
        for candidates, behaviours, weights in reversed(self.back):
            candidate = int(candidates[number])
            chosen.append(candidate % weights)
            number = candidate // (behaviours * weights)
        return chosen[::-1]


def accumulate(
    kind: Kind, edges: tuple[EdgeKind, ...], states: SumStates, deadline: Deadline
) -> Sums:
    """Return the sums over `edges`, behaviours of their sources taken independently.

    Sums that cannot reach the kind's goal any more are left out. Raises `TooLarge`.
    """
    state = states.start(kind, with_constants=False)
    values = np.zeros((len(kind.rise), 1), dtype=np.int64)
    back = []
    for edge in edges:
        deadline.check()
        state = states.after(state, edge)
        terms = (edge.domain.values[:, :, None] * edge.weights).reshape(len(values), -1)
        if values.shape[1] * terms.shape[1] > SUM_LIMIT:
            raise TooLarge(f"a neuron has more than {SUM_LIMIT} partial sums")
        added = (values[:, :, None] + terms[:, None, :]).reshape(len(values), -1)
        added = np.clip(added, state.low, state.high)
        values, first = distinct(added)
        if kind.goal is not None:
            kept = state.can_reach(values, kind.goal[:, None])
            values, first = values[:, kept], first[kept]
        back.append((first, edge.domain.size, len(edge.weights)))
    return Sums(values, state, tuple(back))


def behaviours(
    kind: Kind, edges: tuple[EdgeKind, ...], states: SumStates, deadline: Deadline
) -> Vector:
    """Return the behaviours that neurons of `kind` may have, a superset of those they have.

    Raises `TooLarge` where there are more than `DOMAIN_LIMIT`.
    """
    try:
        sums = accumulate(kind, edges, states, deadline).values
    except TooLarge:
        return _box(kind, deadline)
    found = list(_activated(kind, sums, deadline))
    deadline.check()
    values, _ = distinct(np.concatenate(found, axis=1))
    if values.shape[1] > DOMAIN_LIMIT:
        raise TooLarge(f"a neuron has more than {DOMAIN_LIMIT} behaviours")
    return values


def _activated(kind: Kind, sums: Vector, deadline: Deadline) -> Iterator[Vector]:
    """Yield the behaviours of `sums` for every bias, of which there may be many thousands."""
    for bias in kind.biases:
        deadline.check()
        yield kind.activate(sums, int(bias))


def _box(kind: Kind, deadline: Deadline) -> Vector:
    """Return the product of the ranges per data point."""
    ranges = []
    for rise, fall in zip(kind.rise.tolist(), kind.fall.tolist(), strict=True):
        if rise + fall > SUM_LIMIT:
            raise TooLarge(f"a neuron has more than {SUM_LIMIT} partial sums")
        sums = np.arange(-fall, rise + 1, dtype=np.int64)[None, :]
        values = [np.unique(values) for values in _activated(kind, sums, deadline)]
        ranges.append(np.unique(np.concatenate(values)).tolist())
    if prod(map(len, ranges)) > DOMAIN_LIMIT:
        raise TooLarge(f"a neuron has more than {DOMAIN_LIMIT} behaviours")
    return np.array(list(product(*ranges)), dtype=np.int64).T.reshape(len(ranges), -1)
