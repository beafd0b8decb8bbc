"""The check of the reduction `continuous` in both directions (theory, section 4.5).

Forwards, every discrete solution is pushed and judged by exact rational evaluation. Backwards,
values off the domains must be rejected by the network's own outputs on every data point, and
z3 decides over all reals whether the answer is the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, pairwise, product
from math import prod
from random import Random

import numpy as np

from instances.continuous.evaluate import evaluate_continuous
from instances.deadline import Deadline
from instances.errors import InvalidWitness
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.numbers import Number
from instances.training.parameters import Parameters
from qnnhard.algorithms.enumeration import all_solutions
from qnnhard.solvers.answer import Verdict
from qnnhard.solvers.smt import solve_continuous
from reductions.claims import violations
from reductions.continuous import ContinuousReduction, always_accepted
from reductions.continuous_network import Simulation, place_values

Values = tuple[Number, ...]
"""One value for every open parameter, in the order of the constraints."""

SAMPLE = 64
"""Combinations of values off the domains that are tried where there are more."""

_OFF = Fraction(1, 7)


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
    seed : int

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
    reduction = ContinuousReduction()
    simulation = reduction.simulate(source)
    report = ContinuousReport(Verdict.NO)
    broken = violations(reduction.claims(source), reduction.measure(simulation.instance))
    report.failures += broken
    for solution in all_solutions(source, deadline):
        deadline.check()
        report.answer = Verdict.YES
        report.solutions += 1
        report.failures += check_solution(reduction, source, solution)
    domains = [constraint.roots for constraint in simulation.constraints]
    candidates = [(domain[0], *near(domain)) for domain in domains]
    report.exhaustive = prod(map(len, candidates)) <= sample + 1
    chosen = product(*candidates) if report.exhaustive else _drawn(candidates, sample, seed)
    for values in chosen:
        deadline.check()
        if any(v not in domain for v, domain in zip(values, domains, strict=True)):
            report.off_domain += 1
            report.failures += check_off_domain(reduction, source, simulation, values)
    if smt:
        report.smt = solve_continuous(simulation.instance, deadline).verdict
        if report.smt not in (report.answer, Verdict.UNKNOWN):
            report.failures.append(
                f"the answer is {report.answer}, z3 over the reals: {report.smt}"
            )
    return report


def check_solution(
    reduction: ContinuousReduction, source: TrainingInstance, solution: Parameters
) -> list[str]:
    """Return what is wrong with pushing one discrete solution and pulling it back."""
    pushed = reduction.push(source, solution)
    instance = reduction.build(source)
    evaluation = evaluate_continuous(instance, pushed)
    expected = evaluate(source, solution)
    old = len(source.network.outputs)
    wrong = []
    if not evaluation.accepted or evaluation.loss != expected.loss:
        wrong.append(f"a solution of loss {expected.loss} is pushed to loss {evaluation.loss}")
    if not np.array_equal(evaluation.outputs[:, :old], expected.outputs):
        wrong.append("the outputs of a pushed solution differ from the discrete ones")
    if reduction.pull(source, pushed) != solution:
        wrong.append("a pushed solution is pulled to another one")
    return wrong


def check_off_domain(
    reduction: ContinuousReduction,
    source: TrainingInstance,
    simulation: Simulation,
    values: Values,
) -> list[str]:
    """Return what is wrong with the rejection of `values`, some of them off their domain.

    Each constraint's output must be its factored polynomial on every data point; so a value
    off its domain is a mismatch everywhere, and `pull` refuses it.
    """
    instance = simulation.instance
    parameters = place_values(simulation, list(values))
    evaluation = evaluate_continuous(instance, parameters)
    wrong = []
    for constraint, output, value in zip(
        simulation.constraints, simulation.outputs, values, strict=True
    ):
        column = evaluation.outputs[:, output].tolist()
        if any(found != constraint(value) for found in column):
            wrong.append(f"output of {constraint} at {value}: {column}, not {constraint(value)}")
        if (value in constraint.roots) != all(found == 0 for found in column):
            wrong.append(f"{constraint} at {value}: its output does not tell the domain")
    if not evaluation.mismatched.all() or evaluation.accepted:
        wrong.append(f"values off their domains {values} have loss {evaluation.loss}")
    try:
        reduction.pull(source, parameters)
    except InvalidWitness:
        return wrong
    return [*wrong, f"values off their domains {values} were pulled"]


def near(domain: Sequence[Number]) -> Values:
    """Return values slightly off `domain`: below and above its ends, and between neighbours."""
    gap = min((after - before for before, after in pairwise(domain)), default=1)
    off = gap * _OFF
    between = ((before + after) / Fraction(2) for before, after in pairwise(domain))
    return (domain[0] - off, *between, domain[-1] + off)


def _drawn(candidates: Sequence[Values], count: int, seed: int) -> Iterator[Values]:
    """Yield random combinations, after those with only one value off its domain."""
    first = [domain[0] for domain in candidates]
    single = (
        (*first[:place], value, *first[place + 1 :])
        for place, domain in enumerate(candidates)
        for value in domain[1:]
    )
    alone = list(islice(single, count))
    yield from alone
    random = Random(seed)
    for _ in range(count - len(alone)):
        yield tuple(random.choice(domain) for domain in candidates)
