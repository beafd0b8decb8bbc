"""Google's CP-SAT as a backend, on a model of its own."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from instances.deadline import Deadline
from instances.errors import InputError, QnnhardError
from instances.memory import is_exhaustion
from instances.progress import stage
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Sizes
from qnnhard.processes.child import call_in_child
from qnnhard.verdict import How

IN_PROCESS_SIZE = 2_000
"""Instances up to this size are solved in this process: see `_size`.

Their models are built and presolved within two tenths of a second. On larger ones both may take
seconds, deaf to the clock, so those are solved in a child process, which takes half a second to
start.
"""


@dataclass(frozen=True)
class CpSatMethod(Method):
    """CP-SAT on integer variables, independent of the CNF encoding.

    One worker and a fixed seed, so that a run can be repeated.
    """

    name = "cp-sat"
    description = "CP-SAT on an integer model; extra 'cpsat', numbers below 2^30"
    package = "ortools"

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Solve the model of `instance`; `InputError` where OR-Tools is not installed."""
        if _size(instance) > IN_PROCESS_SIZE:
            found, size = call_in_child(deadline, _search, instance, deadline)
        else:
            found, size = _search(instance, deadline)
        sizes.update(size)
        return found


def _size(instance: TrainingInstance) -> int:
    """Return the number of weights times data points, and of values that parameters range over."""
    return instance.network.edges * len(instance.inputs) + sum(map(len, instance.domains))


def _search(instance: TrainingInstance, deadline: Deadline) -> tuple[Found, Sizes]:
    """Build the model of `instance` and solve it; `LimitReached` when time runs out before."""
    try:
        from ortools.sat.python import cp_model

        from qnnhard.methods.cp_sat.model import Model
    except ImportError as error:
        if is_exhaustion(error):
            raise MemoryError(str(error)) from error
        raise InputError("--backend cp-sat needs OR-Tools: pip install 'qnnhard[cpsat]'") from error
    model = Model(instance, deadline)
    model.build()
    solver: Any = cp_model.CpSolver()
    status = _run(solver, model.cp, deadline)
    sizes = {
        "variables": len(model.cp.proto.variables),
        "constraints": len(model.cp.proto.constraints),
    }
    match status:
        case cp_model.OPTIMAL | cp_model.FEASIBLE:
            return Found(model.parameters(solver.value)), sizes
        case cp_model.INFEASIBLE:
            detail = f"CP-SAT {version('ortools')}, no proof"
            return Found(refutation=How.SOLVER, detail=detail), sizes
        case cp_model.UNKNOWN:
            return Found(detail=deadline.limit), sizes
        case _:
            raise QnnhardError(f"CP-SAT ended with {solver.status_name(status)}: a defect")


def _run(solver: Any, model: Any, deadline: Deadline) -> Any:
    """Return the status that `solver` ends with on `model`."""
    deadline.check()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = 0
    parameters.catch_sigint_signal = False
    if deadline.seconds is not None:
        parameters.max_time_in_seconds = deadline.remaining
    # In the main thread a call in C++ would keep signals from Python until it returns.
    with ThreadPoolExecutor(max_workers=1) as thread, stage("CP-SAT"):
        status = thread.submit(solver.solve, model)
        try:
            return status.result()
        except BaseException:
            solver.stop_search()
            raise
