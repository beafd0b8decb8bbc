"""Multisets of things over some points, up to permuting the points: listed, and counted.

The things, such as all sets over a universe or all clauses over some variables, are numbered. A
multiset is the increasing row of its things' numbers, and among those that permutations of the
points turn into each other the least row stands for all. Every beginning of a least row is one: a
permutation that makes the beginning less makes the row less, wherever the last thing goes. So least
rows are found by appending to shorter ones, and none is made twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import comb, factorial, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from instances.errors import InputError

Ints = npt.NDArray[np.int64]

MOST_POINTS = 7
"""Most points that are permuted: there are 5,040 ways."""

MOST_SOURCES = 1_000_000
"""Most sources of a scope."""

_CHUNK = 1 << 12
"""Rows that are extended at a time."""


@dataclass(frozen=True)
class Things:
    """What the multisets are made of.

    Parameters
    ----------
    points : int
        How many points there are, at least 0.
    count : int
        How many things there are over them.
    images : callable
        Returns for a permutation, given by the image of every point, the number of the image of
        every thing; int array of shape (count,).
    """

    points: int
    count: int
    images: Callable[[Sequence[int]], npt.NDArray[Any]]

    def multisets(self, most: int) -> Iterator[Ints]:
        """Yield for every size from 0 to `most` the least rows of that size, in their order.

        They have shape (rows, size).

        Raises
        ------
        InputError
            Where there are more than `MOST_POINTS` points or `MOST_SOURCES` rows.
        """
        self._require_few(most)
        table = np.array([self.images(each) for each in permutations(range(self.points))])
        rows: Ints = np.zeros((1, 0), dtype=np.int64)
        yield rows
        for _ in range(most):
            chunks = range(0, len(rows), _CHUNK)
            longer = [_least(self._appended(rows[at : at + _CHUNK]), table) for at in chunks]
            rows = np.concatenate(longer)
            yield rows

    def _appended(self, rows: Ints) -> Ints:
        """Return every row with every thing appended that keeps it increasing."""
        first = rows[:, -1] if rows.shape[1] else np.zeros(len(rows), dtype=np.int64)
        copies = self.count - first
        starts = np.cumsum(copies) - copies
        last = np.arange(copies.sum()) + np.repeat(first - starts, copies)
        return np.column_stack((np.repeat(rows, copies, axis=0), last))

    def counts(self, most: int) -> list[int]:
        """Return how many multisets of every size from 0 to `most` there are, without listing them.

        By Burnside's lemma this is the mean number of multisets that a permutation fixes: those
        that have equally many of all things on a cycle. It depends only on the lengths of the
        permutation's cycles.
        """
        total = [0] * (most + 1)
        for cycles in _partitions(self.points, self.points):
            fixed = [1] + [0] * most
            for length in _cycle_lengths(self.images(_with_cycles(cycles)).tolist()):
                for size in range(length, most + 1):
                    fixed[size] += fixed[size - length]
            alike = prod(cycles) * prod(map(factorial, Counter(cycles).values()))
            weight = factorial(self.points) // alike
            total = [sum_ + weight * one for sum_, one in zip(total, fixed, strict=True)]
        return [sum_ // factorial(self.points) for sum_ in total]

    def _require_few(self, most: int) -> None:
        require_points(self.points)
        # No orbit is longer than the group. The exact count would be slow for long multisets.
        require_few(comb(self.count + most, most) // factorial(self.points))
        require_few(sum(self.counts(most)))


def require_points(points: int) -> None:
    """Raise `InputError` where there are too many points to permute."""
    if points > MOST_POINTS:
        raise InputError(
            f"{points} things that can change places: at most {MOST_POINTS}; give a smaller scope"
        )


def require_few(sources: int) -> None:
    """Raise `InputError` where a scope has more than `MOST_SOURCES` sources."""
    if sources > MOST_SOURCES:
        raise InputError(f"more than {MOST_SOURCES:,} sources: give a smaller scope")


def _least(rows: Ints, table: npt.NDArray[Any]) -> Ints:
    """Return the rows that no permutation makes less; `table` has the images under each."""
    for images in table:
        moved = np.sort(images[rows], axis=1)
        difference = moved - rows
        first = np.argmax(difference != 0, axis=1)
        rows = rows[difference[np.arange(len(rows)), first] >= 0]
    return rows


def _partitions(total: int, most: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write `total` as a sum of numbers from 1 to `most`."""
    if total == 0:
        yield ()
    for first in range(min(total, most), 0, -1):
        for rest in _partitions(total - first, first):
            yield (first, *rest)


def _with_cycles(lengths: Sequence[int]) -> list[int]:
    """Return a permutation whose cycles have these lengths."""
    images: list[int] = []
    for length in lengths:
        start = len(images)
        images += [*range(start + 1, start + length), start]
    return images


def _cycle_lengths(images: Sequence[int]) -> list[int]:
    """Return the lengths of all cycles of a permutation."""
    lengths, seen = [], [False] * len(images)
    for start in range(len(images)):
        length, at = 0, start
        while not seen[at]:
            seen[at] = True
            length, at = length + 1, images[at]
        if length:
            lengths.append(length)
    return lengths
