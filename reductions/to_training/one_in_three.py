"""Positive 1-in-3-SAT to training with one hidden neuron ([DT]; theory 4.2).

The inputs x_1, ..., x_n, one a variable, lead to one hidden neuron h, and it to the output o.
The weight of an input is 0 or 1; everything else is frozen: the weight to the output at 1,
biases at 0, both activations the identity. A clause is the data point with the number of
occurrences of every variable in it, and target 1; loss mismatch, bound 0.

The output at a clause is the number of its occurrences with weight 1, so all points match iff
the variables of weight 1 make exactly one occurrence in every clause true.
"""

import numpy as np

from instances.sources.assignments import Assignment, require_assignment
from instances.sources.cnf import Cnf, require_positive
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.choosing import chosen_sum
from reductions.constructions.clauses import require_three
from reductions.constructions.construction import Construction
from reductions.constructions.training_map import ToTraining
from reductions.status import Status


class OneInThreeReduction(ToTraining[Cnf, Assignment]):
    """The reduction `one-in-three`: inputs x1, ..., xn, hidden h, output o."""

    name = "one-in-three"
    source_problem = "one-in-three"
    statement = (
        "D-NNT with two layers is strongly NP-hard with one hidden neuron and weights 0 and 1, "
        "and not solvable in time 2^o(alpha+|D|) under ETH ([DT])"
    )
    construction = (
        "An input is a variable, of weight 0 or 1; a data point is a clause, with the number of "
        "occurrences of every variable and target 1. The hidden neuron counts the true "
        "occurrences."
    )
    provenance = "statement: [DT]; construction: qnnhard"
    small = "one hidden neuron, weights {0,1}"
    parsimonious = True
    theorem = "[DT]"
    status = Status.STRONGLY_NP_HARD
    conditions = at_most(hidden=1, omega=1, depth=1, bound=0)
    brief = "[DT]: strongly NP-hard with one hidden neuron; no 2^o(alpha+|D|) under ETH"
    source_title = "positive 1-in-3-SAT"
    tests = "tests/reductions/to_training/test_numbers.py"

    def describe(self, made: Construction) -> None:
        """Describe the instance; its data are a clauses x variables matrix of occurrences."""
        source = self.source
        require_three(source, self.name)
        require_positive(source, self.name)
        n, m = source.variables, source.number_of_clauses
        require_capacity(self.name, neurons=n + 2, data_entries=m * n, points=m)
        occurrences = np.zeros((m, n), dtype=np.int64)
        clause = np.repeat(np.arange(m), source.lengths)
        np.add.at(occurrences, (clause, source.literals - 1), 1)
        chosen_sum(made, ("x", n), occurrences, [1] * m, "variable")

    def push(self, witness: Assignment) -> Parameters:
        """Return weight 1 at the true variables."""
        require_assignment(self.source, witness)
        return self.weighted(np.array([*witness, True]).astype(np.int64))

    def pull(self, witness: Parameters) -> Assignment:
        """Return the assignment that makes a variable true iff its input has weight 1."""
        return tuple((self.weights(witness)[:-1] == 1).astype(np.bool_).tolist())

    def claims(self) -> list[Claim]:
        """Return the size laws for n variables and m clauses."""
        n, points = self.source.variables, self.source.number_of_clauses
        distinct = len({tuple(sorted(clause)) for clause in self.source.clauses})
        return self.layer_claims(n, 1, 1, points=points, distinct_inputs=distinct, parameters=n)

    @staticmethod
    def example() -> Cnf:
        """Return three clauses over four variables."""
        return Cnf.of(4, [(1, 2, 3), (2, 3, 4), (1, 3, 4)])
