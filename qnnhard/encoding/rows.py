"""Numbering equal rows of wide integer tables without sorting rows."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

_SPAN_LIMIT = 1 << 61


def number_rows(columns: Sequence[NDArray[Any]], length: int) -> tuple[Numbers, Numbers]:
    """Number the distinct rows of a table that is given by its columns.

    Columns are folded into one key a row, which is renumbered where it would overflow.

    Parameters
    ----------
    columns : sequence of integer arrays
        Of at most 64 bits.
    length : int
        Number of rows, also where there is no column.

    Returns
    -------
    number : int64 array
        Per row the number of its content; numbers follow the lexicographic order of contents.
    first : int64 array
        Per number the first row that has it.
    """
    key = np.zeros(length, dtype=np.int64)
    if not length:
        return key, key
    span = 1
    for column in columns:
        low, high = int(column.min()), int(column.max())
        if low == high:
            continue
        width = high - low + 1
        if width >= _SPAN_LIMIT:
            digit = np.unique(column, return_inverse=True)[1].reshape(-1)
            width = length
        else:
            digit = column.astype(np.int64) - low
        if width * span >= _SPAN_LIMIT:
            digit, _, width = _renumber(digit, width)
            key, _, span = _renumber(key, span)
        key = digit if span == 1 else key * width + digit
        span *= width
    number, first, _ = _renumber(key, span)
    return number, first


def rows_by_number(number: Numbers) -> Iterator[Numbers]:
    """Yield the positions of number 0, of number 1, ..., increasing within each."""
    if not number.any():
        if len(number):
            yield np.arange(len(number))
        return
    order = np.argsort(number, kind="stable")
    bounds = np.flatnonzero(np.diff(number[order])) + 1
    yield from np.split(order, bounds)


def _renumber(key: Numbers, span: int) -> tuple[Numbers, Numbers, int]:
    """Return 0, 1, ... for the distinct keys in increasing order, their first places, the count."""
    size = len(key)
    if span > 4 * size + 1024:
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
        return number.reshape(-1), first, len(first)
    place = np.full(span, size, dtype=np.int64)
    # Of several assignments to one place the last counts, which is the first in `key`.
    place[key[::-1]] = np.arange(size - 1, -1, -1)
    present = np.flatnonzero(place < size)
    name = np.zeros(span, dtype=np.int64)
    name[present] = np.arange(len(present))
    return name[key], place[present], len(present)
