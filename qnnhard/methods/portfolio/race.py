"""Several members at once, each in its own process: the first answer wins."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue

from qnnhard.methods.answer import Found
from qnnhard.methods.portfolio.members import MemberProcess, Reply, Task
from qnnhard.verdict import Verdict

_GRACE = 0.2
"""Seconds past the deadline for the word of a member whose proof was being checked."""

PROVERS = ("cadical", "schedule")
"""The members that can write a proof."""


class Race:
    """A race on one instance.

    Parameters
    ----------
    names : sequence of str
        Members in the order in which they start.
    jobs : int
        Number of members that run at the same time; one that fails makes room for the next.
    memory : int or None
        What every member may take, in bytes; see `limited_memory`.
    """

    def __init__(self, names: Sequence[str], jobs: int, memory: int | None) -> None:
        self._waiting = list(names)
        self._jobs = jobs
        self._memory = memory
        self._replies: SimpleQueue[tuple[MemberProcess, Reply | str]] = SimpleQueue()
        self._running: list[tuple[MemberProcess, threading.Thread]] = []
        self._failed: list[str] = []

    def run(self, task: Task) -> Reply:
        """Return the first finding, or nothing with the reason of every member.

        Where a proof is asked for, only a member that writes one may give a NO.
        """
        try:
            while True:
                while self._waiting and len(self._running) < self._jobs:
                    self._start(task)
                if not self._running:
                    return self._nothing("no member found an answer")
                try:
                    member, reply = self._replies.get(timeout=_patience(task))
                except Empty:
                    return self._nothing(task.deadline.limit)
                self._forget(member)
                answer = self._judge(task, member.name, reply)
                if answer is not None:
                    return answer
        finally:
            self._stop()

    def _start(self, task: Task) -> None:
        member = MemberProcess(self._waiting.pop(0), self._memory)

        def watch() -> None:
            try:
                reply = member.run(task)
            except Exception as error:
                reply = f"its reply cannot be read ({type(error).__name__})"
            self._replies.put((member, reply))

        thread = threading.Thread(target=watch, daemon=True)
        self._running.append((member, thread))
        thread.start()

    def _judge(self, task: Task, name: str, reply: Reply | str) -> Reply | None:
        """Return the race's answer, or none where this member only failed."""
        if isinstance(reply, str):
            self._failed.append(f"{name}: {reply}")
            return None
        found, sizes = reply
        if found.verdict is Verdict.UNKNOWN:
            self._failed.append(f"{name}: {found.detail}")
            return None
        no = found.verdict is Verdict.NO
        if no and task.how.proof is not None and name not in PROVERS:
            self._failed.append(f"{name}: no, without a proof")
            return None
        words = [found.detail] if no else [f"by {name}", found.detail]
        if no and not found.detail:
            words = [f"{name}, no proof"]
        detail = "; ".join([", ".join(filter(None, words)), *self._failed])
        return replace(found, detail=detail), sizes

    def _nothing(self, why: str) -> Reply:
        return Found(detail="; ".join([why, *self._failed])), {}

    def _forget(self, member: MemberProcess) -> None:
        """Drop a member that has ended, with what it may have left behind."""
        for pair in self._running:
            if pair[0] is member:
                self._running.remove(pair)
                break
        member.end()
        member.close()

    def _stop(self) -> None:
        for member, _ in self._running:
            member.end()
        for member, thread in self._running:
            thread.join()
            member.close()
        self._running.clear()


def _patience(task: Task) -> float | None:
    left = task.deadline.left
    return None if left is None else left + (_GRACE if task.how.proof is not None else 0)
