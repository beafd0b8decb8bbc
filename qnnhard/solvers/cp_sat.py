"""Google's CP-SAT as a backend, on a model of its own."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached, QnnhardError
from instances.training.instance import TrainingInstance
from qnnhard.solvers.answer import Answer, Backend, How, Verdict, accepted

if TYPE_CHECKING:
    from qnnhard.solvers.cp_sat_model import Model


@dataclass(frozen=True)
class CpSatBackend(Backend):
    """CP-SAT on integer variables, independent of the CNF encoding.

    One worker and a fixed seed, so that a run can be repeated.
    """

    name: ClassVar[str] = "cp-sat"
    description: ClassVar[str] = "CP-SAT on an integer model; extra 'cpsat', numbers below 2^60"

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; see `Backend.solve`.

        Raises
        ------
        InputError
            Where OR-Tools is not installed.
        """
        try:
            from ortools.sat.python import cp_model

            from qnnhard.solvers.cp_sat_model import Model
        except ImportError as error:
            raise InputError(
                "--backend cp-sat needs OR-Tools: pip install 'qnnhard[cpsat]'"
            ) from error
        model = Model(instance, deadline)
        solver: Any = cp_model.CpSolver()
        try:
            model.build()
            status = _run(solver, model, deadline)
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        proto = model.cp.proto
        sizes = {"variables": len(proto.variables), "constraints": len(proto.constraints)}
        match status:
            case cp_model.OPTIMAL | cp_model.FEASIBLE:
                found = accepted(instance, model.parameters(solver.value), "the cp-sat backend")
                return Answer(Verdict.YES, How.EVALUATED, found, sizes=sizes)
            case cp_model.INFEASIBLE:
                detail = f"CP-SAT {version('ortools')}, no proof"
                return Answer(Verdict.NO, How.SOLVER, detail=detail, sizes=sizes)
            case cp_model.UNKNOWN:
                return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit, sizes=sizes)
            case _:
                raise QnnhardError(f"CP-SAT ended with {solver.status_name(status)}: a defect")


def _run(solver: Any, model: "Model", deadline: Deadline) -> Any:
    deadline.check()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = 0
    if deadline.seconds is not None:
        parameters.max_time_in_seconds = deadline.remaining
    return solver.solve(model.cp)
