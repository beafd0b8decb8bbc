"""Exact Set Cover to 2-QNNT without hidden layers ([LD] Theorem 1; theory 3.1).

Inputs s_1, ..., s_m, one a set, and z; one output o joined to all of them. The data are
(e_z, 0), and for every element u, with I(u) the indicator of the sets that contain u, the
points (I(u), 0) and (I(u) + e_z, 1). Bound 0.

For at least one element the bias must be 1: with bias 0, o is an OR, so (e_z, 0) gives z the
weight 0, and then (I(u), 0) and (I(u) + e_z, 1) contradict each other. With bias 1, o asks for
two of its inputs of weight 1: (I(u), 0) says that at most one chosen set contains u, and
(I(u) + e_z, 1) that z has weight 1 and that some chosen set contains u. With no elements every
set is empty, so every choice of sets is an exact cover.
"""

from itertools import chain

import numpy as np

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.set_system import SetSystem
from instances.text.numbers import Array
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.choosing import with_last
from reductions.constructions.construction import Construction
from reductions.constructions.training_map import ToTraining
from reductions.status import Status


class ExactCoverReduction(ToTraining[SetSystem, Chosen]):
    """The reduction `exact-cover`: inputs s1, ..., sm and z, output o."""

    name = "exact-cover"
    source_problem = "exact-cover"
    statement = "2-QNNT is NP-hard with no hidden layer, one output and bound 0 ([LD] Theorem 1)"
    construction = (
        "One output reads an input for every set, and an input z. The point with z alone and "
        "target 0 forces bias 1, so that the output needs two ones; for every element, its sets "
        "alone give 0 (at most one is chosen) and its sets with z give 1 (one is chosen)."
    )
    provenance = "statement: [LD] Theorem 1; construction: qnnhard"
    small = "no hidden layer, omega=1, l=0"
    parsimonious = True
    parsimonious_where = "where the universe is not empty"
    theorem = "[LD] Theorem 1"
    d = 2
    status = Status.NP_HARD
    conditions = at_most(depth=0, width=0, omega=1, bound=0)
    # The network is a star, of treewidth 1.
    bounded = frozenset({"omega", "l", "depth", "width", "treewidth"})
    brief = "[LD] Thm 1: 2-QNNT is NP-hard for width+depth+l+omega"
    tests = "tests/reductions/to_training/test_exact_cover.py"

    def describe(self, made: Construction) -> None:
        """Describe the instance in time O(|U| m); its data are a (2|U| + 1) x (m + 1) matrix."""
        m, points = len(self.source.sets), 2 * self.source.universe + 1
        require_capacity(self.name, data_entries=points * (m + 1), points=points)
        inputs, targets = self._data()
        sets_and_z = made.inputs(("s", m), "z", carry=inputs, part=("set", np.arange(m)))
        made.join(sets_and_z, made.outputs("o", want=targets))

    def _data(self) -> tuple[Array, Array]:
        """Return (e_z, 0), and then for every element its point without z and with z."""
        source = self.source
        m, universe = len(source.sets), source.universe
        sizes = [len(members) for members in source.sets]
        members = np.array(list(chain.from_iterable(source.sets)), dtype=np.int64)
        column = np.repeat(np.arange(m), sizes)
        inputs = np.zeros((2 * universe + 1, m + 1), dtype=np.int64)
        inputs[1 + 2 * members, column] = 1
        inputs[2 + 2 * members, column] = 1
        inputs[0::2, m] = 1
        targets = np.zeros((2 * universe + 1, 1), dtype=np.int64)
        targets[2::2] = 1
        return inputs, targets

    def push(self, witness: Chosen) -> Parameters:
        """Return weight 1 at the chosen sets and at z, and bias 1."""
        m = len(self.source.sets)
        require_chosen(witness, m, "set")
        return Parameters(with_last(witness, m), np.array([0] * (m + 1) + [1]))

    def pull(self, witness: Parameters) -> Chosen:
        """Return the sets whose input has weight 1.

        In every solution over a universe that is not empty the bias is 1, so these sets
        contain every element exactly once.
        """
        weights = self.weights(witness, f"{len(self.source.sets)} sets give")
        return tuple(np.flatnonzero(weights[:-1] == 1).tolist())

    def claims(self) -> list[Claim]:
        """Return the size laws for m sets and |U| elements."""
        m, universe = len(self.source.sets), self.source.universe
        memberships = self.source.memberships()
        kinds = len(set(memberships.values()))
        # Each kind of element gives a point without z and one with z. An element in no set
        # gives the zero point, and its point with z is e_z, which is there anyway.
        distinct = 2 * kinds + 1 + (len(memberships) < universe)
        points = 2 * universe + 1
        return self.layer_claims(
            m + 1, 1, points=points, distinct_inputs=distinct, parameters=m + 2
        )

    @staticmethod
    def example() -> SetSystem:
        """Return four sets over four elements, of which the first and last are a cover."""
        return SetSystem.of(4, [(0, 1), (1, 2), (0, 3), (2, 3)])
