"""Random sets, partitions and pairs, reproducible from a seeded generator."""

from bisect import bisect_right
from collections.abc import Collection
from random import Random

from instances.errors import InputError


def draw_sets(
    problem: str, universe: int, count: int, size: int, random: Random
) -> list[list[int]]:
    """Draw `count` sets of `size` distinct elements each, uniformly and independently.

    Raises
    ------
    InputError
        In the name of `problem`, if the universe is too small for a set.
    """
    if count and size > universe:
        raise InputError(
            f"{problem}: a set of {size} elements needs universe={size} or more, or a smaller size"
        )
    return [random.sample(range(universe), size) for _ in range(count)]


def partition(universe: int, blocks: int, random: Random) -> list[list[int]]:
    """Deal the elements 0..universe-1 into blocks whose sizes differ by at most one."""
    shuffled = random.sample(range(universe), universe)
    return [shuffled[block::blocks] for block in range(blocks)]


def count_pairs(vertices: int, rows: int) -> int:
    """Return the number of pairs ``i < j < vertices`` with ``i < rows``."""
    return rows * (2 * vertices - rows - 1) // 2


def sample_pairs(
    vertices: int,
    rows: int,
    count: int,
    random: Random,
    without: Collection[tuple[int, int]] = frozenset(),
) -> list[tuple[int, int]]:
    """Draw `count` distinct pairs ``i < j < vertices`` with ``i < rows``, uniformly.

    Pairs in `without` are never drawn. There must be `count` others.
    """
    # Pairs are numbered in lexicographic order: row i holds the pairs (i, i+1), (i, i+2), ...
    begins = [count_pairs(vertices, row) for row in range(rows)]
    total = count_pairs(vertices, rows)
    found: list[tuple[int, int]] = []
    for number in random.sample(range(total), min(total, count + len(without))):
        row = bisect_right(begins, number) - 1
        pair = (row, row + 1 + number - begins[row])
        if pair not in without:
            found.append(pair)
    return found[:count]
