"""Zero error over {0,1} on one distinct input, at any depth, is reachability (qnnhard).

Weights and biases are not negative, so a neuron is active only if some predecessor is. Let
every neuron have weights 1 and bias 0, but outputs with target 0 have weights 0: then exactly
those neurons are active that an active input reaches on a path without such outputs. By
induction along the network no solution has others active; so this one is a solution if any is.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import QnnhardError, Unsupported
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.algorithms.binary import (
    BINARY,
    other_activation,
    require_bits,
    require_zero_error,
)

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class OnePointRefutation:
    """Why there is no solution.

    Parameters
    ----------
    points : pair of int or None
        Two data points with equal inputs and different targets.
    output : int
        Otherwise an output with target 1 that is never active.
    active : bool array
        Per neuron whether it may be active: nothing outside this set ever is.
    """

    points: tuple[int, int] | None
    output: int = -1
    active: Array | None = None

    def describe(self, instance: TrainingInstance) -> str:
        """Return one line about it."""
        if self.points is not None:
            first, second = self.points
            return f"data points {first + 1} and {second + 1} have equal inputs, unequal targets"
        name = instance.network.names[self.output]
        return f"no active input reaches output '{name}', whose target is 1"


def decide(instance: TrainingInstance, deadline: Deadline) -> Parameters | OnePointRefutation:
    """Return a solution, or a refutation where there is none, in linear time.

    Raises
    ------
    Unsupported
        Where some parameter is not free in {0, 1}, some value or activation is another one, the
        bound is not 0, or there are two distinct inputs.
    LimitReached
        When the deadline passes.
    """
    require(instance)
    deadline.check()
    network = instance.network
    data = canonical(instance).data
    if data.contradictory:
        return OnePointRefutation((data.group_first[0], data.group_first[1]))
    silent = np.zeros(network.size, dtype=np.bool_)
    for row, targets in zip(instance.inputs[:1], instance.targets[:1], strict=True):
        silent[network.outputs] = targets == 0
        active = _reached(instance, network.inputs[row == 1], silent)
        missed = network.outputs[(targets == 1) & ~active[network.outputs]]
        if missed.size:
            return OnePointRefutation(None, int(missed[0]), active)
    weights = (~silent[network.targets]).astype(np.int64)
    return Parameters(weights, np.zeros(network.size, dtype=np.int64))


def check_refutation(
    instance: TrainingInstance, refutation: OnePointRefutation, deadline: Deadline
) -> None:
    """Raise `QnnhardError` unless `refutation` proves that there is no solution.

    What may be active must contain the active inputs, and the successors of its members but
    for outputs with target 0; so it contains all that is active in a solution.
    """
    deadline.check()
    network, inputs, targets = instance.network, instance.inputs, instance.targets
    if refutation.points is not None:
        first, second = refutation.points
        holds = np.array_equal(inputs[first], inputs[second]) and not np.array_equal(
            targets[first], targets[second]
        )
    else:
        active, place = refutation.active, network.outputs == refutation.output
        assert active is not None
        may = active.copy()
        may[network.outputs[targets[0] == 0]] = True
        holds = bool(
            active[network.inputs[inputs[0] == 1]].all()
            and may[network.targets[active[network.sources]]].all()
            and (targets[0, place] == 1).all()
            and place.any()
            and not active[refutation.output]
        )
    if not holds:
        raise QnnhardError("one-point gave a wrong refutation: please report the instance")


def _reached(instance: TrainingInstance, start: Array, silent: Array) -> Array:
    """Return the neurons that walks from `start` reach without entering `silent` ones."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    network = instance.network
    kept = ~silent[network.targets]
    # One more vertex leads to all that the walks begin with.
    root = network.size
    sources = np.concatenate((network.sources[kept], np.full(len(start), root)))
    targets = np.concatenate((network.targets[kept], start))
    ones = np.ones(len(sources), dtype=np.int8)
    graph = csr_array((ones, (sources, targets)), shape=(root + 1, root + 1))
    reached = np.zeros(root + 1, dtype=np.bool_)
    reached[breadth_first_order(graph, root, return_predecessors=False)] = True
    return reached[:root]


def require(instance: TrainingInstance) -> None:
    """Raise `Unsupported` with the first condition that fails."""
    network = instance.network
    inner = ~network.is_input
    require_zero_error(instance, "one-point")
    if len(canonical(instance).data.first) > 1:
        raise Unsupported("one-point: the data have two distinct inputs")
    require_bits(instance, "one-point")
    used = np.union1d(instance.weight_domain, instance.bias_domain[inner])
    if any(instance.domains[index] != (0, 1) for index in used.tolist()):
        raise Unsupported("one-point: some weight or bias does not range over {0, 1}")
    kinds = [network.activations[index] for index in np.unique(network.activation[inner])]
    for kind in kinds:
        if kind not in BINARY:
            raise other_activation("one-point", "some neuron", kind)
