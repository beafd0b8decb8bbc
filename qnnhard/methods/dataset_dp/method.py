"""The dataset dynamic program."""

from dataclasses import dataclass

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.text.numbers import show_number
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Found
from qnnhard.methods.dataset_dp.layout import components
from qnnhard.methods.dataset_dp.optimum import best
from qnnhard.methods.dataset_dp.tables import DEFAULT_MEMORY
from qnnhard.methods.method import Method, Prediction, Sizes
from qnnhard.verdict import How


@dataclass(frozen=True)
class DatasetDpMethod(Method):
    """Dynamic programming over the vectors that neurons can have on the data.

    Parameters
    ----------
    memory : int
        Budget in bytes for the tables, beyond which it gives up.
    """

    name = "dataset-dp"
    description = "dynamic programming for two layers and few data points"

    memory: int = DEFAULT_MEMORY

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:  # noqa: ARG002
        """Return the dimension of the tables' vectors, on which the exponent depends."""
        outputs = max((len(part.columns) for part in components(instance)), default=0)
        dimension = len(canonical(instance).data.inputs) * outputs
        return Prediction(f"tables of vectors of Z^{dimension}, as large as the sums that occur")

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Decide `instance` by its least loss."""
        optimum = best(instance, deadline, self.memory)
        sizes["rows"] = optimum.rows
        detail = f"the least loss is {show_number(optimum.loss)}"
        if optimum.loss > instance.bound:
            return Found(refutation=How.ENUMERATED, detail=detail)
        return Found(optimum.parameters, detail=detail)

    def least(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Take the least entry of the final table."""
        optimum = best(instance, deadline, self.memory)
        sizes["rows"] = optimum.rows
        detail = "least entry of the final table"
        return Found(optimum.parameters, How.ENUMERATED, detail, loss=optimum.loss)
