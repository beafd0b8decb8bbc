"""Undirected graphs."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from instances.errors import InputError
from instances.text.values import LARGEST

Edge = tuple[int, int]


@dataclass(frozen=True)
class Graph:
    """An undirected graph over the vertices 0 to ``vertices - 1``.

    Parameters
    ----------
    vertices : int
        Number of vertices, 0 to 10**9.
    edges : tuple of (int, int)
        Distinct edges ``(u, v)`` with ``u <= v``, in increasing order; ``(u, u)`` is a loop.

    Raises
    ------
    InputError
        If the edges are not of that form or a number is negative.
    """

    vertices: int
    edges: tuple[Edge, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.vertices <= LARGEST:
            raise InputError(f"{self.vertices} vertices: give a number from 0 to {LARGEST}")
        for u, v in self.edges:
            if not 0 <= u <= v < self.vertices:
                raise InputError(f"edge ({u}, {v}) is not over the {self.vertices} vertices")
        if any(a >= b for a, b in pairwise(self.edges)):
            raise InputError("edges must be distinct and in increasing order")

    def neighbors(self) -> list[set[int]]:
        """Return a new set of neighbors per vertex; loops count for nothing."""
        return neighbor_sets(self.vertices, self.edges)

    def bit_sets(self) -> list[int]:
        """Return the neighbors of every vertex as a bit set."""
        return [sum(1 << u for u in around) for around in self.neighbors()]

    def without(self, vertices: Iterable[int]) -> "Graph":
        """Return the graph without some vertices, the others numbered from 0 in their order."""
        out = set(vertices)
        place = {
            v: number for number, v in enumerate(v for v in range(self.vertices) if v not in out)
        }
        kept = (edge for edge in self.edges if edge[0] in place and edge[1] in place)
        return Graph(len(place), tuple((place[u], place[v]) for u, v in kept))


def neighbor_sets(vertices: int, edges: Iterable[Edge]) -> list[set[int]]:
    """Return the neighbors of every vertex; loops count for nothing."""
    around: list[set[int]] = [set() for _ in range(vertices)]
    for u, v in edges:
        if u != v:
            around[u].add(v)
            around[v].add(u)
    return around


def ordered(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return the distinct edges, given in any order and direction, as a graph lists them."""
    return tuple(sorted({(min(edge), max(edge)) for edge in edges}))
