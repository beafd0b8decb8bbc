"""Backends: same answers, honest words about them, and limits that hold."""

import random

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, QnnhardError, Unsupported
from instances.training.evaluate import evaluate
from instances.training.instance import layered
from qnnhard.encoding.encode import encode
from qnnhard.methods import sat
from qnnhard.methods.answer import Answer
from qnnhard.methods.enumeration import EnumerationMethod
from qnnhard.methods.external import ExternalMethod
from qnnhard.methods.registry import METHODS
from qnnhard.methods.request import Request
from qnnhard.methods.sat import SatMethod
from qnnhard.sat import cadical
from qnnhard.sat.cadical import solve_formula
from qnnhard.verdict import How, Verdict
from tests.helpers import make_parameters, neuron_instance, random_instance
from tests.qnnhard.methods.instances import easy_no, easy_yes, from_file, hopeless


def assert_honest(answer: Answer, instance) -> None:
    """YES with accepted parameters, NO without any, and the right word for how it is known."""
    assert (answer.parameters is not None) == (answer.verdict is Verdict.YES)
    if answer.parameters is not None:
        assert evaluate(instance, answer.parameters).accepted
    assert (answer.how is How.EVALUATED) == (answer.verdict is Verdict.YES)
    assert (answer.how is How.LIMIT) == (answer.verdict is Verdict.UNKNOWN)


def test_all_backends_agree_on_random_instances():
    found = set()
    for seed in range(60_000, 60_150):
        instance = random_instance(random.Random(seed))
        answers = [
            solver.solve(instance, Deadline(60)) for solver in (SatMethod(), EnumerationMethod())
        ]
        for answer in answers:
            assert_honest(answer, instance)
        assert answers[0].verdict is answers[1].verdict
        found.add(answers[0].verdict)
    assert found == {Verdict.YES, Verdict.NO}


def test_an_external_solver_agrees_with_the_oracle(kissat):
    external = ExternalMethod(f"{kissat} -q {{cnf}}")
    found = set()
    for seed in range(70_000, 70_040):
        instance = random_instance(random.Random(seed))
        answer = external.solve(instance, Deadline(60))
        assert_honest(answer, instance)
        assert answer.verdict is EnumerationMethod().solve(instance, Deadline()).verdict
        found.add(answer.verdict)
    assert found == {Verdict.YES, Verdict.NO}


def test_a_real_file_is_a_yes_and_another_a_no(kissat):
    for solver in (SatMethod(), ExternalMethod(f"{kissat} {{cnf}}")):
        for name, verdict in (("uf20-01.cnf", Verdict.YES), ("uuf50-01.cnf", Verdict.NO)):
            answer = solver.solve(from_file(name), Deadline(60))
            assert answer.verdict is verdict
            assert_honest(answer, from_file(name))
            assert answer.sizes["variables"] > 0


def test_the_words_say_how_a_no_is_known():
    assert SatMethod().solve(easy_no(), Deadline()).how is How.SOLVER
    assert EnumerationMethod().solve(easy_no(), Deadline()).how is How.ENUMERATED
    assert len({how.explanation for how in How}) == len(How)
    assert [str(how) for how in How][:4] == ["evaluated", "proof-checked", "enumerated", "solver"]


@pytest.mark.parametrize("name", ["sat", "enumerate"])
def test_no_time_gives_unknown(name):
    for instance in (easy_yes(), easy_no(), layered([1, 1], 2, ([], []))):
        answer = Request(name).method().solve(instance, Deadline(0))
        assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
        assert answer.parameters is None
        assert "time limit" in answer.detail


def test_no_time_gives_unknown_on_a_real_file():
    answer = SatMethod().solve(from_file("uuf50-01.cnf"), Deadline(0))
    assert answer.verdict is Verdict.UNKNOWN


def test_a_hard_instance_gives_unknown_when_time_is_over():
    answer = SatMethod().solve(hopeless(), Deadline(0.7))
    assert answer.verdict is Verdict.UNKNOWN
    assert "0.7 s" in answer.detail


def test_a_hard_instance_in_a_child_process_gives_unknown_when_time_is_over(monkeypatch):
    monkeypatch.setattr(cadical, "IN_PROCESS_LITERALS", 0)
    assert SatMethod().solve(hopeless(), Deadline(1.5)).verdict is Verdict.UNKNOWN


def test_an_external_solver_is_stopped_when_time_is_over(kissat):
    answer = ExternalMethod(f"{kissat} -q {{cnf}}").solve(hopeless(), Deadline(1))
    assert answer.verdict is Verdict.UNKNOWN


def test_a_formula_gets_the_same_answer_in_a_child_process(monkeypatch):
    for instance in (easy_yes(), easy_no()):
        formula = encode(instance).formula
        here = solve_formula(formula, Deadline())
        monkeypatch.setattr(cadical, "IN_PROCESS_LITERALS", 0)
        there = solve_formula(formula, Deadline(60), proof=True)
        monkeypatch.undo()
        assert (here.model is None) == (there.model is None)
        assert here.proof is None
        if there.model is None:
            assert there.proof
        else:
            assert formula.satisfied_by(there.model)


def test_enumeration_refuses_what_is_too_large_and_says_what_to_do():
    with pytest.raises(Unsupported, match=r"enumeration: .*use --backend sat"):
        EnumerationMethod().solve(hopeless(), Deadline(60))
    wide = neuron_instance(40, [((1,) * 40, (1,))])
    with pytest.raises(Unsupported, match=r"neuron 'n41' has 2\^40 parameter choices"):
        EnumerationMethod().solve(wide, Deadline(60))


def test_backends_are_found_by_name():
    assert list(METHODS.all())[:3] == ["auto", "sat", "enumerate"]
    assert all(kind.description for kind in METHODS.all().values())
    assert Request("sat", proof="p.drat").method() == SatMethod("p.drat")
    with pytest.raises(
        InputError, match=r"no backend 'glucose'; choose from: auto, sat, enumerate"
    ):
        Request("glucose").method()
    with pytest.raises(InputError, match="writes no proof"):
        Request("enumerate", proof="p.drat").method()


def test_a_wrong_decoding_is_never_printed_as_a_yes(monkeypatch):
    instance = neuron_instance(1, [((1,), (1,))])
    monkeypatch.setattr(sat, "decode", lambda *_: make_parameters(instance, {}))
    with pytest.raises(QnnhardError, match="defect"):
        SatMethod().solve(instance, Deadline())


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_a_senseless_time_limit_is_refused(seconds):
    with pytest.raises(InputError, match="time limit"):
        Deadline(seconds)
