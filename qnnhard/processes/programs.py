"""Programs that end with this process, however it ends, with all that they start."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import FileIO

from qnnhard.processes import guard


@contextmanager
def program(words: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program in a process group of its own, all of which is gone after the context.

    Its standard input is empty, its standard output a pipe, and its errors are dropped.

    Raises
    ------
    OSError
        Where it cannot be started.
    """
    (life, our_end), (failed, failure) = _pipe(), _pipe()
    with life, our_end, failed, failure:
        given = life.fileno(), failure.fileno()
        process = subprocess.Popen(
            # Isolated and without site packages: nothing but the script is loaded.
            [sys.executable, "-I", "-S", guard.__file__, *map(str, given), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=given,
        )
        try:
            life.close()
            failure.close()
            reason = failed.read(16)
            if reason:
                raise OSError(int(reason), os.strerror(int(reason)))
            yield process
        finally:
            end_group(process)
            if process.stdout is not None:
                process.stdout.close()
            process.wait()


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill the process group that `process` leads; safe to call again."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _pipe() -> tuple[FileIO, FileIO]:
    reading, writing = os.pipe()
    return FileIO(reading, "rb"), FileIO(writing, "wb")
