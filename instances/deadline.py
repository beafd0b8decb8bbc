"""A point in time after which a computation gives up."""

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from instances.errors import InputError, LimitReached


class Deadline:
    """A wall-clock limit that long computations consult as they go.

    Who is given one raises `LimitReached` when it passes, unless its docstring says otherwise.

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


GRACE = 0.3
"""Seconds after a deadline in which a computation may end by itself, and clean up."""


@contextmanager
def enforced(deadline: Deadline) -> Iterator[None]:
    """Raise `LimitReached` in this context soon after the deadline, whatever is computed in it.

    It is an alarm (``SIGALRM``) that interrupts Python, but no call into C, and only the main
    thread; in others, as where there is no alarm, the context does nothing. It rings again until
    the context is left: an exception in a destructor is lost.
    """
    if deadline.seconds is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    inside = True

    def ring(_signal: int, _frame: object) -> None:
        if inside:
            deadline.check()

    before = signal.signal(signal.SIGALRM, ring)
    began = time.monotonic()
    outer, interval = signal.setitimer(signal.ITIMER_REAL, deadline.remaining + GRACE, GRACE)
    try:
        yield
    finally:
        inside = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:
            left = outer - (time.monotonic() - began)
            signal.setitimer(signal.ITIMER_REAL, max(left, GRACE), interval)
