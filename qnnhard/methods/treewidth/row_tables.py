"""Tables of partial solutions, row by row, and the operations on them."""

from collections.abc import Iterable
from itertools import accumulate as running
from math import prod

import numpy as np

from instances.canonical.rows import Numbers, row_keys
from instances.text.numbers import Array
from qnnhard.methods.treewidth.algebra import Addition, Firing, Step, TableAlgebra
from qnnhard.methods.treewidth.neuron_kinds import NeuronKind
from qnnhard.methods.treewidth.partial_sums import Sums, SumState, SumStates, accumulate
from qnnhard.methods.treewidth.pruning import (
    Column,
    Columns,
    Pruning,
    partner_of,
    state_of,
    without,
)
from qnnhard.methods.treewidth.store import Make, RowTable, Store


class RowTables(TableAlgebra):
    """The operations for vectors over `points` data points."""

    def __init__(self, points: int, states: SumStates, store: Store) -> None:
        self.points = points
        self.states = states
        self.store = store
        self._pruning = Pruning(points, states)
        self._offsets: dict[NeuronKind, Sums] = {}
        self.unit = store.unit

    def rank(self, table: int) -> int:
        """Return the number of rows."""
        return self.store.tables[table].rows

    def make_room(self, live: Iterable[int]) -> bool:
        """Forget tables where memory is short; see `TableAlgebra.make_room`."""
        if self.store.crowded:
            self.store.forget(live)
            return True
        return False

    def offsets(self, kind: NeuronKind) -> Sums:
        """Return the sums over the in-edges from constants."""
        found = self._offsets.get(kind)
        if found is None:
            found = accumulate(kind, kind.constants, self.states, self.store.deadline)
            self._offsets[kind] = found
        return found

    def edge(self, table: int, added: Addition) -> Step:
        """Return the rows with an in-edge; see `TableAlgebra.edge`."""
        behaviour, total, edge, kind, fresh, drop = added
        before = self.store.tables[table]
        columns = list(before.columns)
        guess = behaviour < 0
        source = len(columns) if guess else behaviour
        if guess:
            columns.append(None)
            if behaviour < -1:
                columns[-2 - behaviour] = (state_of(columns[-2 - behaviour]), source)
        state, values = self._started(before, total, kind, fresh)
        state = self.states.after(state, edge)
        place = total if total >= 0 else len(columns)
        if total >= 0:
            columns[place] = (state.number, partner_of(columns[place]))
        else:
            columns.append((state.number, -2 - total if total < -1 else -1))
        guesses = edge.behaviours.values if guess else None
        shape = (
            before.rows,
            values.shape[1] if total < 0 else 1,
            edge.behaviours.size if guess else 1,
            len(edge.weights),
        )
        gone = [source] if drop else []
        layout = without(columns, gone)
        low, high = state.low, state.high
        block, kept_rows = self._pruning.block, self._pruning.kept_rows(len(columns), gone)
        data = before.data
        weights = edge.weights

        def make(numbers: Numbers) -> tuple[Array, Numbers]:
            row, offset, guessed, weight = np.unravel_index(numbers, shape)
            rows = data[:, row]
            active = rows[block(source)] if guesses is None else guesses[:, guessed]
            sums = rows[block(place)] if total >= 0 else values[:, offset]
            sums = np.clip(sums + active * weights[weight], low, high)
            if total >= 0:
                rows[block(place)] = sums
            rows = np.concatenate(
                [rows, *([active] if guess else []), *([sums] if total < 0 else [])],
                dtype=self.store.dtype,
                casting="unsafe",
            )
            return self._pruning.reachable(columns, rows, numbers, kept_rows)

        return self._collect(layout, shape, make)

    def fire(self, table: int, fired: Firing) -> Step:
        """Return the rows after a neuron fires; see `TableAlgebra.fire`."""
        behaviour, total, kind, fresh, drop = fired
        before = self.store.tables[table]
        _, values = self._started(before, total, kind, fresh)
        columns: list[Column] = list(before.columns)
        unknown = kind.goal is None and behaviour < 0
        appended = unknown and not drop
        gone = ([total] if total >= 0 else []) + ([behaviour] if drop and behaviour >= 0 else [])
        layout = without(columns, gone) + ((None,) if appended else ())
        shape = (before.rows, values.shape[1] if total < 0 else 1, len(kind.biases))
        kept_rows = self._pruning.kept_rows(len(columns), gone)
        data, block, biases = before.data, self._pruning.block, kind.biases

        def make(numbers: Numbers) -> tuple[Array, Numbers]:
            row, offset, bias = np.unravel_index(numbers, shape)
            sums = data[block(total)][:, row] if total >= 0 else values[:, offset]
            found = kind.activate(sums - biases[bias])
            if unknown:
                kept = data[:, row] if kept_rows is None else data[kept_rows][:, row]
                parts = [kept, found] if appended else [kept]
                return np.concatenate(parts, dtype=self.store.dtype, casting="unsafe"), numbers
            wanted = kind.goal[:, None] if kind.goal is not None else data[block(behaviour)][:, row]
            right = (found == wanted).all(axis=0)
            rows = data[:, row[right]]
            return rows if kept_rows is None else rows[kept_rows], numbers[right]

        return self._collect(layout, shape, make)

    def join(self, first: int, second: int, match: tuple[int, ...], gone: int) -> Step:
        """Return the rows of two tables that agree; see `TableAlgebra.join`."""
        one, two = self.store.tables[first], self.store.tables[second]
        columns = list(one.columns)
        fresh = [place for place, met in enumerate(match) if met < 0]
        position = list(match)
        for place in fresh:
            position[place] = len(columns)
            columns.append(None)
        shared: list[tuple[int, int]] = []
        added: list[tuple[int, int]] = []
        for place, (column, met) in enumerate(zip(two.columns, match, strict=True)):
            self._place_column(columns, column, met, position, place)
            if met >= 0:
                (shared if column is None else added).append((met, place))
        begin, count, order = _matches(
            one.data[self._pruning.rows_of([met for met, _ in shared])],
            two.data[self._pruning.rows_of([place for _, place in shared])],
        )
        ends = np.fromiter(running(count.tolist()), dtype=np.int64, count=len(count))
        candidates = int(ends[-1]) if ends.size else 0
        shape = (one.rows, two.rows)
        appended = self._pruning.rows_of(fresh)
        dropped = [gone] if gone >= 0 else []
        kept_rows = self._pruning.kept_rows(len(columns), dropped)
        block = self._pruning.block

        def make(numbers: Numbers) -> tuple[Array, Numbers]:
            left = np.searchsorted(ends, numbers, side="right")
            right = order[begin[left] + numbers - (ends[left] - count[left])]
            rows = np.concatenate([one.data[:, left], two.data[appended][:, right]])
            for met, place in added:
                state = self.states.all[state_of(columns[met])]
                sums = rows[block(met)].astype(np.int64) + two.data[block(place)][:, right]
                rows[block(met)] = np.clip(sums, state.low, state.high)
            return self._pruning.reachable(columns, rows, left * two.rows + right, kept_rows)

        return self._collect(without(columns, dropped), shape, make, candidates)

    def _place_column(
        self, columns: list[Column], column: Column, met: int, position: list[int], place: int
    ) -> None:
        """Put a column of the second table of a join where it belongs, with its partner."""
        here = position[place]
        if column is None:
            if met < -1:
                columns[-2 - met] = (state_of(columns[-2 - met]), here)
            return
        partner = position[column[1]] if column[1] >= 0 else (-2 - met if met < -1 else -1)
        state = self.states.all[column[0]]
        if met >= 0:
            mine = columns[met]
            state = self.states.merged(self.states.all[state_of(mine)], state)
            partner = max(partner, partner_of(mine))
        columns[here] = (state.number, partner)

    def _started(
        self, table: RowTable, total: int, kind: NeuronKind, fresh: bool
    ) -> tuple[SumState, Array]:
        """Return the state of a sum, and the offsets that an absent one can start from."""
        if total >= 0:
            return self.states.all[state_of(table.columns[total])], table.data[:, :1]
        if fresh and kind.constants:
            offsets = self.offsets(kind)
            return offsets.state, offsets.values
        zero = np.zeros((self.points, 1), dtype=np.int64)
        return self.states.start(kind), zero

    def _collect(
        self, layout: Columns, shape: tuple[int, ...], make: Make, count: int | None = None
    ) -> Step:
        return self.store.collect(
            layout,
            shape,
            prod(shape) if count is None else count,
            make,
            lambda data: self._pruning.undominated(layout, data),
        )


def _matches(first: Array, second: Array) -> tuple[Numbers, Numbers, Numbers]:
    """Match equal columns of `first` and `second`, which have the same rows.

    Returns
    -------
    begin, count, order : int64 arrays
        Column i of `first` equals the columns
        ``order[begin[i]], ..., order[begin[i] + count[i] - 1]`` of `second`.
    """
    both = np.concatenate((first, second), axis=1)
    key, _ = row_keys(both, both.shape[1])
    left, right = key[: first.shape[1]], key[first.shape[1] :]
    order = np.argsort(right, kind="stable")
    right = right[order]
    begin = np.searchsorted(right, left, side="left")
    return begin, np.searchsorted(right, left, side="right") - begin, order
