"""Reachability for one distinct input, against enumeration and SAT."""

import random
from collections import Counter

import pytest

from instances.deadline import Deadline
from instances.errors import QnnhardError, Unsupported
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import layered
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.linear.one_point import (
    OnePointMethod,
    OnePointRefutation,
)
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import How, Verdict
from tests.helpers import make_instance, make_network
from tests.qnnhard.methods.linear.islands import one_point_instance


def campaign(seeds) -> Counter[str]:
    found: Counter[str] = Counter()
    for seed in seeds:
        instance = one_point_instance(random.Random(seed))
        answer = OnePointMethod().solve(instance, Deadline())
        expected = first_solution(instance, Deadline())
        assert (answer.verdict is Verdict.YES) == (expected is not None), seed
        assert answer.verdict is SatMethod().solve(instance, Deadline()).verdict, seed
        if answer.parameters is not None:
            assert evaluate(instance, answer.parameters).loss == 0
        else:
            assert answer.how is How.PROOF_CHECKED
        found[str(answer.verdict)] += 1
    return found


def test_the_answers_are_those_of_enumeration_and_sat():
    found = campaign(range(200))
    assert found["no"] > 50


@pytest.mark.long
def test_the_answers_are_those_of_enumeration_and_sat_on_2000_instances():
    found = campaign(range(1000, 3000))
    assert 3 * found["no"] > 2000


def solve(instance):
    return OnePointMethod().solve(instance, Deadline())


def test_an_output_with_target_0_does_not_pass_anything_on():
    network = make_network(3, [0], [1, 2], [(0, 1), (1, 2)])
    free = {1: (0, 1), 2: (0, 1)}
    answer = solve(make_instance(network, [([1], [0, 1])], biases=free))
    assert answer.verdict is Verdict.NO
    assert answer.detail == "no active input reaches output 'n3', whose target is 1"
    assert solve(make_instance(network, [([1], [1, 1])], biases=free)).verdict is Verdict.YES


def test_contradicting_labels_are_named():
    answer = solve(layered([2, 1], 2, ([[1, 0], [1, 0], [1, 0]], [[1], [1], [0]])))
    assert answer.verdict is Verdict.NO
    assert "data points 1 and 3" in answer.detail


def test_no_data_is_yes_and_a_negative_bound_no():
    assert solve(layered([2, 2, 1], 2, ([], []))).verdict is Verdict.YES
    assert solve(layered([2, 1], 2, ([], []), bound=-1)).verdict is Verdict.NO


@pytest.mark.parametrize(
    ("instance", "words"),
    [
        (lambda: layered([2, 1], 2, ([[0, 1], [1, 0]], [[1], [1]])), "two distinct inputs"),
        (lambda: layered([2, 1], 2, ([[0, 1]], [[1]]), bound=1), "bound is 1"),
        (lambda: layered([2, 1], 3, ([[0, 1]], [[1]])), "range over"),
        (
            lambda: make_instance(
                make_network(2, [0], [1], [(0, 1)]), [([1], [1])], weights=(1,), biases=(0, 1)
            ),
            "range over",
        ),
        (lambda: make_instance(make_network(2, [0], [1], []), [([3], [1])]), "some input"),
        (
            lambda: make_instance(
                make_network(2, [0], [1], [(0, 1)], Activation("sign")),
                [([1], [1])],
                biases={1: (0, 1)},
            ),
            "activation sign",
        ),
    ],
)
def test_what_the_proof_does_not_cover_is_refused_in_one_line(instance, words):
    with pytest.raises(Unsupported, match=words) as caught:
        solve(instance())
    assert str(caught.value).startswith("one-point: ")
    assert "\n" not in str(caught.value)


def test_a_passed_deadline_is_unknown():
    answer = OnePointMethod().solve(layered([2, 1], 2, ([[0, 1]], [[1]])), Deadline(0))
    assert answer.how is How.LIMIT


def test_the_checker_refuses_what_proves_nothing():
    yes = layered([2, 1, 1], 2, ([[0, 1], [0, 1]], [[1], [1]]))
    no = layered([2, 1, 1], 2, ([[0, 0]], [[1]]))
    refutation = OnePointMethod().decide(no, Deadline())
    assert isinstance(refutation, OnePointRefutation)
    refutation.check(no, Deadline())
    hidden_only = refutation.active.copy()
    hidden_only[2] = True
    for instance, wrong in (
        (yes, refutation),
        (yes, OnePointRefutation((0, 1))),
        (no, OnePointRefutation(None, 2, refutation.active)),
        (no, OnePointRefutation(None, 3, hidden_only)),
        (no, OnePointRefutation(None, 3, ~refutation.active)),
    ):
        with pytest.raises(QnnhardError, match="wrong refutation"):
            wrong.check(instance, Deadline())
