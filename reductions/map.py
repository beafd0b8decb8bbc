"""The interface of maps: reductions from one problem to another."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, Self, TypeVar

from instances.problems.registry import PROBLEMS
from reductions.claims import Claim
from reductions.parts import Parts
from reductions.status import Evidence, Status

S = TypeVar("S")
W = TypeVar("W")
T = TypeVar("T")
V = TypeVar("V")


class Map(ABC, Generic[S, W, T, V]):
    """A reduction between two problems: a class, whose instances are the *images* of sources.

    An image holds the target that the map makes of one source, and the way back and forth for
    witnesses. `S` and `W` are the types of instances and witnesses of the source problem, `T` and
    `V` those of the target problem. Whatever several of the methods need is computed once.

    The texts are shown to users: `statement` is the theorem with its reference, `construction`
    the argument in a few sentences, `provenance` who proved what, `small` what stays small.

    A map with a `status` is a line of the complexity map, which is made from what follows it.

    Parameters
    ----------
    source : S
    """

    name: ClassVar[str]
    source_problem: ClassVar[str]
    target_problem: ClassVar[str]
    construction: ClassVar[str]
    statement: ClassVar[str] = ""
    provenance: ClassVar[str] = ""
    small: ClassVar[str] = ""
    parsimonious: ClassVar[bool] = False
    parsimonious_where: ClassVar[str] = ""
    """The sources of which `parsimonious` is said; empty for all."""
    in_all: ClassVar[bool] = True
    """Whether ``verify all`` takes it; not where even small targets are out of reach."""
    status: ClassVar[Status | None] = None
    """What the map shows of training under the restriction of `small`."""
    conditions: ClassVar[Sequence[Claim]] = ()
    """The restriction on the measures of one instance; a parameter is small up to `SMALL`."""
    d: ClassVar[int | None] = None
    """The d of all targets, where they are d-QNNT instances."""
    bounded: ClassVar[frozenset[str]] = frozenset()
    """What is constant, or bounded by the source's parameter, of all parameters of 2-QNNT."""
    brief: ClassVar[str] = ""
    """The statement in a few words, where the complexity map shall not have all of it."""
    source_title: ClassVar[str] = ""
    """What the complexity map calls the source problem, if not by its title."""
    tests: ClassVar[str] = ""
    """The file of tests that compare all solutions of all small sources."""

    def __init__(self, source: S) -> None:
        self.source = source

    @classmethod
    def build(cls, source: S) -> Self:
        """Return the image of `source`, whose target is made when it is first asked for."""
        return cls(source)

    @property
    @abstractmethod
    def target(self) -> T:
        """The instance of the target problem, made once, in time polynomial in the source."""

    @abstractmethod
    def push(self, witness: W) -> V:
        """Return a witness of the target from one of the source; proves yes -> yes."""

    @abstractmethod
    def pull(self, witness: V) -> W:
        """Return a witness of the source from *any* witness of the target; proves no -> no.

        Raises `InvalidWitness` for what is no witness and from which nothing can be read.
        """

    @abstractmethod
    def claims(self) -> list[Claim]:
        """Return what is promised about the sizes of the target, without making it."""

    def parts(self) -> Parts:
        """Return which neuron of the target belongs to which part of the source."""
        return Parts.none()

    @classmethod
    def example(cls) -> Any:
        """Return a small source that shows the construction; by default a generated one."""
        return PROBLEMS.get(cls.source_problem).generate({}, 0)

    @classmethod
    def evidence(cls) -> list[Evidence]:
        """Return what shows that the map is right."""
        what, command = "200 random sources, answers carried both ways", "--random 200 --seed 1"
        found = [Evidence(what, f"qnnhard verify {cls.name} {command}")]
        if cls.tests:
            what, command = "all solutions of all small sources", f"python -m pytest {cls.tests}"
            found.append(Evidence(what, command))
        return found


class SameWitness(Map[S, W, T, W]):
    """A bridge to a problem that has the witnesses of the source, as they are."""

    def push(self, witness: W) -> W:
        """Return the witness; raise `InvalidWitness` if it has not the form of one."""
        PROBLEMS.get(self.source_problem).write_witness(self.source, witness)
        return witness

    def pull(self, witness: W) -> W:
        """Return the witness; raise `InvalidWitness` if it has not the form of one."""
        return self.push(witness)


AnyMap = type[Map[Any, Any, Any, Any]]
AnyImage = Map[Any, Any, Any, Any]
