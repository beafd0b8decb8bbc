"""Levels of a directed acyclic graph: longest paths, over edges that are sorted by target."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SWEEPS = 6
"""Sweeps over all edges that find the levels of a shallow graph."""

Ints = NDArray[np.int32]
Numbers = NDArray[np.int64]


def longest_paths(sources: Ints, targets: Ints, in_start: Numbers) -> Ints:
    """Return per vertex the length of a longest path that ends in it; -1 from a cycle on.

    Computed for shallow graphs by sweeps over all edges, for others by peeling off the vertices
    whose predecessors are all placed, a whole level at a time.

    Parameters
    ----------
    sources, targets : int32 arrays
        The edges, sorted by target.
    in_start : int64 array
        The edges into vertex v are ``in_start[v]`` up to ``in_start[v + 1]``.
    """
    shallow = _shallow_levels(sources, in_start)
    if shallow is not None:
        return shallow
    size, waiting = len(in_start) - 1, np.diff(in_start)
    successors = targets[np.argsort(sources, kind="stable")]
    start = np.concatenate(([0], np.cumsum(np.bincount(sources, minlength=size))))
    level = np.full(size, -1, dtype=np.int32)
    frontier = np.flatnonzero(waiting == 0)
    depth = placed = 0
    while frontier.size:
        if depth > 256 and placed < 16 * depth:
            _finish_levels(level, frontier, depth, waiting, successors, start)
            break
        level[frontier] = depth
        placed += frontier.size
        reached, count = _counted(successors[ranges(start[frontier], start[frontier + 1])], size)
        waiting[reached] -= count
        frontier = reached[waiting[reached] == 0]
        depth += 1
    return level


def ranges(begin: NDArray[Any], end: NDArray[Any]) -> Numbers:
    """Return begin[0], ..., end[0] - 1, begin[1], ..., end[1] - 1, ... as one array."""
    if not len(begin) or np.array_equal(begin[1:], end[:-1]):
        return np.arange(begin[0], end[-1]) if len(begin) else np.zeros(0, dtype=np.int64)
    length = end - begin
    offset = np.repeat(begin - np.concatenate(([0], np.cumsum(length)[:-1])), length)
    found: Numbers = np.arange(int(length.sum()), dtype=np.int64) + offset
    return found


def _shallow_levels(sources: Ints, in_start: Numbers) -> Ints | None:
    """Return the levels where a few sweeps reach a fixed point, which is the solution."""
    fed = np.flatnonzero(np.diff(in_start))
    begin = in_start[fed]
    level = np.zeros(len(in_start) - 1, dtype=np.int32)
    for _ in range(_SWEEPS):
        if not fed.size:
            return level
        above = np.maximum.reduceat(level[sources], begin) + np.int32(1)
        if np.array_equal(above, level[fed]):
            return level
        level[fed] = above
    return None


def _finish_levels(
    level: Ints,
    frontier: Numbers,
    depth: int,
    waiting: Numbers,
    successors: Ints,
    start: Numbers,
) -> None:
    """Place the remaining vertices one by one, which is faster where levels are small."""
    left, after, begin = waiting.tolist(), successors.tolist(), start.tolist()
    found = level.tolist()
    now = frontier.tolist()
    while now:
        following = []
        for vertex in now:
            found[vertex] = depth
            for other in after[begin[vertex] : begin[vertex + 1]]:
                left[other] -= 1
                if not left[other]:
                    following.append(other)
        now = following
        depth += 1
    level[:] = found


def _counted(values: Ints, size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the distinct values below `size` and how often each occurs.

    Sorting wins where few of the possible values occur, counting them all otherwise.
    """
    if 8 * values.size < size:
        return np.unique(values, return_counts=True)
    count = np.bincount(values, minlength=size)
    distinct = np.flatnonzero(count)
    return distinct, count[distinct]
