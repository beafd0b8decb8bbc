"""Small random training instances over mixed domains, for randomised verification."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod
from random import Random

import numpy as np

from instances.text.numbers import Array, Number, object_array
from instances.training.activations import Activation
from instances.training.evaluate import compute
from instances.training.instance import TrainingInstance, layered, z
from instances.training.names import name_blocks
from instances.training.network import Network, sort_edges
from instances.training.parameters import Parameters

MOST_CHOICES = 64
"""Most choices of parameters of a random instance."""

_ACTIVATIONS = (
    Activation("identity"),
    Activation("relu"),
    Activation("relu_clipped", 2),
    Activation("step"),
    Activation("sign"),
    Activation("square"),
)
_DOMAINS: tuple[tuple[Number, ...], ...] = (
    (0,),
    (1,),
    (0, 1),
    (-1, 0, 1),
    (-2, 3),
    (Fraction(-1, 2), Fraction(1, 3)),
    (0, Fraction(1, 2), 2),
    (-10, Fraction(5, 7), 1, 4),
)
_BOUNDS: tuple[Number, ...] = (0, 0, 0, 0, 1, Fraction(1, 2), -1)


def random_training(random: Random) -> TrainingInstance:
    """Return an instance with at most `MOST_CHOICES` choices of parameters.

    One in four is a d-QNNT instance. Among the others are fractions, frozen parameters, skip
    connections, outputs that feed others, neurons without predecessors, repeated inputs with
    other targets, no data at all, and negative bounds; losses other than mismatch have a bound
    of 0 or below. The targets of about half are the outputs of some parameters.
    """
    made = _quantized(random) if random.random() < 0.25 else _general(random)
    if random.random() < 0.5:
        made = planted(made, random)
    made = replace(made, bound=random.choice(_BOUNDS))
    if made.d is None and made.bound <= 0 and random.random() < 0.3:
        made = replace(made, loss=random.choice(("l1", "l2")))
    return made


def planted(instance: TrainingInstance, random: Random) -> TrainingInstance:
    """Return `instance` with the outputs of random parameters as its targets."""
    weights = [random.choice(instance.domains[i]) for i in instance.weight_domain.tolist()]
    biases = [
        0 if i < 0 else random.choice(instance.domains[i]) for i in instance.bias_domain.tolist()
    ]
    network = instance.network
    parameters = Parameters(object_array(weights), object_array(biases))
    return replace(instance, targets=compute(network, parameters, instance.inputs, network.outputs))


def drawn_layers(widths: tuple[int, ...], d: int, points: int, random: Random) -> TrainingInstance:
    """Return a d-QNNT instance of a fully connected network with uniform data."""
    inputs, targets = (
        [random.choices(z(d), k=width) for _ in range(points)] for width in (widths[0], widths[-1])
    )
    return layered(widths, d, (inputs, targets))


def _quantized(random: Random) -> TrainingInstance:
    """Return a d-QNNT instance of one neuron, or of a chain of two."""
    d, widths = random.choice(((2, (2, 1)), (2, (1, 2)), (2, (1, 1, 1)), (3, (2, 1)), (5, (1, 1))))
    return drawn_layers(widths, d, random.randint(1, 4), random)


def _general(random: Random) -> TrainingInstance:
    """Return an instance whose parameters and neurons differ in domain and activation."""
    alpha, others = random.randint(0, 2), random.randint(1, 3)
    size = alpha + others
    outputs = random.sample(range(alpha, size), random.randint(1, min(2, others)))
    edges = [(u, v) for v in range(alpha, size) for u in range(v) if random.random() < 0.6]
    sources, targets = (np.array([e[i] for e in edges], dtype=np.int32) for i in (0, 1))
    order = sort_edges(sources, targets)
    activation = np.array([-1] * alpha + random.choices(range(6), k=others), dtype=np.int32)
    network = Network(
        names=name_blocks(("n", size)),
        inputs=np.arange(alpha, dtype=np.int32),
        outputs=np.array(outputs, dtype=np.int32),
        sources=sources[order],
        targets=targets[order],
        activations=_ACTIVATIONS,
        activation=activation,
    )
    chosen = _chosen_domains(len(edges) + others, random)
    points = random.randint(0, 3) if random.random() < 0.1 else random.randint(1, 3)
    values: Sequence[Number] = (-1, 0, 1, 1, 2, Fraction(1, 2))

    def drawn(values: Sequence[Number], width: int) -> Array:
        return object_array(random.choices(values, k=points * width)).reshape(points, width)

    return TrainingInstance(
        network=network,
        domains=_DOMAINS,
        weight_domain=np.array(chosen[: len(edges)], dtype=np.int32),
        bias_domain=np.array([-1] * alpha + chosen[len(edges) :], dtype=np.int32),
        inputs=drawn(values, alpha),
        targets=drawn((0, 0, 1, 1, 2), len(outputs)),
    )


def _chosen_domains(count: int, random: Random) -> list[int]:
    """Return an index into `_DOMAINS` for each parameter; past `MOST_CHOICES`, frozen ones."""
    chosen: list[int] = []
    for _ in range(count):
        index = random.randrange(len(_DOMAINS))
        size = prod(len(_DOMAINS[other]) for other in chosen) * len(_DOMAINS[index])
        chosen.append(index if size <= MOST_CHOICES else random.randrange(2))
    random.shuffle(chosen)
    return chosen
