"""Campaigns over small numbers, whose functions run in this process or in others."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instances.errors import InputError
from qnnhard.campaign.task import Campaign, CampaignTask, Record


@dataclass(frozen=True)
class Lazy:
    """So many tasks, made whenever they are gone through."""

    count: int

    def __iter__(self) -> Iterator[CampaignTask[int]]:
        return (CampaignTask(f"n{number}", number) for number in range(self.count))


def require_number(key: str, record: Record) -> None:
    if not (isinstance(record, dict) and isinstance(record.get("n"), int)):
        raise InputError("no record of a number")


def counting(function: Callable[[Any], Record], count: int, lazy: bool = False) -> Campaign[int]:
    return Campaign(
        name="counting",
        unit="numbers",
        settings={"count": count},
        seed=7,
        tasks=Lazy(count) if lazy else list(Lazy(count)),
        function=function,
        lost=lambda work, reason: {"n": work, "lost": reason},
        check=require_number,
    )


def square(number: int) -> Record:
    return {"n": number, "square": number**2}


def unhurried(number: int) -> Record:
    """The later, the faster."""
    time.sleep(max(0.0, 0.3 - number / 10))
    return {"n": number}


def first_last(number: int) -> Record:
    """Ends at 0 only when it has come to 3."""
    folder = Path(os.environ["SIGNS"])
    (folder / str(number)).touch()
    while number == 0 and not (folder / "3").exists():
        time.sleep(0.01)
    return {"n": number}


def of_process(number: int) -> Record:
    return {"n": number, "process": os.getpid()}


def deadly(number: int) -> Record:
    """Ends its process at 1 and 2, and fails at 3 and 4."""
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 2:
        os._exit(0)
    if number == 3:
        raise ValueError("not\nthree")
    if number == 4:
        sys.exit(4)
    return {"n": number}


def greedy(number: int) -> Record:
    if number == 1:
        raise MemoryError
    return {"n": number}


def refusing(number: int) -> Record:
    if number == 5:
        raise InputError("five: give another number")
    return {"n": number}


def noisy(number: int) -> Record:
    """Reads what it can get, and prints."""
    print("noise", flush=True)
    return {"n": number, "read": sys.stdin.read()}


def long_number(number: int) -> Record:
    return {"n": number, "digits": len(str(10**10_000))}


def signing(number: int) -> Record:
    """Tells a folder that it was here."""
    Path(os.environ["SIGNS"], str(number)).touch()
    time.sleep(0.05)
    return {"n": number}


class Unloadable:
    """A function that no other process can load."""

    def __call__(self, number: int) -> Record:
        return {"n": number}

    def __reduce__(self) -> Any:
        return _gone, ()


def _gone() -> None:
    raise ImportError("it is not here")


class Dying(Unloadable):
    """A function whose process ends before it is loaded."""

    def __reduce__(self) -> Any:
        return os._exit, (3,)


def pair(number: int) -> Record:
    return {"n": number, "pair": (1, 2)}


def unspeakable(number: int) -> Record:
    return {"n": number, "value": float("inf") if number else 1j}
