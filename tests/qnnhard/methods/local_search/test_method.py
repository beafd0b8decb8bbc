"""The backend local-search: honest answers, seeds and limits."""

import random
import re

import pytest

from instances.deadline import Deadline
from instances.errors import QnnhardError, Unsupported
from instances.training.evaluate import evaluate
from qnnhard.methods.local_search.method import LocalSearchMethod
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.methods.request import Request
from qnnhard.verdict import How, Verdict
from tests.helpers import make_parameters, neuron_instance, random_instance
from tests.qnnhard.methods.instances import easy_no, easy_yes, hopeless


def test_a_yes_is_evaluated_and_records_the_seed():
    answer = LocalSearchMethod(seed=7).solve(easy_yes(), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.YES, How.EVALUATED)
    assert evaluate(easy_yes(), answer.parameters).accepted
    assert re.fullmatch(r"seed 7, [\d,]+ steps, \d+ restarts", answer.detail)


def test_a_no_is_never_given():
    answer = LocalSearchMethod(steps=1200).solve(easy_no(), Deadline(60))
    assert (answer.verdict, answer.how, answer.parameters) == (Verdict.UNKNOWN, How.LIMIT, None)
    assert answer.detail == (
        "seed 0, 1,200 steps, 2 restarts, best loss 1; local search cannot prove a NO"
    )


def test_answers_are_deterministic():
    for seed in range(60):
        instance = random_instance(random.Random(seed))
        first, second = (
            LocalSearchMethod(seed, steps=40).solve(instance, Deadline(60)) for _ in range(2)
        )
        assert (first.verdict, first.detail) == (second.verdict, second.detail)
        assert first.parameters == second.parameters


def test_upper_bounds_of_the_least_loss():
    least = LocalSearchMethod(steps=300).minimize(easy_no(), Deadline(60))
    assert (least.loss, least.how) == (1, How.LIMIT)
    assert evaluate(easy_no(), least.parameters).loss == 1
    assert str(least) == ("UNKNOWN: best loss 1, lower bound 0 (seed 0, 300 steps, 0 restarts)")
    zero = LocalSearchMethod().minimize(easy_yes(), Deadline(60))
    assert (zero.loss, zero.how) == (0, How.EVALUATED)
    assert evaluate(easy_yes(), zero.parameters).loss == 0
    assert zero.detail.endswith("no loss is below 0")
    none = LocalSearchMethod().minimize(easy_yes(), Deadline(0))
    assert (none.loss, none.parameters, none.how) == (None, None, How.LIMIT)


@pytest.mark.parametrize("seconds", [0, 0.1])
def test_time_limits_give_unknown(seconds):
    answer = Request("local-search").method().solve(easy_no(), Deadline(seconds))
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)


def test_no_time_gives_unknown_whatever_the_first_guess():
    answer = LocalSearchMethod().solve(neuron_instance(1, []), Deadline(0))
    assert (answer.verdict, answer.detail) == (Verdict.UNKNOWN, "time limit of 0 s")


def test_a_large_instance_is_refused():
    with pytest.raises(Unsupported, match="local-search: one step would"):
        LocalSearchMethod().solve(hopeless(), Deadline(60))


def test_parameters_that_the_evaluator_rejects_are_a_defect_and_no_answer(monkeypatch):
    instance = neuron_instance(1, [((1,), (1,))])
    monkeypatch.setattr(LocalSearch, "run", lambda *_: make_parameters(instance, {}))
    with pytest.raises(QnnhardError, match="defect"):
        LocalSearchMethod().solve(instance, Deadline(60))
    monkeypatch.setattr(LocalSearch, "best_parameters", make_parameters(instance, {}))
    with pytest.raises(QnnhardError, match="defect"):
        LocalSearchMethod().minimize(instance, Deadline(60))
