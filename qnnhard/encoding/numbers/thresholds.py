"""Thresholds of sums without auxiliary variables, where few clauses suffice.

A flat sum has leaves of two values the same gap apart, so that it counts true literals. "Fewer
than t" is then one clause for every t literals, and "at least t of n" one for every n - t + 1.
"""

from math import comb

FEW = 12
"""Most clauses for a threshold of any kind."""

FEW_PAIRS = 300
"""Most clauses for "at most one" and "at most one is missing"."""

LEAVES_LIMIT = 1 << 10
"""Most leaves of a flat sum."""


def few_clauses(leaves: int, width: int) -> bool:
    """Return whether there are few clauses with `width` of the literals of `leaves` leaves."""
    return comb(leaves, width) <= (FEW_PAIRS if width == 2 else FEW)
