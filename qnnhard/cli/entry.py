"""The process of a command: what ends it, and its exit code.

The command line itself is loaded in here, so that a signal during its imports ends it as well.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from types import FrameType

SIGNALS = {
    signal.SIGINT: "interrupted",
    signal.SIGTERM: "terminated",
    signal.SIGHUP: "its terminal is gone",
}
"""The signals that end a run, each with what is said then."""

_AGAIN = 0.01
"""Seconds until a signal is raised again that something swallowed."""


class Ended(BaseException):
    """A signal ended the run; what it had begun is cleared away on the way up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = signal.Signals(number)


def main() -> None:
    """Run the command line and exit; 128 and the signal's number where one ended the run."""
    try:
        with ended_by_signals():
            from qnnhard.cli.main import run
            from qnnhard.cli.streams import open_streams

            open_streams()
            code = run(sys.argv[1:])
    except Ended as ended:
        code = 128 + ended.number
        # What is still buffered is half of something.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        # With its terminal a run loses where it could say anything.
        with suppress(OSError):
            os.write(2, f"qnnhard: {SIGNALS[ended.number]}\n".encode())
    sys.exit(code)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise `Ended` on the first of `SIGNALS` that is not ignored already, as by ``nohup``.

    Later ones are ignored, so that they cannot disturb the clearing away, and all that come after
    the context, where the exit code is settled.
    """
    caught = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    received = 0

    def end(number: int, _frame: FrameType | None) -> None:
        nonlocal received
        if not received:
            received = number
            raise Ended(number)

    def unraisable(event: "sys.UnraisableHookArgs") -> None:
        # Python drops what is raised in a destructor or callback.
        nonlocal received
        if isinstance(event.exc_value, Ended):
            received = 0
            Timer(_AGAIN, os.kill, (os.getpid(), event.exc_value.number)).start()
        else:
            sys.__unraisablehook__(event)

    sys.unraisablehook = unraisable
    for number in caught:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in caught:
            signal.signal(number, signal.SIG_IGN)
