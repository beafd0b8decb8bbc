"""The treewidth of small graphs, exactly.

Lower bound: minor-min-width with the neighbor of fewest common neighbors (MMD+; Bodlaender,
Koster and Wolle 2004; Gogate and Dechter 2004). Reductions: simplicial and almost simplicial
vertices (Bodlaender, Koster and van den Eijkhof 2005). Decision: `blocks`.
"""

from collections.abc import Iterable

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.graphs.blocks import component, order_within
from instances.graphs.graph import Graph
from instances.graphs.orders import minimum_degree, width_of
from instances.graphs.treewidth import CORE_LIMIT, Treewidth, bits, core_of, min_fill


def treewidth(graph: Graph, deadline: Deadline | None = None) -> Treewidth:
    """Return the treewidth, or an interval where the deadline passes.

    Parameters
    ----------
    graph : Graph
        Of some dozens of vertices after the reductions, or sparse; time and memory are
        exponential.
    deadline : Deadline, optional

    Raises
    ------
    Unsupported
        Where even a heuristic order needs too much memory.
    """
    deadline = deadline or Deadline()
    core, tree_order = core_of(graph.neighbors())
    if not core:
        width = min(1, len(graph.edges))
        return Treewidth(width, width, tuple(tree_order))
    inner = graph.without(tree_order)
    try:
        if len(core) > CORE_LIMIT:
            raise LimitReached
        lower, order = _bounds(inner, deadline)
    except LimitReached:
        # Every vertex left has two neighbors or more, so there is a cycle.
        lower, order = 2, minimum_degree(inner.neighbors())[0]
    order = [*tree_order, *(core[v] for v in order)]
    return Treewidth(lower, width_of(graph.neighbors(), order), tuple(order))


def _bounds(graph: Graph, deadline: Deadline) -> tuple[int, list[int]]:
    """Return a lower bound and an order, as far as the deadline lets them meet.

    Raises `LimitReached` where it passes before there is an order.
    """
    adjacency = graph.bit_sets()
    lower = _lower_bound(adjacency, deadline)
    adjacency, lower, order = _reduced(adjacency, lower, deadline)
    left = set(range(graph.vertices)).difference(order)
    while left:
        deadline.check()
        mask = component(adjacency, sum(1 << v for v in left), 1 << min(left))
        part = bits(mask)
        left.difference_update(part)
        lower, found = _component(adjacency, part, lower, deadline)
        order += found
    return lower, order


def _component(
    adjacency: list[int], part: list[int], lower: int, deadline: Deadline
) -> tuple[int, list[int]]:
    """Return a better lower bound and an order of the vertices of one component."""
    place = {v: position for position, v in enumerate(part)}
    inner = [sum(1 << place[u] for u in bits(adjacency[v])) for v in part]
    upper, best = min_fill(inner, deadline=deadline)
    width = max(lower, _lower_bound(inner, deadline))
    try:
        while width < upper:
            found = order_within(inner, width, deadline)
            if found is not None:
                best = found
                break
            width += 1
    except LimitReached:
        pass
    return max(lower, min(width, upper)), [part[v] for v in best]


def _lower_bound(adjacency: Iterable[int], deadline: Deadline) -> int:
    """Return the largest least degree met while contracting a vertex of least degree."""
    graph = dict(enumerate(adjacency))
    best = 0
    while len(graph) > best + 1:
        deadline.check()
        vertex = min(graph, key=lambda v: graph[v].bit_count())
        around = graph.pop(vertex)
        best = max(best, around.bit_count())
        for u in bits(around):
            graph[u] &= ~(1 << vertex)
        if around:
            other = min(bits(around), key=lambda u: (graph[u] & around).bit_count())
            for u in bits(around & ~graph[other] & ~(1 << other)):
                graph[u] |= 1 << other
                graph[other] |= 1 << u
    return best


def _reduced(
    adjacency: list[int], lower: int, deadline: Deadline
) -> tuple[list[int], int, list[int]]:
    """Eliminate simplicial vertices, and almost simplicial ones of degree at most `lower`.

    Returns the graph that is left, a lower bound, and the vertices eliminated in order; the
    treewidth is the larger of the bound and the treewidth of what is left.
    """
    graph = list(adjacency)
    order: list[int] = []
    alive = set(range(len(graph)))
    suspects = set(alive)
    while suspects:
        deadline.check()
        vertex = min(suspects)
        suspects.remove(vertex)
        around = graph[vertex]
        degree = around.bit_count()
        missing = [u for u in bits(around) if around & ~graph[u] & ~(1 << u)]
        if missing and (degree > lower or not _almost_clique(graph, around, missing)):
            continue
        if degree > lower:
            lower = degree
            suspects |= alive
        alive.remove(vertex)
        order.append(vertex)
        graph[vertex] = 0
        for u in bits(around):
            graph[u] = (graph[u] | around) & ~(1 << u) & ~(1 << vertex)
            suspects.add(u)
            suspects.update(bits(graph[u]))
        suspects.discard(vertex)
    return graph, lower, order


def _almost_clique(graph: list[int], around: int, missing: list[int]) -> bool:
    """Return whether `around` without one of its vertices is a clique."""
    for out in missing:
        rest = around & ~(1 << out)
        if all(not rest & ~graph[u] & ~(1 << u) for u in bits(rest)):
            return True
    return False
