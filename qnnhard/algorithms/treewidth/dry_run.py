"""How large the tables of a sweep would be, found without making them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from instances.deadline import Deadline
from instances.progress import track
from instances.text.numbers import Array
from qnnhard.algorithms.treewidth.kinds import EdgeKind, Kind, SumState, SumStates
from qnnhard.algorithms.treewidth.reduced import Reduced
from qnnhard.algorithms.treewidth.rows import distinct

_LISTED = 1 << 12
"""Sums of one neuron are listed up to this many; beyond, their range per data point is used."""

_CHECK = 256
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


@dataclass(frozen=True, eq=False)
class _Column:
    """The sums that one neuron can have at some stage, whatever the other columns hold."""

    number: int
    state: SumState
    values: Array | None
    bits: float


class _Columns:
    def __init__(self, states: SumStates) -> None:
        self.states = states
        self._count = 0
        self._started: dict[tuple[int, bool], _Column] = {}
        self._following: dict[tuple[int, int], _Column] = {}
        self._merging: dict[tuple[int, int], _Column] = {}

    def start(self, kind: Kind, fresh: bool) -> _Column:
        key = (kind.number, fresh)
        found = self._started.get(key)
        if found is None:
            state = self.states.start(kind, with_constants=False)
            found = self._column(state, np.zeros((len(kind.rise), 1), dtype=np.int64))
            for edge in kind.constants if fresh else ():
                found = self.after(found, edge)
            self._started[key] = found
        return found

    def after(self, column: _Column, edge: EdgeKind) -> _Column:
        key = (column.number, edge.number)
        found = self._following.get(key)
        if found is None:
            state = self.states.after(column.state, edge)
            terms = (edge.domain.values[:, :, None] * edge.weights).reshape(len(state.low), -1)
            found = self._following[key] = self._column(state, _sums(column.values, terms))
        return found

    def merged(self, first: _Column, second: _Column) -> _Column:
        key = (first.number, second.number)
        found = self._merging.get(key)
        if found is None:
            state = self.states.merged(first.state, second.state)
            values = None if second.values is None else _sums(first.values, second.values)
            found = self._merging[key] = self._column(state, values)
        return found

    def _column(self, state: SumState, values: Array | None) -> _Column:
        if values is None:
            bits = float(np.log2(np.maximum(state.high - state.low + 1, 1)).sum())
        else:
            values, _ = distinct(np.clip(values, state.low, state.high))
            if state.kind.goal is not None:
                values = values[:, state.can_reach(values, state.kind.goal[:, None])]
            bits = log2(max(1, values.shape[1]))
        self._count += 1
        return _Column(self._count, state, values, bits)


def _sums(first: Array | None, second: Array) -> Array | None:
    if first is None or first.shape[1] * second.shape[1] > _LISTED * 16:
        return None
    if max(first.shape[1], second.shape[1]) > _LISTED:
        return None
    added: Array = (first[:, :, None] + second[:, None, :]).reshape(len(first), -1)
    return added


@dataclass(slots=True)
class _Live:
    """A table that is not made: the bits of its behaviours, its sums, and a bound on its rows."""

    behaviours: dict[int, float]
    sums: dict[int, _Column]
    bits: float
    merged: bool = False

    def settle(self, grown: float) -> None:
        """Bound the rows by the product over columns, and by the growth of what they came from."""
        product = sum(self.behaviours.values()) + sum(column.bits for column in self.sums.values())
        self.bits = min(product, self.bits + grown)


def table_sizes(
    reduced: Reduced, order: Sequence[int], deadline: Deadline, sample: int | None = None
) -> TableSizes:
    """Dry-run a sweep over `reduced` along `order`, or over `sample` consecutive neurons only.

    Networks of many neurons are mostly regular, so that a part of one tells most.
    """
    return _DryRun(reduced, order, deadline, sample or len(order)).result()


class _DryRun:
    def __init__(
        self, reduced: Reduced, order: Sequence[int], deadline: Deadline, sample: int
    ) -> None:
        first = max(0, (len(order) - sample) // 2)
        self.reduced = reduced
        self.order = [vertex for vertex in order if first <= vertex < first + sample]
        self.deadline = deadline
        self.columns = _Columns(reduced.states)
        self.rank = {vertex: rank for rank, vertex in enumerate(self.order)}
        self.domain_bits = [
            log2(domain.size) if domain is not None else 0.0 for domain in reduced.domains
        ]
        self.into: list[list[int]] = [[] for _ in order]
        self.out_of: list[list[int]] = [[] for _ in order]
        for edge, (u, v) in enumerate(zip(reduced.sources, reduced.targets, strict=True)):
            if u in self.rank and v in self.rank:
                (self.into[v] if self.rank[v] < self.rank[u] else self.out_of[u]).append(edge)
        self.started = bytearray(len(order))
        self.mentions: list[list[_Live]] = [[] for _ in order]
        self.bits = 0.0
        self.seen: set[tuple[int, ...]] = set()
        self.rows = 0.0

    def result(self) -> TableSizes:
        for number, vertex in enumerate(track(self.order, "treewidth: sizes", "vertices")):
            if number % _CHECK == 0:
                self.deadline.check()
            table = self._eliminate(vertex)
            for other in table.behaviours.keys() | table.sums.keys():
                self.mentions[other].append(table)
        return TableSizes(self.bits, _PER_ROW * self.rows)

    def _eliminate(self, vertex: int) -> _Live:
        live = [table for table in self.mentions[vertex] if not table.merged]
        self.mentions[vertex] = []
        into, out_of = self.into[vertex], self.out_of[vertex]
        apart = len(into) > 1 and self._apart(vertex, live)
        if apart:
            live.append(self._fired(_Live({}, {}, 0.0), vertex))
        table = _Live({}, {}, 0.0)
        for other in live:
            other.merged = True
            self._join(table, other, vertex if other is live[-1] and apart and not out_of else -1)
        if not apart:
            self._fired(table, vertex)
        for edge in out_of:
            self._add(table, edge)
        table.behaviours.pop(vertex, None)
        table.settle(0.0)
        return table

    def _apart(self, vertex: int, live: list[_Live]) -> bool:
        """Return whether `Sweep` would fire `vertex` in a table of its own."""
        known = {other for table in live for other in table.behaviours}
        if vertex not in known or any(vertex in table.sums for table in live):
            return False
        return sum(self.reduced.sources[edge] not in known for edge in self.into[vertex]) > 1

    def _fired(self, table: _Live, vertex: int) -> _Live:
        kind = self.reduced.kinds[vertex]
        for edge in self.into[vertex]:
            self._add(table, edge)
        if vertex not in table.sums and not self.started[vertex]:
            table.sums[vertex] = self.columns.start(kind, True)
            table.settle(table.sums[vertex].bits)
            self._note(table)
        table.sums.pop(vertex, None)
        if self.reduced.domains[vertex] is not None:
            table.behaviours.setdefault(vertex, self.domain_bits[vertex])
        table.settle(log2(len(kind.biases)))
        return table

    def _join(self, table: _Live, other: _Live, gone: int) -> None:
        for vertex, column in other.sums.items():
            mine = table.sums.get(vertex)
            table.sums[vertex] = column if mine is None else self.columns.merged(mine, column)
        table.behaviours.update(other.behaviours)
        table.behaviours.pop(gone, None)
        table.settle(other.bits)
        self._note(table)

    def _add(self, table: _Live, edge: int) -> None:
        source, target = self.reduced.sources[edge], self.reduced.targets[edge]
        kind = self.reduced.edge_kinds[edge]
        grown = log2(len(kind.weights))
        if source not in table.behaviours:
            table.behaviours[source] = self.domain_bits[source]
            grown += self.domain_bits[source]
        column = table.sums.get(target)
        if column is None:
            column = self.columns.start(self.reduced.kinds[target], not self.started[target])
            self.started[target] = 1
            grown += column.bits
        table.sums[target] = self.columns.after(column, kind)
        table.settle(grown)
        self._note(table)

    def _note(self, table: _Live) -> None:
        self.bits = max(self.bits, table.bits)
        key = (len(table.behaviours), *sorted(c.number for c in table.sums.values()))
        if key not in self.seen:
            self.seen.add(key)
            self.rows += 2.0 ** min(table.bits, 60)
