"""Sorted tables of packed vectors with back-pointers, within a time limit and a memory budget.

The two operations are the set of all sums of two tables and the distinct keys of a stream.
Both merge sorted runs by key ranges: a range is halved until it has few candidates, so that no
single step is long, deaf to the clock, or larger than what the budget has room for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached
from instances.progress import Stage
from instances.text.numbers import Array

DEFAULT_MEMORY = 1 << 30
"""Default memory budget in bytes."""

_BLOCK = 1 << 20
_OBJECT_BLOCK = 1 << 14
_RUNS = 32
_POINTER = 8
_WORKING_COPIES = 10
"""Arrays as long as its candidates that a merge holds at a time, an upper bound."""

Index = NDArray[np.int64]


class MemoryBudgetReached(LimitReached):
    """A table would have needed more memory than the budget leaves."""


@dataclass(frozen=True, eq=False)
class SortedTable:
    """Distinct keys in increasing order, each with a pointer to how it came about."""

    keys: Array
    pointers: Index

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(eq=False)
class Workspace:
    """The time and memory that a computation on tables may use.

    Parameters
    ----------
    memory : int
        Budget in bytes for the tables and for what is needed to make them.
    progress : Stage
        Where to count rows.

    Attributes
    ----------
    held : int
        Bytes of the tables in use.
    rows : int
        Rows of all tables made so far, for reports.
    """

    deadline: Deadline
    memory: int
    progress: Stage = field(default_factory=lambda: Stage("tables", "rows"))
    held: int = field(default=0, init=False)
    rows: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.memory < 1:
            raise InputError(f"memory budget of {self.memory} bytes: give at least 1")

    def check(self, needed: int) -> None:
        """Raise unless there is time left, and room for `needed` bytes more than are held."""
        self.deadline.check()
        if self.held + needed > self.memory:
            raise MemoryBudgetReached(
                f"memory budget of {_mebibytes(self.memory)} reached: the tables need at least "
                f"{_mebibytes(self.held + needed)}"
            )

    def block(self, dtype: np.dtype[np.generic]) -> int:
        """Return the number of candidates to handle at a time."""
        longest = _OBJECT_BLOCK if dtype.kind == "O" else _BLOCK
        return max(64, min(longest, self.memory // (64 * _WORKING_COPIES)))

    def sums(self, first: Array, second: Array, key_bytes: int) -> SortedTable:
        """Return all ``first[i] + second[j]``; pointers are ``i * len(second) + j``.

        `first` is increasing, `second` has distinct keys in any order.
        """
        if len(first) * len(second) >= 1 << 62:
            raise MemoryBudgetReached(
                f"beyond any memory budget: {len(first)} times {len(second)} sums"
            )
        return self._merge(_Sums(first, second), key_bytes, first.dtype)

    def distinct(self, blocks: Iterable[tuple[Array, Index]], key_bytes: int) -> SortedTable:
        """Return the distinct keys of all blocks, each with one of its pointers."""
        runs: list[SortedTable] = []
        for keys, pointers in blocks:
            waiting = sum(map(len, runs)) * (key_bytes + _POINTER)
            self.check(waiting + len(keys) * (key_bytes + _POINTER * _WORKING_COPIES))
            runs.append(_first_of_each(keys, pointers))
            if len(runs) == _RUNS:
                runs = [self._union(runs, key_bytes)]
        return self._union(runs, key_bytes)

    def _union(self, runs: list[SortedTable], key_bytes: int) -> SortedTable:
        if len(runs) == 1:
            self.rows += len(runs[0])
            return runs[0]
        waiting = sum(map(len, runs)) * (key_bytes + _POINTER)
        self.held += waiting
        table = self._merge(_Union(runs), key_bytes, runs[0].keys.dtype)
        self.held -= waiting
        return table

    def _merge(
        self, runs: "_Sums | _Union", key_bytes: int, dtype: np.dtype[np.generic]
    ) -> SortedTable:
        """Return the distinct candidates of `runs`, range by range in increasing order."""
        row = key_bytes + _POINTER
        block = self.block(dtype)
        parts: list[SortedTable] = []
        rows = 0
        low, high = runs.span()
        begin = runs.below(low)
        waiting = [(low, high, begin, runs.below(high))]
        while waiting:
            low, high, begin, end = waiting.pop()
            count = int((end - begin).sum())
            positions = 2 * _POINTER * len(begin) * (len(waiting) + 2)
            # A range of one key has at most one candidate a run and is not halved any more.
            if count > block and high - low > 1:
                self.check(rows * row + positions)
                middle = (low + high) // 2
                split = runs.below(middle)
                waiting.append((middle, high, split, end))
                waiting.append((low, middle, begin, split))
            elif count:
                # The finished table is assembled next to its parts, keys first.
                self.check(
                    (rows + count) * row + rows * key_bytes + positions
                    + count * _POINTER * _WORKING_COPIES
                )  # fmt: skip
                parts.append(_first_of_each(*runs.take(begin, end)))
                rows += len(parts[-1])
                self.progress.done = self.rows + rows
        self.rows += rows
        return self._assemble(parts, rows, dtype)

    def _assemble(
        self, parts: list[SortedTable], rows: int, dtype: np.dtype[np.generic]
    ) -> SortedTable:
        if len(parts) == 1:
            return parts[0]
        keys: Array = np.empty(rows, dtype=dtype)
        pointers: Index = np.empty(rows, dtype=np.int64)
        start = 0
        for part in parts:
            self.deadline.check()
            keys[start : start + len(part)] = part.keys
            pointers[start : start + len(part)] = part.pointers
            start += len(part)
        return SortedTable(keys, pointers)


class _Sums:
    """Sorted runs of candidates: the longer operand moved by every key of the shorter one."""

    def __init__(self, first: Array, second: Array) -> None:
        self.swapped = len(first) < len(second)
        self.width = len(second)
        if self.swapped:
            self.order: Index = np.argsort(second, kind="stable")
            self.base, self.moves = second[self.order], first
        else:
            self.base, self.moves = first, second

    def span(self) -> tuple[int, int]:
        """Return a range ``low <= key < high`` of all candidates."""
        return (
            int(self.base[0]) + int(self.moves.min()),
            int(self.base[-1]) + int(self.moves.max()) + 1,
        )

    def below(self, key: int) -> Index:
        """Return per run the number of candidates below `key`."""
        return np.searchsorted(self.base, key - self.moves)

    def take(self, begin: Index, end: Index) -> tuple[Array, Index]:
        """Return the candidates and pointers at positions `begin` up to `end` of every run."""
        length = end - begin
        move = np.repeat(np.arange(len(length)), length)
        place = np.arange(len(move)) + np.repeat(begin - np.cumsum(length) + length, length)
        keys = self.base[place] + self.moves[move]
        if self.swapped:
            return keys, move * self.width + self.order[place]
        return keys, place * self.width + move


class _Union:
    """Sorted runs of candidates as `_Sums` has them: finished tables."""

    def __init__(self, tables: list[SortedTable]) -> None:
        self.tables = [table for table in tables if len(table)]

    def span(self) -> tuple[int, int]:
        if not self.tables:
            return 0, 1
        return (
            min(int(table.keys[0]) for table in self.tables),
            max(int(table.keys[-1]) for table in self.tables) + 1,
        )

    def below(self, key: int) -> Index:
        return np.array([np.searchsorted(table.keys, key) for table in self.tables], np.int64)

    def take(self, begin: Index, end: Index) -> tuple[Array, Index]:
        places = [slice(b, e) for b, e in zip(begin.tolist(), end.tolist(), strict=True)]
        pairs = list(zip(self.tables, places, strict=True))
        return (
            np.concatenate([table.keys[place] for table, place in pairs]),
            np.concatenate([table.pointers[place] for table, place in pairs]),
        )


def _first_of_each(keys: Array, pointers: Index) -> SortedTable:
    """Return the distinct keys in increasing order, each with its first pointer."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    return SortedTable(keys[new], pointers[order[new]])


def _mebibytes(count: int) -> str:
    return f"{count / (1 << 20):,.1f} MiB" if count >= 1 << 20 else f"{count} bytes"
