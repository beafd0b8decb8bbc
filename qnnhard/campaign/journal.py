"""The results of a campaign in a file, with which a run that was killed goes on."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from instances.errors import InputError
from instances.files import EXPANSION, write_parts
from instances.memory import budget
from qnnhard.campaign.line_file import LineFile, Place, opened
from qnnhard.campaign.lines import decode_result, encode_line, is_header, require_header
from qnnhard.campaign.task import Campaign, CampaignResult, Record


class Journal:
    """A header, and a line for each task with its result; see `journal`.

    A result of which the file says that it was lost counts as none: the task is done again.
    """

    def __init__(self, file: LineFile) -> None:
        self._file = file
        self._header: Place = (0, 0)
        self._places: dict[str, Place] = {}
        self._superseded = False

    def begin(self, campaign: Campaign[Any]) -> None:
        """Write the header, and nothing else."""
        self._file.cut(0)
        self._header = self._file.add(encode_line(campaign.header))

    def is_empty(self) -> bool:
        """Tell whether there is nothing in the file that would be lost, at most a header."""
        lines = self._file.lines(budget() // EXPANSION)
        _, first = next(lines, ((0, 0), b""))
        return not first or (is_header(first) and next(lines, None) is None)

    def go_on(self, campaign: Campaign[Any]) -> None:
        """Take what an earlier run of the same command left, but for a line that is cut off.

        Raises
        ------
        InputError
            Where the file is of another command, or damaged; nothing in it is changed then.
        """
        header = encode_line(campaign.header)
        lines = self._file.lines(budget() // EXPANSION)
        place, first = next(lines, ((0, 0), b""))
        if first != header and header.startswith(first):
            self.begin(campaign)
            return
        with _told_of(self._file.path):
            require_header(first, campaign.header)
        self._header, end = place, place[1]
        keys = {task.key for task in campaign.tasks}
        for number, (place, line) in enumerate(lines, start=2):
            with _told_of(f"{self._file.path}: line {number}"):
                if not line.endswith(b"\n"):
                    if sum(place) < self._file.end:
                        raise InputError("too long for the memory at hand")
                    break
                self._take(place, line, keys, campaign)
            end = sum(place)
        self._file.cut(end)

    def _take(self, place: Place, line: bytes, keys: set[str], campaign: Campaign[Any]) -> None:
        key, record, lost = decode_result(line)
        if key not in keys:
            raise InputError("the command has no such task")
        if key in self._places:
            raise InputError("a second result of a task")
        campaign.check(key, record)
        if lost is None:
            self._places[key] = place
        else:
            self._superseded = True

    def __len__(self) -> int:
        """Return the number of tasks of which there is a record."""
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a record of the task."""
        return key in self._places

    def record(self, key: str) -> Record:
        """Return the record of a task."""
        return decode_result(self._file.line(self._places[key]))[1]

    def add(self, result: CampaignResult) -> None:
        """Write a result."""
        document = {"key": result.key, "record": result.record}
        if result.lost is not None:
            document["lost"] = result.lost
        self._places[result.key] = self._file.add(encode_line(document))

    def arrange(self, keys: Iterable[str]) -> None:
        """Put the lines in the order of `keys`, all or none, where they are in another."""
        places = [self._header, *(self._places[key] for key in keys)]
        if self._superseded or places != sorted(places):
            write_parts(self._file.path, map(self._file.line, places))


@contextmanager
def journal(path: str, campaign: Campaign[Any], resume: bool) -> Iterator[Journal]:
    """Open the file of a campaign; with `resume` go on with what is there.

    Raises
    ------
    InputError
        Where it cannot be opened, is in use, or has a content that is not asked for, is damaged,
        or belongs to another command.
    """
    with opened(path) as file:
        found = Journal(file)
        if resume:
            found.go_on(campaign)
        elif not found.is_empty():
            raise InputError(f"{path}: is there already; --resume goes on with it, or remove it")
        else:
            found.begin(campaign)
        try:
            yield found
        finally:
            file.sync()


@contextmanager
def _told_of(where: str) -> Iterator[None]:
    """Say where in what is refused."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
