"""The behaviours that neurons may have, from the inputs on; neurons alike are found once."""

import numpy as np

from instances.canonical.rows import number_rows
from instances.canonical.scaled import ScaledActivation
from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.progress import track
from instances.text.numbers import SAFE, Array
from instances.training.instance import TrainingInstance
from qnnhard.methods.treewidth.neuron_kinds import (
    LARGEST,
    BehaviourSet,
    EdgeKind,
    NeuronKind,
    Vector,
)
from qnnhard.methods.treewidth.partial_sums import SumStates, behaviours_of

_CHECK = 4096


class PossibleBehaviours:
    """One pass over a network whose outputs are to have known values.

    Parameters
    ----------
    inputs, targets : int64 arrays, p x alpha and p x omega

    Attributes
    ----------
    set_of : list of int
        Per neuron an index into `sets`; an output has its targets alone.
    goal : list of int
        Per output the index of its targets; -1 for other neurons.
    signature : list of int
        Per neuron the number of its activation, bias domain and multiset of in-edges.
    """

    def __init__(
        self, instance: TrainingInstance, inputs: Array, targets: Array, deadline: Deadline
    ) -> None:
        self.instance = instance
        self.deadline = deadline
        self.points = len(inputs)
        self.states = SumStates()
        self.sets: list[BehaviourSet] = []
        self._known_sets: dict[bytes, int] = {}
        self._edge_kinds: dict[int, EdgeKind] = {}
        self._kinds: dict[tuple[int, int], NeuronKind] = {}
        self._values = [np.array(domain, dtype=np.int64) for domain in instance.domains]
        self._known_signatures: dict[tuple[int, ...], int] = {}
        self._signatures: list[tuple[int, ...]] = []
        self._set_of_signature: list[int] = []
        self._is_possible: dict[tuple[int, int], bool] = {}
        network = instance.network
        self.signature = [-1] * network.size
        self.set_of = self._single(network.inputs, inputs)
        self.goal = self._single(network.outputs, targets)

    def _single(self, neurons: Array, values: Array) -> list[int]:
        """Return per neuron the set of its column of `values` alone, -1 for other neurons."""
        number, first = number_rows(values, values.shape[1])
        sets = np.array([self._set(values[:, [v]]) for v in first], dtype=np.int64)
        found = np.full(self.instance.network.size, -1, dtype=np.int64)
        found[neurons] = sets[number]
        listed: list[int] = found.tolist()
        return listed

    def run(self) -> bool:
        """Fill in sets and signatures; return False where an output cannot have its targets.

        Raises `Unsupported` and `TooLarge`.
        """
        instance, network = self.instance, self.instance.network
        count = len(instance.domains)
        order = np.argsort(network.levels, kind="stable")
        order = order[~network.is_input[order]]
        start = network.in_start.tolist()
        sources, weights = network.sources.tolist(), instance.weight_domain.tolist()
        own = (network.activation.astype(np.int64) * count + instance.bias_domain).tolist()
        set_of, signature, known = self.set_of, self.signature, self._known_signatures
        for done, neuron in enumerate(track(order.tolist(), "treewidth: kinds", "neurons")):
            if done % _CHECK == 0:
                self.deadline.check()
            edges = range(start[neuron], start[neuron + 1])
            codes = [set_of[sources[edge]] * count + weights[edge] for edge in edges]
            codes.sort()
            key = (own[neuron], *codes)
            number = known.get(key)
            if number is None:
                number = self._sign(key)
            signature[neuron] = number
            goal = self.goal[neuron]
            if goal < 0:
                set_of[neuron] = self._set_of_signature[number]
            elif self._possible(number, goal):
                set_of[neuron] = goal
            else:
                return False
        return True

    def _sign(self, key: tuple[int, ...]) -> int:
        number = self._known_signatures[key] = len(self._signatures)
        self._signatures.append(key)
        self.deadline.check()
        kind, edges = self.kind(number, -1), self._edges(key)
        self._set_of_signature.append(
            self._set(behaviours_of(kind, edges, self.states, self.deadline))
        )
        return number

    def _possible(self, signature: int, goal: int) -> bool:
        found = self._is_possible.get((signature, goal))
        if found is None:
            values = self.sets[self._set_of_signature[signature]].values
            found = bool((values == self.sets[goal].values).all(axis=0).any())
            self._is_possible[signature, goal] = found
        return found

    def _edges(self, key: tuple[int, ...]) -> tuple[EdgeKind, ...]:
        for code in key[1:]:
            if code not in self._edge_kinds:
                source, weights = divmod(code, len(self._values))
                self._edge_kinds[code] = EdgeKind.of(self._values[weights], self.sets[source])
        return tuple(self._edge_kinds[code] for code in key[1:])

    def kind(self, signature: int, goal: int) -> NeuronKind:
        """Return the kind of the neurons with a signature and a goal, -1 for none."""
        known = self._kinds.get((signature, goal))
        if known is not None:
            return known
        key = self._signatures[signature]
        edges = self._edges(key)
        if len(edges) * LARGEST >= SAFE:
            raise Unsupported("treewidth: sums of too many terms; use --backend sat")
        activation, biases = divmod(key[0], len(self._values))
        zero = np.zeros(self.points, dtype=np.int64)
        kind = self._kinds[signature, goal] = NeuronKind(
            ScaledActivation(self.instance.network.activations[activation]),
            self._values[biases],
            tuple(edge for edge in edges if edge.behaviours.size == 1),
            sum((edge.rise for edge in edges), zero),
            sum((edge.fall for edge in edges), zero),
            None if goal < 0 else self.sets[goal].values[:, 0],
        )
        return kind

    def _set(self, values: Vector) -> int:
        number = self._known_sets.setdefault(values.tobytes(), len(self.sets))
        if number == len(self.sets):
            self.sets.append(BehaviourSet(values))
        return number

    def edge_kind(self, code: int) -> EdgeKind:
        """Return the kind of the edges with a code: see `codes`."""
        return self._edge_kinds[code]

    def codes(self) -> Array:
        """Return per edge a number for its source's behaviours and its weight domain."""
        set_of = np.array(self.set_of, dtype=np.int64)
        sources = self.instance.network.sources
        return set_of[sources] * len(self._values) + self.instance.weight_domain
