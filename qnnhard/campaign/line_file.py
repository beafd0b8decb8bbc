"""A file that one run has for itself, and to which it adds whole lines."""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from instances.errors import InputError
from instances.files import STANDARD

SYNC = 1.0
"""Seconds after which what was added is forced to the disk."""

PATIENCE = 2.0
"""Seconds that another run has to be gone, as one that is being killed is."""

_PERIOD = 0.05

Place = tuple[int, int]
"""Where a line begins and how many bytes it has."""


class LineFile:
    """An open file; see `opened`.

    A line is written at once, behind all that is there, so that a run that is killed leaves whole
    lines but, at most, for the last.

    Attributes
    ----------
    end : int
        Where the last whole line ends.
    """

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self.end = os.fstat(descriptor).st_size
        self._descriptor = descriptor
        self._synced = time.monotonic()

    def add(self, line: bytes) -> Place:
        """Write a line; where that fails or is interrupted, no part of it stays."""
        place, written = (self.end, len(line)), 0
        try:
            with _writing(self.path):
                while written < len(line):
                    written += os.write(self._descriptor, line[written:])
        except BaseException:
            with suppress(OSError):
                os.ftruncate(self._descriptor, self.end)
            raise
        self.end += len(line)
        if time.monotonic() - self._synced > SYNC:
            self.sync()
        return place

    def cut(self, end: int) -> None:
        """Take away what is behind `end`."""
        with _writing(self.path):
            os.ftruncate(self._descriptor, end)
        self.end = end

    def sync(self) -> None:
        """Force what was added to the disk."""
        with _writing(self.path):
            os.fsync(self._descriptor)
        self._synced = time.monotonic()

    def line(self, place: Place) -> bytes:
        """Return a line that is there."""
        begin, length = place
        return os.pread(self._descriptor, length, begin)

    def lines(self, longest: int) -> Iterator[tuple[Place, bytes]]:
        """Yield the lines that are there; the last may lack its end, or its end be cut off."""
        with os.fdopen(os.dup(self._descriptor), "rb") as stream:
            stream.seek(0)
            begin = 0
            while line := stream.readline(longest):
                yield (begin, len(line)), line
                begin += len(line)


@contextmanager
def opened(path: str) -> Iterator[LineFile]:
    """Open a file, made if need be, to which no other run adds lines at the same time.

    Raises
    ------
    InputError
        Where it cannot be opened, is no plain file, or is in use.
    """
    if path == STANDARD or path.endswith(".gz"):
        raise InputError(f"{path}: lines are added one by one; give the name of a plain file")
    descriptor = _locked(path)
    try:
        yield LineFile(path, descriptor)
    finally:
        os.close(descriptor)


def _locked(path: str) -> int:
    """Return a descriptor of the file at `path` that only this run has."""
    end = time.monotonic() + PATIENCE
    while True:
        descriptor = _descriptor(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            if time.monotonic() > end:
                raise InputError(f"{path}: another run adds to it; wait until it ends") from None
            time.sleep(_PERIOD)
            continue
        except OSError:
            # Some file systems have no locks.
            return descriptor
        # The run before may have put another file in its place when it ended.
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), os.stat(path)):
                return descriptor
        os.close(descriptor)


def _descriptor(path: str) -> int:
    with _writing(path):
        # Neither a pipe without reader nor a terminal may hold the run.
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
        descriptor = os.open(path, flags, 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError(f"{path}: lines are added one by one; give the name of a plain file")
    return descriptor


@contextmanager
def _writing(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise InputError(f"{path}: cannot be written ({reason})") from error
