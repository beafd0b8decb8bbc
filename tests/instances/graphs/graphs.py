"""Graphs of known treewidth, and two definitions of treewidth."""

from itertools import combinations, permutations, product

import networkx

from instances.graphs.graph import Graph


def graph_of(graph: networkx.Graph) -> Graph:
    """The same graph over 0, 1, ..."""
    number = {vertex: place for place, vertex in enumerate(sorted(graph))}
    edges = {tuple(sorted((number[u], number[v]))) for u, v in graph.edges if u != v}
    return Graph(len(number), tuple(sorted(edges)))


def width_by_elimination(graph: Graph, order) -> int:
    """The most neighbors at an elimination."""
    fill = networkx.empty_graph(graph.vertices)
    fill.add_edges_from(graph.edges)
    width = 0
    for vertex in order:
        around = list(fill[vertex])
        width = max(width, len(around))
        fill.add_edges_from(combinations(around, 2))
        fill.remove_node(vertex)
    return width


def treewidth_by_orders(graph: Graph) -> int:
    """The least width of all orders; for at most 6 vertices."""
    return min(width_by_elimination(graph, o) for o in permutations(range(graph.vertices)))


def treewidth_by_subsets(graph: Graph) -> int:
    """By dynamic programming over subsets (Bodlaender and others, 2012); for some 12 vertices.

    The best width of eliminating a set first is over the vertex that is last in it; its
    neighbors are then what it reaches through the set.
    """
    around = [sum(1 << u for u in others) for others in graph.neighbors()]

    def reached(gone: int, vertex: int) -> int:
        seen = frontier = 1 << vertex
        found = 0
        while frontier:
            nearby = 0
            for u in range(graph.vertices):
                if frontier >> u & 1:
                    nearby |= around[u]
            found |= nearby & ~gone & ~(1 << vertex)
            frontier = nearby & gone & ~seen
            seen |= frontier
        return found.bit_count()

    best = [0] * (1 << graph.vertices)
    for gone in range(1, len(best)):
        best[gone] = min(
            max(best[gone ^ 1 << v], reached(gone ^ 1 << v, v))
            for v in range(graph.vertices)
            if gone >> v & 1
        )
    return best[-1]


def k_tree(r, k: int, vertices: int) -> networkx.Graph:
    """A random k-tree: every vertex after a clique of k + 1 joins a clique of k."""
    graph = networkx.complete_graph(k + 1)
    cliques = [list(c) for c in combinations(range(k + 1), k)]
    for v in range(k + 1, vertices):
        clique = r.choice(cliques)
        graph.add_edges_from((u, v) for u in clique)
        cliques += [[*(x for x in clique if x != out), v] for out in clique]
    return graph


KNOWN = {
    "nothing": (networkx.empty_graph(0), 0),
    "no edges": (networkx.empty_graph(5), 0),
    "path": (networkx.path_graph(9), 1),
    "tree": (networkx.balanced_tree(2, 4), 1),
    "cycle": (networkx.cycle_graph(12), 2),
    "ladder": (networkx.ladder_graph(9), 2),
    "K7": (networkx.complete_graph(7), 6),
    "K4,6": (networkx.complete_bipartite_graph(4, 6), 4),
    "grid 4x4": (networkx.grid_2d_graph(4, 4), 4),
    "grid 6x6": (networkx.grid_2d_graph(6, 6), 6),
    "grid 4x9": (networkx.grid_2d_graph(4, 9), 4),
    "Petersen": (networkx.petersen_graph(), 4),
    "dodecahedron": (networkx.dodecahedral_graph(), 6),
    "Desargues": (networkx.desargues_graph(), 6),
    "hypercube": (networkx.hypercube_graph(4), 6),
    "two graphs": (networkx.disjoint_union(networkx.petersen_graph(), networkx.path_graph(4)), 4),
    "Mycielski 4": (networkx.mycielski_graph(4), 5),
    "Mycielski 5": (networkx.mycielski_graph(5), 10),
    "queens": (
        networkx.Graph(
            ((a, b), (c, d))
            for a, b, c, d in product(range(5), repeat=4)
            if (a, b) < (c, d) and (a == c or b == d or abs(a - c) == abs(b - d))
        ),
        18,
    ),
}
