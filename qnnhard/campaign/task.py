"""What a campaign is: tasks, each with a key, and a function that makes a record of each."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from qnnhard import __version__

W = TypeVar("W")

Record = Any
"""What JSON can say: texts, numbers, lists and objects of such, true, false and null."""

FORMAT = "qnnhard-campaign"
VERSION = 1


@dataclass(frozen=True)
class CampaignTask(Generic[W]):
    """A piece of work, and what it is called in files and on the screen.

    `key` differs from that of every other task of the campaign.
    """

    key: str
    work: W


def _anything(_key: str, _record: Record) -> None:
    """Accept any record."""


@dataclass(frozen=True)
class Campaign(Generic[W]):
    """A fixed list of tasks, and the function that turns the work of each into a record.

    Parameters
    ----------
    name : str
        What is done, in a word.
    unit : str
        What the tasks are called, in the plural.
    settings : mapping
        Everything that the records depend on, in words that JSON has: options, and hashes of the
        files that were read. A file is only gone on with by a command of the same settings.
    seed : int
        Of everything random, for the header.
    tasks : iterable of CampaignTask
        May be lazy, but must be the same each time that it is gone through.
    function : callable
        Makes a record of the work of a task. With several processes it is pickled once for each,
        and the work for each task. It must depend on nothing but the work. A `QnnhardError` that
        it raises ends the campaign; anything else that it raises costs the task.
    lost : callable
        Makes the record of a task, of its work and the reason in one line, that was lost: the
        process died, or the function failed. It must not be mistaken for a result.
    check : callable
        Raises `InputError` where what stands in a file is no record of the task of a key.
    """

    name: str
    unit: str
    settings: Mapping[str, Any]
    seed: int
    tasks: Iterable[CampaignTask[W]]
    function: Callable[[W], Record]
    lost: Callable[[W, str], Record]
    check: Callable[[str, Record], object] = _anything

    @property
    def header(self) -> dict[str, Any]:
        """The first line of a file: what it is, and which command it belongs to.

        The fingerprint is the SHA-256 of the other fields, in JSON with sorted keys.
        """
        fields = {
            "format": FORMAT,
            "version": VERSION,
            "campaign": self.name,
            "program": f"qnnhard {__version__}",
            "seed": self.seed,
            "settings": dict(self.settings),
        }
        text = json.dumps(fields, sort_keys=True, allow_nan=False)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        header: dict[str, Any] = json.loads(json.dumps(fields))
        return header | {"fingerprint": fingerprint}


@dataclass(frozen=True)
class CampaignResult:
    """The record of a task; `lost` says why it is no result, if it is none."""

    number: int
    key: str
    record: Record
    lost: str | None = None
