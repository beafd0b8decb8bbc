"""Growing encodings: with all data points they have the solutions of the whole instance."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.training.instance import TrainingInstance
from qnnhard.encoding import growing
from qnnhard.encoding.encode import encode
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.encoding.growing import GrowingEncoding
from qnnhard.methods.enumeration import all_solutions
from tests.helpers import neuron_instance, random_instance, solution
from tests.qnnhard.encoding.formulas import models, parameter_variables, random_fractional_instance
from tests.qnnhard.encoding.symmetry.test_neurons import twins
from tests.qnnhard.encoding.test_against_oracle import restricted


def at_bound_0(instance: TrainingInstance) -> TrainingInstance:
    return replace(instance, bound=min(instance.bound, 0))


def grown(instance: TrainingInstance) -> tuple[GrowingEncoding, Formula]:
    """Everything about an instance, data point by data point."""
    made = GrowingEncoding(instance, Deadline())
    formula = made.start()
    blocks = list(formula.blocks)
    while (more := made.extend(None)) is not None:
        formula = more
        blocks += more.blocks
    assert made.sizes["variables"] == formula.variables
    assert made.sizes["clauses"] == sum(map(len, blocks))
    assert made.literals == sum(block.size for block in blocks)
    return made, Formula(formula.variables, tuple(blocks))


def compare(seed: int, make) -> tuple[int, int] | None:
    """Compare all solutions; return how many rounds there were and how many solutions."""
    instance = at_bound_0(make(random.Random(seed)))
    try:
        expected = {solution(found) for found in all_solutions(instance, Deadline(1))}
    except LimitReached:
        return None
    made, formula = grown(instance)
    variables = parameter_variables(made._first)
    found = {solution(made.decode(model)) for model in models(formula, variables)}
    assert found == restricted(made._first, expected), seed
    return made.sizes["rounds"], len(found)


@pytest.fixture(autouse=True)
def _one_by_one(monkeypatch):
    monkeypatch.setattr(growing, "FIRST", 1)


def without_order(monkeypatch) -> None:
    """Leave out the order of interchangeable neurons, which drops solutions on purpose."""
    monkeypatch.setattr(growing, "encode", lambda part, deadline, symmetry: encode(part, deadline))


@pytest.mark.parametrize(
    ("count", "least"), [(50, 4), pytest.param(150, 20, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("make", [random_instance, random_fractional_instance, twins])
def test_all_data_points_have_all_solutions(monkeypatch, make, count, least):
    without_order(monkeypatch)
    seen = [found for seed in range(count) if (found := compare(seed, make)) is not None]
    assert len(seen) > 2 * count // 3
    assert max(rounds for rounds, _ in seen) > 2
    assert min(Counter(found > 0 for _, found in seen).values()) > least


@pytest.mark.long
@pytest.mark.parametrize("make", [random_instance, random_fractional_instance, twins])
def test_all_data_points_of_many_instances_have_all_solutions(monkeypatch, make):
    without_order(monkeypatch)
    for seed in range(50_000, 52_000):
        compare(seed, make)


def test_interchangeable_neurons_stay_in_order_through_all_rounds():
    for seed in range(60):
        instance = at_bound_0(twins(random.Random(seed)))
        _, formula = grown(instance)
        assert (next(models(formula), None) is None) == (
            next(models(encode(instance).formula), None) is None
        ), seed


def test_a_model_is_answered_with_data_points_that_it_violates():
    data = [((i & 1, i >> 1 & 1, i >> 2), (i & 1,)) for i in range(8)]
    made = GrowingEncoding(neuron_instance(3, data, weights=(0, 1), biases=(0,)), Deadline())
    formula = made.start()
    while True:
        model = next(models(formula), None)
        assert model is not None
        before = set(made.points.tolist())
        more = made.extend(model)
        if more is None:
            break
        formula = Formula(more.variables, formula.blocks + more.blocks)
        assert before < set(made.points.tolist())
    assert made.decode(model).weights.tolist() == [1, 0, 0]
