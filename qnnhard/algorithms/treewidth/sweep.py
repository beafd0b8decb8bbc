"""Dynamic programming along an elimination order, and the parameters that come out of it."""

from collections.abc import Sequence

import numpy as np

from instances.progress import track
from instances.training.parameters import Parameters
from qnnhard.algorithms.treewidth.reduced import Reduced
from qnnhard.algorithms.treewidth.store import Step, Store
from qnnhard.algorithms.treewidth.tables import Algebra
from qnnhard.algorithms.treewidth.trail import Trail

_CHECK = 256

Labels = list[int]
"""Per column of a live table 2v for the behaviour of vertex v, 2v + 1 for its sum."""


class Sweep:
    """One run over the vertices of a reduced problem.

    Eliminating v joins the tables that mention it, adds its in-edges that are left, fires it,
    adds its out-edges that are left, and forgets its behaviour. `trail` notes what was
    done.
    """

    def __init__(self, reduced: Reduced, order: Sequence[int], store: Store) -> None:
        self.reduced = reduced
        self.order = order
        self.store = store
        self.algebra = Algebra(reduced.points, reduced.states, store)
        self.misses = 0
        count = len(order)
        self._joins: dict[tuple[int, ...], Step] = {}
        self._edges: dict[tuple[int, ...], Step] = {}
        self._fires: dict[tuple[int, ...], Step] = {}
        self.trail = Trail()
        self._rank = [0] * count
        for rank, vertex in enumerate(order):
            self._rank[vertex] = rank
        self._in_start = np.searchsorted(reduced.targets, np.arange(count + 1)).tolist()
        sources = np.array(reduced.sources, dtype=np.int64)
        by_source = np.argsort(sources, kind="stable")
        self._out_edges = by_source.tolist()
        self._out_start = np.searchsorted(sources[by_source], np.arange(count + 1)).tolist()
        self._edge_number = [kind.number for kind in reduced.edge_kinds]
        self._kind_number = [kind.number for kind in reduced.kinds]
        self._started = bytearray(count)
        self._tables: list[int] = []
        self._labels: list[Labels | None] = []
        self._mentions: list[list[int] | None] = [None] * count

    def run(self) -> bool:
        """Return whether there is a solution; raises `TooLarge` and `LimitReached`."""
        for number, vertex in enumerate(track(self.order, "treewidth", "vertices")):
            if number % _CHECK == 0:
                self.store.deadline.check()
            if self.store.crowded:
                self._forget()
            if not self._eliminate(vertex):
                return False
        return True

    def _forget(self) -> None:
        live = [
            table
            for table, labels in zip(self._tables, self._labels, strict=True)
            if labels is not None
        ]
        self.store.forget(live)
        for remembered in (self._joins, self._edges, self._fires):
            remembered.clear()

    def _eliminate(self, vertex: int) -> bool:
        """Replace the tables that mention `vertex` by one that does not; False if it is empty."""
        rank, reduced = self._rank, self.reduced
        here = rank[vertex]
        first, last = self._in_start[vertex], self._in_start[vertex + 1]
        into = [edge for edge in range(first, last) if rank[reduced.sources[edge]] > here]
        first, last = self._out_start[vertex], self._out_start[vertex + 1]
        out_of = [
            edge for edge in self._out_edges[first:last] if rank[reduced.targets[edge]] > here
        ]
        live = self._live(vertex)
        apart = len(into) > 1 and self._apart(vertex, live, into)
        if apart:
            table, labels = self._fired(self.store.unit, [], vertex, into, False)
            if table < 0:
                return False
            live.append(self._close(table, labels, vertex))
        table, labels = self._joined(live, 2 * vertex if apart and not out_of else -1)
        if not apart:
            table, labels = self._fired(table, labels, vertex, into, not out_of)
        for edge in out_of:
            if table >= 0:
                table = self._add(table, labels, edge, edge == out_of[-1])
        if table < 0:
            return False
        number, mentions = self._close(table, labels, vertex), self._mentions
        for label in labels:
            mentioned = mentions[label >> 1]
            if mentioned is None:
                mentions[label >> 1] = [number]
            elif mentioned[-1] != number:
                mentioned.append(number)
        return True

    def _close(self, table: int, labels: Labels, vertex: int) -> int:
        """Note that the steps so far end in a live table; return its number."""
        self._tables.append(table)
        self._labels.append(labels)
        self.trail.close(vertex)
        return len(self._tables) - 1

    def _live(self, vertex: int) -> list[int]:
        """Return the live tables that mention `vertex`."""
        mentioned = self._mentions[vertex]
        if mentioned is None:
            return []
        self._mentions[vertex] = None
        return [number for number in mentioned if self._labels[number] is not None]

    def _apart(self, vertex: int, live: list[int], into: list[int]) -> bool:
        """Return whether to fire `vertex` in a table of its own, joined to the others after.

        That is better where they know its behaviour but not its sources', which would all have
        to be guessed for every row.
        """
        known: set[int] = set()
        for number in live:
            known.update(self._labels[number] or ())
        if 2 * vertex not in known or 2 * vertex + 1 in known:
            return False
        return sum(2 * self.reduced.sources[edge] not in known for edge in into) > 1

    def _fired(
        self, table: int, labels: Labels, vertex: int, into: list[int], drop: bool
    ) -> tuple[int, Labels]:
        """Add the in-edges that are left to a table that is not empty, and fire `vertex`."""
        for edge in into:
            if table >= 0:
                table = self._add(table, labels, edge, False)
        if table >= 0:
            table = self._fire(table, labels, vertex, drop)
        return table, labels

    def _joined(self, live: list[int], gone: int) -> tuple[int, Labels]:
        """Return the join of live tables, smallest first, without the column labelled `gone`."""
        if not live:
            return self.store.unit, []
        if len(live) > 1:
            live.sort(key=lambda number: self.store.tables[self._tables[number]].rows)
        table, labels = self._tables[live[0]], self._labels[live[0]]
        assert labels is not None
        self._labels[live[0]] = None
        self.trail.take(live[0])
        for number in live[1:]:
            others = self._labels[number]
            assert others is not None
            if table >= 0:
                match = tuple([_place(labels, label) for label in others])
                labels += [label for label, met in zip(others, match, strict=True) if met < 0]
                place = labels.index(gone) if gone >= 0 and number == live[-1] else -1
                key = (table, self._tables[number], place, *match)
                step = self._joins.get(key)
                if step is None:
                    step = self._joins[key] = self.algebra.join(
                        table, self._tables[number], match, place
                    )
                    self.misses += 1
                if place >= 0:
                    del labels[place]
                self._labels[number] = None
                table = self._record(step, number)
        return table, labels

    def _add(self, table: int, labels: Labels, edge: int, drop: bool) -> int:
        """Add an edge of the reduced problem to the sum of its target."""
        reduced = self.reduced
        source, target = 2 * reduced.sources[edge], reduced.targets[edge]
        behaviour, total = _place(labels, source), _place(labels, 2 * target + 1)
        start = fresh = 0
        if total < 0:
            fresh = 1 - self._started[target]
            self._started[target] = 1
            start = 2 * self._kind_number[target] + fresh + 1
        key = (table, behaviour, total, self._edge_number[edge], start, drop)
        step = self._edges.get(key)
        if step is None:
            step = self._edges[key] = self.algebra.edge(
                table,
                behaviour,
                total,
                reduced.edge_kinds[edge],
                reduced.kinds[target],
                bool(fresh),
                drop,
            )
            self.misses += 1
        if behaviour < 0:
            labels.append(source)
        if total < 0:
            labels.append(2 * target + 1)
        if drop:
            labels.remove(source)
        return self._record(step, 2 * edge + fresh)

    def _fire(self, table: int, labels: Labels, vertex: int, drop: bool) -> int:
        """Apply bias and activation of `vertex`; its sum disappears."""
        kind = self.reduced.kinds[vertex]
        behaviour, total = _place(labels, 2 * vertex), _place(labels, 2 * vertex + 1)
        fresh = start = 0
        if total < 0:
            fresh = 1 - self._started[vertex]
            start = 2 * kind.number + fresh + 1
        drop = drop and behaviour >= 0
        key = (table, behaviour, total, start, drop)
        step = self._fires.get(key)
        if step is None:
            step = self._fires[key] = self.algebra.fire(
                table, max(total, -1), max(behaviour, -1), kind, bool(fresh), drop
            )
            self.misses += 1
        if total >= 0:
            labels.remove(2 * vertex + 1)
        if drop:
            labels.remove(2 * vertex)
        if kind.goal is None and behaviour < 0:
            labels.append(2 * vertex)
        return self._record(step, fresh)

    def _record(self, step: Step, argument: int) -> int:
        """Note an operation for `parameters`; return its table, or -1 if it is empty."""
        self.trail.add(step, argument)
        return step.table if step.rows else -1

    def parameters(self) -> Parameters:
        """Return the parameters of a solution, once `run` returned true."""
        return self.trail.parameters(self.reduced, self.algebra)


def _place(labels: Labels, label: int) -> int:
    """Return the position of a column, or -1 or -2 - q as operations on tables expect it."""
    if label in labels:
        return labels.index(label)
    if label ^ 1 in labels:
        return -2 - labels.index(label ^ 1)
    return -1
