"""The stages of a child process, watched by its parent."""

import json
import os
import threading
import time
from contextlib import suppress

from instances.progress import Stage, Watcher

PERIOD = 0.2
"""Seconds between two reports."""


class Reporter:
    """A watcher in the child that tells the parent a few times a second which stages are open.

    Parameters
    ----------
    descriptor : int
        The end of a pipe that it writes to: a line of JSON a report, with name, unit, total and
        count of every stage.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._open: list[Stage] = []
        threading.Thread(target=self._run, daemon=True).start()

    def opened(self, stage: Stage) -> None:
        """Begin to report a stage."""
        self._open.append(stage)

    def closed(self, stage: Stage) -> None:
        """Report a stage no more."""
        self._open.remove(stage)

    def _run(self) -> None:
        told = ""
        with suppress(BrokenPipeError):
            while True:
                time.sleep(PERIOD)
                text = json.dumps([(s.name, s.unit, s.total, s.done) for s in tuple(self._open)])
                if text != told:
                    os.write(self._descriptor, text.encode() + b"\n")
                told = text


class Mirror:
    """Stages in the parent that follow those of a child.

    Parameters
    ----------
    watcher : Watcher
        Watches them.
    descriptor : int
        The end of a pipe that it reads from; closed when the child has ended.
    """

    def __init__(self, watcher: Watcher, descriptor: int) -> None:
        self._watcher = watcher
        self._descriptor = descriptor
        self._open: list[Stage] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait for the end of the child, which closes its stages."""
        self._thread.join()

    def _run(self) -> None:
        with os.fdopen(self._descriptor) as lines:
            for line in lines:
                # A child that is killed may leave half a line.
                if line.endswith("\n"):
                    self._follow(json.loads(line))
        self._follow([])

    def _follow(self, reported: list[tuple[str, str, int | None, int]]) -> None:
        """Open, close and advance stages, so that they are those reported."""
        same = 0
        for stage, (name, unit, total, done) in zip(self._open, reported, strict=False):
            if (stage.unit, stage.total) != (unit, total) or done < stage.done:
                break
            stage.name, stage.done = name, done
            same += 1
        while len(self._open) > same:
            self._watcher.closed(self._open.pop())
        for name, unit, total, done in reported[same:]:
            stage = Stage(name, unit, total)
            stage.done = done
            self._open.append(stage)
            self._watcher.opened(stage)
