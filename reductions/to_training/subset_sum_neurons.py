"""Subset Sum to training with one input and one data point ([DT]; theory 4.1).

Numbers a_1, ..., a_m, target T. The input x leads to hidden neurons h_1, ..., h_m, and these to
the output o. The weight of h_j is 0 or a_j; everything else is frozen: weights to the output at
1, biases at 0, all activations the identity. The data point is (1, T); loss l1, bound 0.

The output is the sum of the weights chosen, so it is T iff the numbers whose weight is not 0 add
up to T. A number 0 has only the weight 0, and counts as not chosen.
"""

import numpy as np

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import SumInstance
from instances.training.activations import IDENTITY
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.construction import Construction
from reductions.constructions.layers import layered_claims
from reductions.constructions.training_image import ToTraining, TrainingImage
from reductions.status import Status


class SubsetSumNeuronsImage(TrainingImage[SumInstance, Chosen]):
    """The image of a source under `subset-sum-neurons`."""

    def build(self, made: Construction) -> None:
        """Describe the instance, in time linear in the digits of the source."""
        source = self.source
        m = len(source.numbers)
        require_capacity(self.map.name, neurons=m + 2, edges=2 * m)
        zero, one = made.domain(0), made.domain(1)
        x = made.inputs("x", carry=[1])
        h = made.hidden(("h", m), kind=IDENTITY, bias=zero, part="number")
        o = made.outputs("o", want=[source.target], kind=IDENTITY, bias=zero)
        made.join(x, h, [made.domain(0, a) if a else zero for a in source.numbers])
        made.join(h, o, one)
        made.loss = "l1"

    def push(self, witness: Chosen) -> Parameters:
        """Return the chosen numbers as weights, 0 for the others."""
        source = self.source
        m = len(source.numbers)
        require_chosen(witness, m, "number")
        # Edges are sorted by target: first those into the hidden neurons.
        weights = np.array([0] * m + [1] * m, dtype=object)
        for index in witness:
            weights[index] = source.numbers[index]
        return self.weighted(weights)

    def pull(self, witness: Parameters) -> Chosen:
        """Return the numbers whose hidden neuron has a weight that is not 0.

        In every solution the weights add up to the target, and such a weight is the number.
        """
        m = len(self.source.numbers)
        return tuple(np.flatnonzero(self.weights(witness)[:m] != 0).tolist())

    def claims(self) -> list[Claim]:
        """Return the size laws for m numbers."""
        source = self.source
        m = len(source.numbers)
        return layered_claims(
            (1, m, 1),
            bound=0,
            points=1,
            distinct_inputs=1,
            parameters=sum(a != 0 for a in source.numbers),
            d=None,
        )


class SubsetSumNeurons(ToTraining[SumInstance, Chosen]):
    """The reduction `subset-sum-neurons`.

    Neurons: input x, hidden h1, ..., hm, output o. Not parsimonious where a number is 0: it
    may be chosen or not, but has one weight.
    """

    name = "subset-sum-neurons"
    source = "subset-sum"
    image = SubsetSumNeuronsImage
    statement = "D-NNT with two layers is weakly NP-hard with one input and one data point ([DT])"
    construction = (
        "A hidden neuron for every number has the weight 0 or that number on its edge from the "
        "input, which is 1; the output adds up the hidden neurons, and its target is the target "
        "sum."
    )
    provenance = "statement: [DT]; construction: qnnhard"
    small = "d_in=1, |D|=1, two layers"
    theorem = "[DT]"
    status = Status.WEAKLY_NP_HARD
    conditions = at_most(alpha=1, omega=1, depth=1, distinct_inputs=1, bound=0)
    brief = "[DT]: weakly NP-hard, dimension 1 and one data point"
    tests = "tests/reductions/to_training/test_numbers.py"

    def example(self) -> SumInstance:
        """Return four numbers of which the first and the last two make the target."""
        return SumInstance((3, 34, 4, 12), 19)
