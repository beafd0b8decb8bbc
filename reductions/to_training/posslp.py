"""PosSLP to the training of a deep network without any choice ([DT]; theory 4.4).

The one input x carries g_0 = 1. A gate g_t = g_i + g_j or g_i - g_j is an identity neuron with
weights 1 and 1, or 1 and -1. A product is an identity neuron with weights 1/4 and -1/4 from two
square neurons: p_t of g_i + g_j and q_t of g_i - g_j, since

    g_i g_j = ((g_i + g_j)^2 - (g_i - g_j)^2) / 4.

Where both operands are one gate, the two edges are one edge of the sum of their weights: 2 for
g + g, 0 for g - g. The output o, of activation step, reads the last gate. Every parameter is
frozen; the data point is (1, 1); loss mismatch, bound 0.

Gates have integer values, so the step is 1 iff the last value is at least 1, that is positive.
"""

import numpy as np

from instances.errors import InvalidWitness
from instances.sources.straight_line import StraightLineProgram
from instances.text.numbers import Number, parse_number
from instances.training.activations import IDENTITY, SQUARE, STEP
from instances.training.names import NameBlock
from instances.training.parameters import Parameters, lowest
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most, exactly
from reductions.constructions.construction import Construction
from reductions.constructions.training_map import ToTraining
from reductions.status import Status

_QUARTER = parse_number("1/4")


class PosSlpReduction(ToTraining[StraightLineProgram, tuple[()]]):
    """The reduction `posslp`: input x; g1, ..., gn; p<t>, q<t> for a product g<t>; output o."""

    name = "posslp"
    source_problem = "posslp"
    statement = (
        "Deep D-NNT with one input, one output and one data point is in NP only if PosSLP is, "
        "even where nothing is to be chosen ([DT])"
    )
    construction = (
        "A gate is a neuron: sums and differences are identity neurons, and a product is a "
        "quarter of the difference of two squares. All parameters are frozen; the output is a "
        "step, which asks whether the last gate is positive."
    )
    provenance = "statement: [DT]; construction: qnnhard"
    small = "d_in=omega=|D|=1, no choice at all"
    parsimonious = True
    theorem = "[DT]"
    status = Status.POSSLP_HARD
    conditions = at_most(alpha=1, omega=1, distinct_inputs=1, bound=0, parameters=0)
    brief = "[DT]: deep D-NNT is in NP only if PosSLP is, which standard assumptions exclude"
    tests = "tests/reductions/to_training/test_posslp.py"

    def describe(self, made: Construction) -> None:
        """Describe the instance, in time O(n log n) for n gates."""
        n = len(self.source.gates)
        products = [t for t, gate in enumerate(self.source.gates, start=1) if gate[1] == "*"]
        size = n + 2 * len(products) + 2
        require_capacity(self.name, neurons=size, edges=4 * size)
        edges: list[tuple[int, int, int]] = []

        def sum_up(target: int, *terms: tuple[int, Number]) -> None:
            weights: dict[int, Number] = {}
            for neuron, weight in terms:
                weights[neuron] = weights.get(neuron, 0) + weight
            edges.extend((u, target, made.domain(weight)) for u, weight in weights.items())

        zero = made.domain(0)
        made.inputs("x", carry=[1])
        made.hidden(("g", n), kind=IDENTITY, bias=zero, part="gate")
        squares = [NameBlock(prefix, 1, t) for t in products for prefix in "pq"]
        of_product = np.repeat(np.array(products, dtype=np.int64) - 1, 2)
        pairs = made.hidden(*squares, kind=SQUARE, bias=zero, part=("gate", of_product))
        made.outputs("o", want=[1], kind=STEP, bias=zero)
        square = dict(zip(products, pairs[::2].tolist(), strict=True))
        for t, (i, operator, j) in enumerate(self.source.gates, start=1):
            if operator == "*":
                plus, minus = square[t], square[t] + 1
                sum_up(plus, (i, 1), (j, 1))
                sum_up(minus, (i, 1), (j, -1))
                sum_up(t, (plus, _QUARTER), (minus, -_QUARTER))
            else:
                sum_up(t, (i, 1), (j, 1 if operator == "+" else -1))
        sum_up(size - 1, (n, 1))
        made.join(*np.array(edges).T)

    def push(self, witness: tuple[()]) -> Parameters:
        """Return the frozen parameters."""
        if witness != ():
            raise InvalidWitness("the witness is not empty")
        return Parameters(*lowest(self.target))

    def pull(self, witness: Parameters) -> tuple[()]:
        """Return the empty witness: a solution exists iff the frozen parameters are one."""
        self.weights(witness)
        return ()

    def claims(self) -> list[Claim]:
        """Return the size laws for n gates."""
        source = self.source
        return [
            *exactly(
                alpha=1,
                omega=1,
                bound=0,
                points=1,
                distinct_inputs=1,
                depth=gate_layers(source)[-1],
                hidden=len(source.gates) + 2 * source.products,
                edges=_edges(source),
                parameters=0,
                d=None,
                output_in_degree=1,
            ),
            *at_most(max_in_degree=2, hidden_in_degree=2),
        ]

    @staticmethod
    def example() -> StraightLineProgram:
        """Return a program that computes 2^8 - 3 by repeated squaring."""
        return StraightLineProgram(
            ((0, "+", 0), (1, "*", 1), (2, "*", 2), (3, "*", 3), (1, "+", 0), (4, "-", 5))
        )


def gate_layers(source: StraightLineProgram) -> list[int]:
    """Return the layer of every gate: a sum's is one after its operands, a product's two."""
    found = [0]
    for i, operator, j in source.gates:
        found.append(max(found[i], found[j]) + (2 if operator == "*" else 1))
    return found


def _edges(source: StraightLineProgram) -> int:
    """Return the number of edges: one an operand that differs from the other, and the output's."""
    operands = ((1 if i == j else 2, operator) for i, operator, j in source.gates)
    return 1 + sum(2 * count + 2 if operator == "*" else count for count, operator in operands)
