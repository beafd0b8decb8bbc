"""All graphs of up to seven vertices, up to isomorphism."""

from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np

from instances.enumeration.multisets import Ints, require_points
from instances.graphs.graph import Edge
from instances.sources.budgeted_graph import BudgetedGraph


def every_graph(vertices: int, loops: int) -> Iterator[BudgetedGraph]:
    """Yield the graphs of up to `vertices` vertices with up to `loops` loops, without a budget.

    Graphs without loops are those of the atlas of networkx (Read and Wilson, An Atlas of Graphs,
    1998), in its order. Each is followed by those with loops: sets of vertices, of which the least
    stands for all that symmetries of the graph make of it.
    """
    require_points(vertices)
    from networkx import graph_atlas_g

    orders: dict[int, Ints] = {}
    for graph in graph_atlas_g():
        count = len(graph)
        # The atlas lists graphs by their number of vertices.
        if count > vertices:
            return
        edges = sorted((min(edge), max(edge)) for edge in graph.edges)
        yield BudgetedGraph.of(count, edges)
        if not (loops and count):
            continue
        if count not in orders:
            orders[count] = np.array(list(permutations(range(count))))
        symmetries = _symmetries(count, edges, orders[count])
        for size in range(1, min(loops, count) + 1):
            for looped in combinations(range(count), size):
                if _is_least(looped, symmetries):
                    yield BudgetedGraph.of(count, [*edges, *((v, v) for v in looped)])


def _symmetries(vertices: int, edges: list[Edge], orders: Ints) -> Ints:
    """Return those rows of `orders`, the images of all vertices, that turn edges into edges."""
    joined = np.zeros((vertices, vertices), dtype=bool)
    for u, v in edges:
        joined[u, v] = joined[v, u] = True
    moved = joined[orders[:, :, None], orders[:, None, :]]
    kept: Ints = orders[(moved == joined).all(axis=(1, 2))]
    return kept


def _is_least(chosen: tuple[int, ...], symmetries: Ints) -> bool:
    """Tell whether no symmetry turns the increasing tuple of vertices into a lesser one."""
    images = np.sort(symmetries[:, list(chosen)], axis=1)
    return min(map(tuple, images.tolist())) >= chosen
