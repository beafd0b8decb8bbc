"""Symmetry breaking keeps every orbit of solutions, and the answer, also beside tables."""

import random
from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance, layered, z
from qnnhard.encoding.encode import Options, encode
from qnnhard.encoding.symmetry.neurons import interchangeable
from qnnhard.methods.enumeration import all_solutions, first_solution
from tests.helpers import (
    ACTIVATIONS,
    Solution,
    make_instance,
    make_network,
    random_instance,
    solution,
    space_size,
)
from tests.qnnhard.encoding.formulas import assert_clean, numbered_names, some_parameters
from tests.qnnhard.encoding.test_against_oracle import restricted, solutions_of_models


def twins(r: random.Random, most: int = 3000) -> TrainingInstance:
    """A net with at most so many parameter vectors, most often with interchangeable neurons."""
    alike = r.random() < 0.8
    while True:
        instance = net(r)
        if space_size(instance) <= most and (classes(instance) or not alike):
            return instance


def net(r: random.Random) -> TrainingInstance:
    """A net with layers of like neurons, skip edges, and here and there an unlike one."""
    alpha, omega = r.randint(1, 2), r.choice((1, 1, 2))
    layers = [r.randint(1, 3) for _ in range(r.choice((1, 1, 2)))]
    sizes = [alpha, *layers, omega]
    starts = [sum(sizes[:k]) for k in range(len(sizes) + 1)]
    d = r.choice((2, 2, 3, 4, 5))
    domain = {2: (0, 1), 3: (-1, 0, 1), 4: (-1, 0, 1, 2), 5: (-2, -1, 0, 1, 2)}[d]
    short = r.choice(((0, 1), domain[:2], (domain[-1],)))
    edges = []
    for above in range(1, len(sizes)):
        for below in range(above):
            if below == above - 1 or r.random() < 0.3:
                edges += [(u, v) for u in range(starts[below], starts[below + 1])
                          for v in range(starts[above], starts[above + 1])]  # fmt: skip
    edges = [edge for edge in edges if r.random() < 0.95]
    kind = r.choice((Activation("relu_clipped", z(d)[-1]), *ACTIVATIONS))
    activation = dict.fromkeys(range(starts[-1]), kind)
    if r.random() < 0.3:
        activation[r.randrange(alpha, starts[-1])] = r.choice(ACTIVATIONS)
    outputs = list(range(starts[-2], starts[-1]))
    if r.random() < 0.2:
        outputs[0] = starts[1]
    network = make_network(starts[-1], range(alpha), outputs, edges, activation)
    by_layer = {v: r.choice((domain, short)) for v in starts}
    weights = {
        (u, v): by_layer[max(s for s in starts if s <= v)] if r.random() < 0.95 else short
        for u, v in edges
    }
    biases = {v: by_layer[max(s for s in starts if s <= v)] for v in range(alpha, starts[-1])}
    xs = [[r.choice(domain) for _ in range(alpha)] for _ in range(r.randint(1, 4))]
    if len(xs) > 1 and r.random() < 0.2:
        xs[-1] = xs[0]
    data = [(x, [r.choice((0, 1, 1, 2)) for _ in outputs]) for x in xs]
    loss = r.choice(("mismatch", "mismatch", "l1", "l2"))
    return make_instance(network, data, weights, biases, loss, r.choice((0, 0, 1, 2)))


def like(instance: TrainingInstance, u: int, v: int) -> bool:
    """Whether two hidden neurons are interchangeable, edge by edge."""
    network = instance.network
    if network.is_input[[u, v]].any() or network.is_output[[u, v]].any():
        return False
    if network.activations[network.activation[u]] != network.activations[network.activation[v]]:
        return False

    def around(w: int) -> tuple[object, ...]:
        into, out = set(), set()
        edges = zip(network.sources.tolist(), network.targets.tolist(), strict=True)
        for edge, (a, b) in enumerate(edges):
            domain = instance.domains[int(instance.weight_domain[edge])]
            if b == w:
                into.add((a, domain))
            if a == w:
                out.add((b, domain))
        return into, out, instance.domains[int(instance.bias_domain[w])]

    return around(u) == around(v)


def classes(instance: TrainingInstance) -> list[list[int]]:
    """The sets of two or more interchangeable neurons, one after the other."""
    found: list[list[int]] = []
    for v in range(instance.network.size):
        for members in found:
            if like(instance, members[0], v):
                members.append(v)
                break
        else:
            found.append([v])
    return [members for members in found if len(members) > 1]


def orbit(instance: TrainingInstance, given: Solution) -> set[Solution]:
    """All that a solution becomes when interchangeable neurons change places."""
    network = instance.network
    edges = list(zip(network.sources.tolist(), network.targets.tolist(), strict=True))
    found = {given}
    for members in classes(instance):
        new = set()
        for weights, biases in found:
            for order in permutations(members):
                to = dict(zip(members, order, strict=True))
                moved = {(to.get(u, u), to.get(v, v)): w
                         for (u, v), w in zip(edges, weights, strict=True)}  # fmt: skip
                bias = {to.get(v, v): b for v, b in enumerate(biases)}
                new.add((tuple(moved[e] for e in edges), tuple(bias[v] for v in sorted(bias))))
        found = new
    return found


def assert_every_orbit_stays(instance: TrainingInstance) -> int:
    """The broken formula has solutions only, one of each orbit; return how many went."""
    encoding = encode(instance, options=Options(symmetry=True))
    assert_clean(encoding)
    oracle = {solution(parameters) for parameters in all_solutions(instance)}
    if encoding.naming.contradiction is not None:
        assert not oracle
        return 0
    every = restricted(encoding, oracle)
    kept = solutions_of_models(encoding)
    assert kept <= every
    for given in every:
        assert orbit(instance, given) & kept
    return len(every) - len(kept)


def assert_same_verdict(instance: TrainingInstance, tables: bool, seed: int) -> bool:
    oracle = first_solution(instance, Deadline(60))
    found = some_parameters(encode(instance, options=Options(tables=tables, symmetry=True)))
    assert (found is None) == (oracle is None), seed
    if found is not None:
        assert evaluate(instance, found).accepted, seed
    return found is not None


def test_an_orbit_is_made_of_solutions():
    for seed in range(200):
        instance = twins(random.Random(seed))
        found = first_solution(instance, Deadline(60))
        if found is not None:
            solutions = {solution(parameters) for parameters in all_solutions(instance)}
            assert orbit(instance, solution(found)) <= solutions


def test_interchangeable_neurons_are_those_that_agree_in_everything():
    count = 0
    for seed in range(400):
        instance = net(random.Random(seed))
        every = np.ones(instance.network.size, dtype=np.bool_) & ~instance.network.is_input
        found = interchangeable(instance, every, every)
        sets = sorted(members.tolist() for members in found)
        assert sets == sorted(classes(instance)), seed
        count += len(sets)
    assert count > 100


def test_every_orbit_keeps_a_solution():
    gone = Counter()
    for seed in range(60):
        instance = twins(random.Random(seed))
        gone[assert_every_orbit_stays(instance) > 0] += 1
    assert gone[True] > 12


@pytest.mark.long
def test_every_orbit_of_many_instances_keeps_a_solution():
    for seed in range(100_000, 101_000):
        assert_every_orbit_stays(twins(random.Random(seed)))


@pytest.mark.parametrize("tables", [False, True])
def test_broken_formulas_have_the_same_answer(tables):
    answers = Counter(
        assert_same_verdict(make(random.Random(seed)), tables, seed)
        for seed in range(100)
        for make in (twins, random_instance)
    )
    assert min(answers[True], answers[False]) > 24


@pytest.mark.long
@pytest.mark.parametrize("tables", [False, True])
def test_many_broken_formulas_have_the_same_answer(tables):
    for seed in range(200_000, 201_500):
        assert_same_verdict(twins(random.Random(seed), 100_000), tables, seed)
        assert_same_verdict(random_instance(random.Random(seed)), tables, seed)


def test_neurons_without_variables_or_before_such_are_not_ordered():
    instance = layered([2, 3, 2], 3, ([[0, 1]], [[1, 0]]))
    relevant = ~instance.network.is_input
    single = relevant.copy()
    assert [m.tolist() for m in interchangeable(instance, single, relevant)] == [[2, 3, 4]]
    single[3] = False
    assert [m.tolist() for m in interchangeable(instance, single, relevant)] == [[2, 4]]
    single[6] = False
    assert list(interchangeable(instance, single, relevant)) == []
    # A successor on which no output depends does not matter.
    relevant[6] = False
    assert [m.tolist() for m in interchangeable(instance, single, relevant)] == [[2, 4]]


def test_the_plain_encoding_has_all_orders():
    instance = layered([1, 2, 1], 2, ([[1], [0]], [[1], [0]]))
    plain, broken = encode(instance), encode(instance, options=Options(symmetry=True))
    assert solutions_of_models(broken) < solutions_of_models(plain)
    names = [name for _, name in numbered_names(broken)]
    assert any(name.startswith("lex[h1_2:") for name in names)
