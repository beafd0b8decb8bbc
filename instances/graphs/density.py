"""A lower bound on treewidth from the densest of some minors, without an elimination order.

A graph of treewidth w with n vertices has fewer than w n edges, and a minor's treewidth is at
most the graph's. So every minor whose edges are k times its vertices shows that w > k.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def least_width(size: int, sources: Sequence[int], targets: Sequence[int], enough: int) -> int:
    """Return a lower bound on the treewidth of a graph on the vertices ``0..size-1``.

    Every round contracts edges, each to the neighbor of least degree, which share the fewest
    neighbors on average. Rounds shrink geometrically, so all of them cost a few times the first.

    Parameters
    ----------
    sources, targets : sequences of int
        The ends of every edge.
    enough : int
        The search ends once the bound exceeds this, or no minor left could show that.
    """
    ends = np.stack((np.asarray(sources), np.asarray(targets))).astype(np.int64)
    coins = np.random.PCG64(0)
    best = 0
    while size > 2 * enough:
        ends, vertices = _simple(ends, size)
        size = len(vertices)
        if not size:
            break
        best = max(best, ends.shape[1] // size + 1)
        if best > enough:
            break
        into = _contraction(ends, size, coins)
        ends = into[ends]
    return best


def _simple(ends: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Return distinct edges without loops over vertices numbered anew, and these vertices."""
    low, high = ends.min(axis=0), ends.max(axis=0)
    codes = np.sort((low * size + high)[low < high])
    codes = codes[np.diff(codes, prepend=-1) > 0]
    ends = np.stack((codes // size, codes % size))
    present = np.bincount(ends.ravel(), minlength=size) > 0
    return (np.cumsum(present) - 1)[ends], np.flatnonzero(present)


def _contraction(ends: Numbers, size: int, coins: np.random.PCG64) -> Numbers:
    """Return per vertex the one that it becomes part of: stars around about half of them."""
    degree = np.bincount(ends.ravel(), minlength=size)
    nearest = np.full(size, np.iinfo(np.int64).max)
    for here, there in (ends, ends[::-1]):
        np.minimum.at(nearest, here, degree[there] * size + there)
    nearest %= size
    center = coins.random_raw(size) % 2 == 0
    return np.where(~center & center[nearest], nearest, np.arange(size))
