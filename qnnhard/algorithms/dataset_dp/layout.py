"""Two-layer instances as the dataset dynamic program sees them: components, and merged data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from instances.errors import Unsupported
from instances.text.numbers import Number
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance

Domain = tuple[Number, ...]


@dataclass(frozen=True)
class Edge:
    """An edge between a neuron and `other`: an input's column, or an output's place."""

    number: int
    other: int
    domain: Domain


@dataclass(frozen=True)
class Neuron:
    """A neuron, its edges from inputs, and for a hidden one its edges to outputs.

    The places of outputs count within the component.
    """

    number: int
    activation: Activation
    bias: Domain
    incoming: tuple[Edge, ...]
    outgoing: tuple[Edge, ...] = ()


@dataclass(frozen=True)
class Component:
    """Outputs that share hidden neurons, directly or through others, and these neurons.

    `columns` are the outputs' columns in the targets. Components have no parameter in common.
    """

    columns: tuple[int, ...]
    outputs: tuple[Neuron, ...]
    hidden: tuple[Neuron, ...]


@dataclass
class Data:
    """A dataset with equal points merged.

    Parameters
    ----------
    inputs : list of tuples
        Distinct inputs.
    group_input, targets, multiplicity : lists
        Per group of equal data points the place of its input, its targets and its number.
    """

    inputs: list[tuple[Number, ...]] = field(default_factory=list)
    group_input: list[int] = field(default_factory=list)
    targets: list[tuple[Number, ...]] = field(default_factory=list)
    multiplicity: list[int] = field(default_factory=list)


def merge_points(instance: TrainingInstance) -> Data:
    """Return the data of `instance` with equal points merged, in order of appearance."""
    data = Data()
    inputs: dict[tuple[Any, ...], int] = {}
    groups: dict[tuple[int, tuple[Any, ...]], int] = {}
    for row, targets in zip(instance.inputs.tolist(), instance.targets.tolist(), strict=True):
        place = inputs.setdefault(tuple(row), len(inputs))
        if place == len(data.inputs):
            data.inputs.append(tuple(row))
        group = groups.setdefault((place, tuple(targets)), len(groups))
        if group == len(data.multiplicity):
            data.group_input.append(place)
            data.targets.append(tuple(targets))
            data.multiplicity.append(0)
        data.multiplicity[group] += 1
    return data


def components(instance: TrainingInstance) -> list[Component]:
    """Return the components of a two-layer instance; neurons that no output needs are left out.

    Raises
    ------
    Unsupported
        Where an output feeds an output or a hidden neuron that matters feeds another.
    """
    from networkx.utils import UnionFind

    network = instance.network
    outputs = network.outputs.tolist()
    inputs = {neuron: column for column, neuron in enumerate(network.inputs.tolist())}
    outgoing: dict[int, list[tuple[int, int]]] = {}
    groups = UnionFind(outputs)
    for output in outputs:
        for edge, source in _in_edges(instance, output):
            if network.is_output[source]:
                raise _too_deep(instance, "output", source)
            if source not in inputs:
                outgoing.setdefault(source, []).append((edge, output))
                groups.union(source, output)
    for neuron in outgoing:
        for _, source in _in_edges(instance, neuron):
            if source not in inputs:
                raise _too_deep(instance, "neuron", source)

    column = {output: place for place, output in enumerate(outputs)}
    members: dict[Any, list[int]] = {}
    for output in outputs:
        members.setdefault(groups[output], []).append(output)
    hidden: dict[Any, list[int]] = {}
    for neuron in sorted(outgoing):
        hidden.setdefault(groups[neuron], []).append(neuron)

    found = []
    for root, chosen in members.items():
        place = {output: number for number, output in enumerate(chosen)}
        found.append(
            Component(
                columns=tuple(column[output] for output in chosen),
                outputs=tuple(_neuron(instance, inputs, output) for output in chosen),
                hidden=tuple(
                    _neuron(
                        instance,
                        inputs,
                        neuron,
                        [(edge, place[output]) for edge, output in outgoing[neuron]],
                    )
                    for neuron in hidden.get(root, ())
                ),
            )
        )
    return found


def denominator(*values: Number) -> int:
    """Return the least common denominator of `values`."""
    return lcm(*(Fraction(value).denominator for value in values))


def _neuron(
    instance: TrainingInstance,
    inputs: dict[int, int],
    neuron: int,
    outgoing: list[tuple[int, int]] | None = None,
) -> Neuron:
    network, domains = instance.network, instance.domains

    def edge(number: int, other: int) -> Edge:
        return Edge(number, other, domains[int(instance.weight_domain[number])])

    return Neuron(
        number=neuron,
        activation=network.activations[int(network.activation[neuron])],
        bias=domains[int(instance.bias_domain[neuron])],
        incoming=tuple(
            edge(number, inputs[source])
            for number, source in _in_edges(instance, neuron)
            if source in inputs
        ),
        outgoing=tuple(edge(number, place) for number, place in outgoing or ()),
    )


def _in_edges(instance: TrainingInstance, neuron: int) -> Iterator[tuple[int, int]]:
    network = instance.network
    begin, end = network.in_start[neuron : neuron + 2].tolist()
    yield from zip(range(begin, end), network.sources[begin:end].tolist(), strict=True)


def _too_deep(instance: TrainingInstance, kind: str, neuron: int) -> Unsupported:
    what = "another output" if kind == "output" else "a hidden neuron"
    return Unsupported(
        f"dataset-dp: {kind} '{instance.network.names[neuron]}' feeds {what}; it takes two "
        "layers, inputs to hidden to outputs; use --backend sat"
    )
