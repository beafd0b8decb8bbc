"""Interchangeable inputs: which ones they are, and that ordering them keeps every answer."""

import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from instances.canonical.problem import canonical
from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.encoding.encode import Options, encode
from qnnhard.encoding.symmetry import inputs as input_symmetry
from qnnhard.encoding.symmetry.inputs import interchangeable_inputs
from qnnhard.methods.enumeration import all_solutions, first_solution
from tests.helpers import make_instance, make_network, solution, space_size
from tests.qnnhard.encoding.formulas import assert_clean, some_parameters
from tests.qnnhard.encoding.symmetry.test_neurons import orbit
from tests.qnnhard.encoding.test_against_oracle import restricted, solutions_of_models


def twin_inputs(r: random.Random, most: int = 3000) -> TrainingInstance:
    """A net with two or three inputs that may change places, most often, and few parameters."""
    while True:
        instance = _net(r)
        if space_size(instance) <= most:
            return instance


def _net(r: random.Random) -> TrainingInstance:
    alpha, d = r.choice((2, 2, 3)), r.choice((2, 2, 3))
    hidden, omega = r.choice((0, 0, 1, 2)), r.choice((1, 1, 2))
    size = alpha + hidden + omega
    domain = ((0, 1), (-1, 0, 1))[d - 2]
    short = r.choice((domain, (0, 1), (1,)))
    edges = [(u, v) for u in range(alpha) for v in range(alpha, size)]
    edges += [(u, v) for u in range(alpha, alpha + hidden) for v in range(alpha + hidden, size)]
    edges = [edge for edge in edges if r.random() < 0.95]
    network = make_network(size, range(alpha), range(alpha + hidden, size), edges)
    weights = {edge: domain if r.random() < 0.95 else short for edge in edges}
    biases = dict.fromkeys(range(alpha, size), short)
    data = []
    for _ in range(r.randint(1, 3)):
        x = [r.choice(domain) for _ in range(alpha)]
        y = [r.choice((0, 1, 1)) for _ in range(omega)]
        count = r.choice((1, 1, 2))
        i, j = r.sample(range(alpha), 2)
        swapped = [x[{i: j, j: i}.get(k, k)] for k in range(alpha)]
        data += [(x, y)] * count + [(swapped, y)] * (count if r.random() < 0.9 else 1)
    loss = r.choice(("mismatch", "mismatch", "mismatch", "l1", "l2"))
    return make_instance(network, data, weights, biases, loss, r.choice((0, 1, 1, 2, 3)))


def swap(instance: TrainingInstance, i: int, j: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """The weights with those of the relevant edges out of two inputs exchanged."""
    network = instance.network
    edges = list(zip(network.sources.tolist(), network.targets.tolist(), strict=True))
    place = {edge: number for number, edge in enumerate(edges)}
    to = {i: j, j: i}
    moved = [(to.get(u, u) if network.leads_to_output[v] else u, v) for u, v in edges]
    return tuple(weights[place[edge]] for edge in moved)


def like(instance: TrainingInstance, i: int, j: int) -> bool:
    """Whether two inputs may change places, point by point and edge by edge."""
    network = instance.network
    out: tuple[dict[int, object], ...] = ({}, {})
    edges = zip(network.sources.tolist(), network.targets.tolist(), strict=True)
    for edge, (u, v) in enumerate(edges):
        for side, member in enumerate((i, j)):
            if u == member and network.leads_to_output[v]:
                out[side][v] = instance.domains[int(instance.weight_domain[edge])]
    to = {i: j, j: i}
    points = list(zip(instance.inputs.tolist(), instance.targets.tolist(), strict=True))
    before = Counter((tuple(x), tuple(y)) for x, y in points)
    after = Counter((tuple(x[to.get(k, k)] for k in range(len(x))), tuple(y)) for x, y in points)
    return out[0] == out[1] != {} and before == after


def found_in(instance: TrainingInstance) -> set[tuple[int, int]]:
    relevant = instance.network.leads_to_output
    sets = interchangeable_inputs(instance, canonical(instance).data, relevant, Deadline())
    return {pair for members, _ in sets for pair in combinations(members.tolist(), 2)}


def test_exactly_the_interchangeable_inputs_are_found():
    r, pairs = random.Random(1), 0
    for _ in range(300):
        instance = _net(r)
        inputs = instance.network.inputs.tolist()
        expected = {pair for pair in combinations(inputs, 2) if like(instance, *pair)}
        assert found_in(instance) == expected
        pairs += len(expected)
    assert pairs > 100


def test_inputs_that_are_not_compared_any_more_are_left_alone(monkeypatch):
    instance = next(i for i in map(_net, map(random.Random, range(50))) if found_in(i))
    monkeypatch.setattr(input_symmetry, "WORK_LIMIT", 1)
    assert not found_in(instance)


def assert_every_orbit_stays(instance: TrainingInstance) -> int:
    """Both orders together leave solutions only, one of each orbit; return how many went."""
    encoding = encode(instance, options=Options(symmetry=True, input_symmetry=True))
    assert_clean(encoding)
    oracle = {solution(parameters) for parameters in all_solutions(instance)}
    if encoding.naming.contradiction is not None:
        assert not oracle
        return 0
    every, kept = restricted(encoding, oracle), solutions_of_models(encoding)
    assert kept <= every
    pairs = found_in(instance)
    reached, left = set(kept), list(kept)
    while left:
        given = left.pop()
        images = {(swap(instance, i, j, given[0]), given[1]) for i, j in pairs}
        for image in images | orbit(instance, given):
            if image not in reached:
                reached.add(image)
                left.append(image)
    assert reached >= every
    return len(every) - len(kept)


@pytest.mark.parametrize("seed", range(2))
def test_every_orbit_of_solutions_stays(seed):
    r = random.Random(seed)
    assert sum(assert_every_orbit_stays(twin_inputs(r)) for _ in range(60)) > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_every_orbit_of_solutions_stays_at_length(seed):
    r = random.Random(1000 + seed)
    assert sum(assert_every_orbit_stays(twin_inputs(r)) for _ in range(300)) > 0


@pytest.mark.parametrize("seed", range(2))
def test_the_verdict_stays_also_with_tables(seed):
    r, verdicts = random.Random(seed), Counter[bool]()
    for _ in range(120):
        instance = twin_inputs(r)
        expected = first_solution(instance, Deadline(60)) is not None
        options = Options(tables=r.random() < 0.7, symmetry=True, input_symmetry=True)
        assert (some_parameters(encode(instance, options=options)) is not None) == expected
        verdicts[expected] += 1
    assert min(verdicts[True], verdicts[False]) > 5


def test_points_with_one_input_and_many_targets_meet_one_at_most():
    r, verdicts = random.Random(9), Counter[bool]()
    edges = [(u, v) for u in (0, 1) for v in range(2, 6)]
    network = make_network(6, range(2), range(2, 6), edges)
    for _ in range(15):
        xs = [r.choice(([1, 0], [0, 1], [1, 1])) for _ in range(r.randint(2, 30))]
        data = [(x, [r.choice((0, 1)) for _ in range(4)]) for x in xs]
        best = min(
            sum((np.minimum(np.array(x) @ w, 1) != y).any() for x, y in data)
            for w in _matrices(data)
        )
        for bound in (best - 1, best, best + 1):
            instance = make_instance(network, data, bound=bound)
            found = some_parameters(encode(instance))
            assert (found is not None) == (bound >= best)
            verdicts[found is not None] += 1
    assert verdicts[False] == 15


def _matrices(data):
    for code in range(1 << 8):
        yield np.array([code >> bit & 1 for bit in range(8)]).reshape(2, 4)
