"""D-NNT as a source problem: files, generators, witnesses, its own solver."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, InvalidInstance, InvalidWitness, LimitReached, Unsupported
from instances.problems.discrete_training import DiscreteTraining
from instances.problems.registry import detect
from instances.training.instance import layered
from instances.training.parameters import Parameters
from tests.helpers import (
    DATA,
    brute_force,
    naive_loss,
    objects,
    parameter_space,
    solution,
    space_size,
)

PROBLEM = DiscreteTraining()
AND = layered((2, 1), 2, ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [0], [0], [1]]))


def drawn(count, seed):
    random = Random(seed)
    return [PROBLEM.random(random) for _ in range(count)]


def test_the_solver_agrees_with_brute_force():
    answers = []
    for source in drawn(120, seed=1):
        wanted = brute_force(source)
        witness = PROBLEM.solve(source, Deadline())
        answers.append(witness is not None)
        assert answers[-1] == bool(wanted)
        if witness is not None:
            assert solution(witness) in wanted
            PROBLEM.check(source, witness)
            text = PROBLEM.write_witness(source, witness)
            assert PROBLEM.parse_witness(source, text) == witness
    assert 30 < sum(answers) < 90


def test_random_sources_are_of_every_kind():
    sources = drawn(400, seed=2)
    assert all(space_size(source) <= 64 for source in sources)
    assert {source.loss for source in sources} == {"mismatch", "l1", "l2"}
    assert all(source.bound <= 0 for source in sources if source.loss != "mismatch")
    assert {source.d for source in sources} >= {None, 2, 3, 5}
    assert {source.points for source in sources} >= {0, 1, 2, 3}
    assert {source.bound for source in sources} == {-1, 0, Fraction(1, 2), 1}
    used = {
        str(source.network.activations[kind])
        for source in sources
        for kind in source.network.activation.tolist()
        if kind >= 0
    }
    kinds = {"identity", "relu", "relu_clipped(2)", "step", "sign", "square"}
    assert used >= kinds
    general = [source for source in sources if source.d is None]
    assert any(0 in source.network.in_degree[~source.network.is_input] for source in general)
    assert any(len(source.network.inputs) == 0 for source in general)
    open_domains = {
        source.domains[index]
        for source in general
        for index in source.weight_domain.tolist()
        if len(source.domains[index]) > 1
    }
    assert any(isinstance(value, Fraction) for domain in open_domains for value in domain)


def test_files():
    for source in drawn(100, seed=3):
        text = PROBLEM.write(source)
        assert PROBLEM.parse(text) == source
        assert detect(text, "f") == ("d-nnt",)
        assert "\n" not in PROBLEM.form.describe(source)
    assert detect((DATA / "xor.json").read_text(), "-") == ("d-nnt",)
    for text in ("{", "[]", '{"format": "qnnhard-instance"}', "\ud800"):
        with pytest.raises(InputError):
            PROBLEM.parse(text)


@pytest.mark.parametrize("planted", ["yes", "no"])
def test_generated_sources(planted):
    for seed in range(20):
        values = {"planted": planted, "hidden": str(seed % 3), "d": "3", "inputs": "1"}
        source = PROBLEM.generate(values, seed)
        assert source == PROBLEM.generate(values, seed)
        assert (source.d, source.points, source.network.size) == (3, 4, 2 + seed % 3)
        if planted == "yes":
            assert PROBLEM.solve(source, Deadline()) is not None
    assert PROBLEM.generate({"points": "0"}, 1).points == 0
    assert PROBLEM.generate({"bound": "2"}, 1).bound == 2


@pytest.mark.parametrize(
    "values",
    [
        {"inputs": "0"},
        {"d": "1"},
        {"d": "99999"},
        {"points": "1001"},
        {"planted": "so"},
        {"x": "1"},
    ],
)
def test_generators_refuse(values):
    with pytest.raises((InputError, InvalidInstance)):
        PROBLEM.generate(values, 1)


def test_overrides():
    assert PROBLEM.override(AND, {"bound": "1/2"}).bound == Fraction(1, 2)
    assert PROBLEM.override(AND, {}) is AND
    for values in ({"loss": "l1"}, {"bound": "one"}, {"bound": "1", "d": "3"}):
        with pytest.raises(InputError):
            PROBLEM.override(AND, values)


def test_witnesses_are_checked():
    for parameters in parameter_space(AND):
        if naive_loss(AND, parameters) == 0:
            PROBLEM.check(AND, parameters)
        else:
            with pytest.raises(InvalidWitness, match="above the bound 0"):
                PROBLEM.check(AND, parameters)
    for wrong in (None, Parameters(objects([2, 1]), objects([0, 0, 0]))):
        with pytest.raises(InvalidWitness):
            PROBLEM.check(AND, wrong)
    other = replace(AND, bound=1)
    text = PROBLEM.write_witness(other, Parameters(objects([1, 1]), objects([0, 0, 1])))
    with pytest.raises(InputError, match="another instance"):
        PROBLEM.parse_witness(AND, text)


def test_the_solver_has_limits():
    with pytest.raises(LimitReached):
        PROBLEM.solve(AND, Deadline(0))
    with pytest.raises(Unsupported, match="too many to try"):
        PROBLEM.solve(layered((20, 1), 2, ([[0] * 20], [[1]])), Deadline())
