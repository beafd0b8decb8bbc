"""Predictions of what will be taken in memory, so that what cannot fit is refused in words."""

import resource

from instances.memory import free_memory, memory_left

UNKNOWN_BUDGET = 1 << 33
"""The bytes that a run may take where the system tells nothing."""


def budget() -> int:
    """Return the bytes that this run may take: what is free, within the limit that is set."""
    free, left = free_memory(), memory_left()
    bounds = [UNKNOWN_BUDGET if free is None else free]
    if left is not None:
        bounds.append(left)
    space = resource.getrlimit(resource.RLIMIT_AS)[0]
    if space != resource.RLIM_INFINITY:
        bounds.append(space)
    return min(bounds)


def shortage(needed: int) -> str | None:
    """Return what is said of a need of so many bytes, or ``None`` where they can be had."""
    most = budget()
    if needed <= most:
        return None
    return f"about {gibibytes(needed)} of memory would be needed, {gibibytes(most)} are at hand"


def gibibytes(size: int) -> str:
    """Return a number of bytes for a message."""
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 27 else f"{size / (1 << 20):.1f} MiB"
