"""Domains and tables of one neuron against all its parameters, one by one."""

import random
from collections import Counter
from itertools import product

import numpy as np
import pytest

from instances.training.activations import Activation
from qnnhard.encoding.tables import behaviours as behaviours_module
from qnnhard.encoding.tables.behaviours import (
    LARGEST_DOMAIN,
    Choices,
    hidden_table,
    output_table,
    values_of,
)
from qnnhard.encoding.tables.lift import realise
from tests.helpers import ACTIVATIONS, act


def random_neuron(r: random.Random, activation: Activation):
    """Choices, source domains and the number of points."""
    points, fan_in = r.randint(1, 3), r.randint(0, 3)
    domains = [tuple(sorted(r.sample(range(-2, 3), r.randint(1, 2)))) for _ in range(fan_in + 1)]
    sources = []
    for _ in range(fan_in):
        rows = {tuple(r.randint(-1, 2) for _ in range(points)) for _ in range(r.choice((1, 1, 3)))}
        sources.append(np.array(sorted(rows, reverse=True), dtype=np.int64))
    return Choices(tuple(domains[1:]), domains[0], activation), sources, points


def naive_behaviours(choices: Choices, vectors) -> set[tuple[int, ...]]:
    points = len(vectors[0]) if vectors else 1
    return {
        tuple(
            act(choices.activation, sum(w * v[x] for w, v in zip(ws, vectors, strict=True)) - b)
            for x in range(points)
        )
        for *ws, b in product(*choices.weights, choices.bias)
    }


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_tables_hold_what_the_parameters_can_do(activation):
    r = random.Random(str(activation))
    seen = 0
    for _ in range(60):
        choices, sources, points = random_neuron(r, activation)
        if not sources:
            points = 1
        table = hidden_table(choices, sources, points)
        expected = {}
        for places in product(*(range(len(source)) for source in sources)):
            vectors = [source[k].tolist() for source, k in zip(sources, places, strict=True)]
            expected[places] = naive_behaviours(choices, vectors)
        everything = set().union(*expected.values())
        if table is None:
            assert len(everything) > LARGEST_DOMAIN
            continue
        domain, allowed = table
        assert list(map(tuple, domain.tolist())) == sorted(everything, reverse=True)
        shape = tuple(len(source) for source in sources)
        by_place = allowed.reshape(*shape, len(domain))
        for places, behaviours in expected.items():
            assert {tuple(row) for row in domain[by_place[places]].tolist()} == behaviours
            vectors = [source[k] for source, k in zip(sources, places, strict=True)]
            for wanted in behaviours:
                seen += 1
                weights, bias = realise(choices, vectors, np.array(wanted))
                assert bias in choices.bias
                assert all(w in d for w, d in zip(weights, choices.weights, strict=True))
                fixed = Choices(tuple((w,) for w in weights), (bias,), activation)
                assert naive_behaviours(fixed, vectors) == {wanted}
        for target in [*list(everything)[:3], (7,) * points]:
            accepted = output_table(choices, sources, np.array(target)).reshape(shape)
            for places, behaviours in expected.items():
                assert bool(accepted[places]) == (target in behaviours)
    assert seen > 100


def test_many_known_sources_are_summed_up_without_their_product():
    choices = Choices(((0, 1),) * 40, (0, 1), Activation("relu_clipped", 1))
    sources = [np.array([[1, 0]]), np.array([[0, 1]])] * 20
    domain, allowed = hidden_table(choices, sources, 2)
    assert domain.tolist() == [[1, 1], [1, 0], [0, 1], [0, 0]]
    assert allowed.all()


def test_what_is_too_large_has_no_table():
    clipped = Activation("relu_clipped", 1)
    wide = Choices(((0, 1),) * 8, (0, 1), clipped)
    four = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
    assert hidden_table(wide, [four] * 8, 2) is None
    assert output_table(wide, [four] * 8, np.array([1, 0])) is None
    powers = [np.array([[3**k]]) for k in range(20)]
    free = Choices(((0, 1),) * 20, (0,), Activation("identity"))
    assert values_of(free, powers, 1) is None
    silent = Choices(((0, 2**70),) * 8, (0, 1), clipped)
    assert hidden_table(silent, [np.array([[0]])] * 8, 1) is None
    assert hidden_table(Choices(((0, 2**62),), (0,), clipped), [np.array([[4]])], 1) is None
    assert values_of(Choices(((2**40,),), (0,), Activation("square")), [four[:, :1]], 1) is None


def test_counting_hashes_first_refuses_only_what_the_sums_themselves_refuse(monkeypatch):
    refused = Counter()
    for seed in range(120):
        r = random.Random(seed)
        points, fan_in = r.randint(1, 4), r.randint(7, 16)
        domains = [r.choice(((0, 1), (-1, 0, 1), (-2, 3))) for _ in range(fan_in + 1)]
        choices = Choices(tuple(domains[1:]), domains[0], Activation("identity"))
        most = r.choice((1, 2, 40))
        sources = [
            np.array([[r.randint(-most, most) for _ in range(points)]]) for _ in range(fan_in)
        ]
        values = values_of(choices, sources, points)
        with monkeypatch.context() as patched:
            patched.setattr(behaviours_module, "_too_many_sums", lambda *_: False)
            slowly = values_of(choices, sources, points)
        assert (values is None) == (slowly is None)
        assert values is None or np.array_equal(values, slowly)
        refused[values is None] += 1
        if behaviours_module._too_many_sums(choices, sources, points):
            assert values is None
            refused["at once"] += 1
    assert min(refused.values()) > 20
