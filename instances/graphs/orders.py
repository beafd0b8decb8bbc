"""Elimination orders, and their widths.

To eliminate a vertex is to make its neighbors adjacent and to take it out. The width of an order
is the most neighbors that a vertex has when it is eliminated.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

from instances.errors import Unsupported

MOST_FILL = 1 << 25
"""Most neighbors, counted at both ends, of a graph during elimination."""

_WATCH = 4096
_NONE: set[int] = set()

Watch = Callable[[int], None]
"""Is told now and then how many vertices are eliminated; may raise."""


def eliminations(
    neighbors: list[set[int]], order: Iterable[int], watch: Watch | None = None
) -> Iterator[set[int]]:
    """Eliminate vertices; yield the neighbors that each of them had.

    Parameters
    ----------
    neighbors : list of set of int
        Per vertex; changed.
    order : iterable of int
        May depend on the neighbors that are left.
    watch : callable

    Raises
    ------
    Unsupported
        Where the fill is larger than `MOST_FILL`.
    """
    entries = sum(map(len, neighbors))
    for done, vertex in enumerate(order):
        if watch is not None and done % _WATCH == 0:
            watch(done)
        around = neighbors[vertex]
        for other in around:
            near = neighbors[other]
            entries -= len(near)
            near |= around
            near.discard(other)
            near.discard(vertex)
            entries += len(near)
        if entries > MOST_FILL:
            raise Unsupported("the graph is too dense to be decomposed: its treewidth is too large")
        neighbors[vertex] = _NONE
        yield around


def width_of(
    neighbors: list[set[int]],
    order: Sequence[int],
    widest: int | None = None,
    watch: Watch | None = None,
) -> int:
    """Return the width of an elimination order, or some width above `widest` if it is above.

    The parameters, and errors, are those of `minimum_degree`.
    """
    width = 0
    for around in eliminations(neighbors, order, watch):
        width = max(width, len(around))
        if widest is not None and width > widest:
            break
    return width


def minimum_degree(
    neighbors: list[set[int]],
    predecessors: Sequence[Sequence[int]] | None = None,
    successor_weight: int = 0,
    widest: int | None = None,
    watch: Watch | None = None,
) -> tuple[list[int], int]:
    """Return the order that eliminates a vertex of least degree, and its width.

    Of equals it takes one with the fewest successors left, and then the first. In a network,
    eliminating a neuron whose successors are done leaves a table over what it reads, with few
    sums.

    Parameters
    ----------
    neighbors, watch
        See `eliminations`, which may raise `Unsupported`.
    predecessors : sequence of sequences of int, optional
        Per vertex, where edges have directions.
    successor_weight : int
        Adds so many times the successors left to the degree: with 1, complete layers are
        eliminated from the outputs alone.
    widest : int, optional
        The order ends where the width exceeds this.
    """
    size = len(neighbors)
    before = predecessors or [()] * size
    after = [0] * size
    for sources in before:
        for source in sources:
            after[source] += 1
    low = max(1, size).bit_length()
    mask, high = (1 << low) - 1, 2 * low
    keys = [
        ((len(neighbors[v]) + successor_weight * after[v]) << high) | (after[v] << low) | v
        for v in range(size)
    ]
    heap = list(keys)
    heapify(heap)
    order: list[int] = []

    def picked() -> Iterator[int]:
        while heap:
            key = heappop(heap)
            vertex = key & mask
            if keys[vertex] == key:
                keys[vertex] = -1
                order.append(vertex)
                yield vertex

    width = 0
    for around in eliminations(neighbors, picked(), watch):
        width = max(width, len(around))
        if widest is not None and width > widest:
            break
        for source in before[order[-1]]:
            after[source] -= 1
        for other in around:
            degree = len(neighbors[other]) + successor_weight * after[other]
            key = (degree << high) | (after[other] << low) | other
            if key != keys[other]:
                keys[other] = key
                heappush(heap, key)
    return order, width
