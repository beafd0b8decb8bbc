"""One task, whatever happens in it: a record, or why there is none."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from instances.errors import QnnhardError, in_one_line
from instances.memory import OUT_OF_MEMORY, is_exhaustion
from qnnhard.campaign.lines import as_read
from qnnhard.campaign.task import Record

W = TypeVar("W")

Attempt = tuple[Record, str | None]
"""A record, or in one line why there is none."""


def attempt(function: Callable[[W], Record], work: W) -> Attempt:
    """Return the record that `function` makes, as a file would say it, or why it makes none.

    Raises
    ------
    QnnhardError
        What the function raises of this family: it tells what is wrong with the command.
    """
    try:
        return as_read(function(work)), None
    except QnnhardError:
        raise
    except (Exception, SystemExit) as error:
        return None, OUT_OF_MEMORY if is_exhaustion(error) else _told(error)


def _told(error: BaseException) -> str:
    """Return an exception in one line, with the place where it was raised."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{in_one_line(error)} ({Path(last.filename).name}:{last.lineno} in {last.name})"
