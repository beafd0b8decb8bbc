"""The members of a race: each decides an instance alone, in a process of its own."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.local_search import LocalSearch
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import encode
from qnnhard.solvers.answer import Answer, How, Verdict
from qnnhard.solvers.cadical import load, read_model
from qnnhard.solvers.cp_sat import CpSatBackend
from qnnhard.solvers.lazy import LazyBackend
from qnnhard.solvers.output import parse_output
from qnnhard.solvers.portfolio.schedule import Schedule
from qnnhard.solvers.sat import SatBackend


@dataclass(frozen=True)
class Task:
    """What a member is given.

    Parameters
    ----------
    instance : TrainingInstance
    seed : int
    seconds : float or None
        The time left, of which only a proof's checker needs to know: the race itself ends its
        members.
    proof : str or None
        Where to write a proof of a NO.
    tables : bool
        See `qnnhard.encoding.encode.encode`.
    """

    instance: TrainingInstance
    seed: int
    seconds: float | None
    proof: str | None
    tables: bool


def _schedule(task: Task) -> Answer:
    return Schedule(task.seed, task.proof, task.tables).solve(task.instance, Deadline(task.seconds))


def _local_search(task: Task) -> Answer:
    search = LocalSearch(task.instance, task.seed)
    found = search.run(Deadline())
    if found is None:
        return Answer(Verdict.UNKNOWN, How.LIMIT, detail="no change of a parameter can help")
    work = f"seed {task.seed}, {search.steps:,} steps"
    return Answer(Verdict.YES, How.EVALUATED, found, work)


def _cadical(task: Task) -> Answer:
    if task.proof is None:
        return _pysat(task, "cadical195")
    return SatBackend(task.proof, task.tables).solve(task.instance, Deadline(task.seconds))


def _glucose(task: Task) -> Answer:
    return _pysat(task, "glucose42")


def _pysat(task: Task, name: str) -> Answer:
    from pysat.solvers import Solver

    encoding = encode(task.instance, tables=task.tables)
    formula = encoding.formula
    sizes = formula.sizes
    with Solver(name) as solver:
        load(solver, formula, Deadline())
        if not solver.solve():
            return Answer(Verdict.NO, How.SOLVER, sizes=sizes)
        parameters = decode(encoding, read_model(solver, formula))
    return Answer(Verdict.YES, How.EVALUATED, parameters, sizes=sizes)


def _lazy(task: Task) -> Answer:
    # Its proofs are about some of the data points, so it gives none here.
    return LazyBackend().solve(task.instance, Deadline())


def _kissat(task: Task) -> Answer:
    encoding = encode(task.instance, tables=task.tables)
    formula = encoding.formula
    sizes = formula.sizes
    # The program stays in this process's group, with which the race ends it.
    run = subprocess.run(
        ["kissat", "-q"],
        input=b"".join(formula.dimacs()),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    result = parse_output(run.stdout.decode(errors="replace"), formula.variables, run.returncode)
    if result.model is not None:
        parameters = decode(encoding, result.model)
        return Answer(Verdict.YES, How.EVALUATED, parameters, sizes=sizes)
    if result.verdict is Verdict.UNKNOWN:
        return Answer(
            Verdict.UNKNOWN, How.LIMIT, detail=result.contradiction or "it gave up", sizes=sizes
        )
    return Answer(Verdict.NO, How.SOLVER, sizes=sizes)


def _cp_sat(task: Task) -> Answer:
    # Under a memory limit its libraries may not load, which the backend takes for their absence.
    import ortools.sat.python.cp_model  # noqa: F401

    return CpSatBackend().solve(task.instance, Deadline())


MEMBERS: dict[str, Callable[[Task], Answer]] = {
    "local-search": _local_search,
    "cadical": _cadical,
    "lazy": _lazy,
    "glucose42": _glucose,
    "kissat": _kissat,
    "cp-sat": _cp_sat,
    "schedule": _schedule,
}


def installed() -> list[str]:
    """Return the members that can run here, in the order in which a race starts them."""
    names = ["local-search", "cadical", "lazy", "glucose42"]
    if shutil.which("kissat"):
        names.append("kissat")
    if find_spec("ortools"):
        names.append("cp-sat")
    return names
