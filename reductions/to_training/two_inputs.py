"""3-SAT to 2-QNNT with two inputs and one hidden layer ([LD] Theorem 4; theory 3.2).

The data points are (1, 0) and (0, 1), so a hidden neuron fed by both inputs behaves as 00, 10,
01 or 11. A variable x has two hidden neurons p_x and n_x (for x and for not-x), an output a_x
with target 10 and an output b_x with target 01, both fed by p_x and n_x. A clause is an output
with target 10, fed by the neurons of its distinct literals. Bound 0.

By the lemma of `two_points`, a_x and b_x match iff one of p_x and n_x behaves as 10
and the other as 01, and a clause matches iff the neuron of one of its literals behaves as 10.
"""

from functools import cached_property
from typing import ClassVar

import numpy as np

from instances.sources.assignments import Assignment, require_assignment
from instances.sources.cnf import Cnf
from instances.training.instance import TrainingInstance, quantized
from instances.training.names import name_blocks
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most, exactly
from reductions.constructions.two_points import ONE, TEN, agreeing, distinct_literals, read_tens
from reductions.map import AnyImage, Image, Map
from reductions.parts import Parts

INPUTS = 2


class TwoInputsImage(Image[Cnf, Assignment, TrainingInstance, Parameters]):
    """The image of a source under `two-inputs`."""

    @cached_property
    def target(self) -> TrainingInstance:
        """The instance, in time O(L log L) for formula length L, by array operations."""
        source = self.source
        clause, literals = distinct_literals(source, self.map.name)
        n, m = source.variables, source.number_of_clauses
        omega = 2 * n + m
        require_capacity(self.map.name, neurons=INPUTS + 2 * n + omega, edges=8 * n + len(literals))
        hidden = INPUTS + np.arange(2 * n)
        outputs = INPUTS + 2 * n + np.arange(omega)
        pair = np.concatenate((hidden[:n], hidden[n:]))
        of_literal = hidden[np.abs(literals) - 1 + n * (literals < 0)]
        sources = (np.tile(np.arange(INPUTS), 2 * n), pair, pair, of_literal)
        targets = (
            np.repeat(hidden, INPUTS),
            np.tile(outputs[:n], 2),
            np.tile(outputs[n : 2 * n], 2),
            outputs[2 * n + clause],
        )
        wanted = np.tile(np.array(TEN)[:, None], (1, omega))
        wanted[:, n : 2 * n] = np.array(ONE)[:, None]
        return quantized(
            2,
            name_blocks(("i", INPUTS), ("p", n), ("n", n), ("a", n), ("b", n), ("c", m)),
            np.arange(INPUTS),
            outputs,
            (np.concatenate(sources), np.concatenate(targets)),
            (np.array([TEN, ONE]), wanted),
            origin={"reduction": self.map.name, "theorem": "[LD] Theorem 4"},
        )

    def push(self, witness: Assignment) -> Parameters:
        """Return weight 1 on edges between neurons that shall both be 10 or both be 01."""
        source = self.source
        require_assignment(source, witness)
        true = np.array(witness, dtype=np.bool_)
        everywhere = np.ones(source.variables, dtype=np.bool_)
        clauses = np.ones(source.number_of_clauses, dtype=np.bool_)
        # Every neuron then has a predecessor of equal intent: a hidden neuron an input, a_x
        # and b_x one of p_x and n_x, and a clause the neuron of a true literal.
        ten = np.concatenate(([True, False], true, ~true, everywhere, ~everywhere, clauses))
        return agreeing(self.target.network, ten)

    def pull(self, witness: Parameters) -> Assignment:
        """Return the assignment that makes x true iff p_x behaves as 10.

        In every solution p_x and n_x are 10 and 01 in some order, so the literals whose
        neurons behave as 10 are the true ones, and every clause has one of them.
        """
        source = self.source
        instance = self.target
        return tuple(read_tens(instance, witness, INPUTS + np.arange(source.variables)))

    def parts(self) -> Parts:
        """Return the variable of p, n, a and b, and the clause of every other output."""
        n, m = self.source.variables, self.source.number_of_clauses
        first = INPUTS + 4 * n
        variables, clauses = np.arange(4 * n), np.arange(m)
        return Parts.of(
            first + m,
            ("variable", INPUTS + variables, variables % max(n, 1)),
            ("clause", first + clauses, clauses),
        )

    def claims(self) -> list[Claim]:
        """Return the size laws; L counts distinct literals clause by clause."""
        source = self.source
        clause, literals = distinct_literals(source, self.map.name)
        n, m, length = source.variables, source.number_of_clauses, len(literals)
        side = 2 * (np.abs(literals.astype(np.int64)) - 1) + (literals < 0)
        uses = int(np.bincount(side).max(initial=0))
        longest = int(np.bincount(clause).max(initial=0))
        pair = 2 if n else 0
        edges = 8 * n + length
        return [
            *exactly(
                alpha=2,
                omega=2 * n + m,
                bound=0,
                points=2,
                distinct_inputs=2,
                depth=1 if n else 0,
                width=2 * n,
                hidden=2 * n,
                edges=edges,
                parameters=edges + 4 * n + m,
                d=2,
                input_out_degree=2 * n,
                hidden_in_degree=pair,
                hidden_out_degree=pair + uses,
                output_in_degree=max(pair, longest),
                max_in_degree=max(pair, longest),
                max_out_degree=max(2 * n, pair + uses),
            ),
            *at_most(output_in_degree=3),
        ]


class TwoInputs(Map[Cnf, Assignment, TrainingInstance, Parameters]):
    """The reduction `two-inputs`.

    Neurons: inputs i1 and i2; hidden p1, ..., pn and n1, ..., nn; outputs a1, ..., an,
    b1, ..., bn, and c1, ..., cm for the clauses.
    """

    name: ClassVar[str] = "two-inputs"
    source: ClassVar[str] = "3-sat"
    target: ClassVar[str] = "d-nnt"
    image: ClassVar[type[AnyImage]] = TwoInputsImage
    statement: ClassVar[str] = (
        "2-QNNT is NP-hard with two inputs, one hidden layer, bound 0 and a constant number of "
        "data points ([LD] Theorem 4)"
    )
    construction: ClassVar[str] = (
        "Over the data points (1,0) and (0,1), two hidden neurons a variable are forced to "
        "behave as 10 and 01 by two outputs with these targets; x is true iff its first neuron "
        "behaves as 10. A clause is an output with target 10 over the neurons of its literals: "
        "an OR or an at-least-two can be 10 only if one of its inputs is."
    )
    provenance: ClassVar[str] = (
        "statement: [LD] Theorem 4; construction: qnnhard. [LD] announces 3 data points; this "
        "construction needs 2, which is least: one distinct input is polynomial at bound 0."
    )
    small: ClassVar[str] = "alpha=2, l=0, |D|=2, one hidden layer"

    def example(self) -> Cnf:
        """Return three clauses over three variables."""
        return Cnf.of(3, [(1, 2, 3), (-1, 2), (-2, -3)])
