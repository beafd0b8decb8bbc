"""Hitting Set to 2-QNNT with k + 1 inputs and no hidden layer ([LD] Theorem 3; theory 3.4).

Elements with equal membership are interchangeable: one of each class is kept, r in all.
Inputs i_1, ..., i_k, the slots, and z; outputs o_1, ..., o_m, one a set, joined to all inputs.
The data are, for every slot j and every kept element u, the point (e_j, membership vector of
u); then (e_z, 1...1), and (e_1 + ... + e_k, 1...1), where all slots are on. Bound k(r - 1), or
0 if there are no sets.

The targets of one slot differ pairwise, so each slot mismatches r - 1 of its points at least,
and the bound leaves no other mismatch. (e_z, 1) forces bias 0 at every output, so slot j gives
output o its weight there, and these weights are the membership vector of one kept element u_j.
The all-slots point then says that every set contains one of u_1, ..., u_k.

Without slots (k = 0) the all-slots point is the zero input, which an output of bias 0 never
maps to 1: no, unless there are no sets. With one slot it is e_1: also r - 1 mismatches at
least. Without elements (r = 0) the bound is negative, or 0 and k = 0: no, if there is a set.
"""

import numpy as np

from instances.errors import InvalidWitness
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.set_system import SetSystem
from instances.training.parameters import Parameters
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most
from reductions.constructions.construction import Construction
from reductions.constructions.training_map import ToTraining
from reductions.status import SMALL, Status


class HittingSetReduction(ToTraining[SetSystem, Chosen]):
    """The reduction `hitting-set`: inputs i1, ..., ik and z, outputs o1, ..., om."""

    name = "hitting-set"
    source_problem = "hitting-set"
    statement = (
        "2-QNNT is W[2]-hard for the number of inputs, with no hidden layer ([LD] Theorem 3)"
    )
    construction = (
        "An input is a slot for one chosen element, an output is a set. Each slot has a data "
        "point for every element, with the element's memberships as targets: it can match one "
        "at most, and the bound forces it to match one. A point with all slots on and all "
        "targets 1 says that every set is hit; a point with the input z forces bias 0."
    )
    provenance = "statement: [LD] Theorem 3; construction: qnnhard"
    small = "no hidden layer, alpha=k+1, treewidth <= k+1"
    theorem = "[LD] Theorem 3"
    d = 2
    status = Status.W2_HARD
    conditions = at_most(depth=0, width=0, alpha=SMALL)
    # The network is complete bipartite with alpha neurons on one side: treewidth alpha at most.
    bounded = frozenset({"alpha", "depth", "width", "treewidth"})
    brief = "[LD] Thm 3: W[2]-hard for alpha"
    tests = "tests/reductions/to_training/test_hitting_set.py"

    def describe(self, made: Construction) -> None:
        """Describe the instance; its data are a (kr + 2) x (m + k + 1) matrix."""
        k, m = self.source.require_budget(self.name), len(self.source.sets)
        classes = _classes(self.source)
        r = len(classes)
        points = k * r + 2
        entries = points * (m + k + 1)
        require_capacity(self.name, edges=(k + 1) * m, data_entries=entries, points=points)
        slots = np.zeros((points, k), dtype=np.int64)
        slots[np.arange(k * r), np.repeat(np.arange(k), r)] = 1
        slots[-1] = 1
        membership = np.zeros((r, m), dtype=np.int64)
        for row, indices in enumerate(classes):
            membership[row, list(indices)] = 1
        i = made.inputs(("i", k), carry=slots, part="slot")
        z = made.inputs("z", carry=[0] * (k * r) + [1, 0])
        targets = np.concatenate((np.tile(membership, (k, 1)), np.ones((2, m), dtype=np.int64)))
        o = made.outputs(("o", m), want=targets, part="set")
        made.feed(o, by=np.concatenate((i, z)))
        made.bound = k * (r - 1) if m else 0

    def push(self, witness: Chosen) -> Parameters:
        """Return the memberships of the chosen elements as weights, one element a slot.

        Slots that are left over repeat an element. Each slot matches the point of the kept
        element with the same memberships.
        """
        source = self.source
        k, m = source.require_budget(self.name), len(source.sets)
        require_chosen(witness, source.universe, "element", k)
        weights = np.zeros((m, k + 1), dtype=np.int64)
        weights[:, k] = 1
        memberships = source.memberships()
        for slot in range(k if witness else 0):
            element = witness[slot % len(witness)]
            weights[list(memberships.get(element, ())), slot] = 1
        return self.weighted(weights.reshape(-1))

    def pull(self, witness: Parameters) -> Chosen:
        """Return for every slot the kept element whose memberships are the slot's weights.

        In every solution each slot matches one of its points, at bias 0. Without sets nothing
        needs to be hit.

        Raises
        ------
        InvalidWitness
            Where parameters are missing, or the weights of a slot belong to no element.
        """
        k, m = self.source.require_budget(self.name), len(self.source.sets)
        found = self.weights(witness, f"budget {k} and {m} sets give")
        if not m:
            return ()
        classes = _classes(self.source)
        # Edges are sorted by output, then by input.
        weights = found.reshape(m, k + 1)
        chosen = set()
        for slot in range(k):
            indices = tuple(np.flatnonzero(weights[:, slot] == 1).tolist())
            if indices not in classes:
                raise InvalidWitness(
                    f"slot i{slot + 1} matches none of its data points: no element is in exactly "
                    f"the {len(indices)} sets where it has weight 1"
                )
            chosen.add(classes[indices])
        return tuple(sorted(chosen))

    def claims(self) -> list[Claim]:
        """Return the size laws for budget k, m sets and r classes of elements."""
        k, m = self.source.require_budget(self.name), len(self.source.sets)
        r = len(_classes(self.source))
        # e_z and the all-slots input, and the e_j where there are elements; e_1 is the
        # all-slots input if it is the only slot.
        distinct = 2 + (k if k > 1 and r else 0)
        bound = k * (r - 1) if m else 0
        laws = {"points": k * r + 2, "distinct_inputs": distinct, "parameters": (k + 2) * m}
        return self.layer_claims(k + 1, m, bound=bound, **laws)

    @staticmethod
    def example() -> SetSystem:
        """Return four sets over four elements that two elements hit."""
        return SetSystem.of(4, [(0, 1), (1, 2), (2, 3), (0, 3)], budget=2)


def _classes(source: SetSystem) -> dict[tuple[int, ...], int]:
    """Return the least element of every class of equal membership, by the sets it is in."""
    memberships = source.memberships()
    classes: dict[tuple[int, ...], int] = {}
    for element, indices in memberships.items():
        classes.setdefault(indices, element)
    if len(memberships) < source.universe:
        classes[()] = next(u for u in range(source.universe) if u not in memberships)
    return classes
