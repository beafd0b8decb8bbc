"""Workers that share the tasks of a campaign."""

import pickle
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, TypeVar

from instances.errors import QnnhardError
from qnnhard.campaign.attempt import Attempt
from qnnhard.campaign.task import Record
from qnnhard.campaign.workers import Worker
from qnnhard.processes.child import ChildLost

T = TypeVar("T")

TRIES = 3
"""Workers in a row that may die before they are ready."""


class Crew:
    """As many workers as are needed, replaced where they die.

    Parameters
    ----------
    function : callable
        What is done with the work of every task; it is pickled.
    size : int
        How many tasks are done at the same time.
    """

    def __init__(self, function: Callable[[Any], Record], size: int) -> None:
        self._function = pickle.dumps(function, protocol=5)
        self._size = size
        self._replies: SimpleQueue[tuple[Worker, Attempt | Exception]] = SimpleQueue()
        self._idle: list[Worker] = []
        self._busy: dict[Worker, tuple[Any, Any]] = {}
        self._failed = 0

    def run(self, tasks: Iterator[tuple[T, Any]]) -> Iterator[tuple[T, Attempt]]:
        """Yield every task with what became of its work, in the order in which they end.

        Tasks come with their work, and are taken when a worker is free for them. A worker that
        dies costs its task. No worker is left afterwards.

        Raises
        ------
        QnnhardError
            Whatever of this family the function raises, or where workers die before they work.
        """
        try:
            self._employ(tasks)
            while self._busy:
                worker, reply = self._replies.get()
                task, work = self._busy.pop(worker)
                done = self._settle(worker, reply)
                if done is None:
                    self._assign(task, work)
                # Nobody waits while the result is written.
                self._employ(tasks)
                if done is not None:
                    yield task, done
        finally:
            for worker in (*self._busy, *self._idle):
                worker.stop()

    def _employ(self, tasks: Iterator[tuple[T, Any]]) -> None:
        while len(self._busy) < self._size and (given := next(tasks, None)) is not None:
            self._assign(*given)

    def _assign(self, task: Any, work: Any) -> None:
        while self._idle and self._idle[-1].ended:
            self._idle.pop().stop()
        worker = self._idle.pop() if self._idle else Worker(self._function, self._replies)
        self._busy[worker] = task, work
        worker.assign(work)

    def _settle(self, worker: Worker, reply: Attempt | Exception) -> Attempt | None:
        """Return what became of a task; ``None`` where it has to be assigned again."""
        if not isinstance(reply, Exception):
            self._failed = 0
            self._idle.append(worker)
            return reply
        worker.stop()
        if not isinstance(reply, ChildLost | MemoryError):
            raise reply
        if worker.ready:
            return None, f"its {reply}"
        self._failed += 1
        if self._failed == TRIES:
            raise QnnhardError(f"workers do not come to work: their {reply}")
        return None
