"""The Steinitz lemma: vectors in an order whose prefix sums stay close to a segment.

Grinberg and Sevastyanov (1980) showed, for any norm on R^p, that vectors of norm at most R with
sum t have an order in which every prefix sum is within p * R of the segment from 0 to t. The
norm here is the largest absolute coordinate. Eisenbrand and Weismantel (2020) made integer
programs small with it, and [LD] Lemma 1 makes neurons sparse.
"""

from collections.abc import Sequence
from math import lcm

import numpy as np

from instances.deadline import Deadline
from instances.text.numbers import SAFE, Array, Number, common_denominator
from qnnhard.sparsify.basis import ProposalFailed, propose


def steinitz_order(
    vectors: Sequence[Sequence[Number]], deadline: Deadline | None = None
) -> list[int]:
    """Return an order of `vectors` whose prefix sums satisfy the Steinitz lemma.

    Basis steps in floating point propose an order, integers check it, and the same steps in
    fractions replace one that fails.

    Parameters
    ----------
    vectors : sequence of n sequences of p numbers

    Returns
    -------
    list of int
        A permutation of 0, ..., n - 1. In this order every prefix sum is within p times the
        largest absolute coordinate of the segment from 0 to the sum of all vectors.

    Raises
    ------
    LimitReached
        After the deadline.

    Examples
    --------
    >>> order = steinitz_order([(2,), (2,), (2,), (-3,), (-3,)])
    >>> is_steinitz_order([(2,), (2,), (2,), (-3,), (-3,)], order)
    True
    """
    deadline = deadline or Deadline()
    rows = _integers(vectors)
    members: dict[tuple[int, ...], list[int]] = {}
    for position, row in enumerate(rows):
        members.setdefault(row, []).append(position)
    distinct, queues = list(members), list(members.values())
    counts = [len(queue) for queue in queues]
    for exact in (False, True):
        try:
            classes = propose(distinct, counts, exact, deadline)
        except ProposalFailed:
            continue
        taken = [iter(queue) for queue in queues]
        order = [next(taken[number]) for number in classes]
        if _stays_close(rows, order):
            return order
    raise AssertionError("exact basis steps satisfy the lemma")


def is_steinitz_order(vectors: Sequence[Sequence[Number]], order: Sequence[int]) -> bool:
    """Return whether `order` is a permutation with the property of `steinitz_order`, exactly."""
    if sorted(order) != list(range(len(vectors))):
        return False
    return _stays_close(_integers(vectors), order)


def _integers(vectors: Sequence[Sequence[Number]]) -> list[tuple[int, ...]]:
    """Return the vectors times the least common denominator of their coordinates."""
    scale = lcm(*map(common_denominator, vectors))
    return [tuple(int(value * scale) for value in row) for row in vectors]


def _stays_close(rows: list[tuple[int, ...]], order: Sequence[int]) -> bool:
    """Return whether every prefix sum is within p * R of the segment.

    A prefix sum s is, where some point x * t with 0 <= x <= 1 differs from it by at most
    ``reach`` in every coordinate: intervals for x, one a coordinate, that pairwise intersect.
    """
    if not rows or not rows[0]:
        return True
    p = len(rows[0])
    largest = max(abs(value) for row in rows for value in row)
    reach, length = p * largest, max(1, len(rows) * largest)
    exact = object if (length + reach) * length >= SAFE else np.int64
    prefix: Array = np.cumsum(np.array([rows[i] for i in order], dtype=exact), axis=0)
    prefix = prefix * np.where(prefix[-1] < 0, -1, 1)
    total = prefix[-1]
    low, high = prefix - reach, prefix + reach
    moving = total > 0
    if bool(((low > 0) | (high < 0))[:, ~moving].any()):
        return False
    low, high, total = low[:, moving], high[:, moving], total[moving]
    if bool((low > total).any() or (high < 0).any()):
        return False
    # The largest of low / total is at most the least of high / total.
    return all(bool((low[:, [i]] * total <= high * total[i]).all()) for i in range(len(total)))
