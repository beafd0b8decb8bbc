"""The continuous network of a discrete one, neuron by neuron (theory, section 4.5)."""

from dataclasses import dataclass

import numpy as np

from instances.continuous.instance import ContinuousInstance
from instances.text.numbers import Number
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from reductions.to_reals.constraints import Constraint, constraints
from reductions.to_reals.products import Growth


@dataclass(frozen=True)
class Simulation:
    """A continuous instance and where it keeps the parameters of the discrete one.

    Parameters
    ----------
    instance : ContinuousInstance
    constraints : tuple of Constraint
        One for every open parameter.
    carriers : tuple of int
        The edge whose real weight is the parameter, in the order of `constraints`.
    outputs : tuple of int
        The position among the outputs of the constraint's output, in the same order.
    """

    instance: ContinuousInstance
    constraints: tuple[Constraint, ...]
    carriers: tuple[int, ...]
    outputs: tuple[int, ...]


def simulation_of(source: TrainingInstance) -> Simulation:
    """Return the continuous instance of `source` and where it keeps the open parameters."""
    found = constraints(source)
    growth, is_open = _start(source, found)
    network = source.network
    ends = list(zip(network.sources.tolist(), network.targets.tolist(), strict=True))
    weights = lowest(source)[0].tolist()
    for edge, (u, v) in enumerate(ends):
        if edge not in is_open:
            growth.join(v, (u, weights[edge]))
    one = growth.identity("one", -1) if found else None
    carriers, guards = [], []
    for number, constraint in enumerate(found, start=1):
        assert one is not None
        r = growth.identity(f"r{number}", 0, (one, None))
        carriers.append(r)
        guards.append(_guard(growth, number, r, constraint.roots))
        if constraint.kind == "weight":
            u, v = ends[constraint.place]
            growth.join(v, (growth.product(f"w{number}", [(r, 1)], 0, [(u, 1)], 0), 1))
        else:
            growth.join(constraint.place, (r, -1))
    outputs = [*network.outputs.tolist(), *guards]
    grown, frozen, real = growth.network(network.inputs, outputs)
    zeros = np.zeros((source.points, len(guards)), dtype=np.int64)
    instance = ContinuousInstance(
        network=grown,
        frozen=frozen,
        real_weights=real,
        real_biases=np.zeros(grown.size, dtype=np.bool_),
        inputs=source.inputs,
        targets=np.concatenate((source.targets, zeros), axis=1),
        bound=source.bound,
        origin={**source.origin, "continuous": "[DT]"},
    )
    # r has one predecessor, so its first in-edge is the real one.
    places = tuple(grown.edges_into(r)[0] for r in carriers)
    first = len(network.outputs)
    return Simulation(instance, tuple(found), places, tuple(range(first, len(outputs))))


def place_values(simulation: Simulation, values: list[Number]) -> Parameters:
    """Return parameters of the continuous instance with these values of the r_p, in order."""
    frozen = simulation.instance.frozen
    weights = frozen.weights.astype(object)
    for carrier, value in zip(simulation.carriers, values, strict=True):
        weights[carrier] = value
    return Parameters(weights, frozen.biases)


def _start(source: TrainingInstance, found: list[Constraint]) -> tuple[Growth, set[int]]:
    """Return the source's neurons, open biases frozen at 0, and the set of open edges."""
    network = source.network
    biases = lowest(source)[1].tolist()
    for constraint in found:
        if constraint.kind == "bias":
            biases[constraint.place] = 0
    growth = Growth(network.names, network.activations, network.activation.tolist(), biases)
    return growth, {c.place for c in found if c.kind == "weight"}


def _guard(growth: Growth, number: int, r: int, roots: tuple[Number, ...]) -> int:
    """Return a neuron that computes the product of (r - t) over `roots`, two or more."""
    before, offset = r, roots[0]
    for position, root in enumerate(roots[1:], start=2):
        name = f"c{number}_{position}"
        before = growth.product(name, [(before, 1)], offset, [(r, 1)], root)
        offset = 0
    return before
