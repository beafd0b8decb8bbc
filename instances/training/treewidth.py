"""An upper bound on the treewidth of a network's underlying undirected graph."""

from dataclasses import dataclass
from random import Random

from instances.training.network import Network

CORE_LIMIT = 3000
"""Largest graph, after removing vertices of degree at most 1, that min-fill is run on."""


@dataclass(frozen=True)
class TreewidthBound:
    """The width of the best elimination order found: the treewidth is at most `width`.

    `exact` is set where the bound is known to be the treewidth (at most 1, where vertices of
    degree at most 1 can be eliminated to the end, or 2 where min-fill reaches 2).
    """

    width: int
    exact: bool


def treewidth_bound(network: Network, restarts: int = 8, seed: int = 0) -> TreewidthBound | None:
    """Bound the treewidth by min-fill elimination orders with random ties.

    Parameters
    ----------
    network : Network
    restarts : int
        Number of elimination orders tried.
    seed : int

    Returns
    -------
    TreewidthBound or None
        ``None`` where the graph is too large for the heuristic (`CORE_LIMIT`).
    """
    neighbours: list[set[int]] = [set() for _ in range(network.size)]
    for u, v in zip(network.sources.tolist(), network.targets.tolist(), strict=True):
        neighbours[u].add(v)
        neighbours[v].add(u)
    width = 1 if network.edges else 0
    core = _core(neighbours)
    if not core:
        return TreewidthBound(width, exact=True)
    if len(core) > CORE_LIMIT:
        return None
    place = {vertex: position for position, vertex in enumerate(core)}
    adjacency = [sum(1 << place[u] for u in neighbours[vertex]) for vertex in core]
    random = Random(seed)
    best = len(core) - 1
    for _ in range(restarts):
        best = min(best, _min_fill_width(adjacency, random, best))
    return TreewidthBound(best, exact=best <= 2)


def _core(neighbours: list[set[int]]) -> list[int]:
    """Remove vertices of degree at most 1 until none is left; return the others."""
    stack = [vertex for vertex, around in enumerate(neighbours) if len(around) <= 1]
    removed = [False] * len(neighbours)
    while stack:
        vertex = stack.pop()
        if removed[vertex]:
            continue
        removed[vertex] = True
        for other in neighbours[vertex]:
            neighbours[other].discard(vertex)
            if len(neighbours[other]) <= 1:
                stack.append(other)
        neighbours[vertex] = set()
    return [vertex for vertex in range(len(neighbours)) if not removed[vertex]]


def _min_fill_width(adjacency: list[int], random: Random, limit: int) -> int:
    """Return the width of one min-fill order, or `limit` as soon as it cannot be beaten.

    Neighbourhoods are bit sets, so that the fill of a vertex costs one operation a neighbour.
    """
    graph = list(adjacency)
    alive = set(range(len(graph)))
    fill = [_fill(graph, vertex) for vertex in range(len(graph))]
    width = 0
    while alive and width < len(alive) - 1:
        least = min(fill[vertex] for vertex in alive)
        vertex = random.choice(sorted(v for v in alive if fill[v] == least))
        around = list(_bits(graph[vertex]))
        width = max(width, len(around))
        if width >= limit:
            return limit
        alive.remove(vertex)
        changed = set(around)
        for u in around:
            added = graph[vertex] & ~graph[u] & ~(1 << u)
            graph[u] = (graph[u] | added) & ~(1 << vertex)
            if added:
                changed.update(_bits(graph[u]))
        for u in changed & alive:
            fill[u] = _fill(graph, u)
    return width


def _fill(graph: list[int], vertex: int) -> int:
    """Return twice the number of edges that eliminating `vertex` would add."""
    around = graph[vertex]
    return sum((around & ~graph[u]).bit_count() - 1 for u in _bits(around))


def _bits(members: int) -> list[int]:
    found = []
    while members:
        low = members & -members
        found.append(low.bit_length() - 1)
        members ^= low
    return found
