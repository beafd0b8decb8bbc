"""Which rows of a table can be left out."""

import numpy as np

from instances.text.numbers import Array
from qnnhard.algorithms.treewidth.kinds import SumState, SumStates
from qnnhard.algorithms.treewidth.layout import Column, Layout
from qnnhard.algorithms.treewidth.rows import Index, undominated


class Pruning:
    """Tests of rows whose columns hold `points` numbers each."""

    def __init__(self, points: int, states: SumStates) -> None:
        self.points = points
        self.states = states

    def reachable(
        self, columns: list[Column], rows: Array, numbers: Index, kept_rows: Array | None
    ) -> tuple[Array, Index]:
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

    def undominated(self, layout: Layout, data: Array) -> Index | None:
        """Return the rows whose sums are no worse than another's with equal behaviours."""
        if data.shape[1] < 2:
            return None
        groups, scores = [], []
        for place, column in enumerate(layout):
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

    def rows_of(self, places: list[int]) -> Index:
        """Return the rows of data that hold some columns."""
        return (
            np.array(places, dtype=np.int64)[:, None] * self.points + np.arange(self.points)
        ).ravel()

    def kept_rows(self, count: int, gone: list[int]) -> Index | None:
        """Return the rows of data of all columns but those that go; ``None`` where none goes."""
        if not gone:
            return None
        return self.rows_of([place for place in range(count) if place not in gone])
