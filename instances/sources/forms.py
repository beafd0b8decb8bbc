"""What problems are put together from: how instances and witnesses of a type are kept in files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from instances.text.documents import is_json, read_keys, split_lines
from instances.text.numbers import Number

S = TypeVar("S")
W = TypeVar("W")

Sizes = dict[str, Number | None]
"""The sizes of an instance, by the names that claims use."""


@dataclass(frozen=True)
class Opening:
    """What tells a file's problem at a glance.

    Parameters
    ----------
    words : tuple of str
        Of the first line that is neither blank nor a comment of ``c`` or ``#``; none in JSON.
    keys : mapping of str to object
        The keys of a JSON object; empty in other files.
    """

    words: tuple[str, ...]
    keys: dict[str, object]

    @classmethod
    def of(cls, text: str) -> "Opening":
        """Return the opening of a file; that of a damaged one has no words and no keys."""
        if is_json(text):
            return cls((), read_keys(text))
        for line in split_lines(text):
            words = tuple(line.split())
            if words and not words[0].startswith(("c", "#")):
                return cls(words, {})
        return cls((), {})

    def is_header(self, *kinds: str) -> bool:
        """Return whether the line is a DIMACS header ``p KIND ...`` of one of the kinds."""
        return self.words[:1] == ("p",) and self.words[1:2] in [(kind,) for kind in kinds]


@dataclass(frozen=True)
class Field:
    """A field of a source that a user may replace.

    Parameters
    ----------
    name : str
        As the user gives it.
    attribute : str
        Of the source, which is a dataclass.
    parse : callable
        Returns the value, from what the user typed and the subject of an error message.
    """

    name: str
    attribute: str
    parse: Callable[[str, str], object]


@dataclass(frozen=True)
class SourceForm(Generic[S]):
    """How instances of one type are kept in files, and what size they have.

    Parameters
    ----------
    suffix : str
        Of the files' names.
    recognises : callable
        Tells whether a file that begins so is meant to be of this form.
    parse : callable
        Reads an instance; raises `InputError` with the line or key that is wrong.
    write : callable
        Returns a text that `parse` reads back as an equal instance.
    describe : callable
        Returns the size of an instance in a few words.
    sizes : callable
        Returns the sizes of an instance that claims of maps speak about.
    """

    suffix: str
    recognises: Callable[[Opening], bool]
    parse: Callable[[str], S]
    write: Callable[[S], str]
    describe: Callable[[S], str]
    sizes: Callable[[S], Sizes]


@dataclass(frozen=True)
class Witnesses(Generic[S, W]):
    """How witnesses of one type are kept in files.

    Parameters
    ----------
    parse : callable
        Reads a witness of a source; raises `InputError` where its form is wrong.
    write : callable
        Returns a text that `parse` reads back; raises `InvalidWitness` for what has not the
        shape of a witness of the source.
    """

    parse: Callable[[S, str], W]
    write: Callable[[S, W], str]
