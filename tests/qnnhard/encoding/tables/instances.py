"""Random instances on which tables have something to do."""

import random

from instances.training.activations import Activation
from instances.training.evaluate import compute
from instances.training.instance import TrainingInstance, z
from tests.helpers import make_instance, make_network, random_parameters

FINITE = (
    Activation("relu_clipped", 1),
    Activation("relu_clipped", 2),
    Activation("step"),
    Activation("sign"),
    Activation("relu"),
    Activation("identity"),
    Activation("square"),
)


def tabular_instance(r: random.Random, hidden: int = 5, outputs: int = 4) -> TrainingInstance:
    """A network of small fan-in with several outputs, labelled by random parameters of its own.

    Skip connections, outputs that feed others, frozen parameters, neurons without predecessors,
    repeated inputs, flipped and contradicting labels, bounds 0 to 2 and all losses occur.
    """
    d = r.choice((2, 2, 2, 3, 4, 5))
    levels = z(d)
    alpha = r.randint(1, 3)
    body = alpha + r.randint(1, hidden)
    size = body + r.randint(1, outputs)
    edges = []
    for v in range(alpha, size):
        near = range(alpha) if v < body and r.random() < 0.5 else range(v)
        if v >= body and r.random() < 0.9:
            near = range(alpha if r.random() < 0.8 else 0, body)
        count = r.choice((0, 1, 2, 2, 2, 3) if v < body else (1, 2, 2, 3))
        edges += [(u, v) for u in r.sample(near, min(count, len(near)))]
    ends = list(range(body, size))
    if r.random() < 0.2:
        ends.append(r.randrange(alpha, body))
    clipped = Activation("relu_clipped", max(levels))
    mixed = r.random() < 0.4
    network = make_network(
        size,
        range(alpha),
        ends,
        edges,
        {v: r.choice(FINITE) if mixed else clipped for v in range(alpha, size)},
    )
    some = [levels, tuple(sorted(r.sample(range(-2, 3), r.randint(1, 3)))), (r.choice((0, 1)),)]
    weights = some if mixed else [levels]
    xs = [[r.choice(levels) for _ in range(alpha)] for _ in range(r.randint(1, 4))]
    instance = make_instance(
        network,
        [(x, [0] * len(ends)) for x in xs],
        weights={edge: r.choice(weights) for edge in edges},
        biases={v: r.choice(weights) for v in range(alpha, size)},
        loss=r.choice(("mismatch", "mismatch", "mismatch", "l1", "l2")),
        bound=r.choice((0, 0, 0, 0, 1, 2)),
    )
    return labelled(r, instance)


def labelled(r: random.Random, instance: TrainingInstance) -> TrainingInstance:
    """The instance with the targets of random parameters, some of them changed.

    Often every output has a teacher of its own, so that each can be met but hardly all.
    """
    network = instance.network
    teacher = random_parameters(r, instance)
    targets = compute(network, teacher, instance.inputs, network.outputs).copy()
    for column in range(targets.shape[1]) if r.random() < 0.6 else ():
        teacher = random_parameters(r, instance)
        targets[:, column] = compute(network, teacher, instance.inputs, network.outputs)[:, column]
    for _ in range(r.choice((0, 0, 0, 0, 1, 3)) if targets.size else 0):
        place = r.randrange(targets.shape[0]), r.randrange(targets.shape[1])
        targets[place] = r.choice([*targets[:, place[1]].tolist(), r.randint(-1, 2)])
    repeated = [r.randrange(len(targets)) for _ in range(r.choice((0, 0, 0, 1)))]
    data = list(zip(instance.inputs.tolist(), targets.tolist(), strict=True))
    data += [(instance.inputs[k].tolist(), [r.choice((0, 1)) for _ in network.outputs])
             if r.random() < 0.3 else data[k] for k in repeated]  # fmt: skip
    edges = list(zip(network.sources.tolist(), network.targets.tolist(), strict=True))
    domain = instance.domains
    return make_instance(
        network,
        data,
        {e: domain[i] for e, i in zip(edges, instance.weight_domain.tolist(), strict=True)},
        {v: domain[i] for v, i in enumerate(instance.bias_domain.tolist()) if i >= 0},
        loss=instance.loss,
        bound=instance.bound,
    )


def conflicting_instance(r: random.Random) -> TrainingInstance:
    """Many outputs over few hidden neurons, each with targets that it can meet alone."""
    d = r.choice((2, 2, 2, 3, 4))
    levels = z(d)
    alpha, first, second = r.randint(2, 3), r.randint(2, 4), r.choice((0, 0, 1))
    body = alpha + first + second
    size = body + r.randint(6, 24)
    edges = []
    for v in range(alpha, size):
        near = range(alpha) if v < alpha + first else range(alpha, min(v, body))
        edges += [(u, v) for u in r.sample(near, min(len(near), r.choice((1, 2, 2, 3))))]
    clipped = Activation("relu_clipped", max(levels))
    kinds = (clipped,) if r.random() < 0.7 else (clipped, Activation("sign"), Activation("relu"))
    network = make_network(
        size, range(alpha), range(body, size), edges,
        {v: r.choice(kinds) for v in range(alpha, size)},
    )  # fmt: skip
    xs = [[r.choice(levels) for _ in range(alpha)] for _ in range(r.randint(2, 3))]
    xs = [list(x) for x in dict.fromkeys(map(tuple, xs))]
    bound = r.choice((0, 0, 0, 1))
    unlabelled = [(x, [0] * (size - body)) for x in xs]
    instance = make_instance(network, unlabelled, levels, levels, bound=bound)
    outputs = network.outputs
    targets = instance.targets.copy()
    for column in range(targets.shape[1]):
        for _ in range(4):
            teacher = random_parameters(r, instance)
            values = compute(network, teacher, instance.inputs, outputs)[:, column]
            targets[:, column] = values
            if len(set(values.tolist())) > 1:
                break
    data = list(zip(xs, targets.tolist(), strict=True))
    return make_instance(network, data, levels, levels, bound=bound)
