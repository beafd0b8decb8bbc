"""The exact oracle: depth-first enumeration of behaviours (theory, section 5.5).

A neuron's behaviour is the vector of its values over the distinct inputs of the data. The
oracle assigns behaviours neuron by neuron and gives up a branch as soon as an output makes the
loss exceed the bound. It is written in plain Python and shares no code with the encoder or
with the evaluator.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import log2, prod
from typing import Any

import numpy as np

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.progress import stage
from instances.text.numbers import Number
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method, Prediction, Sizes
from qnnhard.verdict import How

SEARCH_LIMIT = 1 << 34
"""Largest bound on the number of behaviour combinations that is attempted."""

NEURON_LIMIT = 1 << 20
"""Most parameter choices of one neuron that are attempted."""

Vector = tuple[Number, ...]
Choice = tuple[Number, ...]
"""The weights of a neuron's in-edges followed by its bias."""


@dataclass(frozen=True)
class EnumerationMethod(Method):
    """Exhaustive search over neuron behaviours, independent of the SAT encoding."""

    name = "enumerate"
    description = "exhaustive search over behaviours; tiny instances only"

    def predict(self, instance: TrainingInstance, deadline: Deadline) -> Prediction:
        """Return the bound on the number of combinations that is compared with the limit."""
        bits = _Enumeration(instance, deadline, every_choice=False).bits
        return Prediction(f"at most 2^{bits:.0f} behaviours")

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:  # noqa: ARG002
        """Try all combinations of behaviours."""
        parameters = first_solution(instance, deadline)
        return Found(parameters, None if parameters is not None else How.ENUMERATED)


@dataclass(frozen=True)
class _Neuron:
    """A neuron with its in-edges and domains, in plain Python."""

    number: int
    sources: tuple[int, ...]
    edges: range
    weights: tuple[tuple[Number, ...], ...]
    bias: tuple[Number, ...]
    activation: Activation
    output: int | None

    @property
    def choices(self) -> int:
        return prod(map(len, self.weights)) * len(self.bias)


def first_solution(instance: TrainingInstance, deadline: Deadline) -> Parameters | None:
    """Return some solution, or ``None`` after an exhaustive search.

    Raises
    ------
    Unsupported
        Where the search space exceeds `SEARCH_LIMIT` or `NEURON_LIMIT`.
    """
    search = _Enumeration(instance, deadline, every_choice=False)
    return next(search.solutions(), None)


def all_solutions(
    instance: TrainingInstance, deadline: Deadline | None = None
) -> Iterator[Parameters]:
    """Yield every solution; raise as `first_solution` does."""
    yield from _Enumeration(instance, deadline or Deadline(), every_choice=True).solutions()


class _Enumeration:
    def __init__(self, instance: TrainingInstance, deadline: Deadline, every_choice: bool) -> None:
        self.instance = instance
        self.deadline = deadline
        self.every_choice = every_choice
        self._merge_points()
        self.neurons = _ordered(instance)
        self.bits = self._bits()
        self.memory: dict[tuple[int, tuple[Vector, ...]], dict[Vector, list[Choice]]] = {}

    def _merge_points(self) -> None:
        """Keep distinct inputs, and per pair of input and target row its multiplicity."""
        self.inputs: list[Vector] = []
        self.groups: dict[tuple[int, Vector], int] = {}
        place: dict[Vector, int] = {}
        instance = self.instance
        rows = zip(instance.inputs.tolist(), instance.targets.tolist(), strict=True)
        for inputs, targets in rows:
            number = place.setdefault(tuple(inputs), len(place))
            if number == len(self.inputs):
                self.inputs.append(tuple(inputs))
            group = (number, tuple(targets))
            self.groups[group] = self.groups.get(group, 0) + 1

    def _bits(self) -> float:
        """Bound the logarithm of the number of combinations, or refuse."""
        bits = 0.0
        for neuron in self.neurons:
            name = self.instance.network.names[neuron.number]
            if neuron.choices > NEURON_LIMIT:
                raise Unsupported(
                    f"enumeration: neuron '{name}' has 2^{log2(neuron.choices):.0f} parameter "
                    f"choices, more than 2^{log2(NEURON_LIMIT):.0f}; use --backend sat"
                )
            bits += self._behaviour_bits(neuron)
        if bits > log2(SEARCH_LIMIT):
            raise Unsupported(
                f"enumeration: up to 2^{bits:.0f} behaviours, more than "
                f"2^{log2(SEARCH_LIMIT):.0f}; use --backend sat"
            )
        return bits

    def _behaviour_bits(self, neuron: _Neuron) -> float:
        """Bound the logarithm of the number of behaviours, which an output's goal cuts to one."""
        if neuron.output is not None and self.instance.bound == 0 and not self.every_choice:
            return 0.0
        kind = neuron.activation
        bits = log2(neuron.choices)
        if kind.kind in ("step", "sign", "relu_clipped"):
            values = {"step": 2, "sign": 3}.get(kind.kind, kind.maximum + 1)
            bits = min(bits, len(self.inputs) * log2(values))
        return bits

    def solutions(self) -> Iterator[Parameters]:
        """Yield parameters for every combination of choices found."""
        for combination in self.combinations():
            for chosen in product(*combination):
                self.deadline.check()
                yield self._parameters(chosen)

    def _parameters(self, chosen: tuple[Choice, ...]) -> Parameters:
        network = self.instance.network
        weights: list[Number] = [0] * network.edges
        biases: list[Number] = [0] * network.size
        for neuron, choice in zip(self.neurons, chosen, strict=True):
            biases[neuron.number] = choice[-1]
            for edge, weight in zip(neuron.edges, choice, strict=False):
                weights[edge] = weight
        return Parameters(np.array(weights, dtype=object), np.array(biases, dtype=object))

    def combinations(self) -> Iterator[list[list[Choice]]]:
        """Yield, for every accepted assignment of behaviours, the choices of each neuron."""
        behaviour: dict[int, Vector] = {
            int(neuron): tuple(row[column] for row in self.inputs)
            for column, neuron in enumerate(self.instance.network.inputs)
        }
        if self.instance.bound < 0:
            return
        if not self.neurons:
            yield []
            return
        chosen: list[list[Choice]] = []
        stack = [self._branches(0, behaviour)]
        with stage("enumeration", "behaviours") as progress:
            while stack:
                self.deadline.check()
                step = next(stack[-1], None)
                depth = len(stack) - 1
                del chosen[depth:]
                if step is None:
                    stack.pop()
                    continue
                progress.done += 1
                vector, choices = step
                number, output = self.neurons[depth].number, self.neurons[depth].output
                behaviour[number] = vector
                if output is not None and not self._affordable(depth, behaviour):
                    continue
                chosen.append(choices)
                if len(chosen) == len(self.neurons):
                    yield list(chosen)
                else:
                    stack.append(self._branches(depth + 1, behaviour))

    def _branches(
        self, depth: int, behaviour: dict[int, Vector]
    ) -> Iterator[tuple[Vector, list[Choice]]]:
        neuron = self.neurons[depth]
        before = tuple(behaviour[source] for source in neuron.sources)
        key = (depth, before)
        if key not in self.memory:
            if len(self.memory) > 1 << 16:
                self.memory.clear()
            self.memory[key] = self._behaviours(neuron, before)
        return iter(self.memory[key].items())

    def _behaviours(
        self, neuron: _Neuron, before: tuple[Vector, ...]
    ) -> dict[Vector, list[Choice]]:
        """Return every behaviour with the choices that realise it, or with one of them."""
        sums: dict[Vector, list[Choice]] = {(0,) * len(self.inputs): [()]}
        for values, domain in zip(
            (*before, (-1,) * len(self.inputs)), (*neuron.weights, neuron.bias), strict=True
        ):
            self.deadline.check()
            following: dict[Vector, list[Choice]] = {}
            for vector, choices in sums.items():
                for weight in domain:
                    moved = tuple(s + weight * a for s, a in zip(vector, values, strict=True))
                    self._note(following, moved, [(*choice, weight) for choice in choices])
            sums = following
        result: dict[Vector, list[Choice]] = {}
        for vector, choices in sums.items():
            self._note(result, tuple(map(neuron.activation, vector)), choices)
        return result

    def _note(
        self, table: dict[Vector, list[Choice]], vector: Vector, choices: list[Choice]
    ) -> None:
        if self.every_choice:
            table.setdefault(vector, []).extend(choices)
        else:
            table.setdefault(vector, choices)

    def _affordable(self, depth: int, behaviour: dict[int, Vector]) -> bool:
        """Return whether the outputs assigned so far leave the loss within the bound."""
        outputs = [n for n in self.neurons[: depth + 1] if n.output is not None]
        loss: Number = 0
        for (point, targets), multiplicity in self.groups.items():
            gaps: list[Any] = [
                abs(behaviour[n.number][point] - targets[n.output])
                for n in outputs
                if n.output is not None
            ]
            match self.instance.loss:
                case "mismatch":
                    cost: Number = int(any(gaps))
                case "l1":
                    cost = sum(gaps)
                case _:
                    cost = sum(gap * gap for gap in gaps)
            loss += cost * multiplicity
            if loss > self.instance.bound:
                return False
        return True


def _ordered(instance: TrainingInstance) -> list[_Neuron]:
    """Return the non-input neurons so that every output comes right after what it needs."""
    network, domains = instance.network, instance.domains
    position = {int(neuron): place for place, neuron in enumerate(network.outputs)}
    order: list[_Neuron] = []
    placed = set(network.inputs.tolist())
    others = [neuron for neuron in range(network.size) if neuron not in position]
    for goal in [*network.outputs.tolist(), *others]:
        stack = [goal]
        while stack:
            neuron = stack[-1]
            edges = network.edges_into(neuron)
            sources = tuple(int(network.sources[edge]) for edge in edges)
            waiting = [source for source in sources if source not in placed]
            if neuron in placed or not waiting:
                stack.pop()
                if neuron not in placed:
                    placed.add(neuron)
                    order.append(
                        _Neuron(
                            number=neuron,
                            sources=sources,
                            edges=edges,
                            weights=tuple(
                                domains[int(instance.weight_domain[edge])] for edge in edges
                            ),
                            bias=domains[int(instance.bias_domain[neuron])],
                            activation=network.activations[int(network.activation[neuron])],
                            output=position.get(neuron),
                        )
                    )
            else:
                stack.extend(waiting)
    return order
