"""The interfaces of reductions to training and of bridges between source problems."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from instances.continuous.instance import ContinuousInstance
from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from instances.training.measures import measure
from instances.training.parameters import Parameters
from reductions.claims import Claim

S = TypeVar("S")
W = TypeVar("W")
S2 = TypeVar("S2")
W2 = TypeVar("W2")

Target = TrainingInstance | ContinuousInstance
"""What reductions build: discrete training, or training over the reals."""


class Reduction(ABC, Generic[S, W]):
    """A reduction from a source problem to training: four maps and a table of claims.

    `S` is the type of source instances and `W` of their witnesses. The texts are shown to
    users: `statement` is the theorem with its reference, `construction` the argument in a few
    sentences, `provenance` who proved what.
    """

    name: ClassVar[str]
    problem: ClassVar[str]
    statement: ClassVar[str]
    construction: ClassVar[str]
    provenance: ClassVar[str]
    small: ClassVar[str]
    parsimonious: ClassVar[bool] = False
    parsimonious_where: ClassVar[str] = ""
    """The sources of which `parsimonious` is said; empty for all."""

    @abstractmethod
    def build(self, source: S) -> Target:
        """Return the training instance, in time polynomial in the size of `source`."""

    @abstractmethod
    def push(self, source: S, witness: W) -> Parameters:
        """Return parameters that solve ``build(source)``; proves yes -> yes."""

    @abstractmethod
    def pull(self, source: S, parameters: Parameters) -> W:
        """Return a witness of `source` from *any* solution of ``build(source)``.

        Proves no -> no. Raises `InvalidWitness` for parameters that are no solution and from
        which nothing can be read.
        """

    @abstractmethod
    def claims(self, source: S) -> list[Claim]:
        """Return what is promised about the measures of ``build(source)``."""

    def measure(self, target: Any) -> Mapping[str, Number | None]:
        """Return the measures of a target that the claims speak about."""
        return measure(target).as_dict()

    @abstractmethod
    def example(self) -> S:
        """Return a small source instance that shows the construction."""


class Bridge(ABC, Generic[S, W, S2, W2]):
    """A reduction between two source problems, with the same maps as a `Reduction`."""

    name: ClassVar[str]
    problem: ClassVar[str]
    target: ClassVar[str]
    construction: ClassVar[str]
    parsimonious: ClassVar[bool] = False
    in_all: ClassVar[bool] = True
    """Whether ``verify all`` crosses the bridge; not where even small targets are out of reach."""

    @abstractmethod
    def build(self, source: S) -> S2:
        """Return the instance of the target problem."""

    @abstractmethod
    def push(self, source: S, witness: W) -> W2:
        """Return a witness of ``build(source)``."""

    @abstractmethod
    def pull(self, source: S, witness: W2) -> W:
        """Return a witness of `source` from *any* witness of ``build(source)``."""

    @abstractmethod
    def claims(self, source: S) -> list[Claim]:
        """Return what is promised about the sizes that `measure` reports."""

    @abstractmethod
    def measure(self, target: S2) -> Mapping[str, Number | None]:
        """Return the sizes of a target instance that the claims speak about."""


AnyReduction = Reduction[Any, Any]
AnyBridge = Bridge[Any, Any, Any, Any]
