"""3-SAT to 2-QNNT with two inputs and one hidden layer ([LD] Theorem 4; theory 3.2).

The data points are (1, 0) and (0, 1), so a hidden neuron fed by both inputs behaves as 00, 10,
01 or 11. A variable x has two hidden neurons p_x and n_x (for x and for not-x), an output a_x
with target 10 and an output b_x with target 01, both fed by p_x and n_x. A clause is an output
with target 10, fed by the neurons of its distinct literals. Bound 0.

By the lemma of `two_points`, a_x and b_x match iff one of p_x and n_x behaves as 10
and the other as 01, and a clause matches iff the neuron of one of its literals behaves as 10.
"""

import numpy as np

from instances.sources.assignments import Assignment, require_assignment
from instances.sources.cnf import Cnf
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.construction import Construction
from reductions.constructions.layers import clause_claims
from reductions.constructions.training_map import ToTraining
from reductions.constructions.two_points import ONE, TEN, agreeing, distinct_literals, read_tens
from reductions.status import Status

INPUTS = 2


class TwoInputs(ToTraining[Cnf, Assignment]):
    """The reduction `two-inputs`.

    Neurons: inputs i1 and i2; hidden p1, ..., pn and n1, ..., nn; outputs a1, ..., an,
    b1, ..., bn, and c1, ..., cm for the clauses.
    """

    name = "two-inputs"
    source_problem = "3-sat"
    statement = (
        "2-QNNT is NP-hard with two inputs, one hidden layer, bound 0 and a constant number of "
        "data points ([LD] Theorem 4)"
    )
    construction = (
        "Over the data points (1,0) and (0,1), two hidden neurons a variable are forced to "
        "behave as 10 and 01 by two outputs with these targets; x is true iff its first neuron "
        "behaves as 10. A clause is an output with target 10 over the neurons of its literals: "
        "an OR or an at-least-two can be 10 only if one of its inputs is."
    )
    provenance = (
        "statement: [LD] Theorem 4; construction: qnnhard. [LD] announces 3 data points; this "
        "construction needs 2, which is least: one distinct input is polynomial at bound 0."
    )
    small = "alpha=2, l=0, one hidden layer, |D|=2"
    theorem = "[LD] Theorem 4"
    d = 2
    status = Status.NP_HARD
    conditions = at_most(alpha=2, depth=1, distinct_inputs=2, bound=0)
    bounded = frozenset({"alpha", "l", "points", "depth"})
    brief = "[LD] Thm 4: NP-hard with alpha=2, one hidden layer, |D|=3; ours attains |D|=2"
    source_title = "3-SAT"
    tests = "tests/reductions/to_training/test_two_inputs.py"

    def describe(self, made: Construction) -> None:
        """Describe the instance, in time O(L log L) for formula length L, by array operations."""
        clause, literals = distinct_literals(self.source, self.name)
        n, m = self.source.variables, self.source.number_of_clauses
        size = INPUTS + 4 * n + m
        require_capacity(self.name, neurons=size, edges=8 * n + len(literals))
        i = made.inputs(("i", INPUTS), carry=[TEN, ONE])
        pair = [made.hidden((side, n), part="variable") for side in "pn"]
        for side in pair:
            made.feed(side, by=i)
        for name, target in (("a", TEN), ("b", ONE)):
            forcing = made.outputs((name, n), want=target, part="variable")
            for side in pair:
                made.join(side, forcing)
        c = made.outputs(("c", m), want=TEN, part="clause")
        of_literal = np.concatenate(pair)[np.abs(literals) - 1 + n * (literals < 0)]
        made.join(of_literal, c[clause])

    def push(self, witness: Assignment) -> Parameters:
        """Return weight 1 on edges between neurons that shall both be 10 or both be 01."""
        require_assignment(self.source, witness)
        true = np.array(witness, dtype=np.bool_)
        everywhere = np.ones(self.source.variables, dtype=np.bool_)
        clauses = np.ones(self.source.number_of_clauses, dtype=np.bool_)
        # Every neuron then has a predecessor of equal intent: a hidden neuron an input, a_x
        # and b_x one of p_x and n_x, and a clause the neuron of a true literal.
        ten = np.concatenate(([True, False], true, ~true, everywhere, ~everywhere, clauses))
        return agreeing(self.target.network, ten)

    def pull(self, witness: Parameters) -> Assignment:
        """Return the assignment that makes x true iff p_x behaves as 10.

        In every solution p_x and n_x are 10 and 01 in some order, so the literals whose
        neurons behave as 10 are the true ones, and every clause has one of them.
        """
        p = INPUTS + np.arange(self.source.variables)
        return tuple(read_tens(self.target, witness, p))

    def claims(self) -> list[Claim]:
        """Return the size laws; L counts distinct literals clause by clause."""
        clause, literals = distinct_literals(self.source, self.name)
        n, m, length = self.source.variables, self.source.number_of_clauses, len(literals)
        side = 2 * (np.abs(literals.astype(np.int64)) - 1) + (literals < 0)
        uses = int(np.bincount(side).max(initial=0))
        longest = int(np.bincount(clause).max(initial=0))
        pair = 2 if n else 0
        return [
            *clause_claims(
                2,
                2 * n + m,
                (2 * n, pair, pair + uses, max(pair, longest)),
                distinct_inputs=2,
                depth=1 if n else 0,
                width=2 * n,
                hidden=2 * n,
                edges=8 * n + length,
            ),
            *at_most(output_in_degree=3),
        ]

    @staticmethod
    def example() -> Cnf:
        """Return three clauses over three variables."""
        return Cnf.of(3, [(1, 2, 3), (-1, 2), (-2, -3)])
