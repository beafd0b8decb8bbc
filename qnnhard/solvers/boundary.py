"""The boundary that every backend's word passes before anyone prints or uses it.

Backends say what they found; what is known of it is settled here, in the same way for those of
this package and those of others. A YES is evaluated. A NO is proof-checked where a checker of
this package has refuted the instance, enumerated where a backend of this package says so, and
otherwise the word of a solver.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from instances.deadline import Deadline
from instances.errors import InvalidWitness, LimitReached, QnnhardError, in_one_line
from instances.memory import is_exhaustion
from instances.text.numbers import show_number
from instances.training.evaluate import Evaluation, evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.certificates.certificate import Certificate
from qnnhard.solvers.answer import Answer, Backend, How, Verdict


class BackendDefect(QnnhardError):
    """A backend gave what can be no answer, whatever the instance."""


@dataclass(frozen=True, eq=False)
class Judged(Answer):
    """An answer that has passed the boundary: `how` is true of it."""


def ask(backend: Backend, instance: TrainingInstance, deadline: Deadline) -> Judged:
    """Return the answer of `backend`, judged.

    Raises
    ------
    BackendDefect
        Where it ends with an exception of its own, returns what is no answer, or gives
        parameters that are none of the instance or that the exact evaluator rejects.
    MemoryError
        Where memory does not suffice, whatever name that comes under.
    Unsupported
        Where it refuses the instance, or the evaluator refuses the parameters.
    """
    maker = f"the backend {backend.name}"
    try:
        said = backend.solve(instance, deadline)
    except LimitReached as limit:
        return Judged(Verdict.UNKNOWN, How.LIMIT, detail=in_one_line(limit))
    except QnnhardError:
        raise
    except (Exception, SystemExit) as error:
        if is_exhaustion(error):
            raise MemoryError from error
        raise BackendDefect(
            f"{maker} ended with {in_one_line(error)}: this is a defect of it"
        ) from error
    ours = type(backend).__module__.partition(".")[0] == __name__.partition(".")[0]
    return judge(_well_formed(said, maker), instance, maker, ours)


def judge(said: Answer, instance: TrainingInstance, maker: str, ours: bool) -> Judged:
    """Return what is known of an answer.

    Parameters
    ----------
    said : Answer
    instance : TrainingInstance
    maker : str
        Who is to blame for parameters that are rejected, with `BackendDefect`.
    ours : bool
        Whether it comes from this package, whose exhaustive searches are believed.
    """
    certificate: Certificate | None = None
    detail = " ".join(said.detail.split())
    how = How.LIMIT
    parameters = said.parameters
    if parameters is not None:
        named = f"{maker} ({detail})" if detail else maker
        require_accepted(lambda: evaluate(instance, parameters), named)
        how = How.EVALUATED
    elif said.verdict is Verdict.NO:
        how = How.ENUMERATED if ours and said.how is How.ENUMERATED else How.SOLVER
        if isinstance(said.certificate, Certificate) and said.certificate.covers(instance):
            certificate, how = said.certificate, How.PROOF_CHECKED
    return Judged(said.verdict, how, parameters, detail, said.sizes, certificate, said.lost)


def require_accepted(evaluated: Callable[[], Evaluation], maker: str) -> None:
    """Raise `BackendDefect` unless the exact evaluator accepts what `maker` gave."""
    try:
        evaluation = evaluated()
    except InvalidWitness as error:
        raise BackendDefect(
            f"{maker} gave what are no parameters of the instance ({error}): this is a defect of it"
        ) from error
    if not evaluation.accepted:
        raise BackendDefect(
            f"{maker} gave parameters of loss {show_number(evaluation.loss)}, above the bound "
            f"{show_number(evaluation.bound)}: this is a defect of it; please report the instance"
        )


def _well_formed(said: Any, maker: str) -> Answer:
    """Return what a backend said, where it is an answer; its type hints bind nobody."""
    wrong = f"{maker} returned {type(said).__name__}, not an Answer"
    if isinstance(said, Answer):
        verdict, parameters = said.verdict, said.parameters
        yes = verdict is Verdict.YES
        if not isinstance(verdict, Verdict):
            wrong = f"{maker} has the verdict {verdict!r:.40}"
        elif yes and not isinstance(parameters, Parameters):
            wrong = f"{maker} says yes, with {type(parameters).__name__} for parameters"
        elif not yes and parameters is not None:
            wrong = f"{maker} says {verdict}, and gives parameters"
        elif not (isinstance(said.detail, str) and _are_sizes(said.sizes)):
            wrong = f"{maker} describes its work by neither a line nor sizes"
        else:
            return said
    raise BackendDefect(f"{wrong}: this is a defect of it")


def _are_sizes(sizes: Any) -> bool:
    return isinstance(sizes, dict) and all(
        isinstance(name, str) and isinstance(size, int) for name, size in sizes.items()
    )
