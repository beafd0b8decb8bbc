"""Function calls in child processes that can be stopped at once."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError
from instances.memory import OUT_OF_MEMORY, is_exhaustion
from instances.progress import Watcher, current_watcher, watched_by
from qnnhard.processes.guard import end_with_parent
from qnnhard.processes.programs import end_group

T = TypeVar("T")

_OF_EXHAUSTION = (signal.SIGABRT, signal.SIGKILL)
"""How a process ends where C++ gets no memory, and where the system ends it for its memory."""

_LAST_BREATH = 5.0
"""Seconds in which a process that says nothing more has to end by itself."""


class ChildLost(QnnhardError):
    """A child process ended without an answer."""


class Child:
    """A process that makes calls, and leads a process group of its own.

    `call` makes the only one, within a time; `ask` makes any number, one after the other.

    Parameters
    ----------
    quiet : bool
        Whether to drop what it prints on standard error.
    """

    def __init__(self, quiet: bool = False) -> None:
        # Killed, it could not take away what it has there.
        self._folder = TemporaryDirectory(prefix="qnnhard-")
        life, self._our_end = os.pipe()
        given, self._mirror = [life], None
        watcher = current_watcher()
        if watcher is not None:
            from qnnhard.processes.reports import Mirror

            ours, reports = os.pipe()
            given.append(reports)
            self._mirror = Mirror(watcher, ours)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "qnnhard.processes.child", *map(str, given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            start_new_session=True,
            pass_fds=given,
            env={
                **os.environ,
                "TMPDIR": self._folder.name,
                # Threads of BLAS would only reserve memory: nothing here multiplies floats.
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
        )
        for descriptor in given:
            os.close(descriptor)

    def call(self, function: Callable[..., T], *arguments: Any, seconds: float | None = None) -> T:
        """Return ``function(*arguments)``, of a module-level function, computed in the child.

        Raises
        ------
        subprocess.TimeoutExpired
            After so many seconds.
        ChildLost
            Where the child dies, or is ended meanwhile.
        MemoryError
            Where the memory does not suffice, as far as the way in which the child ended tells.
        QnnhardError
            Whatever of this family the function raises.
        """
        reply, _ = self._process.communicate(_request(function, arguments), seconds)
        if self._process.returncode or not reply:
            raise self._loss(self._process.returncode)
        result: T = _value(pickle.loads(reply))
        return result

    def ask(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return the value of a call as `call` does, and leave the process ready for another."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(_request(function, arguments))
            self._process.stdin.flush()
            reply = pickle.load(self._process.stdout)
        except (BrokenPipeError, EOFError, pickle.UnpicklingError):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_LAST_BREATH)
            # It may have closed its end without ending.
            self.end()
            raise self._loss(self._process.wait()) from None
        result: T = _value(reply)
        return result

    def _loss(self, status: int) -> Exception:
        how = signal.strsignal(-status) if status < 0 else f"status {status}"
        kind = MemoryError if -status in _OF_EXHAUSTION else ChildLost
        return kind(f"process ended ({how}): out of memory, or killed from outside")

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Kill the process and all that it started; safe to call again."""
        end_group(self._process)

    def close(self) -> None:
        """Release the process, once it has ended, with its temporary files."""
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            # What was not read by the process is still to be written.
            with suppress(BrokenPipeError):
                stream.close()  # type: ignore[union-attr]
        self._folder.cleanup()
        os.close(self._our_end)
        if self._mirror is not None:
            self._mirror.close()


def call_in_child(deadline: Deadline, function: Callable[..., T], *arguments: Any) -> T:
    """Return ``function(*arguments)``, computed in a child process that ends with the deadline.

    Solvers in C hold the interpreter for seconds at a time; a process can be killed at any
    moment. `function` is a module-level function; arguments and result are pickled. A deadline
    among them is the same there: processes share the clock.

    Raises
    ------
    LimitReached
        When the deadline passes; the child is gone by then.
    MemoryError
        Where the memory does not suffice.
    QnnhardError
        Whatever of this family the function raises, or where the child dies.
    """
    child = Child()
    try:
        return child.call(function, *arguments, seconds=deadline.left)
    except subprocess.TimeoutExpired:
        raise LimitReached(f"{deadline.limit} reached") from None
    except (ChildLost, MemoryError) as lost:
        raise type(lost)(f"{function.__name__.strip('_')}: its {lost}") from None
    finally:
        child.end()
        child.close()


def _request(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    return pickle.dumps((function.__module__, function.__qualname__, arguments), protocol=5)


def _value(reply: Any) -> Any:
    """Return what a call returned, or raise what it raised."""
    success, value = reply
    if not success:
        raise value
    return value


def _serve() -> None:
    """Run in the child: read requests and write their replies until there are no more."""
    end_with_parent(int(sys.argv[1]))
    # Nothing that a call reads or prints may be part of a request or a reply.
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    with requests, replies, watched_by(_reporter()):
        while True:
            try:
                module, name, arguments = pickle.load(requests)
            except (EOFError, pickle.UnpicklingError):
                return
            reply = pickle.dumps(_reply(module, name, arguments), protocol=5)
            try:
                replies.write(reply)
                replies.flush()
            except BrokenPipeError:
                # Nobody waits for it any more.
                os._exit(1)


def _reply(module: str, name: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, getattr(import_module(module), name)(*arguments)
    except QnnhardError as error:
        return False, error
    except (MemoryError, ImportError, OSError, RuntimeError) as error:
        if not is_exhaustion(error):
            raise
        return False, MemoryError(f"process: {OUT_OF_MEMORY}")


def _reporter() -> Watcher | None:
    """Return what tells the parent about stages, where it wants to know."""
    if len(sys.argv) < 3:
        return None
    from qnnhard.processes.reports import Reporter

    return Reporter(int(sys.argv[2]))


if __name__ == "__main__":
    _serve()
