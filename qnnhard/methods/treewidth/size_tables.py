"""How large the tables of a sweep would be, found without making them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from instances.deadline import Deadline
from qnnhard.methods.treewidth.algebra import Addition, Firing, Step, TableAlgebra
from qnnhard.methods.treewidth.neuron_kinds import EdgeKind, NeuronKind, Vector
from qnnhard.methods.treewidth.partial_sums import SumState, SumStates
from qnnhard.methods.treewidth.reduced import Reduced
from qnnhard.methods.treewidth.sweep import Sweep

_LISTED = 1 << 12
"""Sums of one neuron are listed up to this many; beyond, their range per data point is used."""

_PER_ROW = 4e-6


@dataclass(frozen=True)
class TableSizes:
    """What a sweep along an order would take, taking columns as independent.

    Parameters
    ----------
    bits : float
        The logarithm to base 2 of the rows of the largest table; usually too high by less than
        2, and by more where dominance helps.
    making : float
        A rough prediction of the seconds that making them takes, each of them once.
    """

    bits: float
    making: float


def table_sizes(
    reduced: Reduced, order: Sequence[int], deadline: Deadline, sample: int | None = None
) -> TableSizes:
    """Dry-run a sweep over `reduced` along `order`, or over `sample` consecutive neurons only.

    Networks of many neurons are mostly regular, so that a part of one tells most.
    """
    count = sample or len(order)
    first = max(0, (len(order) - count) // 2)
    part = [vertex for vertex in order if first <= vertex < first + count]
    tables = SizeTables(reduced)
    Sweep(reduced, part, tables, deadline, "treewidth: sizes").run()
    return TableSizes(tables.bits, _PER_ROW * tables.rows)


@dataclass(frozen=True, eq=False)
class SumColumn:
    """The sums that one neuron can have at some stage, whatever the other columns hold.

    `values` is ``None`` where they are too many to be listed.
    """

    state: SumState
    values: Vector | None
    bits: float


@dataclass(frozen=True)
class SizeTable:
    """A table that is not made: a bound on its rows, and per column what it may hold.

    A behaviour's column is the number of behaviours.
    """

    columns: tuple[SumColumn | int, ...]
    bits: float

    def settled(self, grown: float) -> "SizeTable":
        """Bound the rows by the product over columns, and by the growth of what they came from."""
        behaviours = sum(log2(size) for size in self.columns if isinstance(size, int))
        sums = sum(column.bits for column in self.columns if isinstance(column, SumColumn))
        return SizeTable(self.columns, min(behaviours + sums, self.bits + grown))

    def without(self, gone: int) -> "SizeTable":
        """Return the table without a column."""
        return SizeTable((*self.columns[:gone], *self.columns[gone + 1 :]), self.bits).settled(0.0)


class SizeTables(TableAlgebra):
    """The operations on sizes.

    Attributes
    ----------
    bits : float
        The largest `SizeTable.bits` of the tables so far.
    rows : float
        A bound on all their rows, tables alike counted once.
    """

    def __init__(self, reduced: Reduced) -> None:
        self.states: SumStates = reduced.states
        self.behaviours = {
            kind: found.size
            for kind, found in zip(reduced.kinds, reduced.behaviours, strict=True)
            if found is not None
        }
        self.tables: list[SizeTable] = []
        self.bits = 0.0
        self.rows = 0.0
        self._numbers: dict[SizeTable, int] = {}
        self._known: dict[tuple[object, object], SumColumn] = {}
        self._seen: set[tuple[int, ...]] = set()
        self.unit = self._step(SizeTable((), 0.0)).table

    def take_up(self, table: int) -> None:
        """Count a table."""
        self._count(self.tables[table])

    def edge(self, table: int, added: Addition) -> Step:
        """Return the table after an in-edge; see `TableAlgebra.edge`."""
        behaviour, total, edge, kind, fresh, drop = added
        before = self.tables[table]
        columns, grown = list(before.columns), log2(len(edge.weights))
        if behaviour < 0:
            columns.append(edge.behaviours.size)
            grown += log2(edge.behaviours.size)
        source = behaviour if behaviour >= 0 else len(columns) - 1
        if total < 0:
            start = self._start(kind, fresh)
            grown += start.bits
            columns.append(self._plus(start, edge))
        else:
            columns[total] = self._plus(_sums_at(columns, total), edge)
        made = SizeTable(tuple(columns), before.bits).settled(grown)
        self._count(made)
        return self._step(made.without(source) if drop else made)

    def fire(self, table: int, fired: Firing) -> Step:
        """Return the table after a neuron fires; see `TableAlgebra.fire`."""
        behaviour, total, kind, fresh, drop = fired
        before = self.tables[table]
        columns = list(before.columns)
        if total < 0:
            total, start = len(columns), self._start(kind, fresh)
            columns.append(start)
            before = SizeTable(tuple(columns), before.bits).settled(start.bits)
            self._count(before)
        del columns[total]
        if behaviour > total:
            behaviour -= 1
        if behaviour < 0 and kind.goal is None:
            behaviour = len(columns)
            columns.append(self.behaviours[kind])
        made = SizeTable(tuple(columns), before.bits).settled(log2(len(kind.biases)))
        return self._step(made.without(behaviour) if drop and behaviour >= 0 else made)

    def join(self, first: int, second: int, match: tuple[int, ...], gone: int) -> Step:
        """Return the table of two joined; see `TableAlgebra.join`."""
        one, two = self.tables[first], self.tables[second]
        columns = list(one.columns)
        for column, met in zip(two.columns, match, strict=True):
            if met < 0:
                columns.append(column)
            elif isinstance(column, SumColumn):
                columns[met] = self._both(_sums_at(columns, met), column)
        if gone >= 0:
            del columns[gone]
        made = SizeTable(tuple(columns), one.bits).settled(two.bits)
        self._count(made)
        return self._step(made)

    def _step(self, table: SizeTable) -> Step:
        number = self._numbers.setdefault(table, len(self.tables))
        if number == len(self.tables):
            self.tables.append(table)
        return Step(number)

    def _count(self, table: SizeTable) -> None:
        self.bits = max(self.bits, table.bits)
        sums = sorted(id(column) for column in table.columns if isinstance(column, SumColumn))
        key = (len(table.columns) - len(sums), *sums)
        if key not in self._seen:
            self._seen.add(key)
            self.rows += 2.0 ** min(table.bits, 60)

    def _start(self, kind: NeuronKind, fresh: bool) -> SumColumn:
        found = self._known.get((kind, fresh))
        if found is None:
            zero = np.zeros((len(kind.rise), 1), dtype=np.int64)
            found = _sum_column(self.states.start(kind), zero, zero)
            for edge in kind.constants if fresh else ():
                found = self._plus(found, edge)
            self._known[kind, fresh] = found
        return found

    def _plus(self, column: SumColumn, edge: EdgeKind) -> SumColumn:
        found = self._known.get((column, edge))
        if found is None:
            state = self.states.after(column.state, edge)
            found = self._known[column, edge] = _sum_column(state, column.values, edge.terms)
        return found

    def _both(self, first: SumColumn, second: SumColumn) -> SumColumn:
        found = self._known.get((first, second))
        if found is None:
            state = self.states.merged(first.state, second.state)
            found = self._known[first, second] = _sum_column(state, first.values, second.values)
        return found


def _sums_at(columns: list[SumColumn | int], place: int) -> SumColumn:
    column = columns[place]
    assert isinstance(column, SumColumn)
    return column


def _sum_column(state: SumState, first: Vector | None, second: Vector | None) -> SumColumn:
    """Return the sums of two columns."""
    if (
        first is None
        or second is None
        or first.shape[1] * second.shape[1] > _LISTED * 16
        or max(first.shape[1], second.shape[1]) > _LISTED
    ):
        bits = float(np.log2(np.maximum(state.high - state.low + 1, 1)).sum())
        return SumColumn(state, None, bits)
    values, _ = state.distinct_sums(first, second)
    return SumColumn(state, values, log2(max(1, values.shape[1])))
