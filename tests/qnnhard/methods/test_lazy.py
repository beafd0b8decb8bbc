"""The lazy backend: the oracle's answers, from as few data points as do."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance, layered
from qnnhard.encoding import growing
from qnnhard.methods import lazy, slices
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.lazy import LazyMethod
from qnnhard.methods.request import Request
from qnnhard.processes.child import call_in_child
from qnnhard.verdict import How, Verdict
from tests.helpers import neuron_instance, random_instance
from tests.qnnhard.encoding.symmetry.test_neurons import twins
from tests.qnnhard.methods.instances import easy_no, easy_yes, hopeless


def assert_same_answer(instance, seed: int = -1) -> Verdict:
    answer = LazyMethod().solve(instance, Deadline(60))
    oracle = first_solution(instance, Deadline(60))
    assert answer.verdict is (Verdict.NO if oracle is None else Verdict.YES), seed
    assert (answer.parameters is not None) == (oracle is not None)
    if answer.parameters is not None:
        assert evaluate(instance, answer.parameters).accepted
    return answer.verdict


def at_bound_0(instance):
    return replace(instance, bound=min(instance.bound, 0))


def compare(seeds: range) -> Counter:
    return Counter(
        assert_same_answer(at_bound_0(make(random.Random(seed))), seed)
        for seed in seeds
        for make in (random_instance, twins)
    )


def test_random_instances_get_the_oracles_answer_point_by_point(monkeypatch):
    monkeypatch.setattr(growing, "FIRST", 1)
    answers = compare(range(200))
    assert min(answers[Verdict.YES], answers[Verdict.NO]) > 50


@pytest.mark.long
@pytest.mark.parametrize("first", [1, 2])
def test_many_random_instances_get_the_oracles_answer_point_by_point(monkeypatch, first):
    monkeypatch.setattr(growing, "FIRST", first)
    compare(range(10_000, 11_500))


def majority(points: int, flipped: bool):
    """Half of three inputs and more that do not matter; a NO if the last label is wrong."""
    rows = [[i >> k & 1 for k in range(8)] for i in range(points)]
    data = [(row, [int(sum(row[:3]) >= 2)]) for row in rows]
    if flipped:
        data[-1] = (data[-1][0], [1 - data[-1][1][0]])
    return neuron_instance(8, data, biases=(0, 1, 2))


def test_a_few_points_suffice():
    instance = majority(256, flipped=False)
    answer = LazyMethod().solve(instance, Deadline(60))
    assert answer.verdict is Verdict.YES
    assert 16 <= answer.sizes["points"] < 128
    refuted = LazyMethod().solve(majority(256, flipped=True), Deadline(60))
    assert refuted.verdict is Verdict.NO
    assert refuted.how is How.SOLVER
    assert refuted.sizes["points"] < 128
    assert f"{refuted.sizes['points']} of 256 data points" in refuted.detail


def test_rounds_add_violated_points_only(monkeypatch):
    monkeypatch.setattr(growing, "FIRST", 1)
    answer = LazyMethod().solve(majority(64, flipped=False), Deadline(60))
    assert answer.verdict is Verdict.YES
    assert answer.sizes["rounds"] > 2
    assert answer.sizes["points"] < 64


def test_what_outgrows_this_process_goes_on_in_a_child(monkeypatch):
    monkeypatch.setattr(growing, "FIRST", 4)
    children = []

    def call(*arguments):
        children.append(arguments)
        return call_in_child(*arguments)

    monkeypatch.setattr(lazy, "call_in_child", call)
    for limit in (0, 200):
        monkeypatch.setattr(lazy, "IN_PROCESS_LITERALS", limit)
        yes = LazyMethod().solve(majority(256, flipped=False), Deadline(60))
        assert (yes.verdict, yes.how) == (Verdict.YES, How.EVALUATED)
        no = LazyMethod().solve(majority(256, flipped=True), Deadline(60))
        assert no.verdict is Verdict.NO
        assert f"{no.sizes['points']} of 256 data points" in no.detail
    points = [len(arguments[4]) for arguments in children]
    assert points[:2] == [4, 4]
    assert min(points[2:]) > 4


def test_data_points_are_added_where_few_are_hard(monkeypatch):
    monkeypatch.setattr(growing, "FIRST", 4)
    plain = LazyMethod().solve(hard_no(), Deadline(60))
    monkeypatch.setattr(slices, "FIRST_SLICE", 1)
    monkeypatch.setattr(slices, "LAST_SLICE", 1)
    more = LazyMethod().solve(hard_no(), Deadline(60))
    assert plain.verdict is more.verdict is Verdict.NO
    assert plain.sizes["points"] < more.sizes["points"] == 32


def hard_no() -> TrainingInstance:
    """A binary net on distinct inputs with random labels."""
    r = random.Random(0)
    inputs = np.array(r.sample(range(256), 32))[:, None] >> np.arange(8) & 1
    return layered((8, 6, 1), 2, (inputs, [[r.randint(0, 1)] for _ in range(32)]))


def test_contradicting_labels_and_negative_bounds_are_a_no(monkeypatch):
    monkeypatch.setattr(growing, "FIRST", 1)
    data = [((1,), (0,)), ((0,), (0,)), ((1,), (1,)), ((1,), (0,))]
    assert assert_same_answer(neuron_instance(1, data)) is Verdict.NO
    for points in ([], data[:2]):
        assert assert_same_answer(neuron_instance(1, points, bound=-1)) is Verdict.NO
    assert assert_same_answer(neuron_instance(1, [])) is Verdict.YES
    assert assert_same_answer(neuron_instance(1, data[:2] * 20)) is Verdict.YES


def test_a_positive_bound_is_refused_and_a_fraction_of_a_mismatch_is_none():
    data = [((1,), (1,)), ((0,), (0,))]
    for loss, bound in (("mismatch", 1), ("l1", Fraction(1, 2)), ("l2", 1)):
        with pytest.raises(Unsupported, match="needs bound 0"):
            LazyMethod().solve(neuron_instance(1, data, loss=loss, bound=bound), Deadline())
    half = neuron_instance(1, data, bound=Fraction(1, 2))
    assert assert_same_answer(half) is Verdict.YES
    assert assert_same_answer(replace(half, targets=np.array([[0], [1]]))) is Verdict.NO


def test_a_proof_refers_to_the_points_it_needs(tmp_path):
    pytest.importorskip("dratify")
    path = tmp_path / "proof.drat"
    answer = (
        Request("lazy", proof=str(path)).method().solve(majority(256, flipped=True), Deadline(60))
    )
    assert answer.verdict is Verdict.NO
    assert answer.how is How.PROOF_CHECKED
    assert f"no solution for {answer.sizes['points']} of 256 data points" in answer.detail
    assert path.exists()


def test_easy_instances_and_a_time_limit():
    assert LazyMethod().solve(easy_yes(), Deadline(60)).verdict is Verdict.YES
    assert LazyMethod().solve(easy_no(), Deadline(60)).verdict is Verdict.NO
    answer = LazyMethod().solve(hopeless(), Deadline(0.2))
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.how is How.LIMIT
