"""Upper bounds on the treewidth, by min-fill."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from instances.deadline import Deadline
from instances.graphs.graph import Graph
from instances.graphs.orders import minimum_degree

RESTARTS = 8
"""Min-fill orders that are tried where nothing else is asked for."""

CORE_LIMIT = 3000
"""Largest graph, after removing vertices of degree at most 1, that min-fill is run on."""


@dataclass(frozen=True)
class Treewidth:
    """What is known of the treewidth of a graph.

    Parameters
    ----------
    lower, upper : int
        ``lower <= treewidth <= upper``.
    order : tuple of int
        An elimination order of width `upper`.
    """

    lower: int
    upper: int
    order: tuple[int, ...]

    @property
    def exact(self) -> bool:
        """Whether the treewidth is known."""
        return self.lower == self.upper


def treewidth_bound(graph: Graph, restarts: int = RESTARTS, seed: int = 0) -> Treewidth | None:
    """Bound the treewidth by so many min-fill elimination orders with random ties.

    ``None`` where the graph is too large for the heuristic (`CORE_LIMIT`).
    """
    core, order = core_of(graph.neighbors())
    if not core:
        width = min(1, len(graph.edges))
        return Treewidth(width, width, tuple(order))
    if len(core) > CORE_LIMIT:
        return None
    width, inner = min_fill(graph.without(order).bit_sets(), restarts, seed)
    # Every vertex of the core has two neighbors or more, so there is a cycle.
    return Treewidth(2, width, (*order, *(core[v] for v in inner)))


def heuristic_order(graph: Graph) -> Sequence[int]:
    """Return an elimination order: the best of some by min-fill, or by least degree if large.

    Raises
    ------
    Unsupported
        Where the graph is large and so dense that elimination needs too much memory.
    """
    found = treewidth_bound(graph)
    return minimum_degree(graph.neighbors())[0] if found is None else found.order


def min_fill(
    adjacency: Sequence[int],
    restarts: int = RESTARTS,
    seed: int = 0,
    deadline: Deadline | None = None,
) -> tuple[int, list[int]]:
    """Return width and order of the best of some min-fill eliminations with random ties."""
    random = Random(seed)
    best = max(0, len(adjacency) - 1), list(range(len(adjacency)))
    for _ in range(restarts):
        best = _min_fill_order(adjacency, random, best[0], deadline) or best
    return best


def core_of(neighbors: list[set[int]]) -> tuple[list[int], list[int]]:
    """Remove vertices of degree at most 1 from `neighbors` until none is left.

    Returns the vertices that stay, in increasing order, and those removed, in that order.
    """
    stack = [vertex for vertex, around in enumerate(neighbors) if len(around) <= 1]
    removed = [False] * len(neighbors)
    order: list[int] = []
    while stack:
        vertex = stack.pop()
        if removed[vertex]:
            continue
        removed[vertex] = True
        order.append(vertex)
        for other in neighbors[vertex]:
            neighbors[other].discard(vertex)
            if len(neighbors[other]) <= 1:
                stack.append(other)
        neighbors[vertex] = set()
    return [vertex for vertex in range(len(neighbors)) if not removed[vertex]], order


def _min_fill_order(
    adjacency: Sequence[int], random: Random, limit: int, deadline: Deadline | None
) -> tuple[int, list[int]] | None:
    """Return width and order of one min-fill elimination, None unless it beats `limit`.

    Neighborhoods are bit sets, so that the fill of a vertex costs one operation a neighbor.
    """
    graph = list(adjacency)
    alive = set(range(len(graph)))
    fill = [_fill(graph, vertex) for vertex in range(len(graph))]
    width = 0
    order: list[int] = []
    while alive and width < len(alive) - 1:
        if deadline:
            deadline.check()
        least = min(fill[vertex] for vertex in alive)
        vertex = random.choice(sorted(v for v in alive if fill[v] == least))
        around = bits(graph[vertex])
        width = max(width, len(around))
        if width >= limit:
            return None
        alive.remove(vertex)
        order.append(vertex)
        changed = set(around)
        for u in around:
            added = graph[vertex] & ~graph[u] & ~(1 << u)
            graph[u] = (graph[u] | added) & ~(1 << vertex)
            if added:
                changed.update(bits(graph[u]))
        for u in changed & alive:
            fill[u] = _fill(graph, u)
    return width, order + sorted(alive)


def _fill(graph: list[int], vertex: int) -> int:
    """Return twice the number of edges that eliminating `vertex` would add."""
    around = graph[vertex]
    return sum((around & ~graph[u]).bit_count() - 1 for u in bits(around))


def bits(members: int) -> list[int]:
    """Return the elements of a bit set in increasing order."""
    found = []
    while members:
        low = members & -members
        found.append(low.bit_length() - 1)
        members ^= low
    return found
