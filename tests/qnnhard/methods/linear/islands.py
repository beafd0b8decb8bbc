"""Random instances for the two polynomial islands, `pairwise` and `one-point`."""

import random

from instances.training.instance import TrainingInstance
from tests.helpers import RELU1, act, make_instance, make_network


def pairwise_instance(r: random.Random, frozen: float = 0.3) -> TrainingInstance:
    """In-degree at most two and one hidden layer; outputs may see inputs and outputs.

    Every output's targets are what random parameters of its own and, one output apart from
    the other, of the hidden neurons give: each output can be satisfied alone, and often not all
    together. Some targets are then changed.
    """
    alpha, hidden, omega = r.randint(0, 4), r.randint(0, 4), r.randint(0, 7)
    size = alpha + hidden + omega
    label = r.sample(range(size), size)
    inputs, neurons, outputs = (
        label[:alpha], label[alpha : alpha + hidden], label[alpha + hidden :]
    )  # fmt: skip
    into: dict[int, list[int]] = {v: _some(r, inputs) for v in neurons}
    if outputs and r.random() < 0.2:
        # An output that sees no hidden neuron is known, and may feed hidden neurons.
        into[outputs[0]] = _some(r, inputs)
        for v in neurons:
            into[v] = _some(r, [*inputs, outputs[0]])
    for place, v in enumerate(outputs):
        earlier = outputs[:place] if r.random() < 0.2 else []
        if v not in into:
            into[v] = _some(r, 3 * neurons + inputs + earlier)
    rows = [[r.randint(0, 1) for _ in inputs] for _ in range(r.choice((0, 1, 2, 3, 3, 4)))]
    weights = {(u, v): (0, 1) for v, before in into.items() for u in before}
    biases: dict[int, tuple[int, ...]] = dict.fromkeys(into, (0, 1))
    if r.random() < frozen:
        weights = {edge: r.choice(((0, 1), (0, 1), (0,), (1,))) for edge in weights}
        biases = {v: r.choice(((0, 1), (0,), (1,))) for v in biases}
    values = [dict(zip(inputs, row, strict=True)) for row in rows]

    def compute(v: int) -> list[int]:
        chosen = {u: r.choice(weights[u, v]) for u in into[v]}
        bias = r.choice(biases[v])
        return [act(RELU1, sum(w * x[u] for u, w in chosen.items()) - bias) for x in values]

    for v in outputs:
        for u in (*(u for u in into[v] if u in neurons), v):
            for x, value in zip(values, compute(u), strict=True):
                x[u] = value
        for x in values:
            x[v] ^= r.random() < 0.08
    network = make_network(size, inputs, outputs, list(weights))
    data = [(row, [x[v] for v in outputs]) for row, x in zip(rows, values, strict=True)]
    if data and r.random() < 0.2:
        data.append((data[0][0], [y ^ (r.random() < 0.1) for y in data[0][1]]))
    return make_instance(network, data, weights=weights, biases=biases)


def tight_instance(r: random.Random) -> TrainingInstance:
    """Hidden neurons and outputs with two predecessors each, and targets that are hard to meet.

    The targets of an output are not constant and can be met if no other output is looked at.
    """
    alpha, hidden, omega = r.randint(2, 3), r.randint(2, 4), r.randint(5, 13)
    size = alpha + hidden + omega
    inputs, neurons = range(alpha), range(alpha, alpha + hidden)
    outputs = range(alpha + hidden, size)
    into = {v: r.sample(inputs, 2) for v in neurons} | {v: r.sample(neurons, 2) for v in outputs}
    codes = r.sample(range(1 << alpha), r.randint(3, 4))
    rows = [[code >> i & 1 for i in inputs] for code in codes]
    behaviors = (lambda y, z: y, lambda y, z: z, lambda y, z: y | z, lambda y, z: y & z)
    values = [dict(zip(inputs, row, strict=True)) for row in rows]
    for v in outputs:
        for _ in range(20):
            for neuron in (*into[v], v):
                y, z = into[neuron]
                chosen = r.choice(behaviors)
                for x in values:
                    x[neuron] = chosen(x[y], x[z])
            if len({x[v] for x in values}) == 2:
                break
    network = make_network(size, inputs, outputs, [(u, v) for v in into for u in into[v]])
    data = [(row, [x[v] for v in outputs]) for row, x in zip(rows, values, strict=True)]
    return make_instance(network, data, biases=dict.fromkeys(into, (0, 1)))


def _some(r: random.Random, candidates: list[int]) -> list[int]:
    distinct = sorted(set(r.sample(candidates, min(len(candidates), 6))))
    return r.sample(distinct, min(len(distinct), r.choice((0, 1, 2, 2, 2, 2))))


def one_point_instance(r: random.Random) -> TrainingInstance:
    """Any network over {0,1} with at most one distinct input."""
    alpha, others = r.randint(0, 3), r.randint(1, 7)
    size = alpha + others
    label = r.sample(range(size), size)
    edges = [
        (label[u], label[v])
        for v in range(alpha, size)
        for u in range(v)
        if r.random() < 0.45 and v - u < 5
    ]
    inputs = label[:alpha]
    outputs = r.sample(label[alpha:], r.randint(0, min(4, others)))
    network = make_network(size, inputs, outputs, edges)
    row = [int(r.random() < 0.6) for _ in inputs]
    targets = [int(r.random() < 0.6) for _ in outputs]
    data = [(row, list(targets)) for _ in range(r.choice((0, 1, 1, 1, 2)))]
    if len(data) == 2 and outputs and r.random() < 0.3:
        data[1][1][0] ^= 1
    return make_instance(network, data, biases=dict.fromkeys(label[alpha:], (0, 1)))
