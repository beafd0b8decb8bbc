"""Local search, then the strategy that suits the loss, and a limit that loses nothing.

1. Local search, for a share of the predicted time of encoding; it goes on after every improvement
   and between the solver's slices.
2. Where only the loss 0 is left to try, the encoding for bound 0, which is smaller, with tables.
3. Otherwise the encoding with interchangeable neurons in order. Cores are followed for a while
   where the best loss is small for the number of data points, or too large to be counted. Then
   comes the descent where the loss can be counted, and binary search where it cannot.

The rule was measured on dense networks of one and two layers, d = 2 to 4, 16 to 64 data points,
seeds 7000 and 7001, in seconds of processor time. Where the best loss is over an eighth of the
data points, the descent takes 0.45 of the time of cores in the median (0.16 to 1.2); where it is
less, cores take 0.5 to 1.2 of the time of the descent. Where targets have denominators from 7 to
10^9, so that the loss rarely can be counted, cores take 0.4 of the time of binary search in the
median, but more in 5 of 30 cases and do not end in 2, so their conflicts are limited.
`benchmarks/minimize.py` compares the whole with other ways.
"""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported
from instances.text.numbers import show_number
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.encoding.encode import Encoding, Options, encode
from qnnhard.encoding.loss.total import loss_form
from qnnhard.encoding.objective import CountedLoss, add_up_loss, count_loss
from qnnhard.encoding.wcnf import weigh_loss
from qnnhard.methods.answer import Found
from qnnhard.methods.conceivable import conceivable_loss
from qnnhard.methods.method import Method, Sizes
from qnnhard.methods.minimize.bounds import Bounds
from qnnhard.methods.minimize.cores import follow_cores
from qnnhard.methods.minimize.descent import bisect, descend
from qnnhard.methods.minimize.minimization import Minimization
from qnnhard.methods.minimize.polish import Polish
from qnnhard.processes.child import ChildLost, call_in_child
from qnnhard.sat.cadical import IN_PROCESS_LITERALS
from qnnhard.verdict import How, Verdict

FIRST = 40
"""Share of local search before the encoding, in percent of its predicted cost."""

FEW, CORES = 8, 2_000
"""Where the best loss is at most a `FEW`-th of the data points, `CORES` conflicts go to cores."""


def find_least(
    instance: TrainingInstance,
    deadline: Deadline,
    sizes: Sizes,
    seed: int = 0,
    prover: Method | None = None,
) -> Found:
    """Look for parameters of least loss, whatever the bound of `instance`.

    Parameters
    ----------
    sizes : dict
        To be filled with the sizes of the formula.
    seed : int
        Of local search.
    prover : Method or None
        Decides whether there is a smaller loss, with a proof that there is none.

    Raises
    ------
    Unsupported
        Where the instance is too large to encode, and no parameters are known.
    """
    bounds = Bounds(instance, conceivable_loss(instance))
    why = deadline.limit
    try:
        polish = Polish(bounds, seed, deadline)
        _begin(polish)
        if not bounds.closed:
            encoding = _encode(bounds, deadline)
            sizes.update(encoding.formula.sizes)
            _finish(Minimization(encoding, polish))
    except LimitReached:
        pass
    except (ChildLost, Unsupported) as reason:
        if bounds.parameters is None:
            raise
        why = str(reason)
    if not bounds.closed:
        return Found(bounds.parameters, detail=why, lower=bounds.lower)
    found = _closed(bounds)
    return found if prover is None or not bounds.loss else _proved(found, bounds, prover, deadline)


def _begin(polish: Polish) -> None:
    """Find the first parameters, by local search unless it refuses."""
    polish.run(polish.cost * FIRST // 100)
    if polish.bounds.parameters is None:
        polish.bounds.improve(Parameters(*lowest(polish.bounds.instance)))


def _encode(bounds: Bounds, deadline: Deadline) -> Encoding:
    """Return the encoding that leaves the loss open, or of loss 0 where only that is left."""
    instance = bounds.instance
    if instance.loss == "mismatch" and bounds.loss == 1:
        exact = replace(instance, bound=0)
        return encode(exact, deadline, Options(tables=True, symmetry=True))
    return encode(instance, deadline, Options(minimize=True, symmetry=True))


def _finish(problem: Minimization) -> None:
    """Make the bounds meet, here or in a child where a solver may be deaf for seconds."""
    if problem.encoding.formula.literals <= IN_PROCESS_LITERALS:
        _meet(problem)
        return
    with TemporaryDirectory(prefix="qnnhard-") as folder:
        file = Path(folder) / "bounds"
        given = replace(problem.bounds, file=str(file)), problem.polish.seed, problem.deadline
        try:
            call_in_child(problem.deadline, _meet_within, problem.encoding, *given)
        finally:
            problem.bounds.recall(file)


def _meet_within(encoding: Encoding, bounds: Bounds, seed: int, deadline: Deadline) -> None:
    """Do the work of `_meet` in a child process, where local search begins anew."""
    _meet(Minimization(encoding, Polish(bounds, seed, deadline)))


def _meet(problem: Minimization) -> None:
    """Follow the strategies that suit."""
    encoding, bounds, deadline = problem.encoding, problem.bounds, problem.deadline
    if encoding.loss is None:
        descend(problem, CountedLoss(encoding.formula, ()))
        return
    problem.refute(loss_form(encoding.loss).low, "the encoder")
    if bounds.closed:
        return
    counted = count_loss(encoding, problem.units - 1, deadline)
    if counted is None or _is_little(bounds):
        follow_cores(problem, weigh_loss(encoding), CORES)
    if bounds.closed:
        return
    if counted is not None:
        descend(problem, counted)
    else:
        bisect(problem, add_up_loss(encoding, deadline))


def _is_little(bounds: Bounds) -> bool:
    """Return whether the best loss is small for so many data points."""
    return bounds.loss is not None and bounds.loss * FEW <= bounds.instance.points


def _closed(bounds: Bounds) -> Found:
    """Return what was found where the bounds met."""
    if bounds.word:
        detail = f"{bounds.word} says that no loss is smaller"
        return Found(bounds.parameters, How.SOLVER, detail)
    detail = "equal inputs with different targets cost as much" if bounds.loss else ""
    return Found(bounds.parameters, detail=detail or "no loss is below 0")


def _proved(found: Found, bounds: Bounds, prover: Method, deadline: Deadline) -> Found:
    """Return the finding with a checked proof that no loss is smaller."""
    instance, loss = bounds.instance, bounds.loss
    assert loss is not None
    late = replace(found, detail=f"{found.detail}; the time limit passed before there was a proof")
    try:
        below = loss - Fraction(1, _unit(instance, deadline))
    except LimitReached:
        return late
    answer = prover.solve(replace(instance, bound=below, d=None), deadline)
    if answer.verdict is Verdict.YES:
        raise QnnhardError(
            f"{found.detail} than {show_number(loss)}, yet one is: this is a defect; "
            "please report the instance"
        )
    if answer.verdict is Verdict.UNKNOWN:
        return late
    return replace(found, refutation=answer.how, detail=answer.detail, lost=answer.lost)


def _unit(instance: TrainingInstance, deadline: Deadline) -> int:
    """Return a number of which every loss is a multiple of the inverse."""
    if instance.loss == "mismatch":
        return 1
    return encode(instance, deadline, Options(minimize=True)).loss_unit
