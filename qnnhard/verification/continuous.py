"""The check of the reduction `continuous` on all solutions of one source, in both directions.

Forwards, every discrete solution is pushed and judged by exact rational evaluation. Backwards,
values off the domains must be rejected by the network's own outputs on every data point, and
z3 decides over all reals whether the answer is the same.
"""

from dataclasses import dataclass, field

import numpy as np

from instances.continuous.evaluate import evaluate_continuous
from instances.deadline import Deadline
from instances.errors import InvalidWitness
from instances.problems.continuous_training import REAL_INSTANCES
from instances.text.numbers import show_number
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.methods.enumeration import all_solutions
from qnnhard.methods.smt import solve_continuous
from qnnhard.verdict import Verdict
from qnnhard.verification.candidates import Values, off_domain
from qnnhard.verification.outcome import Failure
from reductions.claims import violations
from reductions.to_reals.continuous import ContinuousReduction, always_accepted
from reductions.to_reals.network import Simulation, place_values

Wrong = list[tuple[Failure, str]]
"""What was found wrong, each with its kind."""

SAMPLE = 64
"""Combinations of values off the domains that are tried where there are more."""


@dataclass
class ContinuousReport:
    """What was checked and everything that was found wrong.

    `exhaustive` says whether all combinations of candidates off the domains were tried. `smt`
    is z3's answer, or ``None`` where it was not asked.
    """

    answer: Verdict
    solutions: int = 0
    off_domain: int = 0
    exhaustive: bool = True
    smt: Verdict | None = None
    failures: list[str] = field(default_factory=list)

    @property
    def preserved(self) -> bool:
        """Whether nothing was found wrong; an UNKNOWN of z3 is not counted as wrong."""
        return not self.failures


def check_continuous(
    source: TrainingInstance,
    deadline: Deadline | None = None,
    smt: bool = False,
    sample: int = SAMPLE,
    seed: int = 0,
) -> ContinuousReport:
    """Check the reduction `continuous` on one small source.

    Parameters
    ----------
    source : TrainingInstance
        Small enough that all its solutions can be enumerated.
    deadline : Deadline, optional
    smt : bool
        Whether z3 decides the continuous instance as well.
    sample : int
        Most combinations of values off the domains; beyond, a sample is drawn with `seed`.

    Raises
    ------
    Unsupported
        Where the reduction does not apply or the source is too large to be enumerated.
    LimitReached
        When the deadline passes; z3 alone gives UNKNOWN.
    """
    deadline = deadline or Deadline()
    if always_accepted(source):
        return ContinuousReport(Verdict.YES)
    image = ContinuousReduction.build(source)
    simulation = image.simulation
    report = ContinuousReport(Verdict.NO)
    report.failures += violations(image.claims(), REAL_INSTANCES.sizes(image.target))
    for solution in all_solutions(source, deadline):
        deadline.check()
        report.answer = Verdict.YES
        report.solutions += 1
        wrong = check_solution(image, solution)
        report.failures += [text for _, text in wrong]
    tried = off_domain(simulation.constraints, sample, seed)
    report.exhaustive = tried.exhaustive
    for values in tried.values:
        deadline.check()
        report.off_domain += 1
        wrong = check_off_domain(image, simulation, values)
        report.failures += [text for _, text in wrong]
    if smt:
        report.smt = solve_continuous(simulation.instance, deadline).verdict
        if report.smt not in (report.answer, Verdict.UNKNOWN):
            report.failures.append(
                f"the answer is {report.answer}, z3 over the reals: {report.smt}"
            )
    return report


def check_solution(image: ContinuousReduction, solution: Parameters) -> Wrong:
    """Return what is wrong with pushing one discrete solution and pulling it back."""
    pushed = image.push(solution)
    evaluation = evaluate_continuous(image.target, pushed)
    expected = evaluate(image.source, solution)
    old = len(image.source.network.outputs)
    wrong: Wrong = []
    if not evaluation.accepted or evaluation.mismatched.sum() != expected.mismatched.sum():
        text = f"a solution of loss {expected.loss} is pushed to loss {evaluation.loss}"
        wrong.append((Failure.PUSH_REJECTED, text))
    if not np.array_equal(evaluation.outputs[:, :old], expected.outputs):
        text = "the outputs of a pushed solution differ from the discrete ones"
        wrong.append((Failure.PUSH_REJECTED, text))
    if image.pull(pushed) != solution:
        wrong.append((Failure.PULL_REJECTED, "a pushed solution is pulled to another one"))
    return wrong


def check_off_domain(image: ContinuousReduction, simulation: Simulation, values: Values) -> Wrong:
    """Return what is wrong with the rejection of `values`, some of them off their domain.

    Each constraint's output must be its factored polynomial on every data point; so a value
    off its domain is a mismatch everywhere, and `pull` refuses it.
    """
    instance = simulation.instance
    parameters = place_values(simulation, list(values))
    evaluation = evaluate_continuous(instance, parameters)
    wrong: Wrong = []
    for constraint, output, value in zip(
        simulation.constraints, simulation.outputs, values, strict=True
    ):
        column = evaluation.outputs[:, output].tolist()
        if any(found != constraint(value) for found in column):
            text = f"output of {constraint} at {value}: {column}, not {constraint(value)}"
            wrong.append((Failure.CLAIM_VIOLATED, text))
    if not evaluation.mismatched.all() or evaluation.accepted:
        text = f"values off their domains ({_shown(values)}) have loss {evaluation.loss}"
        wrong.append((Failure.PULL_REJECTED, text))
    try:
        image.pull(parameters)
    except InvalidWitness:
        return wrong
    text = f"values off their domains ({_shown(values)}) were pulled"
    return [*wrong, (Failure.PULL_REJECTED, text)]


def _shown(values: Values) -> str:
    return ", ".join(map(show_number, values[:6])) + (", ..." if len(values) > 6 else "")
