"""The members of a race: each decides an instance alone, in a process of its own."""

import shutil
import subprocess
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, in_one_line
from instances.memory import is_exhaustion, limited_memory
from instances.training.instance import TrainingInstance
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Options, encode
from qnnhard.methods.answer import Found
from qnnhard.methods.cp_sat.method import CpSatMethod
from qnnhard.methods.lazy import LazyMethod
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.methods.method import Method, Sizes, reason_of
from qnnhard.methods.portfolio.schedule import Schedule
from qnnhard.methods.sat import SatMethod
from qnnhard.processes.child import Child, ChildLost
from qnnhard.sat.cadical import load, read_model
from qnnhard.sat.output import parse_output
from qnnhard.verdict import How, Verdict


@dataclass(frozen=True)
class Task:
    """What a member is given.

    Parameters
    ----------
    deadline : Deadline
        Of which only a proof's checker needs to know: the race itself ends its members.
    how : Schedule
        Has the seed, and where to write a proof of a NO.
    """

    instance: TrainingInstance
    deadline: Deadline
    how: Schedule


Reply = tuple[Found, Sizes]
"""What a member found, and the sizes of its work."""


def _of(method: Method | Schedule, task: Task) -> Reply:
    """Run a method, whose limits end it without a finding."""
    sizes: Sizes = {}
    try:
        return method.search(task.instance, task.deadline, sizes), sizes
    except LimitReached as limit:
        return Found(detail=reason_of(limit, task.deadline)), sizes


def _local_search(task: Task) -> Reply:
    search = LocalSearch(task.instance, task.how.seed)
    found = search.run(Deadline())
    if found is None:
        return Found(detail="no change of a parameter can help"), {}
    return Found(found, detail=f"seed {task.how.seed}, {search.steps:,} steps"), {}


def _cadical(task: Task) -> Reply:
    if task.how.proof is None:
        return _pysat(task, "cadical195")
    return _of(SatMethod(task.how.proof, task.how.tables), task)


def _pysat(task: Task, name: str) -> Reply:
    from pysat.solvers import Solver

    encoding = encode(task.instance, options=Options(tables=task.how.tables))
    formula = encoding.formula
    with Solver(name) as solver:
        load(solver, formula, Deadline())
        if not solver.solve():
            return Found(refutation=How.SOLVER), formula.sizes
        return Found(decode(encoding, read_model(solver, formula))), formula.sizes


def _lazy(task: Task) -> Reply:
    # Its proofs are about some of the data points, so it gives none here.
    return _of(LazyMethod(), replace(task, deadline=Deadline()))


def _kissat(task: Task) -> Reply:
    encoding = encode(task.instance, options=Options(tables=task.how.tables))
    formula = encoding.formula
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
        return Found(decode(encoding, result.model)), formula.sizes
    if result.verdict is Verdict.UNKNOWN:
        return Found(detail=result.contradiction or "it gave up"), formula.sizes
    return Found(refutation=How.SOLVER), formula.sizes


def _cp_sat(task: Task) -> Reply:
    # Under a memory limit its libraries may not load, which the method takes for their absence.
    import ortools.sat.python.cp_model  # noqa: F401

    return _of(CpSatMethod(), replace(task, deadline=Deadline()))


MEMBERS: dict[str, Callable[[Task], Reply]] = {
    "local-search": _local_search,
    "cadical": _cadical,
    "lazy": _lazy,
    "glucose42": lambda task: _pysat(task, "glucose42"),
    "kissat": _kissat,
    "cp-sat": _cp_sat,
    "schedule": lambda task: _of(task.how, task),
}


def installed() -> list[str]:
    """Return the members that can run here, in the order in which a race starts them."""
    names = ["local-search", "cadical", "lazy", "glucose42"]
    if shutil.which("kissat"):
        names.append("kissat")
    if CpSatMethod.available():
        names.append("cp-sat")
    return names


class MemberProcess(Child):
    """A process that runs one member.

    Parameters
    ----------
    name : str
        A key of `MEMBERS`.
    memory : int or None
        What it may take, in bytes; see `limited_memory`.
    """

    def __init__(self, name: str, memory: int | None) -> None:
        super().__init__(quiet=True)
        self.name = name
        self._memory = memory

    def run(self, task: Task) -> Reply | str:
        """Return the member's answer, or in one line why there is none."""
        try:
            return self.call(run_member, self.name, self._memory, task)
        except (ChildLost, MemoryError) as lost:
            return f"its {lost}"


def run_member(name: str, memory: int | None, task: Task) -> Reply | str:
    """Run a member in this process; return its answer, or the reason why there is none."""
    try:
        with nullcontext() if memory is None else limited_memory(memory):
            return MEMBERS[name](task)
    except QnnhardError as error:
        return str(error).removeprefix(f"{name}: ")
    except Exception as error:
        return "out of memory" if is_exhaustion(error) else in_one_line(error)
