"""The one family of exceptions that this project raises for its users.

Every message is a single line that says what is wrong, where, and what to do.
The command line prints it as it stands and exits 1.
"""


class QnnhardError(Exception):
    """Base of every error that bad input, a limit or a missing tool can cause."""


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
