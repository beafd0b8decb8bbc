"""Sets of integer vectors as the columns of matrices: duplicates, matches and domination."""

from math import prod

import numpy as np
from numpy.typing import NDArray

from instances.text.numbers import SAFE, Array

Index = NDArray[np.int64]

_BLOCK = 1 << 16
"""Vectors that are packed at a time: the product makes them 64 bits wide."""

_PAIRWISE = 256
"""Up to this many vectors domination is tested between all pairs at once."""

_PASSES = 256
"""Vectors of one group that others are compared with; more only leave dominated ones in."""


def packed(data: Array) -> Index:
    """Return one number per column of `data`; equal columns and only they have equal numbers.

    The numbers order columns lexicographically. They are mixed-radix codes over the ranges that
    occur, replaced by their ranks wherever one digit more would leave int64.
    """
    rows, columns = data.shape
    keys = np.zeros(columns, dtype=np.int64)
    if rows == 0 or columns == 0:
        return keys
    low = data.min(axis=1).astype(np.int64)
    span = [int(size) for size in data.max(axis=1).astype(np.int64) - low + 1]
    if prod(span) < SAFE:
        radix = np.ones(rows, dtype=np.int64)
        for row in range(rows - 1, 0, -1):
            radix[row - 1] = radix[row] * span[row]
        # Products may wrap around, but keys are right modulo 2^64, and below 2^62 in the end.
        for begin in range(0, columns, _BLOCK):
            keys[begin : begin + _BLOCK] = radix @ data[:, begin : begin + _BLOCK]
        keys -= int(radix @ low)
        return keys
    reach = 1
    for row in range(rows):
        if reach * span[row] >= SAFE:
            values, keys = np.unique(keys, return_inverse=True)
            reach = len(values)
        if reach * span[row] >= SAFE:
            values, digits = np.unique(data[row], return_inverse=True)
            keys, reach = keys * len(values) + digits, reach * len(values)
        else:
            keys, reach = (
                keys * span[row] + (data[row].astype(np.int64) - low[row]),
                reach * span[row],
            )
    return keys


def distinct(data: Array) -> tuple[Array, Index]:
    """Return the distinct columns in lexicographic order, and where each first occurs."""
    if data.shape[1] < 2:
        return data, np.arange(data.shape[1])
    _, first = np.unique(packed(data), return_index=True)
    return data[:, first], first


def undominated(groups: Array, scores: Array) -> Index:
    """Return the columns that no other column of the same group dominates.

    Parameters
    ----------
    groups, scores : arrays with one column a vector
        Two vectors are in the same group where their columns of `groups` are equal; one
        dominates the other where none of its scores is smaller. No two vectors are equal in
        both. Large groups may keep some dominated vectors.
    """
    count = scores.shape[1]
    key = packed(groups)
    if count <= _PAIRWISE:
        below = (scores[:, :, None] <= scores[:, None, :]).all(axis=0)
        below &= key[:, None] == key[None, :]
        np.fill_diagonal(below, False)
        return np.flatnonzero(~below.any(axis=1))
    order = np.lexsort((-scores.sum(axis=0, dtype=np.int64), key))
    # In this order a vector can only be dominated by an earlier one of its group.
    done = [order[:0]]
    for passed in range(_PASSES):
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = key[order[1:]] != key[order[:-1]]
        done.append(order[first])
        if first.all() or passed == _PASSES - 1:
            done.append(order[~first])
            break
        pivot = order[first][np.cumsum(first) - 1]
        order = order[~(scores[:, order] <= scores[:, pivot]).all(axis=0)]
        if not order.size:
            break
    return np.sort(np.concatenate(done))


def matches(first: Array, second: Array) -> tuple[Index, Index, Index]:
    """Match equal columns of `first` and `second`, which have the same rows.

    Returns
    -------
    begin, count, order : int64 arrays
        Column i of `first` equals the columns
        ``order[begin[i]], ..., order[begin[i] + count[i] - 1]`` of `second`.
    """
    key = packed(np.concatenate((first, second), axis=1))
    left, right = key[: first.shape[1]], key[first.shape[1] :]
    order = np.argsort(right, kind="stable")
    right = right[order]
    begin = np.searchsorted(right, left, side="left")
    return begin, np.searchsorted(right, left, side="right") - begin, order
