"""Zero error over {0,1} with in-degree two and one hidden layer is 2-SAT (qnnhard).

The behaviours {0, y, z, y or z, y and z} of a hidden neuron are closed under the majority
``(p & q) | (q & r) | (p & r)`` taken point by point, and so is every constraint "the target is
one of 0, u, v, u or v, u and v" on the behaviours u, v that an output sees. A relation over
Booleans that is closed under majority is the conjunction of its projections to two variables
(K. Baker and A. Pixley, 1975; P. Jeavons, D. Cohen and M. Gyssens, 1997). So the instance is a
2-CNF with three variables a hidden neuron: what it computes where it sees 01, 10 and 11.

Frozen parameters are subsets of these behaviours. Of the subsets that arise, only {0, y, z,
y or z} (both weights free, bias frozen at 0) is not closed for a hidden neuron, and that only if
it sees 01, 10 and 11 on the data; for an output all are. The tests go through all cases.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.text.numbers import Array, exact_array
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.methods.linear.layout import PairwiseLayout, layout
from qnnhard.methods.linear.method import LinearMethod
from qnnhard.methods.linear.refutation import PairwiseRefutation, Statement
from qnnhard.methods.linear.tables import ALLOWED, BEHAVIORS, CLOSED, COMPOSED, PARAMETERS, TRUTH
from qnnhard.methods.linear.two_sat import Cycle, solve

_CODES = (1, 2, 3)


@dataclass(frozen=True)
class PairwiseMethod(LinearMethod):
    """Linear time where all that neurons can compute is closed under majority.

    A NO is checked step by step.
    """

    name = "pairwise"
    description = "2-SAT for {0,1} parameters, one hidden layer, in-degree 2 and bound 0"

    def require(
        self, instance: TrainingInstance, deadline: Deadline
    ) -> tuple[PairwiseLayout, Array, Array, Array]:
        """Return the layout of an instance that the proof covers, and what occurs on the data.

        See `_observe`. Raises `Unsupported` with the first condition that fails.
        """
        self.require_zero_error(instance)
        self.require_bits(instance)
        return _observe(instance, deadline)

    def decide(
        self, instance: TrainingInstance, deadline: Deadline
    ) -> Parameters | PairwiseRefutation:
        """Solve the 2-SAT formula of what neurons may compute."""
        found, codes, ones, zeros = self.require(instance, deadline)
        allowed = _allowed_pairs(found, ones, zeros, deadline)
        blocked = np.flatnonzero(allowed == 0)
        if blocked.size:
            return PairwiseRefutation(int(found.outputs[blocked[0]]))
        parts = list(_implications(found, allowed, deadline))
        sources, targets, because = (np.concatenate(part) for part in zip(*parts, strict=True))
        deadline.check()
        values = solve(3 * len(found.units), sources, targets)
        deadline.check()
        if isinstance(values, Cycle):
            return _refutation(found, values, sources, targets, because)
        return _parameters(instance, found, values, codes, ones, zeros)


def _observe(
    instance: TrainingInstance, deadline: Deadline
) -> tuple[PairwiseLayout, Array, Array, Array]:
    """Return the layout, and what occurs on the data.

    That is per unit the codes that occur, and per output the pairs of codes with target 1 and
    with target 0, as bit masks; the pair of codes (c, e) of an output's units has bit
    ``4 * c + e``.
    """
    found = layout(instance)
    occurring = np.zeros(len(found.units), dtype=np.int64)
    wanted = np.zeros((2, len(found.outputs)), dtype=np.int64)
    for row, targets in zip(found.values.T, canonical(instance).data.targets, strict=True):
        deadline.check()
        code = 2 * row[found.unit_columns[:, 0]] + row[found.unit_columns[:, 1]]
        code = code.astype(np.int64)
        occurring |= 1 << code
        pair = 1 << (4 * code[found.output_units[:, 0]] + code[found.output_units[:, 1]])
        for value in (0, 1):
            wanted[value] |= np.where(targets == value, pair, 0)
    deadline.check()
    wrong = np.flatnonzero(~CLOSED[found.unit_kind, occurring])
    if wrong.size:
        name = instance.network.names[int(found.units[wrong[0]])]
        raise Unsupported(
            f"pairwise: hidden neuron '{name}' has two free weights and a bias frozen at 0, so "
            "its behaviours are not closed under majority"
        )
    return found, occurring, wanted[1], wanted[0]


def _pair_mask(first: int, second: int) -> int:
    """Return the pairs of behaviours with one in the set `first` and one in `second`."""
    return sum(
        1 << (BEHAVIORS * y + z)
        for y in range(BEHAVIORS)
        for z in range(BEHAVIORS)
        if first >> y & 1 and second >> z & 1
    )


_EVERY = (1 << BEHAVIORS) - 1
_FIRST = np.array([_pair_mask(behaviors, _EVERY) for behaviors in range(_EVERY + 1)])
_SECOND = np.array([_pair_mask(_EVERY, behaviors) for behaviors in range(_EVERY + 1)])


def _allowed_pairs(found: PairwiseLayout, ones: Array, zeros: Array, deadline: Deadline) -> Array:
    """Return per output the set of behaviours of its two units with which it meets its targets."""
    own = ALLOWED[found.output_kind]
    allowed = np.zeros(len(found.outputs), dtype=np.int64)
    for composed in np.unique(COMPOSED):
        deadline.check()
        fits = ((ones & ~composed) == 0) & ((zeros & composed) == 0)
        for then in range(BEHAVIORS):
            pairs = sum(
                1 << (BEHAVIORS * int(y) + int(z))
                for y, z in np.argwhere(COMPOSED[:, :, then] == composed)
            )
            if pairs:
                allowed |= np.where(fits & (own >> then & 1 == 1), pairs, 0)
    of_unit = ALLOWED[found.unit_kind]
    allowed &= _FIRST[of_unit[found.output_units[:, 0]]]
    allowed &= _SECOND[of_unit[found.output_units[:, 1]]]
    return allowed


def _implications(
    found: PairwiseLayout, allowed: Array, deadline: Deadline
) -> Iterator[tuple[Array, Array, Array]]:
    """Yield sources, targets and the neuron responsible for implications between literals.

    The relations are projected to every two of their variables; a pair of values that does not
    occur in the projection makes an implication and its contraposition.
    """
    units = np.arange(len(found.units))
    yield from _project(_SINGLE, ALLOWED[found.unit_kind], (units, units), found.units, deadline)
    first, second = found.output_units.T
    yield from _project(_PAIRS, allowed, (first, second), found.outputs, deadline)


Literals = list[tuple[int, int, int, int]]
"""Side, code, value, and the set of behaviours (or pairs of them) with that value."""

_SINGLE: Literals = [
    (0, code, value, sum(1 << b for b in range(BEHAVIORS) if TRUTH[b] >> code & 1 == value))
    for code in _CODES
    for value in (0, 1)
]
_PAIRS: Literals = [
    (side, code, value, int(table[behaviors]))
    for side, table in enumerate((_FIRST, _SECOND))
    for _, code, value, behaviors in _SINGLE
]


def _project(
    literals: Literals,
    relation: Array,
    units: tuple[Array, Array],
    neurons: Array,
    deadline: Deadline,
) -> Iterator[tuple[Array, Array, Array]]:
    for place, (side, code, value, members) in enumerate(literals):
        deadline.check()
        node = 6 * units[side] + 2 * (code - 1) + value
        possible = (relation & members) != 0
        never = np.flatnonzero(~possible)
        yield node[never], node[never] ^ 1, neurons[never]
        for other_side, other_code, other_value, others in literals[place + 1 :]:
            if (side, code) == (other_side, other_code):
                continue
            apart = (relation & members & others) == 0
            # Where one of the two values is impossible by itself, that says all.
            apart &= possible & ((relation & others) != 0)
            where = np.flatnonzero(apart)
            if where.size:
                other = 6 * units[other_side][where] + 2 * (other_code - 1) + other_value
                yield node[where], other ^ 1, neurons[where]
                yield other, node[where] ^ 1, neurons[where]


def _parameters(
    instance: TrainingInstance,
    found: PairwiseLayout,
    values: Array,
    codes: Array,
    ones: Array,
    zeros: Array,
) -> Parameters:
    """Return parameters that realise the values on the codes that occur."""
    truth = (values.reshape(-1, 3) << np.array(_CODES)).sum(axis=1)
    of_unit, of_output = (
        np.zeros(len(neurons), dtype=np.int64) for neurons in (found.units, found.outputs)
    )
    for behavior in range(BEHAVIORS):
        fits = ((truth ^ TRUTH[behavior]) & codes) == 0
        of_unit[fits & (ALLOWED[found.unit_kind] >> behavior & 1 == 1)] = behavior
    first, second = of_unit[found.output_units].T
    for behavior in range(BEHAVIORS):
        composed = COMPOSED[first, second, behavior]
        fits = ((ones & ~composed) == 0) & ((zeros & composed) == 0)
        of_output[fits & (ALLOWED[found.output_kind] >> behavior & 1 == 1)] = behavior
    least = exact_array([domain[0] for domain in instance.domains] + [0], (-1,))
    weights, biases = least[instance.weight_domain], least[instance.bias_domain]
    hidden = found.hidden
    for neurons, edges, kind, chosen in (
        (found.units[hidden], found.unit_edges[hidden], found.unit_kind[hidden], of_unit[hidden]),
        (found.outputs, found.output_edges, found.output_kind, of_output),
    ):
        parameters = PARAMETERS[kind, chosen]
        for side in (0, 1):
            present = edges[:, side] >= 0
            weights[edges[present, side]] = parameters[present, side]
        biases[neurons] = parameters[:, 2]
    return Parameters(weights, biases)


def _refutation(
    found: PairwiseLayout, cycle: Cycle, sources: Array, targets: Array, because: Array
) -> PairwiseRefutation:
    """Return the cycle as statements about neurons."""
    nodes = 6 * len(found.units)
    keys = sources * nodes + targets
    order = np.argsort(keys, kind="stable")
    after = np.roll(cycle.nodes, -1)
    places = order[np.searchsorted(keys[order], cycle.nodes * nodes + after)]

    def statement(node: int) -> Statement:
        return int(found.units[node // 6]), node % 6 // 2 + 1, node & 1

    steps = zip(cycle.nodes.tolist(), after.tolist(), because[places].tolist(), strict=True)
    return PairwiseRefutation(None, tuple((statement(a), statement(b), why) for a, b, why in steps))
