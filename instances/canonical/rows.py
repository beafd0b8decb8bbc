"""Numbering equal rows of wide integer tables without sorting rows."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.text.numbers import Array

Numbers = NDArray[np.int64]

_SPAN_LIMIT = 1 << 61

_SHORT = 1 << 13
"""Up to so many rows a product of matrices is faster than one operation a column."""


def number_rows(
    columns: Sequence[NDArray[Any]] | NDArray[Any], length: int
) -> tuple[Numbers, Numbers]:
    """Number the distinct rows of a table that is given by its columns.

    Columns are folded into one key a row, which is renumbered where it would overflow.

    Parameters
    ----------
    columns : sequence of integer arrays, or one array, columns x length
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
    number, first, _ = _renumber(*row_keys(columns, length))
    return number, first


def row_keys(columns: Sequence[NDArray[Any]] | NDArray[Any], length: int) -> tuple[Numbers, int]:
    """Return one key per row, in the lexicographic order of contents, and a bound above all keys.

    Keys are not negative; equal rows and only they have equal keys. The parameters are those of
    `number_rows`.
    """
    key = np.zeros(length, dtype=np.int64)
    if length < 2 or not len(columns):
        return key, 1
    if isinstance(columns, np.ndarray):
        least = columns.min(axis=1)
        ends = np.stack((least, columns.max(axis=1)), axis=1).tolist()
        if length <= _SHORT and columns.dtype != np.uint64:
            widths = [high - low + 1 for low, high in ends]
            *strides, span = accumulate(widths[::-1], mul, initial=1)
            if span < _SPAN_LIMIT:
                # Products may wrap around, but keys are right modulo 2^64, and small in the end.
                radix = np.array(strides[::-1], dtype=np.int64)
                return radix @ columns - radix @ least, span
    else:
        ends = [[int(column.min()), int(column.max())] for column in columns]
    span = 1
    for column, (low, high) in zip(columns, ends, strict=True):
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
        if span == 1:
            key = digit
        else:
            key *= width
            key += digit
        span *= width
    return key, span


@lru_cache(maxsize=64)
def hash_factors(count: int) -> NDArray[np.uint64]:
    """Return fixed random words; the sum of a row's entries times these is its hash, mod 2^64."""
    return np.random.PCG64(0).random_raw(count).astype(np.uint64)


def surely_distinct(rows: NDArray[Any]) -> bool:
    """Return whether the rows of an integer table have distinct hashes."""
    hashes = rows.astype(np.uint64) @ hash_factors(rows.shape[1])
    return len(np.unique(hashes)) == len(rows)


def present(values: NDArray[np.integer[Any]]) -> list[int]:
    """Return the distinct entries of an array of small non-negative integers, increasing."""
    found: list[int] = np.flatnonzero(np.bincount(values)).tolist()
    return found


def rows_by_number(number: Numbers) -> Iterator[Numbers]:
    """Yield the positions of number 0, of number 1, ..., increasing within each."""
    if not number.any():
        if len(number):
            yield np.arange(len(number))
        return
    order = np.argsort(number, kind="stable")
    bounds = np.flatnonzero(np.diff(number[order])) + 1
    yield from np.split(order, bounds)


def equal_rows(columns: Sequence[NDArray[Any]] | NDArray[Any], length: int) -> Iterator[Numbers]:
    """Yield the positions of equal rows, as `number_rows` numbers them."""
    yield from rows_by_number(number_rows(columns, length)[0])


def distinct_columns(table: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return the distinct columns of a table as rows, and every column's position among them."""
    if table.dtype != object:
        number, first = number_rows(table, table.shape[1])
    else:
        found: dict[tuple[Any, ...], int] = {}
        places = [found.setdefault(tuple(column), len(found)) for column in table.T.tolist()]
        number = np.array(places, dtype=np.int64)
        first = np.unique(number, return_index=True)[1]
    return np.ascontiguousarray(table[:, first].T), number


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
