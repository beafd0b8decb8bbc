"""Subset Sum to training with one hidden neuron and one data point ([DT]; theory 4.1).

Numbers a_1, ..., a_m, target T. The inputs x_1, ..., x_m lead to one hidden neuron h, and it to
the output o. The weight of an input is 0 or 1; everything else is frozen: the weight to the
output at 1, biases at 0, both activations the identity. The data point is ((a_1, ..., a_m), T);
loss l1, bound 0. The output is the sum of the numbers with weight 1.
"""

import numpy as np

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import SumInstance
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.choosing import chosen_sum, with_last
from reductions.constructions.construction import Construction
from reductions.constructions.layers import layered_claims
from reductions.constructions.training_image import ToTraining, TrainingImage
from reductions.status import Status


class SubsetSumInputsImage(TrainingImage[SumInstance, Chosen]):
    """The image of a source under `subset-sum-inputs`."""

    def build(self, made: Construction) -> None:
        """Describe the instance, in time linear in the digits of the source."""
        source = self.source
        m = len(source.numbers)
        require_capacity(self.map.name, neurons=m + 2, edges=m + 1)
        chosen_sum(made, ("x", m), [source.numbers], [source.target], "number")
        made.loss = "l1"

    def push(self, witness: Chosen) -> Parameters:
        """Return weight 1 at the chosen numbers."""
        m = len(self.source.numbers)
        require_chosen(witness, m, "number")
        return self.weighted(with_last(witness, m))

    def pull(self, witness: Parameters) -> Chosen:
        """Return the numbers whose input has weight 1: in every solution they make the target."""
        return tuple(np.flatnonzero(self.weights(witness)[:-1] == 1).tolist())

    def claims(self) -> list[Claim]:
        """Return the size laws for m numbers."""
        source = self.source
        m = len(source.numbers)
        return layered_claims((m, 1, 1), bound=0, points=1, distinct_inputs=1, parameters=m, d=None)


class SubsetSumInputs(ToTraining[SumInstance, Chosen]):
    """The reduction `subset-sum-inputs`.

    Neurons: inputs x1, ..., xm, hidden h, output o.
    """

    name = "subset-sum-inputs"
    source = "subset-sum"
    image = SubsetSumInputsImage
    statement = (
        "D-NNT with two layers is weakly NP-hard with one hidden neuron and one data point ([DT])"
    )
    construction = (
        "The numbers are the one data point, each at an input of its own with weight 0 or 1; one "
        "hidden neuron adds them up, and the target is the target sum."
    )
    provenance = "statement: [DT]; construction: qnnhard"
    small = "one hidden neuron, |D|=1"
    parsimonious = True
    theorem = "[DT]"
    status = Status.WEAKLY_NP_HARD
    conditions = at_most(hidden=1, omega=1, depth=1, distinct_inputs=1, bound=0)
    brief = "[DT]: weakly NP-hard, one hidden neuron and one data point"
    tests = "tests/reductions/to_training/test_numbers.py"

    def example(self) -> SumInstance:
        """Return four numbers of which the first and the last two make the target."""
        return SumInstance((3, 34, 4, 12), 19)
