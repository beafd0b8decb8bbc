"""Tables of packed vectors against sets of tuples."""

import random
from itertools import product

import numpy as np
import pytest

from instances.canonical.scaled import ScaledActivation
from instances.deadline import Deadline
from instances.training.activations import Activation
from qnnhard.methods.dataset_dp.chain import Choice, SumChain
from qnnhard.methods.dataset_dp.packing import LIMIT, VectorPacking
from qnnhard.methods.dataset_dp.tables import Workspace
from tests.helpers import ACTIVATIONS, act

TINY = 1 << 17
"""A budget that leaves blocks of some 200 rows."""


def chain_of(r: random.Random, size: int, steps: int, reach: int) -> tuple[SumChain, list[Choice]]:
    choices = [
        Choice(
            number,
            tuple(range(3)),
            tuple(tuple(r.randint(-reach, reach) for _ in range(size)) for _ in range(3)),
        )
        for number in range(steps)
    ]
    packing = VectorPacking.for_sums((choice.box() for choice in choices), size)
    chain = SumChain(packing, Workspace(Deadline(60), TINY if reach < 9 else 1 << 25))
    for choice in choices:
        chain.add_choice(choice)
    return chain, choices


def rows_of(chain: SumChain) -> list[tuple[int, ...]]:
    return [tuple(row) for _, rows in chain.blocks() for row in rows.tolist()]


@pytest.mark.parametrize("reach", [1, 3, 2**40])
@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_chains_are_the_sets_of_all_sums_and_know_the_way_back(reach, size):
    chain, choices = chain_of(random.Random(reach + size), size, 7, reach)
    assert (chain.keys.dtype == object) == (reach > 9 and size > 1)
    rows = rows_of(chain)
    sums = {
        tuple(map(sum, zip(*chosen, strict=True)))
        for chosen in product(*(choice.vectors for choice in choices))
    }
    assert set(rows) == sums
    assert len(rows) == len(sums)
    for number in range(0, len(rows), 1 + len(rows) // 50):
        found: dict[int, int] = {}
        chain.assign(number, found)
        chosen = [choice.vectors[found[choice.name]] for choice in choices]
        assert tuple(map(sum, zip(*chosen, strict=True))) == rows[number]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("scale", [1, 3, 2**70])
def test_activated_tables(activation, scale):
    chain, _ = chain_of(random.Random(1), 2, 6, 3)
    rows = rows_of(chain)
    shape = ScaledActivation(activation, scale)
    values = chain.activated(shape)
    found = {tuple(row) for row in values.packing.unpack(values.table.keys).tolist()}

    def scaled(t: int) -> int:
        clipped = Activation("relu_clipped", activation.maximum * scale)
        if activation.kind == "step":
            return int(t >= scale)
        return act(clipped if activation.kind == "relu_clipped" else activation, t)

    assert found == {tuple(map(scaled, row)) for row in rows}
    assert len(found) == len(values.table)
    for interval in ((-3, 5), (-9, -2), (4, 4), (2, 7), (0, 3)):
        inside = [scaled(t) for t in range(interval[0], interval[1] + 1)]
        assert shape.image(*interval) == (min(inside), max(inside))


def test_keys_just_below_and_just_above_int64():
    for high in (LIMIT - 2, LIMIT - 1):
        packing = VectorPacking.around([(5, 5), (0, high // 6)])
        vectors = np.array([[5, high // 6], [0, 0], [5, 0], [1, 1]], dtype=object)
        assert packing.unpack(packing.pack(vectors)).tolist() == vectors.tolist()
    assert VectorPacking.around([(0, LIMIT - 2)]).dtype is np.int64
    assert VectorPacking.around([(0, LIMIT - 1)]).dtype is object


def test_large_activations_keep_int64_arrays_in_range():
    sums = np.array([-(2**60), 0, 2**60])
    assert ScaledActivation(Activation("relu_clipped", 10**17), 10**9).apply(sums).tolist() == [
        0,
        0,
        2**60,
    ]
    assert ScaledActivation(Activation("step"), 10**30).apply(sums).tolist() == [0, 0, 0]
