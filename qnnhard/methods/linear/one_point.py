"""Zero error over {0,1} on one distinct input, at any depth, is reachability (qnnhard).

Weights and biases are not negative, so a neuron is active only if some predecessor is. Let
every neuron have weights 1 and bias 0, but outputs with target 0 have weights 0: then exactly
those neurons are active that an active input reaches on a path without such outputs. By
induction along the network no solution has others active; so this one is a solution if any is.
"""

from dataclasses import dataclass

import numpy as np

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.errors import QnnhardError, Unsupported
from instances.text.numbers import Array
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.methods.linear.method import BINARY, LinearMethod, other_activation


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

    def check(self, instance: TrainingInstance, deadline: Deadline) -> None:
        """Raise `QnnhardError` unless it proves that `instance` has no solution.

        What may be active must contain the active inputs, and the successors of its members but
        for outputs with target 0; so it contains all that is active in a solution.
        """
        deadline.check()
        network, inputs, targets = instance.network, instance.inputs, instance.targets
        if self.points is not None:
            first, second = self.points
            holds = np.array_equal(inputs[first], inputs[second]) and not np.array_equal(
                targets[first], targets[second]
            )
        else:
            active, place = self.active, network.outputs == self.output
            assert active is not None
            may = active.copy()
            may[network.outputs[targets[0] == 0]] = True
            holds = bool(
                active[network.inputs[inputs[0] == 1]].all()
                and may[network.targets[active[network.sources]]].all()
                and (targets[0, place] == 1).all()
                and place.any()
                and not active[self.output]
            )
        if not holds:
            raise QnnhardError("one-point gave a wrong refutation: please report the instance")


@dataclass(frozen=True)
class OnePointMethod(LinearMethod):
    """Linear time for one distinct input, at any depth. A NO is checked."""

    name = "one-point"
    description = "reachability for {0,1} parameters, one input and bound 0"

    def require(self, instance: TrainingInstance, deadline: Deadline) -> None:  # noqa: ARG002
        """Raise `Unsupported` with the first condition that fails.

        Every parameter must be free in {0, 1}, every value and activation binary, the bound 0,
        and all inputs equal.
        """
        network = instance.network
        inner = ~network.is_input
        self.require_zero_error(instance)
        if len(canonical(instance).data.first) > 1:
            raise Unsupported("one-point: the data have two distinct inputs")
        self.require_bits(instance)
        used = np.union1d(instance.weight_domain, instance.bias_domain[inner])
        if any(instance.domains[index] != (0, 1) for index in used.tolist()):
            raise Unsupported("one-point: some weight or bias does not range over {0, 1}")
        kinds = [network.activations[index] for index in np.unique(network.activation[inner])]
        for kind in kinds:
            if kind not in BINARY:
                raise other_activation("one-point", "some neuron", kind)

    def decide(
        self, instance: TrainingInstance, deadline: Deadline
    ) -> Parameters | OnePointRefutation:
        """Find what every neuron can be."""
        self.require(instance, deadline)
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
