"""Subset Sum to training with one hidden neuron and one data point ([DT]; theory 4.1).

Numbers a_1, ..., a_m, target T. The inputs x_1, ..., x_m lead to one hidden neuron h, and it to
the output o. The weight of an input is 0 or 1; everything else is frozen: the weight to the
output at 1, biases at 0, both activations the identity. The data point is ((a_1, ..., a_m), T);
loss l1, bound 0. The output is the sum of the numbers with weight 1.
"""

from functools import cached_property
from typing import ClassVar

import numpy as np

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.number_lists import SumInstance
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


class SubsetSumInputsImage(Image[SumInstance, Chosen, TrainingInstance, Parameters]):
    """The image of a source under `subset-sum-inputs`."""

    @cached_property
    def target(self) -> TrainingInstance:
        """The instance, in time linear in the digits of the source."""
        source = self.source
        m = len(source.numbers)
        require_capacity(self.map.name, neurons=m + 2, edges=m + 1)
        domains = Domains()
        zero, one, either = domains.add(0), domains.add(1), domains.add(0, 1)
        return assemble(
            name_blocks(("x", m), "h", "o"),
            np.arange(m),
            [m + 1],
            (np.arange(m + 1), [*[m] * m, m + 1], [*[either] * m, one]),
            ([Activation("identity")], 0, zero),
            domains,
            ([source.numbers], [[source.target]]),
            "l1",
            {"reduction": self.map.name, "theorem": "[DT]"},
        )

    def push(self, witness: Chosen) -> Parameters:
        """Return weight 1 at the chosen numbers."""
        source = self.source
        m = len(source.numbers)
        require_chosen(witness, m, "number")
        weights = np.zeros(m + 1, dtype=np.int64)
        weights[[*witness, m]] = 1
        return Parameters(weights, np.zeros(m + 2, dtype=np.int64))

    def pull(self, witness: Parameters) -> Chosen:
        """Return the numbers whose input has weight 1: in every solution they make the target."""
        source = self.source
        m = len(source.numbers)
        require_shape(witness, m + 1, m + 2)
        return tuple(np.flatnonzero(witness.weights[:m] == 1).tolist())

    def parts(self) -> Parts:
        """Return the number of every input."""
        numbers = np.arange(len(self.source.numbers))
        return Parts.of(len(numbers) + 2, ("number", numbers, numbers))

    def claims(self) -> list[Claim]:
        """Return the size laws for m numbers."""
        source = self.source
        m = len(source.numbers)
        return layered_claims((m, 1, 1), bound=0, points=1, distinct_inputs=1, parameters=m, d=None)


class SubsetSumInputs(Map[SumInstance, Chosen, TrainingInstance, Parameters]):
    """The reduction `subset-sum-inputs`.

    Neurons: inputs x1, ..., xm, hidden h, output o.
    """

    name: ClassVar[str] = "subset-sum-inputs"
    source: ClassVar[str] = "subset-sum"
    target: ClassVar[str] = "d-nnt"
    image: ClassVar[type[AnyImage]] = SubsetSumInputsImage
    statement: ClassVar[str] = (
        "D-NNT with two layers is weakly NP-hard with one hidden neuron and one data point ([DT])"
    )
    construction: ClassVar[str] = (
        "The numbers are the one data point, each at an input of its own with weight 0 or 1; one "
        "hidden neuron adds them up, and the target is the target sum."
    )
    provenance: ClassVar[str] = "statement: [DT]; construction: qnnhard"
    small: ClassVar[str] = "k=1, |D|=1"
    parsimonious: ClassVar[bool] = True

    def example(self) -> SumInstance:
        """Return four numbers of which the first and the last two make the target."""
        return SumInstance((3, 34, 4, 12), 19)
