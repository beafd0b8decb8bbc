"""The protocol of methods: what decides training instances, and finds least losses."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import Field, dataclass, fields, is_dataclass
from importlib.util import find_spec
from typing import Any, ClassVar, final

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported, in_one_line
from instances.memory import is_exhaustion
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Answer, Found, MethodDefect, judge, judge_least, well_formed
from qnnhard.verdict import How, Verdict

Sizes = dict[str, int]

DECIDING, MINIMIZING = {"only": "deciding"}, {"only": "minimizing"}
"""Metadata of the fields of methods that only one of the two tasks reads."""


@dataclass(frozen=True)
class Prediction:
    """What solving an instance would cost, in a line for people."""

    cost: str


class Method(ABC):
    """A complete or incomplete method for training instances.

    The options of a method are the fields of its dataclass, if it is one. A method searches, and
    raises `LimitReached` where it gives up; what its finding is worth is settled by `solve` and
    `minimize`, in one way for all.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    package: ClassVar[str] = ""
    """The package that it needs beside those of this project."""
    in_cross_checks: ClassVar[bool] = True
    """Whether cross-checks ask it: not where it never says NO, or only hands on to others."""

    def __init_subclass__(cls) -> None:
        for settled in ("solve", "minimize"):
            if settled in cls.__dict__:
                raise TypeError(f"{cls.__name__}: define search or least, not {settled}")

    @classmethod
    def available(cls) -> bool:
        """Return whether the package that it needs is installed."""
        return not cls.package or find_spec(cls.package) is not None

    @classmethod
    def options(cls, minimizing: bool = False) -> set[str]:
        """Return the names of the options that deciding, or minimizing, reads."""
        other = DECIDING if minimizing else MINIMIZING
        known: tuple[Field[Any], ...] = fields(cls) if is_dataclass(cls) else ()
        return {option.name for option in known if option.metadata != other}

    @classmethod
    def minimizes(cls) -> bool:
        """Return whether it can look for the least loss."""
        return cls.least is not Method.least

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:  # noqa: ARG002
        """Return what `search` would cost, far more cheaply; raise `Unsupported` as it does."""
        return Prediction("exponential in the worst case")

    @abstractmethod
    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Look for parameters within the bound of `instance`, which is not negative.

        Parameters
        ----------
        sizes : dict
            To be filled with sizes of the work as they become known.

        Raises
        ------
        LimitReached
            When the deadline passes or another limit is met.
        Unsupported
            Where the instance is refused.
        """

    def least(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:  # noqa: ARG002
        """Look for parameters of least loss; see `search`."""
        raise Unsupported(f"{self.name}: it does not minimize")

    @final
    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Return whether `instance` has parameters within its bound.

        Raises
        ------
        MethodDefect
            Where the method ends with an exception of its own, returns what is no finding, or
            gives parameters that are none of the instance or that the exact evaluator rejects.
        MemoryError
            Where memory does not suffice, whatever name that comes under.
        Unsupported
            Where it refuses the instance, or the evaluator refuses the parameters.
        """
        if instance.bound < 0 and getattr(self, "proof", None) is None:
            detail = "the bound is negative, and no loss is"
            return Answer(Verdict.NO, How.ENUMERATED, detail=detail)
        sizes: Sizes = {}
        found = _found(self._maker, self.search, instance, deadline, sizes)
        return judge(found, instance, self._maker, self._ours, sizes)

    @final
    def minimize(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Return parameters of least loss, whatever the bound of `instance`; raise as `solve`."""
        sizes: Sizes = {}
        found = _found(self._maker, self.least, instance, deadline, sizes)
        return judge_least(found, instance, self._maker, self._ours, sizes)

    @property
    def _maker(self) -> str:
        return f"the backend {self.name}"

    @property
    def _ours(self) -> bool:
        return type(self).__module__.partition(".")[0] == __name__.partition(".")[0]


def _found(
    maker: str,
    step: Callable[[TrainingInstance, Deadline, Sizes], Found],
    instance: TrainingInstance,
    deadline: Deadline,
    sizes: Sizes,
) -> Found:
    """Return what a step of a method found; nothing at a limit."""
    try:
        deadline.check()
        said: Any = step(instance, deadline, sizes)
    except LimitReached as limit:
        return Found(detail=reason_of(limit, deadline))
    except QnnhardError:
        raise
    except (Exception, SystemExit) as error:
        if is_exhaustion(error):
            raise MemoryError from error
        raise MethodDefect(
            f"{maker} ended with {in_one_line(error)}: this is a defect of it"
        ) from error
    return well_formed(said, maker)


def reason_of(limit: LimitReached, deadline: Deadline) -> str:
    """Return in words which limit was reached."""
    return deadline.limit if deadline.remaining <= 0 else str(limit).removesuffix(" reached")


def prediction(method: Method, instance: TrainingInstance, deadline: Deadline) -> Prediction | str:
    """Return what a method predicts, or in words why it does not apply."""
    try:
        found = method.predict(instance, deadline)
    except Unsupported as reason:
        return str(reason).removeprefix(f"{method.name}: ")
    except LimitReached:
        return "the prediction took too long"
    except (QnnhardError, MemoryError):
        raise
    except Exception as error:
        return f"the prediction ended with {in_one_line(error)}"
    return found if isinstance(found, Prediction) else "there is no prediction"
