"""Dynamic programming along an elimination order, over any algebra of tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

import numpy as np

from instances.deadline import Deadline
from instances.progress import track
from qnnhard.methods.treewidth.algebra import Addition, Firing, Step, TableAlgebra
from qnnhard.methods.treewidth.reduced import Reduced
from qnnhard.methods.treewidth.trail import Trail

_CHECK = 256

Labels = list[int]
"""Per column of a table 2v for the behaviour of vertex v, 2v + 1 for its sum."""

Ts = TypeVarTuple("Ts")


class _Empty(Exception):
    """A table has no rows."""


@dataclass(eq=False)
class Sweep:
    """One run over the vertices of a reduced problem.

    Eliminating v joins the tables that mention it, adds its in-edges that are left, fires it,
    adds its out-edges that are left, and forgets its behaviour. `trail` notes what was
    done.

    Parameters
    ----------
    order : sequence of int
        All vertices, or some: the others and their edges are passed over.
    name : str
        What the run is called where its progress is shown.
    """

    reduced: Reduced
    order: Sequence[int]
    algebra: TableAlgebra
    deadline: Deadline
    name: str = "treewidth"

    def __post_init__(self) -> None:
        reduced = self.reduced
        self.trail = Trail()
        self.misses = 0
        count = len(reduced.neurons)
        self._known: dict[tuple[object, ...], Step] = {}
        self._rank = [-1] * count
        for rank, vertex in enumerate(self.order):
            self._rank[vertex] = rank
        self._in_start = np.searchsorted(reduced.targets, np.arange(count + 1)).tolist()
        sources = np.array(reduced.sources, dtype=np.int64)
        by_source = np.argsort(sources, kind="stable")
        self._out_edges = by_source.tolist()
        self._out_start = np.searchsorted(sources[by_source], np.arange(count + 1)).tolist()
        self._started = bytearray(count)
        self._left: list[tuple[int, Labels] | None] = []
        self._mentions: list[list[int]] = [[] for _ in range(count)]
        self._table = self.algebra.unit
        self._labels: Labels = []

    def run(self) -> bool:
        """Return whether there is a solution; raises `TooLarge` and `LimitReached`."""
        try:
            for number, vertex in enumerate(track(self.order, self.name, "vertices")):
                if number % _CHECK == 0:
                    self.deadline.check()
                if self.algebra.make_room(left[0] for left in self._left if left is not None):
                    self._known.clear()
                self._eliminate(vertex)
        except _Empty:
            return False
        return True

    def _eliminate(self, vertex: int) -> None:
        """Replace the tables that mention `vertex` by one that does not."""
        rank, reduced = self._rank, self.reduced
        here = rank[vertex]
        first, last = self._in_start[vertex], self._in_start[vertex + 1]
        into = [edge for edge in range(first, last) if rank[reduced.sources[edge]] > here]
        first, last = self._out_start[vertex], self._out_start[vertex + 1]
        out_of = [
            edge for edge in self._out_edges[first:last] if rank[reduced.targets[edge]] > here
        ]
        live = [number for number in self._mentions[vertex] if self._left[number] is not None]
        self._mentions[vertex] = []
        apart = len(into) > 1 and self._apart(vertex, live, into)
        if apart:
            self._table, self._labels = self.algebra.unit, []
            self._add_and_fire(vertex, into, False)
            live.append(self._leave(vertex))
        self._join(live, 2 * vertex if apart and not out_of else -1)
        if not apart:
            self._add_and_fire(vertex, into, not out_of)
        for edge in out_of:
            self._add(edge, edge == out_of[-1])
        number = self._leave(vertex)
        for mentioned in {label >> 1: None for label in self._labels}:
            self._mentions[mentioned].append(number)

    def _leave(self, vertex: int) -> int:
        """Note that the steps so far end in a table that is left alone; return its number."""
        self._left.append((self._table, self._labels))
        self.trail.close(vertex)
        return len(self._left) - 1

    def _apart(self, vertex: int, live: list[int], into: list[int]) -> bool:
        """Return whether to fire `vertex` in a table of its own, joined to the others after.

        That is better where they know its behaviour but not its sources', which would all have
        to be guessed for every row.
        """
        known: set[int] = set()
        for number in live:
            _, labels = self._left[number] or (0, [])
            known.update(labels)
        if 2 * vertex not in known or 2 * vertex + 1 in known:
            return False
        return sum(2 * self.reduced.sources[edge] not in known for edge in into) > 1

    def _join(self, live: list[int], gone: int) -> None:
        """Join tables, the least first, without the column labelled `gone`, and go on there."""
        self._table, self._labels = self.algebra.unit, []
        if not live:
            return
        if len(live) > 1:
            live.sort(key=lambda number: self.algebra.rank(self._taken(number)[0]))
        for number in live:
            table, others = self._taken(number)
            self._left[number] = None
            if number == live[0]:
                self._table, self._labels = table, others
                self.algebra.take_up(table)
                self.trail.take(number)
                continue
            labels = self._labels
            match = tuple([_place(labels, label) for label in others])
            labels += [label for label, met in zip(others, match, strict=True) if met < 0]
            place = labels.index(gone) if gone >= 0 and number == live[-1] else -1
            if place >= 0:
                del labels[place]
            self._step(number, self.algebra.join, self._table, table, match, place)

    def _taken(self, number: int) -> tuple[int, Labels]:
        left = self._left[number]
        assert left is not None
        return left

    def _add_and_fire(self, vertex: int, into: list[int], drop: bool) -> None:
        """Add the in-edges that are left, and apply bias and activation: the sum disappears."""
        for edge in into:
            self._add(edge, False)
        labels, kind = self._labels, self.reduced.kinds[vertex]
        behaviour, total = _place(labels, 2 * vertex), _place(labels, 2 * vertex + 1)
        fresh = total < 0 and not self._started[vertex]
        fired = Firing(behaviour, total, kind, fresh, drop)
        self._step(fresh, self.algebra.fire, self._table, fired)
        if total >= 0:
            labels.remove(2 * vertex + 1)
        if drop and behaviour >= 0:
            labels.remove(2 * vertex)
        if not drop and behaviour < 0 and kind.goal is None:
            labels.append(2 * vertex)

    def _add(self, edge: int, drop: bool) -> None:
        """Add an edge of the reduced problem to the sum of its target."""
        reduced, labels = self.reduced, self._labels
        source, target = 2 * reduced.sources[edge], reduced.targets[edge]
        behaviour, total = _place(labels, source), _place(labels, 2 * target + 1)
        fresh = total < 0 and not self._started[target]
        kinds = reduced.edge_kinds[edge], reduced.kinds[target]
        added = Addition(behaviour, total, *kinds, fresh, drop)
        self._step(2 * edge + fresh, self.algebra.edge, self._table, added)
        if behaviour < 0:
            labels.append(source)
        if total < 0:
            self._started[target] = 1
            labels.append(2 * target + 1)
        if drop:
            labels.remove(source)

    def _step(self, argument: int, operation: Callable[[*Ts], Step], *operands: *Ts) -> None:
        """Do an operation, or remember it, and note it in the trail under `argument`."""
        key = (operation, *operands)
        step = self._known.get(key)
        if step is None:
            step = self._known[key] = operation(*operands)
            self.misses += 1
        self.trail.add(step, argument)
        self._table = step.table
        if step.table < 0:
            raise _Empty


def _place(labels: Labels, label: int) -> int:
    """Return the position of a column, or -1 or -2 - q as operations on tables expect it."""
    if label in labels:
        return labels.index(label)
    if label ^ 1 in labels:
        return -2 - labels.index(label ^ 1)
    return -1
