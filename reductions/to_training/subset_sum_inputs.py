"""Subset Sum to training with one hidden neuron and one data point ([DT]; theory 4.1).

Numbers a_1, ..., a_m, target T. The inputs x_1, ..., x_m lead to one hidden neuron h, and it to
the output o. The weight of an input is 0 or 1; everything else is frozen: the weight to the
output at 1, biases at 0, both activations the identity. The data point is ((a_1, ..., a_m), T);
loss l1, bound 0. The output is the sum of the numbers with weight 1.
"""

from typing import ClassVar

import numpy as np

from instances.problems.subset_sum import SumInstance
from instances.sources.chosen import Chosen, require_chosen
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from instances.training.names import name_blocks
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, exactly
from reductions.constructions.assembly import Domains, assemble, require_shape
from reductions.reduction import Reduction


class SubsetSumInputs(Reduction[SumInstance, Chosen]):
    """The reduction `subset-sum-inputs`.

    Neurons: inputs x1, ..., xm, hidden h, output o.
    """

    name: ClassVar[str] = "subset-sum-inputs"
    problem: ClassVar[str] = "subset-sum"
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

    def build(self, source: SumInstance) -> TrainingInstance:
        """Return the instance, in time linear in the digits of the source."""
        m = len(source.numbers)
        require_capacity(self.name, neurons=m + 2, edges=m + 1)
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
            {"reduction": self.name, "theorem": "[DT]"},
        )

    def push(self, source: SumInstance, witness: Chosen) -> Parameters:
        """Return weight 1 at the chosen numbers."""
        m = len(source.numbers)
        require_chosen(witness, m, "number")
        weights = np.zeros(m + 1, dtype=np.int64)
        weights[[*witness, m]] = 1
        return Parameters(weights, np.zeros(m + 2, dtype=np.int64))

    def pull(self, source: SumInstance, parameters: Parameters) -> Chosen:
        """Return the numbers whose input has weight 1: in every solution they make the target."""
        m = len(source.numbers)
        require_shape(parameters, m + 1, m + 2)
        return tuple(np.flatnonzero(parameters.weights[:m] == 1).tolist())

    def claims(self, source: SumInstance) -> list[Claim]:
        """Return the size laws for m numbers."""
        m = len(source.numbers)
        some = min(m, 1)
        return exactly(
            alpha=m,
            omega=1,
            bound=0,
            points=1,
            distinct_inputs=1,
            depth=some,
            width=1,
            hidden=1,
            edges=m + 1,
            parameters=m,
            d=None,
            max_in_degree=max(m, 1),
            max_out_degree=1,
            input_out_degree=some,
            hidden_in_degree=m,
            hidden_out_degree=1,
            output_in_degree=1,
        )

    def example(self) -> SumInstance:
        """Return four numbers of which the first and the last two make the target."""
        return SumInstance((3, 34, 4, 12), 19)
