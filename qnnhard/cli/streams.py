"""Standard streams that are closed, full, or of another encoding than names and texts."""

import io
import os
import sys


def open_streams() -> None:
    """Put something in the place of every standard stream that was closed.

    What is written to standard output must fail, since it is lost; standard error has only
    words for people. No file may get one of the three numbers.
    """
    for number, name, flags, mode in (
        (0, "stdin", os.O_WRONLY, "r"),
        (1, "stdout", os.O_RDONLY, "w"),
        (2, "stderr", os.O_WRONLY, "w"),
    ):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, flags)
            if descriptor != number:
                os.dup2(descriptor, number)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def silence(number: int) -> None:
    """Send what is still buffered for a standard stream nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def to_stderr(line: str) -> None:
    """Print a line on standard error; that nobody can read it is no failure of the command."""
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr.fileno())
