"""Progress bars: the open stages of a command, on standard error where it is a terminal."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from instances.progress import Stage, watched_by
from instances.text.values import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds after which a stage is shown."""

_PERIOD = 0.2


@contextmanager
def progress_bars() -> Iterator[None]:
    """Show the stages that open in this context; nothing where nobody watches the terminal."""
    watched = sys.stderr is not None and sys.stderr.isatty()
    if not watched or os.environ.get("TERM") == "dumb":
        yield
        return
    bars = Bars(patience=PATIENCE)
    try:
        with watched_by(bars):
            yield
    finally:
        bars.stop()


class Bars:
    """A watcher that shows every stage that has been open for a while, a line each.

    A thread looks at the stages a few times a second, so that they cost nothing while they are
    short. The lines disappear as soon as no stage is left that has one, before anything else
    is printed.

    Parameters
    ----------
    console : Console or None
        Where to show them; by default standard error.
    patience : float
        Seconds after which a stage is shown.
    """

    def __init__(self, console: "Console | None" = None, patience: float = 0) -> None:
        self._console = console
        self._patience = patience
        self._open: list[tuple[Stage, float]] = []
        self._tasks: dict[Stage, TaskID] = {}
        self._progress: Progress | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def opened(self, stage: Stage) -> None:
        """Begin to watch a stage."""
        with self._lock:
            self._open.append((stage, time.monotonic()))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def closed(self, stage: Stage) -> None:
        """Take the line of a stage away."""
        with self._lock:
            self._open = [pair for pair in self._open if pair[0] is not stage]
            task = self._tasks.pop(stage, None)
            if task is None or self._progress is None:
                return
            if self._tasks:
                self._progress.remove_task(task)
            else:
                self._hide()

    def stop(self) -> None:
        """Take all lines away and end the thread."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            self._hide()

    def refresh(self) -> None:
        """Show how far the stages are."""
        now = time.monotonic()
        if not self._due(now):
            return
        # Loading it takes a while, for which nobody should wait for the lock.
        import rich.progress  # noqa: F401

        with self._lock:
            due = self._due(now)
            if not due:
                return
            if self._progress is None:
                self._progress = _progress(self._console)
            for stage, since in due:
                if stage not in self._tasks:
                    self._tasks[stage] = self._progress.add_task(
                        visible(stage.name), total=stage.total, visible=False, count="", rate=""
                    )
                    self._progress.tasks[-1].start_time = since
                self._progress.update(
                    self._tasks[stage],
                    visible=True,
                    description=visible(stage.name),
                    completed=stage.done,
                    count=_count(stage),
                    rate=_rate(stage, now - since),
                )
            self._progress.refresh()

    def _due(self, now: float) -> list[tuple[Stage, float]]:
        """Return the stages to be shown."""
        return [pair for pair in tuple(self._open) if now - pair[1] >= self._patience]

    def _run(self) -> None:
        while not self._over.wait(_PERIOD):
            self.refresh()

    def _hide(self) -> None:
        if self._progress is not None:
            self._progress.stop()
        # One that is started again would overwrite what was printed in between.
        self._progress = None
        self._tasks.clear()


def _progress(console: "Console | None") -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    shown = console or Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeElapsedColumn(),
        console=shown,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    progress.start()
    # A process that is killed could not bring a hidden cursor back.
    shown.show_cursor(True)
    return progress


def _count(stage: Stage) -> str:
    if not stage.unit:
        return ""
    total = "" if stage.total is None else f"/{stage.total:,}"
    return f"{stage.done:,}{total} {stage.unit}"


def _rate(stage: Stage, seconds: float) -> str:
    if not (stage.unit and stage.done and seconds > 0):
        return ""
    rate = stage.done / seconds
    return f"{rate:,.{0 if rate >= 10 else 1}f}/s"
