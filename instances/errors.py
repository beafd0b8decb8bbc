"""The one family of exceptions that this project raises for its users.

Every message is a single line that says what is wrong, where, and what to do.
The command line prints it as it stands and exits 1.
"""

from collections.abc import Container
from pathlib import Path
from traceback import walk_tb

LONGEST = 900
"""Most characters of a message; what it quotes from a file may have any length."""


class QnnhardError(Exception):
    """Base of every error that bad input, a limit or a missing tool can cause."""

    def __str__(self) -> str:
        """Return the message, without its middle where it is longer than `LONGEST`."""
        message = super().__str__()
        if len(message) <= LONGEST:
            return message
        # The beginning says where and what is wrong, the end what to do.
        return f"{message[: LONGEST * 2 // 3]} ... {message[-LONGEST // 3 + 5 :]}"


class InputError(QnnhardError):
    """A file, a parameter or a value that cannot be used as given."""


class InvalidInstance(QnnhardError):
    """A training instance that breaks a rule of its definition."""


class InvalidWitness(QnnhardError):
    """A proposed witness or parameter vector that the check rejects."""


class Unsupported(QnnhardError):
    """An instance outside what the chosen backend, encoding or reduction can handle."""


class LimitReached(QnnhardError):
    """A time limit passed before an answer was found; the answer is UNKNOWN."""


def in_one_line(error: BaseException) -> str:
    """Return an exception's message in one line, after its type where it is not of our family."""
    text = str(error) if isinstance(error, QnnhardError) else f"{type(error).__name__}: {error}"
    return " ".join(text.split())


def raised_in(error: BaseException, modules: Container[str] | None = None) -> str | None:
    """Return the last place, in one of the `modules` if given, that an exception came from.

    Returns
    -------
    str or None
        File, line and function, as ``my_reduction.py:41 in pull``; ``None`` where it came from
        other modules only. A file that cannot be compiled has no such place.
    """
    found = None
    for frame, line in walk_tb(error.__traceback__):
        if modules is None or frame.f_globals.get("__name__") in modules:
            code = frame.f_code
            found = f"{Path(code.co_filename).name}:{line} in {code.co_name}"
    return found
