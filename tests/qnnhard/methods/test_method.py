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
from qnnhard.methods import answer, lazy, registry
from qnnhard.methods.answer import Answer, Found, MethodDefect
from qnnhard.methods.auto import AutoMethod
from qnnhard.methods.enumeration import EnumerationMethod
from qnnhard.methods.lazy import LazyMethod
from qnnhard.methods.linear.one_point import OnePointMethod
from qnnhard.methods.method import Method, Prediction, prediction
from qnnhard.methods.portfolio.method import PortfolioMethod
from qnnhard.methods.request import Request
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import How, Verdict
from tests.helpers import make_parameters, neuron_instance
from tests.qnnhard.methods.instances import easy_no, easy_yes

ONE = neuron_instance(1, [((1,), (1,))])
RIGHT = make_parameters(ONE, {(0, 1): 1})
NEVER = neuron_instance(1, [((0,), (1,))])


class Scripted(Method):
    """A backend of another package that says what it is told."""

    name = "scripted"
    description = "says what it is told"

    def __init__(self, said=None):
        self.said = said

    def search(self, instance, deadline, sizes):
        if isinstance(self.said, BaseException):
            raise self.said
        return self.said


def no(refutation) -> Found:
    return Found(refutation=refutation, detail="two\nlines")


def test_a_yes_that_stands_is_evaluated_whatever_is_said_beside_it():
    for how in (None, *How):
        said = Scripted(Found(RIGHT, how)).solve(ONE, Deadline())
        assert (said.verdict, said.how, said.parameters) == (
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
        ({"weights": [1]}, "dict for parameters"),
    ],
)
def test_a_yes_that_does_not_stand_is_a_defect_of_its_backend(parameters, words):
    with pytest.raises(MethodDefect, match=f"the backend scripted .*{words}.*defect of it"):
        Scripted(Found(parameters)).solve(ONE, Deadline())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (None, "returned NoneType, not a Found"),
        (True, "returned bool"),
        (Verdict.NO, "returned Verdict"),
        (Answer(Verdict.NO, How.SOLVER), "returned Answer"),
        (Found("yes"), "str for parameters"),
        (Found(refutation="proof"), "'proof' for a refutation"),
        (Found(refutation=How.SOLVER, detail=7), "neither a line nor a number"),
        (Found(lower="none"), "neither a line nor a number"),
        (ZeroDivisionError("a\nb"), "ended with ZeroDivisionError: a b"),
        (SystemExit(20), "ended with SystemExit: 20"),
    ],
)
def test_what_is_no_answer_is_a_defect_in_one_line(said, words):
    with pytest.raises(MethodDefect, match=words) as caught:
        Scripted(said).solve(ONE, Deadline())
    assert "\n" not in str(caught.value)
    assert "the backend scripted" in str(caught.value)


def test_refusals_and_limits_are_what_they_are():
    for error in (Unsupported("too large"), InputError("not installed"), MemoryError()):
        with pytest.raises(type(error)):
            Scripted(error).solve(ONE, Deadline())
    said = Scripted(LimitReached("time limit of 1 s reached")).solve(ONE, Deadline())
    assert (said.verdict, said.how) == (Verdict.UNKNOWN, How.LIMIT)


@pytest.mark.parametrize("how", list(How))
def test_the_no_of_another_package_is_a_solvers_word(how):
    said = Scripted(no(how)).solve(NEVER, Deadline())
    assert (said.verdict, said.how, said.detail) == (Verdict.NO, How.SOLVER, "two lines")


def test_a_negative_bound_is_a_no_whoever_is_asked():
    said = Scripted(Found(RIGHT)).solve(replace(ONE, bound=-1), Deadline())
    assert (said.verdict, said.how) == (Verdict.NO, How.ENUMERATED)


def test_the_least_loss_is_the_evaluators():
    class Minimizing(Scripted):
        def least(self, instance, deadline, sizes):
            return self.search(instance, deadline, sizes)

    wrong = make_parameters(ONE, {})
    for found, how, loss, lower in (
        (Found(RIGHT), How.EVALUATED, 0, 0),
        (Found(RIGHT, How.ENUMERATED), How.SOLVER, 0, 0),
        (Found(wrong), How.LIMIT, 1, 0),
        (Found(wrong, lower=1), How.LIMIT, 1, 1),
        (Found(wrong, How.PROOF_CHECKED, loss=1), How.SOLVER, 1, 1),
        (Found(), How.LIMIT, None, 0),
    ):
        said = Minimizing(found).minimize(ONE, Deadline())
        assert (said.how, said.loss, said.lower) == (how, loss, lower)
    for found in (Found(wrong, loss=0), Found(RIGHT, lower=1), Found(wrong, How.SOLVER, loss=2)):
        with pytest.raises(MethodDefect, match="misjudged its parameters"):
            Minimizing(found).minimize(ONE, Deadline())
    with pytest.raises(Unsupported, match="does not minimize"):
        Scripted(Found(RIGHT)).minimize(ONE, Deadline())


@pytest.mark.parametrize("name", ["solve", "minimize"])
def test_what_is_settled_for_all_is_not_overridden(name):
    with pytest.raises(TypeError, match=f"define search or least, not {name}"):
        type("Old", (Scripted,), {name: lambda *_: None})


def test_a_backend_that_inherits_from_ours_is_not_ours():
    class Derived(EnumerationMethod):
        pass

    assert EnumerationMethod().solve(NEVER, Deadline()).how is How.ENUMERATED
    assert Derived().solve(NEVER, Deadline()).how is How.SOLVER


def test_only_a_certificate_for_the_instance_makes_a_no_proof_checked():
    for certificate, how in (
        (Certificate(NEVER, "test"), How.PROOF_CHECKED),
        (Certificate(replace(NEVER), "test"), How.PROOF_CHECKED),
        (Certificate(easy_no(), "test"), How.SOLVER),
        (Certificate(replace(NEVER, bound=-1), "test"), How.SOLVER),
    ):
        assert Scripted(no(certificate)).solve(NEVER, Deadline()).how is how


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
        SatMethod(proof),
        LazyMethod(proof),
        PortfolioMethod(proof=proof),
        PortfolioMethod(memory=1 << 32, proof=proof),
        OnePointMethod(),
    ):
        one = isinstance(backend, OnePointMethod)
        instance = layered([2, 2, 1], 2, ([[0, 0]], [[1]])) if one else easy_no()
        assert backend.solve(instance, Deadline(60)).how is How.PROOF_CHECKED


def test_a_yes_is_evaluated_once(monkeypatch):
    calls = []
    right = answer.evaluate
    monkeypatch.setattr(answer, "evaluate", lambda *given: [calls.append(1), right(*given)][1])
    for backend in (SatMethod(), PortfolioMethod(memory=1 << 32), AutoMethod()):
        calls.clear()
        assert backend.solve(easy_yes(), Deadline(60)).verdict is Verdict.YES
        assert len(calls) == 1


def test_a_no_of_lazy_with_a_yes_behind_it_is_a_defect(monkeypatch, tmp_path):
    wrong = Found(refutation=How.SOLVER, detail="no solution for 1 of 1 data points")
    monkeypatch.setattr(lazy, "solve_lazily", lambda *_: (wrong, ONE))
    with pytest.raises(QnnhardError, match="yet the plain encoding of these has one"):
        LazyMethod(str(tmp_path / "p.drat")).solve(ONE, Deadline(60))


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
        "installed",
        lambda group: [_Entry(loaded)] * (group == registry.METHODS.group),
    )


def saying(said) -> type[Method]:
    return type("Installed", (Scripted,), {"__init__": lambda self: Scripted.__init__(self, said)})


def test_the_python_interface_judges_as_well(monkeypatch):
    install(monkeypatch, saying(no(How.PROOF_CHECKED)))
    assert api.solve(ONE, using="scripted").how is How.SOLVER
    install(monkeypatch, saying(Found(make_parameters(ONE, {}))))
    with pytest.raises(MethodDefect):
        api.solve(ONE, using="scripted")


@pytest.mark.parametrize("loaded", [None, 7, Prediction, Method, lambda: None])
def test_what_is_no_backend_is_refused(monkeypatch, loaded):
    install(monkeypatch, loaded)
    with pytest.raises(InputError, match=r"backend '?scripted'? .*(is no class|has no name)"):
        Request("scripted")


def test_a_prediction_that_fails_is_told_in_words(monkeypatch):
    class Broken(Scripted):
        def predict(self, instance, deadline):
            raise KeyError("cost")

    assert prediction(Broken(), ONE, Deadline()) == "the prediction ended with KeyError: 'cost'"
    monkeypatch.setattr(Broken, "predict", lambda *_: None)
    assert prediction(Broken(), ONE, Deadline()) == "there is no prediction"
