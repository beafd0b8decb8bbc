"""Nothing that a backend says is printed or used before it is judged."""

from dataclasses import replace

import numpy as np
import pytest

import instances.registry
from instances.deadline import Deadline
from instances.errors import InputError, LimitReached, QnnhardError, Unsupported
from instances.training.instance import layered
from instances.training.parameters import Parameters
from qnnhard import api
from qnnhard.certificates.certificate import Certificate
from qnnhard.solvers import lazy, registry
from qnnhard.solvers.answer import Answer, Backend, How, Prediction, Verdict, prediction
from qnnhard.solvers.auto import AutoBackend
from qnnhard.solvers.boundary import BackendDefect, ask
from qnnhard.solvers.enumerate import EnumerationBackend
from qnnhard.solvers.lazy import LazyBackend
from qnnhard.solvers.one_point import OnePointBackend
from qnnhard.solvers.portfolio import PortfolioBackend
from qnnhard.solvers.sat import SatBackend
from tests.helpers import make_parameters, neuron_instance
from tests.qnnhard.solvers.instances import easy_no, easy_yes

ONE = neuron_instance(1, [((1,), (1,))])
RIGHT = make_parameters(ONE, {(0, 1): 1})
NEVER = neuron_instance(1, [((0,), (1,))])


class Scripted(Backend):
    """A backend of another package that says what it is told."""

    name = "scripted"
    description = "says what it is told"

    def __init__(self, said=None):
        self.said = said

    def solve(self, instance, deadline):
        if isinstance(self.said, BaseException):
            raise self.said
        return self.said


def yes(parameters) -> Answer:
    return Answer(Verdict.YES, How.EVALUATED, parameters)


def no(how: How, certificate=None) -> Answer:
    return Answer(Verdict.NO, how, detail="two\nlines", certificate=certificate)


def test_a_yes_that_stands_is_evaluated_whatever_it_was_called():
    for how in How:
        answer = ask(Scripted(replace(yes(RIGHT), how=how)), ONE, Deadline())
        assert (answer.verdict, answer.how, answer.parameters) == (
            Verdict.YES,
            How.EVALUATED,
            RIGHT,
        )


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (make_parameters(ONE, {}), "loss 1, above the bound 0"),
        (Parameters(np.array([1, 1]), np.array([0, 0])), "2 weight entries"),
        (Parameters(np.array([7]), np.array([0, 0])), "not in its domain"),
        (Parameters([10**5000], [0, 0]), "a number of about .* not in its domain"),
        (None, "NoneType for parameters"),
        ({"weights": [1]}, "dict for parameters"),
    ],
)
def test_a_yes_that_does_not_stand_is_a_defect_of_its_backend(parameters, words):
    with pytest.raises(BackendDefect, match=f"the backend scripted .*{words}.*defect of it"):
        ask(Scripted(yes(parameters)), ONE, Deadline())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (None, "returned NoneType, not an Answer"),
        (True, "returned bool"),
        (Verdict.NO, "returned Verdict"),
        (Answer("yes", How.EVALUATED, RIGHT), "verdict 'yes'"),
        (Answer(Verdict.NO, How.SOLVER, RIGHT), "says no, and gives parameters"),
        (Answer(Verdict.NO, How.SOLVER, detail=7), "neither a line nor sizes"),
        (Answer(Verdict.NO, How.SOLVER, sizes={"rows": "many"}), "neither a line nor sizes"),
        (ZeroDivisionError("a\nb"), "ended with ZeroDivisionError: a b"),
        (SystemExit(20), "ended with SystemExit: 20"),
    ],
)
def test_what_is_no_answer_is_a_defect_in_one_line(said, words):
    with pytest.raises(BackendDefect, match=words) as caught:
        ask(Scripted(said), ONE, Deadline())
    assert "\n" not in str(caught.value)
    assert "the backend scripted" in str(caught.value)


def test_refusals_and_limits_are_what_they_are():
    for error in (Unsupported("too large"), InputError("not installed"), MemoryError()):
        with pytest.raises(type(error)):
            ask(Scripted(error), ONE, Deadline())
    answer = ask(Scripted(LimitReached("time limit of 1 s reached")), ONE, Deadline())
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)


@pytest.mark.parametrize("how", list(How))
def test_the_no_of_another_package_is_a_solvers_word(how):
    answer = ask(Scripted(no(how)), NEVER, Deadline())
    assert (answer.verdict, answer.how, answer.detail) == (Verdict.NO, How.SOLVER, "two lines")


def test_a_backend_that_inherits_from_ours_is_not_ours():
    class Derived(EnumerationBackend):
        pass

    assert ask(EnumerationBackend(), NEVER, Deadline()).how is How.ENUMERATED
    assert ask(Derived(), NEVER, Deadline()).how is How.SOLVER


def test_only_a_certificate_for_the_instance_makes_a_no_proof_checked():
    for certificate, how in (
        (Certificate(NEVER, "test"), How.PROOF_CHECKED),
        (Certificate(replace(NEVER), "test"), How.PROOF_CHECKED),
        (Certificate(easy_no(), "test"), How.SOLVER),
        (Certificate(replace(NEVER, bound=-1), "test"), How.SOLVER),
        ("proof", How.SOLVER),
    ):
        assert ask(Scripted(no(How.SOLVER, certificate)), NEVER, Deadline()).how is how


def test_a_certificate_covers_more_data_points_and_not_fewer():
    point = ((0,), (1,))
    few, more = neuron_instance(1, [point]), neuron_instance(1, [point, ((1,), (1,)), point])
    assert Certificate(few, "test").covers(more)
    assert not Certificate(more, "test").covers(few)
    twice = neuron_instance(1, [point, point])
    assert Certificate(twice, "test").covers(more)
    assert not Certificate(twice, "test").covers(few)
    assert not Certificate(few, "test").covers(neuron_instance(1, [((1,), (0,))]))
    assert not Certificate(few, "test").covers(neuron_instance(2, [((0, 0), (1,))]))


def test_our_backends_keep_what_was_checked(tmp_path):
    pytest.importorskip("dratify")
    proof = str(tmp_path / "p.drat")
    for backend in (
        SatBackend(proof),
        LazyBackend(proof),
        PortfolioBackend(proof=proof),
        PortfolioBackend(memory=1 << 32, proof=proof),
        OnePointBackend(),
    ):
        one = isinstance(backend, OnePointBackend)
        instance = layered([2, 2, 1], 2, ([[0, 0]], [[1]])) if one else easy_no()
        assert ask(backend, instance, Deadline(60)).how is How.PROOF_CHECKED


def test_a_yes_is_evaluated_once(monkeypatch):
    from qnnhard.solvers import boundary

    calls = []
    right = boundary.evaluate
    monkeypatch.setattr(boundary, "evaluate", lambda *given: [calls.append(1), right(*given)][1])
    for backend in (SatBackend(), PortfolioBackend(memory=1 << 32), AutoBackend()):
        calls.clear()
        assert ask(backend, easy_yes(), Deadline(60)).verdict is Verdict.YES
        assert len(calls) == 1


def test_a_no_of_lazy_with_a_yes_behind_it_is_a_defect(monkeypatch, tmp_path):
    wrong = Answer(Verdict.NO, How.SOLVER, detail="no solution for 1 of 1 data points")
    monkeypatch.setattr(lazy, "solve_lazily", lambda *_: (wrong, ONE))
    with pytest.raises(QnnhardError, match="yet the plain encoding of these has one"):
        ask(LazyBackend(str(tmp_path / "p.drat")), ONE, Deadline(60))


# --- from entry points -----------------------------------------------------------------------


class _Entry:
    name = value = "scripted"

    def __init__(self, loaded):
        self.loaded = loaded

    def load(self):
        return self.loaded


def install(monkeypatch, loaded) -> None:
    monkeypatch.setattr(
        instances.registry,
        "entry_points",
        lambda group: [_Entry(loaded)] * (group == registry.BACKENDS.group),
    )


def saying(said) -> type[Backend]:
    return type("Installed", (Scripted,), {"__init__": lambda self: Scripted.__init__(self, said)})


def test_the_python_interface_judges_as_well(monkeypatch):
    install(monkeypatch, saying(no(How.PROOF_CHECKED)))
    assert api.solve(ONE, using="scripted").how is How.SOLVER
    install(monkeypatch, saying(yes(make_parameters(ONE, {}))))
    with pytest.raises(BackendDefect):
        api.solve(ONE, using="scripted")


@pytest.mark.parametrize("loaded", [None, 7, Prediction, Backend, lambda: None])
def test_what_is_no_backend_is_refused(monkeypatch, loaded):
    install(monkeypatch, loaded)
    with pytest.raises(InputError, match=r"backend '?scripted'? .*(is no class|has no name)"):
        registry.backend("scripted")


def test_a_prediction_that_fails_is_told_in_words(monkeypatch):
    class Broken(Scripted):
        def predict(self, instance, deadline):
            raise KeyError("cost")

    assert prediction(Broken(), ONE, Deadline()) == "the prediction ended with KeyError: 'cost'"
    monkeypatch.setattr(Broken, "predict", lambda *_: None)
    assert prediction(Broken(), ONE, Deadline()) == "there is no prediction"
