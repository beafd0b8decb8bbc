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

from functools import cached_property
from typing import ClassVar

import numpy as np

from instances.problems.three_partition import require_triples
from instances.sources.packing import Bins, Packing, require_bins
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from instances.training.names import name_blocks
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim
from reductions.constructions.assembly import Domains, assemble, require_shape
from reductions.constructions.layers import layered_claims
from reductions.map import AnyImage, Image, Map
from reductions.parts import Parts


class BinPackingImage(Image[Packing, Bins, TrainingInstance, Parameters]):
    """The image of a source under `bin-packing`."""

    theorem: ClassVar[str] = "theory 4.3"

    @cached_property
    def target(self) -> TrainingInstance:
        """The instance, in time linear in the numbers and bins."""
        source = self.source
        self._admit()
        k, m = len(source.numbers), source.bins
        require_capacity(self.map.name, neurons=k + 2, edges=2 * k, data_entries=2 * m)
        domains = Domains()
        zero, one = domains.add(0), domains.add(1)
        place = domains.add(*range(m)) if m else zero
        hidden = np.arange(1, k + 1)
        ends = np.zeros(k, dtype=np.int64)
        points = range(1, m + 1)
        return assemble(
            name_blocks("x", ("h", k), "o"),
            [0],
            [k + 1],
            (
                np.concatenate((ends, hidden)),
                np.concatenate((hidden, ends + k + 1)),
                [*[one] * k, *(domains.add(a) for a in source.numbers)],
            ),
            (
                [Activation("relu"), Activation("identity")],
                [*[0] * (k + 1), 1],
                [*[place] * (k + 1), zero],
            ),
            domains,
            ([[x] for x in points], [[source.capacity * (x * (x + 1) // 2)] for x in points]),
            "l1",
            {"reduction": self.map.name, "theorem": self.theorem},
        )

    def _admit(self) -> None:
        """Raise `InputError` where the source is outside the problem."""

    def push(self, witness: Bins) -> Parameters:
        """Return the bins as biases of the hidden neurons."""
        source = self.source
        self._admit()
        require_bins(source, witness)
        weights = np.array([*[1] * len(source.numbers), *source.numbers], dtype=object)
        return Parameters(weights, np.array([0, *witness, 0], dtype=np.int64))

    def pull(self, witness: Parameters) -> Bins:
        """Return the biases of the hidden neurons: in every solution all loads are equal."""
        source = self.source
        self._admit()
        k = len(source.numbers)
        require_shape(witness, 2 * k, k + 2)
        return tuple(witness.biases[1 : k + 1].tolist())

    def parts(self) -> Parts:
        """Return the number of every hidden neuron."""
        numbers = np.arange(len(self.source.numbers))
        return Parts.of(len(numbers) + 2, ("number", numbers + 1, numbers))

    def claims(self) -> list[Claim]:
        """Return the size laws for k numbers and m bins."""
        source = self.source
        self._admit()
        k, m = len(source.numbers), source.bins
        return layered_claims(
            (1, k, 1),
            bound=0,
            points=m,
            distinct_inputs=m,
            parameters=k if m > 1 else 0,
            d=None,
        )


class BinPackingReduction(Map[Packing, Bins, TrainingInstance, Parameters]):
    """The reduction `bin-packing`.

    Neurons: input x, hidden h1, ..., hk, output o.
    """

    name: ClassVar[str] = "bin-packing"
    source: ClassVar[str] = "bin-packing"
    target: ClassVar[str] = "d-nnt"
    image: ClassVar[type[AnyImage]] = BinPackingImage
    statement: ClassVar[str] = (
        "D-NNT with two layers, one input and one output is W[1]-hard for the number of data "
        "points, with numbers in unary"
    )
    construction: ClassVar[str] = (
        "A number is a hidden relu neuron, whose bias is the bin and whose weight to the output "
        "is the number. Over the points 1 to m the output is triangular in the loads of the "
        "bins, and the targets ask for equal loads."
    )
    provenance: ClassVar[str] = (
        "statement: qnnhard, from the W[1]-hardness of unary bin packing for the number of bins "
        "(Jansen, Kratsch, Marx and Schlotter, 2013); construction: qnnhard, the gadget of "
        "three-partition"
    )
    small: ClassVar[str] = "alpha=1, omega=1, |D|=bins"
    parsimonious: ClassVar[bool] = True

    def example(self) -> Packing:
        """Return five numbers that fill three bins of 6."""
        return Packing((6, 4, 2, 5, 1), 3, 6)


class ThreePartitionImage(BinPackingImage):
    """The image of a source under `three-partition`."""

    theorem: ClassVar[str] = "[DT]"

    def _admit(self) -> None:
        require_triples(self.source, self.map.name)


class ThreePartitionReduction(BinPackingReduction):
    """The reduction `three-partition`: every bin holds three numbers."""

    name: ClassVar[str] = "three-partition"
    source: ClassVar[str] = "three-partition"
    image: ClassVar[type[AnyImage]] = ThreePartitionImage
    statement: ClassVar[str] = (
        "D-NNT with two layers, one input and one output is strongly NP-hard ([DT])"
    )
    provenance: ClassVar[str] = "statement: [DT]; construction: qnnhard"
    small: ClassVar[str] = "alpha=1, omega=1"

    def example(self) -> Packing:
        """Return six numbers that split into two triples of sum 20."""
        return Packing((6, 7, 7, 6, 8, 6), 2, 20)
