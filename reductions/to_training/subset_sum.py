"""Subset Sum to training with one data point: one hidden neuron, or one input ([DT]; theory 4.1).

Numbers a_1, ..., a_m, target T; activations are identities, loss l1, bound 0, and whatever is not
said to be open is frozen, biases at 0.

*One hidden neuron.* The inputs x_1, ..., x_m lead to one hidden neuron h, and it with weight 1 to
the output o. The weight of an input is 0 or 1. The data point is ((a_1, ..., a_m), T), and the
output is the sum of the numbers with weight 1.

*One input.* The input x leads to hidden neurons h_1, ..., h_m, and these with weight 1 to the
output o. The weight of h_j is 0 or a_j. The data point is (1, T), and the output is the sum of the
weights chosen, so it is T iff the numbers whose weight is not 0 add up to T. A number 0 has only
the weight 0, and counts as not chosen.
"""

import numpy as np

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import SumInstance
from instances.training.activations import IDENTITY
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.choosing import chosen_sum, with_last
from reductions.constructions.construction import Construction
from reductions.constructions.training_map import ToTraining
from reductions.status import Status


class SubsetSumInputs(ToTraining[SumInstance, Chosen]):
    """The reduction `subset-sum-inputs`: inputs x1, ..., xm, hidden h, output o."""

    name = "subset-sum-inputs"
    source_problem = "subset-sum"
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

    def describe(self, made: Construction) -> None:
        """Describe the instance, in time linear in the digits of the source."""
        numbers, m = self.source.numbers, len(self.source.numbers)
        require_capacity(self.name, neurons=m + 2, edges=m + 1)
        chosen_sum(made, ("x", m), [numbers], [self.source.target], "number")
        made.loss = "l1"

    def push(self, witness: Chosen) -> Parameters:
        """Return weight 1 at the chosen numbers."""
        m = len(self.source.numbers)
        require_chosen(witness, m, "number")
        return self.weighted(with_last(witness, m))

    def pull(self, witness: Parameters) -> Chosen:
        """Return the numbers with a first weight that is not 0: in a solution they make T."""
        m = len(self.source.numbers)
        return tuple(np.flatnonzero(self.weights(witness)[:m] != 0).tolist())

    def claims(self) -> list[Claim]:
        """Return the size laws for m numbers."""
        m = len(self.source.numbers)
        return self.layer_claims(m, 1, 1, points=1, distinct_inputs=1, parameters=m)

    @staticmethod
    def example() -> SumInstance:
        """Return four numbers of which the first and the last two make the target."""
        return SumInstance((3, 34, 4, 12), 19)


class SubsetSumNeurons(SubsetSumInputs):
    """The reduction `subset-sum-neurons`: input x, hidden h1, ..., hm, output o.

    Not parsimonious where a number is 0: it may be chosen or not, but has one weight.
    """

    name = "subset-sum-neurons"
    statement = "D-NNT with two layers is weakly NP-hard with one input and one data point ([DT])"
    construction = (
        "A hidden neuron for every number has the weight 0 or that number on its edge from the "
        "input, which is 1; the output adds up the hidden neurons, and its target is the target "
        "sum."
    )
    small = "d_in=1, |D|=1, two layers"
    parsimonious = False
    conditions = at_most(alpha=1, omega=1, depth=1, distinct_inputs=1, bound=0)
    brief = "[DT]: weakly NP-hard, dimension 1 and one data point"

    def describe(self, made: Construction) -> None:
        """Describe the instance, in time linear in the digits of the source."""
        numbers, m = self.source.numbers, len(self.source.numbers)
        require_capacity(self.name, neurons=m + 2, edges=2 * m)
        zero, one = made.domain(0), made.domain(1)
        x = made.inputs("x", carry=[1])
        h = made.hidden(("h", m), kind=IDENTITY, bias=zero, part="number")
        o = made.outputs("o", want=[self.source.target], kind=IDENTITY, bias=zero)
        made.join(x, h, [made.domain(0, a) if a else zero for a in numbers])
        made.join(h, o, one)
        made.loss = "l1"

    def push(self, witness: Chosen) -> Parameters:
        """Return the chosen numbers as weights, 0 for the others."""
        numbers, m = self.source.numbers, len(self.source.numbers)
        require_chosen(witness, m, "number")
        # Edges are sorted by target: first those into the hidden neurons.
        weights = np.array([0] * m + [1] * m, dtype=object)
        for index in witness:
            weights[index] = numbers[index]
        return self.weighted(weights)

    def claims(self) -> list[Claim]:
        """Return the size laws for m numbers."""
        numbers = self.source.numbers
        open_ones = sum(a != 0 for a in numbers)
        return self.layer_claims(
            1, len(numbers), 1, points=1, distinct_inputs=1, parameters=open_ones
        )
