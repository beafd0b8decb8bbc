"""All directed acyclic graphs of up to six vertices with terminal pairs, up to isomorphism."""

from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np
import numpy.typing as npt

from instances.errors import InputError
from instances.sources.path_system import DisjointPaths, Pair

MOST_VERTICES = 6
"""Most vertices: there are 5,984 such graphs with six."""

_Matrix = npt.NDArray[np.bool_]
_Orders = npt.NDArray[np.int64]


def every_path_system(vertices: int, pairs: int) -> Iterator[DisjointPaths]:
    """Yield the acyclic graphs of up to `vertices` vertices with every set of up to `pairs` pairs.

    All edges lead from a lesser vertex to a greater one, while pairs may lead anywhere. Two
    instances that differ in the names of vertices or in the order of pairs count as one.

    Raises
    ------
    InputError
        Where there are more than `MOST_VERTICES` vertices.
    """
    if vertices > MOST_VERTICES:
        raise InputError(f"{vertices} vertices: at most {MOST_VERTICES}; give a smaller scope")
    for count in range(vertices + 1):
        orders = np.array(list(permutations(range(count))), dtype=np.int64)
        for edges, symmetries in _every_dag(count, orders):
            for chosen in _every_pairing(count, pairs, symmetries):
                yield DisjointPaths(count, edges, chosen)


def _every_dag(vertices: int, orders: _Orders) -> Iterator[tuple[tuple[Pair, ...], _Orders]]:
    """Yield the edges of every graph, with the permutations of the vertices that keep it."""
    possible = list(combinations(range(vertices), 2))
    seen: set[bytes] = set()
    for number in range(1 << len(possible)):
        edges = tuple(pair for at, pair in enumerate(possible) if number >> at & 1)
        joined: _Matrix = np.zeros((vertices, vertices), dtype=bool)
        for u, v in edges:
            joined[u, v] = True
        if joined.tobytes() in seen:
            continue
        moved = joined[orders[:, :, None], orders[:, None, :]]
        # Only what follows the order of the vertices can come again.
        seen.update(each.tobytes() for each in moved if not np.tril(each).any())
        yield edges, orders[(moved == joined).all(axis=(1, 2))]


def _every_pairing(
    vertices: int, most: int, symmetries: _Orders
) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the sets of up to `most` pairs without common terminals that are least of their kind.

    Their kind is what symmetries make of them.
    """
    possible = list(permutations(range(vertices), 2))
    for size in range(min(most, vertices // 2) + 1):
        for chosen in combinations(possible, size):
            if len({vertex for pair in chosen for vertex in pair}) == 2 * size and all(
                tuple(sorted((images[u], images[v]) for u, v in chosen)) >= chosen
                for images in symmetries.tolist()
            ):
                yield chosen
