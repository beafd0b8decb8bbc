"""The columns of tables, and which rows can be left out for what they hold."""

import numpy as np

from instances.canonical.rows import Numbers, row_keys
from instances.text.numbers import Array
from qnnhard.methods.treewidth.partial_sums import SumState, SumStates

Column = tuple[int, int] | None
"""``None`` for a behaviour; for a sum the number of its state and the position of the column
with the behaviour of the same neuron, or -1."""

Columns = tuple[Column, ...]

_PAIRWISE = 256
"""Up to this many vectors domination is tested between all pairs at once."""

_PASSES = 256
"""Vectors of one group that others are compared with; more only leave dominated ones in."""


def state_of(column: Column) -> int:
    """Return the number of the state of a sum's column."""
    assert column is not None
    return column[0]


def partner_of(column: Column) -> int:
    """Return the position of the behaviour that belongs to a sum's column, or -1."""
    assert column is not None
    return column[1]


def without(columns: list[Column], gone: list[int]) -> Columns:
    """Return the columns without some; partners keep pointing where they did."""

    def moved(place: int) -> int:
        return -1 if place < 0 or place in gone else place - sum(g < place for g in gone)

    return tuple(
        column if column is None else (column[0], moved(column[1]))
        for place, column in enumerate(columns)
        if place not in gone
    )


class Pruning:
    """Tests of rows whose columns hold `points` numbers each."""

    def __init__(self, points: int, states: SumStates) -> None:
        self.points = points
        self.states = states

    def reachable(
        self, columns: list[Column], rows: Array, numbers: Numbers, kept_rows: Array | None
    ) -> tuple[Array, Numbers]:
        """Leave out rows with a sum that cannot reach its neuron's known behaviour."""
        alive = None
        for place, column in enumerate(columns):
            if column is None:
                continue
            state = self.states.all[column[0]]
            wanted = self._wanted(state, column, rows)
            if wanted is not None:
                possible = state.can_reach(rows[self.block(place)], wanted)
                alive = possible if alive is None else alive & possible
        if alive is not None and not alive.all():
            rows, numbers = rows[:, alive], numbers[alive]
        return (rows if kept_rows is None else rows[kept_rows]), numbers

    def undominated(self, columns: Columns, data: Array) -> Numbers | None:
        """Return the rows whose sums are no worse than another's with equal behaviours."""
        if data.shape[1] < 2:
            return None
        groups, scores = [], []
        for place, column in enumerate(columns):
            values = data[self.block(place)]
            wanted = None
            if column is not None:
                state = self.states.all[column[0]]
                wanted = self._wanted(state, column, data)
            if wanted is None:
                groups.append(values)
                continue
            direction = state.kind.direction(wanted)
            if not direction.any():
                groups.append(values)
                continue
            groups.append(np.where(direction == 0, values, 0))
            scores.append(values * direction.astype(values.dtype))
        if not scores:
            return None
        return undominated(np.concatenate(groups), np.concatenate(scores))

    def _wanted(self, state: SumState, column: tuple[int, int], rows: Array) -> Array | None:
        """Return the behaviour that a sum must lead to, where it is known."""
        if state.kind.goal is not None:
            return state.kind.goal[:, None]
        if column[1] >= 0:
            return rows[self.block(column[1])]
        return None

    def block(self, place: int) -> slice:
        """Return the rows of data that hold one column."""
        return slice(place * self.points, (place + 1) * self.points)

    def rows_of(self, places: list[int]) -> Numbers:
        """Return the rows of data that hold some columns."""
        return (
            np.array(places, dtype=np.int64)[:, None] * self.points + np.arange(self.points)
        ).ravel()

    def kept_rows(self, count: int, gone: list[int]) -> Numbers | None:
        """Return the rows of data of all columns but those that go; ``None`` where none goes."""
        if not gone:
            return None
        return self.rows_of([place for place in range(count) if place not in gone])


def undominated(groups: Array, scores: Array) -> Numbers:
    """Return the columns that no other column of the same group dominates.

    Parameters
    ----------
    groups, scores : arrays with one column a vector
        Two vectors are in the same group where their columns of `groups` are equal; one
        dominates the other where none of its scores is smaller. No two vectors are equal in
        both. Large groups may keep some dominated vectors.
    """
    count = scores.shape[1]
    key, _ = row_keys(groups, count)
    if count <= _PAIRWISE:
        below = (scores[:, :, None] <= scores[:, None, :]).all(axis=0)
        below &= key[:, None] == key[None, :]
        np.fill_diagonal(below, False)
        return np.flatnonzero(~below.any(axis=1))
    order = np.lexsort((-scores.sum(axis=0, dtype=np.int64), key))
    # In this order a vector can only be dominated by an earlier one of its group.
    done = [order[:0]]
    for passed in range(_PASSES):
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = key[order[1:]] != key[order[:-1]]
        done.append(order[first])
        if first.all() or passed == _PASSES - 1:
            done.append(order[~first])
            break
        pivot = order[first][np.cumsum(first) - 1]
        order = order[~(scores[:, order] <= scores[:, pivot]).all(axis=0)]
        if not order.size:
            break
    return np.sort(np.concatenate(done))
