"""Elimination orders: minimum degree, and orders from tree decompositions."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from instances.deadline import Deadline
from instances.progress import stage
from qnnhard.algorithms.treewidth.domains import TooLarge

WIDTH_LIMIT = 64
"""Largest width of an order that is looked for: tables would have more columns than that."""

_CHECK = 4096


def minimum_degree(
    size: int,
    sources: Sequence[int],
    targets: Sequence[int],
    deadline: Deadline,
    successor_weight: int = 0,
    widest: int = WIDTH_LIMIT,
) -> tuple[list[int], int]:
    """Return an elimination order of the vertices ``0..size-1``, and its width.

    The next vertex has least degree in what is left, filled in so that the neighbors of
    eliminated vertices are adjacent; among those it has the fewest successors left, and then the
    lowest number. Eliminating a neuron whose successors are done leaves a table over what it
    reads, with few sums. `successor_weight` adds successors left to the degree: with 1, complete
    layers are eliminated from the outputs alone.

    Raises
    ------
    TooLarge
        As soon as the width exceeds `widest`.
    """
    around: list[set[int]] = [set() for _ in range(size)]
    before: list[list[int]] = [[] for _ in range(size)]
    after = [0] * size
    for source, target in zip(sources, targets, strict=True):
        around[source].add(target)
        around[target].add(source)
        before[target].append(source)
        after[source] += 1
    low = max(1, size).bit_length()
    mask = (1 << low) - 1
    high = 2 * low
    keys = [
        ((len(around[v]) + successor_weight * after[v]) << high) | (after[v] << low) | v
        for v in range(size)
    ]
    heap = list(keys)
    heapify(heap)
    order: list[int] = []
    width = 0
    with stage("treewidth: order", "vertices", size) as progress:
        while heap:
            key = heappop(heap)
            vertex = key & mask
            if keys[vertex] != key:
                continue
            if len(order) % _CHECK == 0:
                deadline.check()
                progress.done = len(order)
            keys[vertex] = -1
            order.append(vertex)
            clique = around[vertex]
            if len(clique) > width:
                width = len(clique)
                if width > widest:
                    raise TooLarge(f"elimination order of width above {widest}")
            for source in before[vertex]:
                after[source] -= 1
            for other in clique:
                near = around[other]
                near |= clique
                near.discard(other)
                near.discard(vertex)
                degree = len(near) + successor_weight * after[other]
                key = (degree << high) | (after[other] << low) | other
                if key != keys[other]:
                    keys[other] = key
                    heappush(heap, key)
            around[vertex] = _NONE
            before[vertex] = _EMPTY
        progress.done = size
    return order, width


_NONE: set[int] = set()
_EMPTY: list[int] = []


def width_of(
    order: Sequence[int], sources: Sequence[int], targets: Sequence[int], deadline: Deadline
) -> int:
    """Return the width of an elimination order of ``0..len(order)-1``; raises `TooLarge`."""
    around: list[set[int]] = [set() for _ in order]
    for source, target in zip(sources, targets, strict=True):
        around[source].add(target)
        around[target].add(source)
    width = 0
    for done, vertex in enumerate(order):
        if done % _CHECK == 0:
            deadline.check()
        clique = around[vertex]
        width = max(width, len(clique))
        if width > WIDTH_LIMIT:
            raise TooLarge(f"elimination order of width above {WIDTH_LIMIT}")
        for other in clique:
            near = around[other]
            near |= clique
            near.discard(other)
            near.discard(vertex)
        around[vertex] = _NONE
    return width
