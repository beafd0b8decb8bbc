"""The operations on tables: add an edge, fire a neuron, join (theory, section 5.2).

All are pure and positional: they know columns, not neurons, and their results are remembered.
A column of a neuron that is absent is given as -1, or as -2 - q where the other column of the
same neuron, its sum or its behaviour, is at position q.
"""

from itertools import accumulate as running
from math import prod

import numpy as np

from instances.text.numbers import Array
from qnnhard.algorithms.treewidth.domains import Sums, accumulate
from qnnhard.algorithms.treewidth.kinds import EdgeKind, Kind, SumState, SumStates
from qnnhard.algorithms.treewidth.layout import (
    Column,
    Layout,
    partner_of,
    state_of,
    without,
)
from qnnhard.algorithms.treewidth.pruning import Pruning
from qnnhard.algorithms.treewidth.rows import Index, matches
from qnnhard.algorithms.treewidth.store import Make, Step, Store, Table


class Algebra:
    """The operations for vectors over `points` data points."""

    def __init__(self, points: int, states: SumStates, store: Store) -> None:
        self.points = points
        self.states = states
        self.store = store
        self._pruning = Pruning(points, states)
        self._offsets: dict[int, Sums] = {}

    def offsets(self, kind: Kind) -> Sums:
        """Return the sums over the in-edges from constants."""
        found = self._offsets.get(kind.number)
        if found is None:
            found = accumulate(kind, kind.constants, self.states, self.store.deadline)
            self._offsets[kind.number] = found
        return found

    def edge(
        self,
        table: int,
        behaviour: int,
        total: int,
        edge: EdgeKind,
        kind: Kind,
        fresh: bool,
        drop: bool,
    ) -> Step:
        """Add an in-edge, with any of its weights, to a sum.

        Parameters
        ----------
        table : int
        behaviour : int
            The column of the source's behaviour; an absent one is guessed and appended.
        total : int
            The column of the target's sum; an absent one is started and appended.
        edge, kind : EdgeKind, Kind
            Of the edge and of its target.
        fresh : bool
            Whether a sum that is started takes the constant in-edges along.
        drop : bool
            Whether the source's behaviour is not needed any more.

        Returns
        -------
        Step
            Choices: row, offset, guess, weight.
        """
        before = self.store.tables[table]
        columns = list(before.layout)
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
        guesses = edge.domain.values if guess else None
        shape = (
            before.rows,
            values.shape[1] if total < 0 else 1,
            edge.domain.size if guess else 1,
            len(edge.weights),
        )
        gone = [source] if drop else []
        layout = without(columns, gone)
        low, high = state.low, state.high
        block, kept_rows = self._pruning.block, self._pruning.kept_rows(len(columns), gone)
        data = before.data
        weights = edge.weights

        def make(numbers: Index) -> tuple[Array, Index]:
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

    def fire(
        self, table: int, total: int, behaviour: int, kind: Kind, fresh: bool, drop: bool
    ) -> Step:
        """Apply bias and activation to a finished sum, which disappears.

        The behaviour must be the kind's goal, or equal the column `behaviour`; where there is
        neither it is appended. The parameters are those of `edge`.

        Returns
        -------
        Step
            Choices: row, offset, bias.
        """
        before = self.store.tables[table]
        _, values = self._started(before, total, kind, fresh)
        columns: list[Column] = list(before.layout)
        appended = kind.goal is None and behaviour < 0
        gone = ([total] if total >= 0 else []) + ([behaviour] if drop else [])
        layout = without(columns, gone) + ((None,) if appended else ())
        shape = (before.rows, values.shape[1] if total < 0 else 1, len(kind.biases))
        kept_rows = self._pruning.kept_rows(len(columns), gone)
        data, block, biases = before.data, self._pruning.block, kind.biases

        def make(numbers: Index) -> tuple[Array, Index]:
            row, offset, bias = np.unravel_index(numbers, shape)
            sums = data[block(total)][:, row] if total >= 0 else values[:, offset]
            found = kind.activate(sums - biases[bias], 0)
            if appended:
                kept = data[:, row] if kept_rows is None else data[kept_rows][:, row]
                return np.concatenate(
                    [kept, found], dtype=self.store.dtype, casting="unsafe"
                ), numbers
            wanted = kind.goal[:, None] if kind.goal is not None else data[block(behaviour)][:, row]
            right = (found == wanted).all(axis=0)
            rows = data[:, row[right]]
            return rows if kept_rows is None else rows[kept_rows], numbers[right]

        return self._collect(layout, shape, make)

    def join(self, first: int, second: int, match: tuple[int, ...], gone: int) -> Step:
        """Combine the rows of two tables that agree on behaviours; sums of a neuron add up.

        Parameters
        ----------
        first, second : int
        match : tuple of int
            For every column of the second table the column of the first that it meets; a
            column that meets none is appended.
        gone : int
            A behaviour's column of the result that is not needed any more, or -1.

        Returns
        -------
        Step
            Choices: row of the first table, row of the second.
        """
        one, two = self.store.tables[first], self.store.tables[second]
        columns = list(one.layout)
        fresh = [place for place, met in enumerate(match) if met < 0]
        position = list(match)
        for place in fresh:
            position[place] = len(columns)
            columns.append(None)
        shared: list[tuple[int, int]] = []
        added: list[tuple[int, int]] = []
        for place, (column, met) in enumerate(zip(two.layout, match, strict=True)):
            self._place_column(columns, column, met, position, place)
            if met >= 0:
                (shared if column is None else added).append((met, place))
        begin, count, order = matches(
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

        def make(numbers: Index) -> tuple[Array, Index]:
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

    def _started(self, table: Table, total: int, kind: Kind, fresh: bool) -> tuple[SumState, Array]:
        """Return the state of a sum, and the offsets that an absent one can start from."""
        if total >= 0:
            return self.states.all[state_of(table.layout[total])], table.data[:, :1]
        if fresh and kind.constants:
            offsets = self.offsets(kind)
            return offsets.state, offsets.values
        zero = np.zeros((self.points, 1), dtype=np.int64)
        return self.states.start(kind, with_constants=False), zero

    def _collect(
        self, layout: Layout, shape: tuple[int, ...], make: Make, count: int | None = None
    ) -> Step:
        return self.store.collect(
            layout,
            shape,
            prod(shape) if count is None else count,
            make,
            lambda data: self._pruning.undominated(layout, data),
        )
