"""Is the treewidth at most k? Positive-instance driven dynamic programming (Tamaki, 2017).

A connected set C is *feasible* where it and its neighborhood N(C) have a tree decomposition of
width k with N(C) in its top bag. Feasible sets are built up from below: the top bag consists
of the neighborhood of some feasible sets A that do not touch, and of the neighbors outside A of
one vertex v of it that is in C. Only what can be built is ever looked at. All sets are bit
sets of vertices.
"""

from collections.abc import Sequence

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.graphs.treewidth import bits

MOST_UNIONS = 1 << 21
"""Most sets that are held in memory, some hundred bytes each."""


def order_within(adjacency: Sequence[int], k: int, deadline: Deadline) -> list[int] | None:
    """Return an elimination order of width at most `k` of a connected graph, None without one.

    Parameters
    ----------
    adjacency : sequence of int
        The neighbors of every vertex as a bit set.

    Raises
    ------
    LimitReached
        After the deadline, or where more than `MOST_UNIONS` sets would be held.
    """
    return _Blocks(adjacency, k, deadline).order()


def component(adjacency: Sequence[int], within: int, start: int) -> int:
    """Return what `start` reaches inside `within`."""
    reached = frontier = start
    while frontier:
        around = 0
        for v in bits(frontier):
            around |= adjacency[v]
        frontier = around & within & ~reached
        reached |= frontier
    return reached


class _Blocks:
    """Feasible sets with their top bags, and unions of those that do not touch."""

    def __init__(self, adjacency: Sequence[int], k: int, deadline: Deadline) -> None:
        self.adjacency, self.most, self.deadline = adjacency, k + 1, deadline
        self.everything = (1 << len(adjacency)) - 1
        # The root's bag is the top of all, so that no feasible set needs to contain the root.
        self.root = max(range(len(adjacency)), key=lambda v: adjacency[v].bit_count())
        self.bag: dict[int, int] = {}
        self.waiting: list[int] = []
        self.unions: dict[int, int] = {}
        self.top: tuple[int, int] | None = None

    def order(self) -> list[int] | None:
        """Build feasible sets until the root's bag closes the graph or none is left."""
        self._close(0, 0)
        for v in range(len(self.adjacency)):
            self._add(0, self.adjacency[v] | 1 << v)
        while self.waiting and self.top is None:
            self.deadline.check()
            block = self.waiting.pop()
            border = self._border(block)
            touching = block | border
            for union, around in [*self.unions.items(), (0, 0)]:
                if union & touching or (around | border).bit_count() > self.most:
                    continue
                self._join(union | block, around | border)
        if self.top is None:
            return None
        below, bag = self.top
        return [*self._order(below), *bits(bag)]

    def _join(self, union: int, around: int) -> None:
        """Add a union of feasible sets, and try all top bags above it."""
        if union in self.unions or self.top is not None:
            return
        self.deadline.check()
        if len(self.unions) >= MOST_UNIONS:
            raise LimitReached(f"more than {MOST_UNIONS} sets of vertices")
        self.unions[union] = around
        self._close(union, around)
        for v in bits(around):
            self._add(union, around | self.adjacency[v] & ~union)

    def _close(self, union: int, around: int) -> None:
        """Look whether the root's bag above `union` completes the graph."""
        bag = around | self.adjacency[self.root] & ~union | 1 << self.root
        if union | bag == self.everything and bag.bit_count() <= self.most:
            self.top = union, bag

    def _add(self, union: int, bag: int) -> None:
        """Add the feasible set with top bag `bag` above `union`, if it is new."""
        if bag.bit_count() > self.most:
            return
        both = union | bag
        block = union
        for u in bits(bag):
            if not self.adjacency[u] & ~both:
                block |= 1 << u
        if block in self.bag or block == union or block >> self.root & 1:
            return
        if component(self.adjacency, block, block & -block) == block:
            self.bag[block] = bag
            self.waiting.append(block)

    def _border(self, block: int) -> int:
        around = 0
        for v in bits(block):
            around |= self.adjacency[v]
        return around & ~block

    def _order(self, blocks: int) -> list[int]:
        """Return an elimination order of some feasible sets that do not touch."""
        order: list[int] = []
        pending = [blocks]
        while pending:
            left = pending.pop()
            while left:
                block = component(self.adjacency, left, left & -left)
                left &= ~block
                bag = self.bag[block]
                order += bits(block & bag)
                pending.append(block & ~bag)
        # Top bags come first here, and are eliminated last.
        return order[::-1]
