"""The behaviours that neurons may have, from the inputs on; neurons alike are found once."""

import numpy as np

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.progress import track
from instances.text.numbers import SAFE, Array
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.treewidth.domains import behaviours
from qnnhard.algorithms.treewidth.kinds import (
    LARGEST,
    Domain,
    EdgeKind,
    Kind,
    SumStates,
    Vector,
    edge_kind,
)
from qnnhard.algorithms.treewidth.rows import packed

_CHECK = 4096


class Forward:
    """One pass over a network whose outputs are to have known values.

    Parameters
    ----------
    instance : TrainingInstance
    inputs, targets : int64 arrays, p x alpha and p x omega
    deadline : Deadline

    Attributes
    ----------
    domain : list of int
        Per neuron an index into `domains`; an output has its targets alone.
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
        self.domains: list[Domain] = []
        self._known_domains: dict[bytes, int] = {}
        self._edge_kinds: dict[int, EdgeKind] = {}
        self._kinds: dict[tuple[int, int], Kind] = {}
        self._values = [np.array(domain, dtype=np.int64) for domain in instance.domains]
        self._known_signatures: dict[tuple[int, ...], int] = {}
        self._listed: list[tuple[int, ...]] = []
        self._domain_of: list[int] = []
        network = instance.network
        self._is_possible: dict[tuple[int, int], bool] = {}
        self.signature = [-1] * network.size
        self.domain = self._single(network.inputs, inputs)
        self.goal = self._single(network.outputs, targets)

    def _single(self, neurons: Array, values: Array) -> list[int]:
        """Return per neuron the domain of its column of `values` alone, -1 for other neurons."""
        _, first, place = np.unique(packed(values), return_index=True, return_inverse=True)
        numbers = np.array([self._domain(values[:, [v]]) for v in first], dtype=np.int64)
        found = np.full(self.instance.network.size, -1, dtype=np.int64)
        found[neurons] = numbers[place]
        listed: list[int] = found.tolist()
        return listed

    def run(self) -> bool:
        """Fill in domains and signatures; return False where an output cannot have its targets.

        Raises `Unsupported` and `TooLarge`.
        """
        instance, network = self.instance, self.instance.network
        count = len(instance.domains)
        order = np.argsort(network.levels, kind="stable")
        order = order[~network.is_input[order]]
        start = network.in_start.tolist()
        sources, weights = network.sources.tolist(), instance.weight_domain.tolist()
        own = (network.activation.astype(np.int64) * count + instance.bias_domain).tolist()
        domain, signature, known = self.domain, self.signature, self._known_signatures
        for done, neuron in enumerate(track(order.tolist(), "treewidth: kinds", "neurons")):
            if done % _CHECK == 0:
                self.deadline.check()
            edges = range(start[neuron], start[neuron + 1])
            codes = [domain[sources[edge]] * count + weights[edge] for edge in edges]
            codes.sort()
            key = (own[neuron], *codes)
            number = known.get(key)
            if number is None:
                number = self._signature(key)
            signature[neuron] = number
            goal = self.goal[neuron]
            if goal < 0:
                domain[neuron] = self._domain_of[number]
            elif self._possible(number, goal):
                domain[neuron] = goal
            else:
                return False
        return True

    def _signature(self, key: tuple[int, ...]) -> int:
        number = self._known_signatures[key] = len(self._listed)
        self._listed.append(key)
        edges = self._edges(key)
        self.deadline.check()
        values = behaviours(self.kind(number, -1), edges, self.states, self.deadline)
        self._domain_of.append(self._domain(values))
        return number

    def _possible(self, signature: int, goal: int) -> bool:
        found = self._is_possible.get((signature, goal))
        if found is None:
            values = self.domains[self._domain_of[signature]].values
            found = bool((values == self.domains[goal].values).all(axis=0).any())
            self._is_possible[signature, goal] = found
        return found

    def _edges(self, key: tuple[int, ...]) -> tuple[EdgeKind, ...]:
        count = len(self._values)
        for code in key[1:]:
            if code not in self._edge_kinds:
                source, weights = divmod(code, count)
                self._edge_kinds[code] = edge_kind(
                    len(self._edge_kinds), self._values[weights], self.domains[source]
                )
        return tuple(self._edge_kinds[code] for code in key[1:])

    def kind(self, signature: int, goal: int) -> Kind:
        """Return the kind of the neurons with a signature and a goal, -1 for none."""
        known = self._kinds.get((signature, goal))
        if known is not None:
            return known
        key = self._listed[signature]
        edges = self._edges(key)
        if len(edges) * LARGEST >= SAFE:
            raise Unsupported("treewidth: sums of too many terms; use --backend sat")
        activation, biases = divmod(key[0], len(self._values))
        zero = np.zeros(self.points, dtype=np.int64)
        kind = Kind(
            len(self._kinds),
            self.instance.network.activations[activation],
            self._values[biases],
            tuple(edge for edge in edges if edge.domain.size == 1),
            sum((edge.rise for edge in edges), zero),
            sum((edge.fall for edge in edges), zero),
            None if goal < 0 else self.domains[goal].values[:, 0],
        )
        self._kinds[signature, goal] = kind
        return kind

    def _domain(self, values: Vector) -> int:
        key = values.tobytes()
        number = self._known_domains.setdefault(key, len(self.domains))
        if number == len(self.domains):
            self.domains.append(Domain(number, values))
        return number

    def edge_kind(self, code: int) -> EdgeKind:
        """Return the kind of the edges with a code: see `codes`."""
        return self._edge_kinds[code]

    def codes(self) -> Array:
        """Return per edge a number for its source's domain and its weight domain."""
        domain = np.array(self.domain, dtype=np.int64)
        sources = self.instance.network.sources
        return domain[sources] * len(self._values) + self.instance.weight_domain
