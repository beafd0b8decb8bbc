"""A verb that ends with its time limit, whatever it is doing.

Calls into C, such as parsing a long JSON file, cannot be interrupted, only killed. So a verb
with a time limit goes on in a child process. There an alarm ends it soon after the limit, with
all that belongs to an orderly end; where a call into C does not let the alarm through, the
parent kills it.
"""

import os
import select
import signal
import sys
import time

import click

from instances.deadline import Deadline, enforced
from instances.errors import LimitReached, QnnhardError
from qnnhard.processes.guard import end_with_parent

_FORWARDED = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_KILL = 0.45
"""Seconds after the limit until the child is killed."""

_PERIOD = 0.05


_in_child = False
"""Whether this is the child process of a verb with a limit."""

_tell: int | None = None
"""There, where to tell the parent that the result is about to be printed."""


def end_in_time(deadline: Deadline, context: click.Context) -> int | None:
    """Go on in a child process, where there is a limit: ``None`` there, an exit code here.

    Parameters
    ----------
    context : click.Context
        Of the verb, with which the alarm ends.

    Raises
    ------
    LimitReached
        Here, where the child had to be killed.
    """
    global _in_child, _tell
    if deadline.seconds is None:
        return None
    (life, our_life), (told, tell) = os.pipe(), os.pipe()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*_FORWARDED, signal.SIGCHLD})
    child = os.fork()
    if child == 0:
        # In a session of its own it gets only the signals that the parent hands on.
        os.setsid()
        os.close(our_life)
        os.close(told)
        end_with_parent(life)
        _in_child, _tell = True, tell
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        context.with_resource(enforced(deadline))
        return None
    os.close(life)
    os.close(tell)
    try:
        return _wait(child, told, deadline)
    finally:
        os.close(our_life)
        os.close(told)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _wait(child: int, told: int, deadline: Deadline) -> int:
    """Return the exit code of a child, whose signals are blocked here and handed on."""
    last = time.monotonic() + deadline.remaining + _KILL
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return _code(os.waitstatus_to_exitcode(status))
        left = last - time.monotonic()
        if left <= 0 and not select.select([told], [], [], 0)[0]:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise LimitReached(f"{deadline.limit} reached")
        waited = {*_FORWARDED, signal.SIGCHLD}
        got = signal.sigtimedwait(waited, _PERIOD if left <= 0 else min(left, _PERIOD))
        if got is not None and got.si_signo in _FORWARDED:
            os.kill(child, got.si_signo)


def _code(status: int) -> int:
    if status >= 0:
        return status
    if -status in _FORWARDED:
        return 128 - status
    raise QnnhardError(
        f"the process ended ({signal.strsignal(-status)}): out of memory, or killed from outside"
    )


def speak() -> None:
    """Say that the result is about to be printed, which no limit may cut any more."""
    global _tell
    if _tell is not None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.write(_tell, b".")
        _tell = None


def leave(code: int) -> int:
    """Return `code`; in a child process end with it at once, since freeing memory takes time."""
    if _in_child:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
    return code
