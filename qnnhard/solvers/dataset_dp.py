"""The dataset dynamic program as a backend."""

from dataclasses import dataclass
from typing import ClassVar

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError
from instances.text.numbers import show_number
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.conceivable import conceivable_loss
from qnnhard.algorithms.dataset_dp.layout import components
from qnnhard.algorithms.dataset_dp.optimum import best
from qnnhard.algorithms.dataset_dp.tables import DEFAULT_MEMORY, MemoryBudgetReached
from qnnhard.solvers.answer import Answer, Backend, How, Prediction, Verdict
from qnnhard.solvers.minimize.result import Minimum


@dataclass(frozen=True)
class DatasetDpBackend(Backend):
    """Dynamic programming over the vectors that neurons can have on the data.

    Parameters
    ----------
    memory : int
        Budget in bytes for the tables; beyond it the answer is UNKNOWN.
    """

    name: ClassVar[str] = "dataset-dp"
    description: ClassVar[str] = "dynamic programming for two layers and few data points"

    memory: int = DEFAULT_MEMORY

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:  # noqa: ARG002
        """Return the dimension of the tables' vectors, on which the exponent depends."""
        outputs = max((len(part.columns) for part in components(instance)), default=0)
        dimension = len(canonical(instance).data.inputs) * outputs
        return Prediction(f"tables of vectors of Z^{dimension}, as large as the sums that occur")

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance` by its least loss; see `Backend.solve`."""
        try:
            optimum = best(instance, deadline, self.memory)
        except MemoryBudgetReached as limit:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=str(limit))
        except LimitReached:
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
        detail = f"the least loss is {show_number(optimum.loss)}"
        sizes = {"rows": optimum.rows}
        if optimum.loss > instance.bound:
            return Answer(Verdict.NO, How.ENUMERATED, detail=detail, sizes=sizes)
        return Answer(Verdict.YES, How.EVALUATED, optimum.parameters, detail, sizes)

    def minimize(self, instance: TrainingInstance, deadline: Deadline) -> Minimum:
        """Return parameters of least loss, whatever the bound of `instance`."""
        try:
            optimum = best(instance, deadline, self.memory)
        except LimitReached as limit:
            why = str(limit) if isinstance(limit, MemoryBudgetReached) else deadline.limit
            lower = conceivable_loss(instance)
            return Minimum(None, None, How.LIMIT, why, lower=lower)
        if evaluate(instance, optimum.parameters).loss != optimum.loss:
            raise QnnhardError("dataset-dp misjudged its parameters: this is a defect")
        sizes = {"rows": optimum.rows}
        detail = "least entry of the final table"
        return Minimum(optimum.loss, optimum.parameters, How.ENUMERATED, detail, sizes)
