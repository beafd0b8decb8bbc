"""What a new reduction or problem may be called, and what follows from its name."""

import keyword
import re
from collections.abc import Collection
from dataclasses import dataclass

from instances.errors import InputError
from instances.problems.registry import PROBLEMS
from instances.text.values import quote
from reductions.registry import MAPS

LONGEST_NAME = 32
"""Most characters of a name: lines that it stands in stay within 100."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class StarterNames:
    """The names in a file that is to be written.

    Parameters
    ----------
    stem : str
        Of the file, which is a module of Python: lower-case letters, digits and underscores.
    """

    stem: str

    def __post_init__(self) -> None:
        """Raise `InputError` where a module cannot be called so."""
        if not _NAME.fullmatch(self.stem) or keyword.iskeyword(self.stem):
            raise InputError(
                f"{quote(self.stem)} is no name for a Python file: take lower-case letters, digits "
                "and underscores, such as my_reduction"
            )
        if len(self.stem) > LONGEST_NAME:
            raise InputError(
                f"{quote(self.stem)} is too long a name: at most {LONGEST_NAME} characters"
            )

    @property
    def name(self) -> str:
        """What the reduction, or the problem, is called on the command line."""
        return "-".join(filter(None, self.stem.split("_")))

    def class_of(self, kind: str) -> str:
        """Return the name of a class, which ends in `kind` and is none that the file imports."""
        words = "".join(word.capitalize() for word in self.stem.split("_"))
        return words if words.endswith(kind) and words != kind else words + kind


def require_free_reduction(name: str) -> None:
    """Raise `InputError` where a reduction or bridge is called so, or all of them are."""
    _require_free("reduction", name, {*MAPS.all(), "all"})


def require_free_problem(name: str) -> None:
    """Raise `InputError` where a problem is called so, or has this other name."""
    _require_free("problem", name, {*PROBLEMS.all(), *PROBLEMS.aliases})


def _require_free(kind: str, name: str, taken: Collection[str]) -> None:
    if name in taken:
        raise InputError(f"{kind} {quote(name)}: the name is taken; choose another")
