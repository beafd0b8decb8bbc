"""Exact bin packing and 3-Partition to training with one input ([DT]; theory 4.3).

Numbers a_1, ..., a_k of sum mB, m bins of capacity B. The input x leads to hidden neurons
h_1, ..., h_k of activation relu, and these to the output o. The bias of a hidden neuron is one
of 0, ..., m - 1: the bin of its number. Everything else is frozen: weights from the input at 1,
the weight of h_j to the output at a_j, the bias of the output, an identity, at 0. The data are
x = 1, ..., m with targets B x(x + 1)/2; loss l1, bound 0.

With loads L_0, ..., L_(m-1) the output at x is the sum of L_i (x - i) over i < x. The target is
the same sum with loads B. The system is triangular: the point x fixes L_(x-1) once the loads
before it are fixed, with coefficient 1. So all points match iff every load is B.
"""

import numpy as np

from instances.problems.registry import PROBLEMS
from instances.sources.packing import Bins, Packing, require_bins
from instances.training.activations import IDENTITY, RELU
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.construction import Construction
from reductions.constructions.training_map import ToTraining
from reductions.status import SMALL, Status


class BinPackingReduction(ToTraining[Packing, Bins]):
    """The reduction `bin-packing`: input x, hidden h1, ..., hk, output o."""

    name = "bin-packing"
    source_problem = "bin-packing"
    statement = (
        "D-NNT with two layers, one input and one output is W[1]-hard for the number of data "
        "points, with numbers in unary"
    )
    construction = (
        "A number is a hidden relu neuron, whose bias is the bin and whose weight to the output "
        "is the number. Over the points 1 to m the output is triangular in the loads of the "
        "bins, and the targets ask for equal loads."
    )
    provenance = (
        "statement: qnnhard, from the W[1]-hardness of unary bin packing for the number of bins "
        "(Jansen, Kratsch, Marx and Schlotter, 2013); construction: qnnhard, the gadget of "
        "three-partition"
    )
    small = "d_in=1, |D|=bins"
    parsimonious = True
    theorem = "theory 4.3"
    status = Status.W1_HARD
    conditions = at_most(alpha=1, omega=1, depth=1, points=SMALL, bound=0)
    brief = (
        "qnnhard, by the same gadget: W[1]-hard for |D| with unary numbers "
        "(source: Jansen, Kratsch, Marx, Schlotter 2013)"
    )
    source_title = "unary exact Bin Packing"
    tests = "tests/reductions/to_training/test_numbers.py"

    def describe(self, made: Construction) -> None:
        """Describe the instance, in time linear in the numbers and bins."""
        source = self.source
        PROBLEMS.get(self.source_problem).admit(self.source)
        k, m = len(source.numbers), source.bins
        require_capacity(self.name, neurons=k + 2, edges=2 * k, data_entries=2 * m)
        zero, one = made.domain(0), made.domain(1)
        place = made.domain(*range(m)) if m else zero
        points = list(range(1, m + 1))
        x = made.inputs("x", carry=points)
        h = made.hidden(("h", k), kind=RELU, bias=place, part="number")
        loads = [source.capacity * (t * (t + 1) // 2) for t in points]
        o = made.outputs("o", want=loads, kind=IDENTITY, bias=zero)
        made.join(x, h, one)
        made.join(h, o, [made.domain(a) for a in source.numbers])
        made.loss = "l1"

    def push(self, witness: Bins) -> Parameters:
        """Return the bins as biases of the hidden neurons."""
        require_bins(self.source, witness)
        weights = np.array([*[1] * len(self.source.numbers), *self.source.numbers], dtype=object)
        return Parameters(weights, np.array([0, *witness, 0], dtype=np.int64))

    def pull(self, witness: Parameters) -> Bins:
        """Return the biases of the hidden neurons: in every solution all loads are equal."""
        self.weights(witness)
        return tuple(witness.biases[1:-1].tolist())

    def claims(self) -> list[Claim]:
        """Return the size laws for k numbers and m bins."""
        PROBLEMS.get(self.source_problem).admit(self.source)
        k, m = len(self.source.numbers), self.source.bins
        open_ones = k if m > 1 else 0
        return self.layer_claims(1, k, 1, points=m, distinct_inputs=m, parameters=open_ones)

    @staticmethod
    def example() -> Packing:
        """Return five numbers that fill three bins of 6."""
        return Packing((6, 4, 2, 5, 1), 3, 6)


class ThreePartitionReduction(BinPackingReduction):
    """The reduction `three-partition`: every bin holds three numbers."""

    name = "three-partition"
    source_problem = "three-partition"
    statement = "D-NNT with two layers, one input and one output is strongly NP-hard ([DT])"
    provenance = "statement: [DT]; construction: qnnhard"
    small = "d_in=1, omega=1"
    theorem = "[DT]"
    status = Status.STRONGLY_NP_HARD
    conditions = at_most(alpha=1, omega=1, depth=1, bound=0)
    brief = "[DT]: strongly NP-hard in dimension 1"
    source_title = ""

    @staticmethod
    def example() -> Packing:
        """Return six numbers that split into two triples of sum 20."""
        return Packing((6, 7, 7, 6, 8, 6), 2, 20)
