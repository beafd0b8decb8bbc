"""What is left of an instance to decide: free neurons, and edges between them.

Inputs and outputs with fixed targets are constants, and so is a neuron that has one possible
behaviour. What reaches no output is irrelevant, and its parameters may have any value.
"""

from dataclasses import dataclass

import numpy as np

from instances.deadline import Deadline
from instances.text.numbers import Array
from instances.training.instance import TrainingInstance
from instances.training.network import Network
from qnnhard.methods.treewidth.neuron_kinds import BehaviourSet, EdgeKind, NeuronKind
from qnnhard.methods.treewidth.partial_sums import SumStates
from qnnhard.methods.treewidth.possible_behaviours import PossibleBehaviours

_CHECK = 4096


@dataclass(frozen=True, eq=False)
class Reduced:
    """The free neurons of an instance that must fit p inputs exactly.

    Parameters
    ----------
    points : int
        p.
    neurons : list of int
        The network's neuron for every vertex.
    kinds : list of NeuronKind
        Per vertex.
    sources, targets : lists of int
        The two vertices of every edge between free neurons, sorted by target.
    edges : list of int
        The network's edge for each of them.
    behaviours : list of BehaviourSet or None
        The possible behaviours per vertex; ``None`` for outputs, whose behaviour is known.
    constant_codes : int64 array
        Per edge of the network a number for its kind where its source is constant, else -1.
    """

    points: int
    neurons: list[int]
    kinds: list[NeuronKind]
    sources: list[int]
    targets: list[int]
    edge_kinds: list[EdgeKind]
    edges: list[int]
    behaviours: list[BehaviourSet | None]
    states: SumStates
    instance: TrainingInstance
    constant_codes: Array

    def constants(self, vertex: int) -> list[int]:
        """Return the network's edges into `vertex` from constants, as its kind lists them."""
        edges = self.instance.network.edges_into(self.neurons[vertex])
        codes = zip(self.constant_codes[edges].tolist(), edges, strict=True)
        return [edge for code, edge in sorted(codes) if code >= 0]


def reduce(
    instance: TrainingInstance, inputs: Array, targets: Array, deadline: Deadline
) -> Reduced | None:
    """Return what is left to decide, or ``None`` where some output cannot have its targets.

    Parameters
    ----------
    instance : TrainingInstance
        Its network and domains; see `require_integers`.
    inputs, targets : arrays, p x alpha and p x omega
        int64; the distinct inputs, at least one, and the outputs that are wanted for them.

    Raises
    ------
    Unsupported, TooLarge
        Where numbers or sets of behaviours are too large.
    """
    possible = PossibleBehaviours(instance, inputs, targets, deadline)
    if not possible.run():
        return None
    network = instance.network
    single = np.array([found.size == 1 for found in possible.sets], dtype=np.bool_)
    is_constant = single[np.array(possible.set_of, dtype=np.int64)]
    relevant = _relevant(network, is_constant, deadline)
    chosen = np.flatnonzero(relevant)
    vertex = np.full(network.size, -1, dtype=np.int64)
    vertex[chosen] = np.arange(len(chosen))
    codes = possible.codes()
    from_constant = is_constant[network.sources]
    free = np.flatnonzero(~from_constant & relevant[network.targets])
    neurons = chosen.tolist()
    goal, signature = possible.goal, possible.signature
    return Reduced(
        points=len(inputs),
        neurons=neurons,
        kinds=[possible.kind(signature[v], goal[v]) for v in neurons],
        sources=vertex[network.sources[free]].tolist(),
        targets=vertex[network.targets[free]].tolist(),
        edge_kinds=[possible.edge_kind(code) for code in codes[free].tolist()],
        edges=free.tolist(),
        behaviours=[None if goal[v] >= 0 else possible.sets[possible.set_of[v]] for v in neurons],
        states=possible.states,
        instance=instance,
        constant_codes=np.where(from_constant, codes, -1),
    )


def _relevant(network: Network, is_constant: Array, deadline: Deadline) -> Array:
    """Return the outputs and the free neurons that reach one through free neurons."""
    relevant = network.is_output.tolist()
    start, sources = network.in_start.tolist(), network.sources.tolist()
    constant = is_constant.tolist()
    order = np.argsort(network.levels, kind="stable")[::-1]
    for done, neuron in enumerate(order.tolist()):
        if done % _CHECK == 0:
            deadline.check()
        if relevant[neuron]:
            for edge in range(start[neuron], start[neuron + 1]):
                if not constant[sources[edge]]:
                    relevant[sources[edge]] = True
    return np.array(relevant, dtype=np.bool_)
