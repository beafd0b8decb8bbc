"""A point in time after which a computation gives up."""

import math
import time

from instances.errors import InputError, LimitReached


class Deadline:
    """A wall-clock limit that long computations consult as they go.

    Parameters
    ----------
    seconds : float or None
        Time from now; ``None`` never expires.
    """

    def __init__(self, seconds: float | None = None) -> None:
        if seconds is not None and not (seconds >= 0 and math.isfinite(seconds)):
            raise InputError(f"time limit {seconds}: give a finite number of seconds, 0 or more")
        self.seconds = seconds
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left; ``inf`` without a limit, never negative."""
        return max(0.0, self._end - time.monotonic())

    @property
    def left(self) -> float | None:
        """Seconds left, never negative; ``None`` without a limit."""
        return None if self.seconds is None else self.remaining

    @property
    def limit(self) -> str:
        """The limit in words."""
        return "no time limit" if self.seconds is None else f"time limit of {self.seconds:g} s"

    def check(self) -> None:
        """Raise `LimitReached` once the time has passed."""
        if time.monotonic() >= self._end:
            raise LimitReached(f"{self.limit} reached")
