"""Random small instances of treewidth 1 to 3, about half of them without a solution."""

import random
from itertools import product

from instances.training.activations import Activation
from instances.training.evaluate import compute
from instances.training.instance import TrainingInstance, z
from tests.helpers import make_instance, make_network, random_parameters

SATURATING = (Activation("step"), Activation("sign"))


def low_treewidth(r: random.Random) -> TrainingInstance:
    """Draw an instance with mismatch loss and bound 0 to 2.

    Each neuron reads from a clique of at most k others, or feeds one, and reads from inputs: a
    partial k-tree, k = 1..3. Outputs may feed others. d = 2..5; some have step or sign
    neurons, some frozen weights and biases. Targets are those of random parameters, some of
    them changed.
    """
    k, d = r.randint(1, 3), r.choice((2, 2, 2, 3, 3, 4, 5))
    levels = z(d)
    alpha = r.randint(1, 2)
    count = r.randint(2, 6 if d > 3 else 8)
    cliques: list[list[int]] = [[]]
    pairs = []
    recent = r.choice((2, count))
    for place in range(count):
        bag = r.choice(cliques[-recent:])
        pairs += [(u, place) for u in bag if r.random() < 0.8]
        cliques.append(([*bag, place])[-k:])
    if r.random() < 0.5:
        pairs = [(count - 1 - v, count - 1 - u) for u, v in pairs]
    edges = [(alpha + u, alpha + v) for u, v in pairs]
    edges += [(u, alpha + v) for v in range(count) for u in range(alpha) if r.random() < 0.4]
    neurons = range(alpha, alpha + count)
    outputs = sorted({alpha + count - 1, *r.sample(neurons, r.randint(1, max(1, count // 2)))})
    general = r.random() < 0.35
    clipped = Activation("relu_clipped", levels[-1])
    kinds = {v: r.choice((clipped, *SATURATING)) if general else clipped for v in neurons}
    domains = [levels, *(tuple(sorted(r.sample(range(-2, 3), r.randint(1, 3)))) for _ in "12")]
    chances = [6, 1, 1] if general else [1, 0, 0]
    inputs = list(product(levels, repeat=alpha))
    r.shuffle(inputs)
    bound = r.choice((0, 0, 0, 1, 2))
    inputs = inputs[: r.randint(1 + bound, 4)]
    if r.random() < 0.3:
        inputs += r.choices(inputs, k=2)
    network = make_network(alpha + count, range(alpha), outputs, edges, kinds)
    frame = make_instance(
        network,
        [(x, [0] * len(outputs)) for x in inputs],
        weights={edge: r.choices(domains, chances)[0] for edge in edges},
        biases={v: r.choices(domains, chances)[0] for v in neurons},
        bound=bound,
    )
    best: list[list[int]] = []
    for _ in range(3):
        values = compute(network, random_parameters(r, frame), frame.inputs, network.outputs)
        if len({tuple(row) for row in values.tolist()}) >= len({tuple(row) for row in best}):
            best = values.tolist()
    noise = r.choice((0, 0.3, 0.6 + 0.2 * frame.bound, 1, 1))
    for row in best:
        for place in range(len(row)):
            if r.random() < noise:
                row[place] = r.choice(range(levels[-1] + 1))
    return make_instance(
        network,
        list(zip(inputs, best, strict=True)),
        weights={
            edge: frame.domains[i] for edge, i in zip(_edges(frame), _weights(frame), strict=True)
        },
        biases={v: frame.domains[frame.bias_domain[v]] for v in neurons},
        bound=frame.bound,
    )


def _edges(instance: TrainingInstance) -> list[tuple[int, int]]:
    network = instance.network
    return list(zip(network.sources.tolist(), network.targets.tolist(), strict=True))


def _weights(instance: TrainingInstance) -> list[int]:
    return instance.weight_domain.tolist()
