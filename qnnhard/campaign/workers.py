"""Processes that start once and take task after task."""

import pickle
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from instances.errors import QnnhardError, in_one_line
from qnnhard.campaign.attempt import Attempt, attempt
from qnnhard.campaign.task import Record
from qnnhard.processes.child import Child

_function: Callable[[Any], Record] | None = None
"""In a worker: what it does with the work of its tasks."""


def prepare(digits: int, function: bytes) -> None:
    """Make this process a worker; it reads numbers of so many digits as where it comes from."""
    global _function
    sys.set_int_max_str_digits(digits)
    try:
        _function = pickle.loads(function)
    except (AttributeError, ImportError, TypeError) as error:
        raise QnnhardError(
            f"workers cannot load what they are to do ({in_one_line(error)}); use one job"
        ) from None


def perform(work: bytes) -> Attempt:
    """Do the work of a task in this process, a worker."""
    function = _function
    assert function is not None
    return attempt(lambda given: function(pickle.loads(given)), work)


class Worker:
    """A process, and a thread that waits for it.

    Parameters
    ----------
    function : bytes
        What it does with the work of its tasks, pickled.
    replies : SimpleQueue
        Where the thread puts, after each task, the worker and what became of the task: an
        attempt, or the exception that came instead.

    Attributes
    ----------
    ready : bool
        Whether the process has come as far as to take tasks.
    """

    def __init__(
        self, function: bytes, replies: "SimpleQueue[tuple[Worker, Attempt | Exception]]"
    ) -> None:
        self.ready = False
        self._child = Child()
        self._function = function
        self._replies = replies
        self._inbox: SimpleQueue[tuple[Any] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self._child.ended

    def assign(self, work: Any) -> None:
        """Have the work of a task done."""
        self._inbox.put((work,))

    def stop(self) -> None:
        """End the process, whatever it is doing, and the thread."""
        self._child.end()
        self._inbox.put(None)
        self._thread.join()
        self._child.close()

    def _run(self) -> None:
        while (given := self._inbox.get()) is not None:
            try:
                reply: Attempt | Exception = self._attempt(*given)
            except Exception as error:
                reply = error
            self._replies.put((self, reply))

    def _attempt(self, work: Any) -> Attempt:
        if not self.ready:
            self._child.ask(prepare, sys.get_int_max_str_digits(), self._function)
            self.ready = True
        try:
            packed = pickle.dumps(work, protocol=5)
        except Exception as error:
            return None, f"cannot be sent to another process ({in_one_line(error)}); use one job"
        return self._child.ask(perform, packed)
