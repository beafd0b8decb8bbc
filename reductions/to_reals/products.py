"""Growing a network by neurons that add, square and multiply (theory, sections 4.4 and 4.5)."""

from collections.abc import Sequence

import numpy as np

from instances.continuous.instance import from_entries
from instances.text.numbers import Array, Number, parse_number
from instances.training.activations import IDENTITY, SQUARE, Activation
from instances.training.names import NameBlock, Names
from instances.training.network import Network, sort_edges
from instances.training.parameters import Parameters

Term = tuple[int, Number | None]
"""A predecessor and the weight of its edge; ``None`` for a real weight."""

_QUARTER = parse_number("1/4")


class Growth:
    """Neurons and edges in the making, on top of given neurons 0, 1, ...

    Parameters
    ----------
    names : Names
    activations : sequence of Activation
        The activations that the given neurons use.
    activation : list of int
        Per given neuron its index, -1 at inputs.
    biases : list of numbers
        The frozen biases of the given neurons.
    """

    def __init__(
        self,
        names: Names,
        activations: Sequence[Activation],
        activation: list[int],
        biases: list[Number],
    ) -> None:
        self._names = list(names.blocks)
        self._mark = _fresh_mark(names)
        self._activations = list(dict.fromkeys((*activations, IDENTITY, SQUARE)))
        place = [self._activations.index(kind) for kind in activations]
        self._activation = [place[index] if index >= 0 else -1 for index in activation]
        self._biases = biases
        self._edges: list[tuple[int, int, Number | None]] = []

    def join(self, target: int, *terms: Term) -> None:
        """Add edges into `target`."""
        self._edges.extend((source, target, weight) for source, weight in terms)

    def identity(self, name: str, bias: Number, *terms: Term) -> int:
        """Return a new neuron that computes the weighted sum of `terms` minus `bias`."""
        return self._neuron(name, IDENTITY, bias, terms)

    def product(
        self, name: str, left: Sequence[Term], a: Number, right: Sequence[Term], b: Number
    ) -> int:
        """Return a new neuron that computes (left - a) * (right - b).

        By xy = ((x + y)^2 - (x - y)^2) / 4, from two square neurons and an identity neuron.
        Equal predecessors of both factors become one edge; one of weight 0 is left out, which
        leaves a neuron without predecessors where the factors differ by a constant.
        """
        squares = [
            self._neuron(f"{name}{sign}", SQUARE, a + factor * b, _sum(left, right, factor))
            for sign, factor in (("+", 1), ("-", -1))
        ]
        return self.identity(name, 0, (squares[0], _QUARTER), (squares[1], -_QUARTER))

    def network(self, inputs: Array, outputs: list[int]) -> tuple[Network, Parameters, Array]:
        """Return the network, its frozen parameters and the mask of its real weights."""
        sources = np.array([edge[0] for edge in self._edges], dtype=np.int32)
        targets = np.array([edge[1] for edge in self._edges], dtype=np.int32)
        order = sort_edges(sources, targets)
        weights, real = from_entries([edge[2] for edge in self._edges])
        biases = np.empty(len(self._biases), dtype=object)
        biases[:] = self._biases
        network = Network(
            names=Names(tuple(self._names)),
            inputs=inputs,
            outputs=np.array(outputs, dtype=np.int32),
            sources=sources[order],
            targets=targets[order],
            activations=tuple(self._activations),
            activation=np.array(self._activation, dtype=np.int32),
        )
        return network, Parameters(weights[order], biases), real[order]

    def _neuron(self, name: str, kind: Activation, bias: Number, terms: Sequence[Term]) -> int:
        number = len(self._activation)
        self._names.append(NameBlock(self._mark + name))
        self._activation.append(self._activations.index(kind))
        self._biases.append(bias)
        self.join(number, *terms)
        return number


def _sum(left: Sequence[Term], right: Sequence[Term], factor: int) -> list[Term]:
    """Return the terms of left + factor * right; all weights are frozen."""
    weights: dict[int, Number] = {}
    for terms, scale in ((left, 1), (right, factor)):
        for source, weight in terms:
            assert weight is not None
            weights[source] = weights.get(source, 0) + scale * weight
    return [(source, weight) for source, weight in weights.items() if weight != 0]


def _fresh_mark(names: Names) -> str:
    """Return a prefix that no given name begins with, so that new names differ from them."""
    mark = "~"
    while any(block.prefix.startswith(mark) for block in names.blocks):
        mark += "~"
    return mark
