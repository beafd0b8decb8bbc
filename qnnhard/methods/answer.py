"""What methods find, and the answers that are made of it: the boundary that every finding passes.

Methods say what they found; what is known of it is settled here, in the same way for those of
this package and those of others. Parameters are evaluated. A refutation is proof-checked where a
checker of this package has accepted it, exhaustive where a method of this package says so, and
otherwise the word of a solver.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from instances.errors import InvalidWitness, QnnhardError
from instances.text.numbers import Number, show_number
from instances.training.evaluate import Evaluation, evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.certificates.certificate import Certificate
from qnnhard.methods.conceivable import conceivable_loss
from qnnhard.verdict import How, Verdict


class MethodDefect(QnnhardError):
    """A method gave what can be no answer, whatever the instance."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a method found: parameters, a refutation, both where a loss is the least, or neither.

    Parameters
    ----------
    refutation : Certificate, How or None
        Why there are no parameters, or none of a smaller loss: ``How.ENUMERATED`` after an
        exhaustive search, ``How.SOLVER`` on a solver's word.
    detail : str
        One line about the work done or the limit reached.
    lost : str
        Why a file that belongs to the answer could not be written, if so.
    loss, lower : number or None
        In minimization, the loss that `parameters` are believed to have, and a bound that no loss
        is below.
    """

    parameters: Parameters | None = None
    refutation: Certificate | How | None = None
    detail: str = ""
    lost: str = ""
    loss: Number | None = None
    lower: Number | None = None

    @property
    def verdict(self) -> Verdict:
        """The answer of a search that found this."""
        if self.parameters is not None:
            return Verdict.YES
        return Verdict.UNKNOWN if self.refutation is None else Verdict.NO


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer, and how it is known.

    Parameters
    ----------
    how : How
        Of a least loss: how it is known that none is less.
    parameters : Parameters or None
        Present for YES; in minimization the best known.
    sizes : dict
        Sizes such as the numbers of variables and clauses.
    certificate : Certificate or None
        What makes a NO PROOF_CHECKED.
    loss, lower : number or None
        In minimization, the loss of `parameters` and a bound that no loss is below.
    detail, lost : str
        See `Found`.
    """

    verdict: Verdict
    how: How
    parameters: Parameters | None = None
    detail: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    certificate: Certificate | None = None
    lost: str = ""
    loss: Number | None = None
    lower: Number | None = None

    @property
    def least(self) -> Number | None:
        """The least loss, if it is known."""
        return None if self.how is How.LIMIT else self.loss

    def __str__(self) -> str:
        if self.lower is None:
            text = f"{str(self.verdict).upper()}: {self.how.explanation}"
            return f"{text} ({self.detail})" if self.detail else text
        if self.least is not None:
            return f"least loss {show_number(self.least)}: {self.how.explanation} ({self.detail})"
        best = "no parameters" if self.loss is None else f"best loss {show_number(self.loss)}"
        return f"UNKNOWN: {best}, lower bound {show_number(self.lower)} ({self.detail})"


def unknown(detail: str) -> Answer:
    """Return the answer where a limit was reached."""
    return Answer(Verdict.UNKNOWN, How.LIMIT, detail=detail)


def judge(
    found: Found,
    instance: TrainingInstance,
    maker: str,
    ours: bool,
    sizes: dict[str, int] | None = None,
) -> Answer:
    """Return what is known of a finding.

    Parameters
    ----------
    maker : str
        Who is to blame for parameters that are rejected, with `MethodDefect`.
    ours : bool
        Whether it comes from this package, whose exhaustive searches are believed.
    """
    certificate: Certificate | None = None
    detail = " ".join(found.detail.split())
    how, refutation, parameters = How.LIMIT, found.refutation, found.parameters
    if parameters is not None:
        named = f"{maker} ({detail})" if detail else maker
        require_accepted(lambda: evaluate(instance, parameters), named)
        how = How.EVALUATED
    elif isinstance(refutation, Certificate) and refutation.covers(instance):
        certificate, how = refutation, How.PROOF_CHECKED
    elif refutation is not None:
        how = How.ENUMERATED if ours and refutation is How.ENUMERATED else How.SOLVER
    return Answer(found.verdict, how, parameters, detail, sizes or {}, certificate, found.lost)


def judge_least(
    found: Found, instance: TrainingInstance, maker: str, ours: bool, sizes: dict[str, int]
) -> Answer:
    """Return what is known of the least loss; see `judge`.

    The loss is that of the evaluator, whatever the bound of `instance`.
    """
    conceivable = conceivable_loss(instance)
    lower = conceivable if found.lower is None else max(conceivable, found.lower)
    parameters, how = found.parameters, How.LIMIT
    detail = " ".join(found.detail.split())
    if parameters is None:
        return Answer(Verdict.UNKNOWN, how, None, detail, sizes, None, found.lost, lower=lower)
    loss = _evaluated(lambda: evaluate(instance, parameters), maker).loss
    if loss < lower or (found.loss is not None and loss != found.loss):
        claimed = f"none is below {show_number(lower)}" if loss < lower else "it gave another one"
        raise MethodDefect(
            f"{maker} misjudged its parameters: their loss is {show_number(loss)}, but {claimed}: "
            "this is a defect of it"
        )
    if found.refutation is not None:
        lower = loss
        how = found.refutation if ours and isinstance(found.refutation, How) else How.SOLVER
    elif loss == conceivable:
        how = How.EVALUATED
    verdict = Verdict.YES if loss <= instance.bound else Verdict.NO
    if how is How.LIMIT:
        verdict = Verdict.UNKNOWN
    return Answer(verdict, how, parameters, detail, sizes, None, found.lost, loss, lower)


def require_accepted(evaluated: Callable[[], Evaluation], maker: str) -> None:
    """Raise `MethodDefect` unless the exact evaluator accepts what `maker` gave."""
    evaluation = _evaluated(evaluated, maker)
    if not evaluation.accepted:
        raise MethodDefect(
            f"{maker} gave parameters of loss {show_number(evaluation.loss)}, above the bound "
            f"{show_number(evaluation.bound)}: this is a defect of it; please report the instance"
        )


def _evaluated(evaluated: Callable[[], Evaluation], maker: str) -> Evaluation:
    try:
        return evaluated()
    except InvalidWitness as error:
        raise MethodDefect(
            f"{maker} gave what are no parameters of the instance ({error}): this is a defect of it"
        ) from error


def well_formed(said: Any, maker: str) -> Found:
    """Return what a method found, where it is a finding; its type hints bind nobody."""
    wrong = f"{maker} returned {type(said).__name__}, not a Found"
    if isinstance(said, Found):
        if not isinstance(said.parameters, Parameters | None):
            wrong = f"{maker} has {type(said.parameters).__name__} for parameters"
        elif not isinstance(said.refutation, Certificate | How | None):
            wrong = f"{maker} has {said.refutation!r:.40} for a refutation"
        elif not (isinstance(said.detail, str) and _are_numbers(said.loss, said.lower)):
            wrong = f"{maker} describes its work by neither a line nor a number"
        else:
            return said
    raise MethodDefect(f"{wrong}: this is a defect of it")


def _are_numbers(*values: Any) -> bool:
    return all(value is None or isinstance(value, Number) for value in values)
