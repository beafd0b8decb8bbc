"""One task, whatever happens in it: a record, or why there is none."""

from collections.abc import Callable
from typing import TypeVar

from instances.errors import QnnhardError, in_one_line, raised_in
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
        told = f"{in_one_line(error)} ({raised_in(error)})"
        return None, OUT_OF_MEMORY if is_exhaustion(error) else told
