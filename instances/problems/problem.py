"""The interface of a problem."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from inspect import Parameter as Argument
from inspect import signature
from random import Random
from typing import Any, ClassVar, Generic, TypeVar

from instances.deadline import Deadline
from instances.errors import InputError
from instances.sources.chosen import BUDGET, Chosen, WithBudget
from instances.sources.forms import Field, Opening, SourceForm, Witnesses
from instances.text.parameters import Parameter, Values
from instances.text.values import quote

S = TypeVar("S")
W = TypeVar("W")


class Problem(ABC, Generic[S, W]):
    """A decision problem: the forms of its files, generators, a witness check, an exact solver.

    `S` is the immutable type of its instances and `W` the type of its witnesses. What they look
    like in files is the business of `form` and `witnesses`; the problem says which instances
    are its own, and what is asked of them. The solver decides the problem itself and never
    passes through training.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    form: ClassVar[SourceForm[Any]]
    witnesses: ClassVar[Witnesses[Any, Any]]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    field: ClassVar[Field | None] = None
    """What a user may set on a source from a file, such as its budget."""
    detected: ClassVar[bool] = True
    """Unset where all files are left to the problem from which bridges lead here."""
    case_of: ClassVar[str | None] = None
    """The problem that asks the same of more files, which are read as its own unless told."""

    def recognises(self, opening: Opening) -> bool:
        """Tell whether a file that begins so is meant as a source of this problem."""
        return self.detected and self.form.recognises(opening)

    def admit(self, source: S) -> None:
        """Raise `InputError` where an instance of the form is none of this problem."""

    def parse(self, text: str) -> S:
        """Read an instance; raise `InputError` with the line or key that is wrong."""
        source: S = self.form.parse(text)
        self.admit(source)
        return source

    def write(self, source: S) -> str:
        """Return a text that `parse` reads back as an equal instance."""
        self.admit(source)
        return self.form.write(source)

    def override(self, source: S, values: Mapping[str, str]) -> S:
        """Return `source` with the named fields replaced, such as a budget given by the user."""
        for name, text in values.items():
            if self.field is None:
                names = ", ".join(values)
                raise InputError(f"{self.name}: {names} cannot be set on a source read from a file")
            if name != self.field.name:
                only = self.field.name
                raise InputError(f"{self.name}: {quote(name)} cannot be set; only {only} can")
            value = self.field.parse(text.strip(), f"{self.name}: {name}")
            source = replace(source, **{self.field.attribute: value})  # type: ignore[type-var]
        return source

    def require_complete(self, source: S) -> None:
        """Raise `InputError` where a file may leave out what the question needs, as a budget."""

    def generate(self, values: Mapping[str, str], seed: int) -> S:
        """Make an instance from parameters as typed; the same arguments give the same instance."""
        return self.draw(Values(self.name, self.parameters, values), Random(seed))

    def draw(self, given: Values, random: Random) -> S:  # noqa: ARG002
        """Draw an instance as the parameters ask for; where there are none, a small one."""
        return self.random(random)

    @abstractmethod
    def random(self, random: Random) -> S:
        """Draw a small instance, degenerate ones included, for randomised verification."""

    def every(self, *_: Any, **__: Any) -> Iterator[S]:
        """Yield all instances of every size up to those given, up to isomorphism.

        A problem offers it by a method whose parameters are its sizes, such as
        ``every(self, numbers, largest=3)``. It yields yes- and no-instances and the degenerate
        ones, each once, and all in the same order each time; it may raise `InputError` where the
        sizes are too large.
        """
        raise InputError(
            f"the sources of {self.name} cannot be listed: its problem has no method every"
        )

    def scope(self, size: int) -> dict[str, int]:
        """Return the sizes that a single number stands for; by default each that has to be given.

        Raises `InputError` where the sources cannot be listed.
        """
        if type(self).every is Problem.every:
            self.every()
        arguments = signature(self.every).parameters.values()
        variable = (Argument.VAR_POSITIONAL, Argument.VAR_KEYWORD)
        return {
            each.name: size
            for each in arguments
            if each.default is Argument.empty and each.kind not in variable
        }

    @abstractmethod
    def check(self, source: S, witness: W) -> None:
        """Raise `InvalidWitness` unless `witness` proves that `source` is a yes-instance."""

    @abstractmethod
    def solve(self, source: S, deadline: Deadline) -> W | None:
        """Return a witness, or ``None`` for a no-instance; `LimitReached` when time runs out."""

    def parse_witness(self, source: S, text: str) -> W:
        """Read a witness of `source`; raise `InputError` where its form is wrong."""
        witness: W = self.witnesses.parse(source, text)
        return witness

    def write_witness(self, source: S, witness: W) -> str:
        """Return a text that `parse_witness` reads back as an equal witness."""
        self.require_complete(source)
        return self.witnesses.write(source, witness)


B = TypeVar("B", bound=WithBudget)


class Budgeted(Problem[B, Chosen]):
    """A problem whose sources have a budget, which a file may leave to the user."""

    field = BUDGET

    def require_complete(self, source: B) -> None:
        """Raise `InputError` if the budget is missing."""
        source.require_budget(self.name)


AnyProblem = Problem[Any, Any]
