"""Progress of long computations: stages that somebody may watch.

A computation opens a stage and counts in it; that costs an addition, and more only where a
watcher is installed. Watchers look at the stages that are open whenever they like.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Stage:
    """A part of a computation.

    Parameters
    ----------
    name : str
        What is done, in a word or two.
    unit : str
        What is counted, in the plural; empty where nothing is.
    total : int or None
        How many there are, where that is known.

    Attributes
    ----------
    done : int
        How many are done; to be set or increased while the stage is open.
    """

    name: str
    unit: str = ""
    total: int | None = None
    done: int = field(default=0, init=False)


class Watcher(Protocol):
    """Is told when stages open and close, which may happen in several threads.

    Stages nest; only those of several child processes close in any order.
    """

    def opened(self, stage: Stage) -> None:
        """Take note of a stage that begins."""

    def closed(self, stage: Stage) -> None:
        """Take note that it has ended, however it did."""


_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


def current_watcher() -> Watcher | None:
    """Return who watches the stages of this context, if anybody does."""
    return _WATCHER.get()


@contextmanager
def watched_by(watcher: Watcher | None) -> Iterator[None]:
    """Have the stages that open in this context, but not in other threads, watched."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


@contextmanager
def stage(name: str, unit: str = "", total: int | None = None) -> Iterator[Stage]:
    """Open a stage; see `Stage`."""
    found, watcher = Stage(name, unit, total), _WATCHER.get()
    if watcher is None:
        yield found
        return
    watcher.opened(found)
    try:
        yield found
    finally:
        watcher.closed(found)


def track(items: Collection[T], name: str, unit: str) -> Iterable[T]:
    """Return `items`, to be gone through in a stage that counts them."""
    return items if _WATCHER.get() is None else _tracked(items, name, unit)


def _tracked(items: Collection[T], name: str, unit: str) -> Iterator[T]:
    with stage(name, unit, len(items)) as progress:
        for item in items:
            yield item
            progress.done += 1
