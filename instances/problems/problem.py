"""The interface of a source problem."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Generic, TypeVar

from instances.deadline import Deadline
from instances.errors import InputError

S = TypeVar("S")
W = TypeVar("W")


@dataclass(frozen=True)
class Parameter:
    """A generator parameter: its name, its default as the user would type it, its meaning."""

    name: str
    default: str
    help: str


class Problem(ABC, Generic[S, W]):
    """A decision problem with files, generators, a witness check and an exact solver.

    `S` is the immutable type of its instances and `W` the type of its witnesses. The
    solver decides the problem itself and never passes through training.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    suffix: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    @abstractmethod
    def parse(self, text: str) -> S:
        """Read an instance; raise `InputError` with the line or key that is wrong."""

    @abstractmethod
    def write(self, source: S) -> str:
        """Return a text that `parse` reads back as an equal instance."""

    def override(self, source: S, values: Mapping[str, str]) -> S:
        """Return `source` with the named fields replaced, such as a budget given by the user."""
        if values:
            names = ", ".join(values)
            raise InputError(f"{self.name}: {names} cannot be set on a source read from a file")
        return source

    def require_complete(self, source: S) -> None:
        """Raise `InputError` where a file may leave out what the question needs, as a budget."""

    @abstractmethod
    def generate(self, values: Mapping[str, str], seed: int) -> S:
        """Make an instance from parameters as typed; the same arguments give the same instance."""

    @abstractmethod
    def random(self, random: Random) -> S:
        """Draw a small instance, degenerate ones included, for randomised verification."""

    @abstractmethod
    def check(self, source: S, witness: W) -> None:
        """Raise `InvalidWitness` unless `witness` proves that `source` is a yes-instance."""

    @abstractmethod
    def solve(self, source: S, deadline: Deadline) -> W | None:
        """Return a witness, or ``None`` for a no-instance; `LimitReached` when time runs out."""

    @abstractmethod
    def parse_witness(self, source: S, text: str) -> W:
        """Read a witness of `source`; raise `InputError` where its form is wrong."""

    @abstractmethod
    def write_witness(self, source: S, witness: W) -> str:
        """Return a text that `parse_witness` reads back as an equal witness."""

    def describe(self, source: S) -> str:
        """Return the size of `source` in a few words."""
        return str(source)


AnyProblem = Problem[Any, Any]
