"""Random two-layer instances, and least losses by trying all parameters."""

import random
from collections.abc import Sequence
from fractions import Fraction

from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from tests.helpers import (
    ACTIVATIONS,
    Number,
    make_instance,
    make_network,
    naive_loss,
    parameter_space,
)


def random_two_layers(
    r: random.Random, points: int, numbers: Sequence[Number] = range(-3, 4)
) -> TrainingInstance:
    """A small two-layer instance.

    Several inputs and outputs, outputs fed by inputs and by hidden neurons in any mixture, no
    hidden neurons at all, neurons without predecessors, hidden neurons that nothing needs,
    repeated points, repeated inputs with other targets; all activations and losses.
    """
    alpha, hidden, omega = r.randint(1, 2), r.randint(0, 3), r.randint(1, 2)
    inputs = list(range(alpha))
    middle = list(range(alpha, alpha + hidden))
    outputs = list(range(alpha + hidden, alpha + hidden + omega))
    edges = [(u, v) for v in middle for u in inputs if r.random() < 0.7]
    edges += [(u, v) for v in outputs for u in middle if r.random() < 0.6]
    edges += [(u, v) for v in outputs for u in inputs if r.random() < 0.35]
    kinds = (*ACTIVATIONS, Activation("relu_clipped", r.randint(0, 4)))
    network = make_network(
        outputs[-1] + 1, inputs, outputs, edges, {v: r.choice(kinds) for v in (*middle, *outputs)}
    )

    def domain() -> tuple[Number, ...]:
        return tuple(sorted({r.choice(numbers) for _ in range(r.randint(1, 3))}))

    rows = [[r.choice(numbers) for _ in inputs] for _ in range(points)]
    targets = [[r.choice(numbers) for _ in outputs] for _ in range(points)]
    if points > 1 and r.random() < 0.4:
        rows[-1] = rows[0]
        if r.random() < 0.5:
            targets[-1] = targets[0]
    return make_instance(
        network,
        list(zip(rows, targets, strict=True)),
        weights={edge: domain() for edge in edges},
        biases={v: domain() for v in (*middle, *outputs)},
        loss=r.choice(("mismatch", "l1", "l2")),
    )


def brute_least_loss(instance: TrainingInstance) -> Fraction:
    """The least loss over the product of all domains."""
    return min(naive_loss(instance, parameters) for parameters in parameter_space(instance))


def subset_sum(numbers: Sequence[int], target: int) -> TrainingInstance:
    """Theory 4.1: one hidden neuron a number, weight 0 or the number."""
    count = len(numbers)
    into = {(0, j): tuple(sorted({0, a})) for j, a in enumerate(numbers, 1)}
    out_of = {(j, count + 1): (1,) for j in range(1, count + 1)}
    network = make_network(count + 2, [0], [count + 1], [*into, *out_of], Activation("identity"))
    return make_instance(network, [((1,), (target,))], {**into, **out_of}, (0,), "l1")
