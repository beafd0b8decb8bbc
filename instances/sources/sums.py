"""Sub-sums of integers: which numbers of a list add up to a target, decided exactly."""

from collections.abc import Sequence

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.sources.chosen import Chosen

MOST_BITS = 1 << 31
"""Most bits that the table of reachable sums may take: one for each number and sum."""

MOST_SUMS = 1 << 22
"""Most distinct sums that one half of the numbers may have: about 0.5 GB at 60 digits."""

_PIECE = 1 << 16
"""Steps between two looks at the clock."""


def find_sum(numbers: Sequence[int], target: int, deadline: Deadline) -> Chosen | None:
    """Return indices of `numbers` that add up to `target`, or ``None`` where there are none.

    Small targets among many numbers are decided by the set of reachable sums, number by
    number; others by meeting in the middle, in time and memory 2^(n/2) for n numbers.

    Parameters
    ----------
    numbers : sequence of int
        At least 0 each.

    Raises
    ------
    LimitReached
        When time runs out, or where both tables would be too large.
    """
    deadline.check()
    # Zeros never help, and what exceeds the target never fits.
    useful = [index for index, number in enumerate(numbers) if 0 < number <= target]
    values = [numbers[index] for index in useful]
    if target == 0:
        return ()
    if sum(values) <= target:
        return tuple(useful) if sum(values) == target else None
    bits, halves = len(values) * (target + 1), 1 << (len(values) // 2 + 1)
    # One step with a sum costs about as much as one with a thousand bits of the table.
    if bits <= MOST_BITS and bits >> 10 <= halves:
        found = _by_reachable_sums(values, target, deadline)
    else:
        found = _by_halves(values, target, deadline)
    return None if found is None else tuple(sorted(useful[place] for place in found))


def _by_reachable_sums(values: Sequence[int], target: int, deadline: Deadline) -> list[int] | None:
    """Keep for every prefix of `values` the set of its sums up to `target`, as the bits of one."""
    mask = (1 << (target + 1)) - 1
    reachable = [1]
    for value in values:
        deadline.check()
        reachable.append((reachable[-1] | reachable[-1] << value) & mask)
    if not reachable[-1] >> target & 1:
        return None
    found = []
    for place in reversed(range(len(values))):
        # The target is a sum of the values up to `place`; without this one if it can be.
        if not reachable[place] >> target & 1:
            found.append(place)
            target -= values[place]
    return found


def _by_halves(values: Sequence[int], target: int, deadline: Deadline) -> list[int] | None:
    """Meet in the middle: a sum of the first half and one of the second that make `target`."""
    half = len(values) // 2
    left = _sums(values[:half], target, deadline)
    right = _sums(values[half:], target, deadline)
    i, j = 0, len(right) - 1
    steps = 0
    while i < len(left) and j >= 0:
        steps += 1
        if steps % _PIECE == 0:
            deadline.check()
        total = left[i] + right[j]
        if total == target:
            first, second = left[i], right[j]
            # Released before the halves are solved for their own sums.
            del left, right
            return _rebuild(values[:half], first, 0, deadline) + _rebuild(
                values[half:], second, half, deadline
            )
        if total < target:
            i += 1
        else:
            j -= 1
    return None


def _sums(values: Sequence[int], target: int, deadline: Deadline) -> list[int]:
    """Return the distinct sums of subsets of `values` that are at most `target`, increasing."""
    sums = [0]
    for value in values:
        deadline.check()
        shifted = [total + value for total in sums if total + value <= target]
        _require_at_most(2 * MOST_SUMS, len(sums) + len(shifted))
        # Both runs increase, so sorting merges them in linear time; equal sums are then
        # neighbours, and a dictionary keeps their order.
        sums = list(dict.fromkeys(sorted(sums + shifted)))
    _require_at_most(MOST_SUMS, len(sums))
    return sums


def _require_at_most(most: int, sums: int) -> None:
    if sums > most:
        raise LimitReached(
            f"the numbers have more than {MOST_SUMS} sums a half: too many to tabulate"
        )


def _rebuild(values: Sequence[int], total: int, offset: int, deadline: Deadline) -> list[int]:
    """Return places of `values`, counted from `offset`, that add up to the sum `total`."""
    found = find_sum(values, total, deadline)
    if found is None:
        raise AssertionError("a tabulated sum is a sum")
    return [offset + place for place in found]
