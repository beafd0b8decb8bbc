"""`continuous` among the reductions that are verified: sources, answers, planted faults."""

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from instances.training.files import instance_to_json
from instances.training.instance import layered
from qnnhard.methods.answer import Answer, Found
from qnnhard.methods.enumeration import EnumerationMethod, all_solutions
from qnnhard.methods.method import Method
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import How, Verdict
from qnnhard.verification import candidates, continuous_steps
from qnnhard.verification.candidates import off_domain, on_candidates
from qnnhard.verification.outcome import Failure
from qnnhard.verification.verify import verify
from reductions.chain import Chain
from reductions.to_reals.continuous import ContinuousReduction
from tests.helpers import DATA, assert_one_line_error, brute_force, make_instance, make_network
from tests.reductions.to_reals.test_continuous import sources

XOR = DATA / "xor.json"
CHAIN = Chain((ContinuousReduction,))
AND = ContinuousReduction.example()
NEVER = replace(AND, targets=[[1], [0], [0], [0]])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yes.cnf").write_text("p cnf 2 2\n1 2 0\n-1 2 0\n")
    return tmp_path


def results(outcome) -> list[dict]:
    return json.loads(outcome.out)["results"]


def one(source, backend=None, **more):
    return verify(CHAIN, source, "source", backend or SatMethod(), **more)


# --- what is right ---------------------------------------------------------------------------


def test_random_sources_by_every_backend_and_z3(here, qnnhard):
    pytest.importorskip("z3")
    outcome = qnnhard("verify", "continuous", "--random", 30, "--seed", 5, "--cross-check",
                      "--json")  # fmt: skip
    assert outcome.code == 0
    found = results(outcome)
    assert len(found) == 30
    asked = [result for result in found if result["backends"]]
    assert len(asked) > 20
    for result in asked:
        said = {name: answer for name, answer in result["backends"].items() if answer != "refused"}
        assert set(said) >= {"enumerate", "cp-sat", "z3"}
        assert set(said.values()) <= {result["target_answer"], "unknown"}
    answers = [result["backends"]["z3"] for result in asked]
    assert answers.count("yes") > 5
    assert answers.count("no") > 5
    # Those that are not asked are met by all parameters.
    assert all(r["target_answer"] == "yes" for r in found if not r["backends"])


def test_answers_are_those_of_brute_force():
    for source in sources(25, seed=21, limit=36):
        outcome = one(source)
        assert outcome.preserved, outcome.failures
        wanted = Verdict.YES if brute_force(source) else Verdict.NO
        assert outcome.source_answer == outcome.target_answer == wanted


def test_a_training_instance_is_a_source_of_all(here, qnnhard):
    outcome = qnnhard("verify", "all", XOR, "--cross-check", "--json")
    assert outcome.code == 0
    (result,) = results(outcome)
    assert (result["reduction"], result["target_answer"]) == ("continuous", "yes")
    formula = qnnhard("verify", "all", "yes.cnf", "--json")
    assert formula.code == 0
    assert "continuous" not in {result["reduction"] for result in results(formula)}


def test_a_no_is_proved(here, qnnhard):
    Path("never.json").write_bytes(instance_to_json(NEVER))
    outcome = qnnhard("verify", "continuous", "never.json", "--proof-dir", "proofs", "--json")
    (result,) = results(outcome)
    assert outcome.code == 0
    assert (result["target_answer"], result["how"]) == ("no", "solver")
    assert "proof lines checked" in result["detail"]
    assert "over the reals only" in result["detail"]
    assert len(list(Path("proofs").iterdir())) == 1


@pytest.mark.parametrize(
    ("loss", "bound", "answer"),
    [
        ("l1", 0, "yes"),
        ("l2", 0, "yes"),
        ("l1", -1, "no"),
        ("l2", "-1/2", "no"),
        ("mismatch", -1, "no"),
        ("mismatch", "7/2", "yes"),
        ("mismatch", 4, "yes"),
        ("mismatch", 10**30, "yes"),
    ],
)
def test_losses_and_bounds(here, qnnhard, loss, bound, answer):
    document = json.loads(XOR.read_text()) | {"loss": loss, "bound": bound}
    Path("source.json").write_text(json.dumps(document))
    outcome = qnnhard("verify", "all", "source.json", "--json")
    (result,) = results(outcome)
    assert outcome.code == 0
    assert result["source_answer"] == result["target_answer"] == answer


@pytest.mark.parametrize("loss", ["l1", "l2"])
def test_positive_bounds_of_other_losses_are_refused_in_a_line(here, qnnhard, loss):
    document = json.loads(XOR.read_text()) | {"loss": loss, "bound": 1}
    Path("source.json").write_text(json.dumps(document))
    for words in (("generate", "continuous"), ("continuous",), ("verify", "all")):
        outcome = qnnhard(*words, "source.json")
        assert_one_line_error(outcome, f"continuous: the loss is {loss} with bound 1")
    outcome = qnnhard("verify", "continuous", "source.json", "--json")
    assert outcome.code == 1
    assert results(outcome)[0]["failure"] == "undecided"
    # Without data there is no loss, so every bound from 0 on is met.
    document["data"] = {"inputs": [], "targets": []}
    Path("source.json").write_text(json.dumps(document))
    assert qnnhard("verify", "all", "source.json").code == 0


def test_without_z3_it_is_left_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    outcome = one(AND, others=[EnumerationMethod()])
    assert outcome.preserved
    assert set(outcome.backends) == {"enumerate"}


def test_z3_is_asked_about_small_instances_only():
    source = layered((13, 1), 2, ([[0] * 13], [[0]]))
    outcome = one(source, others=[EnumerationMethod()])
    assert outcome.preserved
    assert outcome.backends["z3"] == "refused"


def test_a_source_that_cannot_be_enumerated_is_the_backends():
    r = random.Random(4)
    inputs = [[r.randint(0, 1) for _ in range(12)] for _ in range(6)]
    for targets in ([[max(row)] for row in inputs], [[0], *[[1]] * 5]):
        source = layered((12, 6, 1), 3, (inputs, targets))
        outcome = one(source)
        assert outcome.preserved, outcome.failures
        assert outcome.target_answer is not Verdict.UNKNOWN


def test_without_time_it_is_undecided():
    outcome = one(AND, timeout=0)
    assert outcome.failure is Failure.UNDECIDED
    assert outcome.target_answer is Verdict.UNKNOWN


# --- candidates ------------------------------------------------------------------------------


def test_the_candidates_that_solve_are_the_pushed_solutions():
    reduction = ContinuousReduction
    for source in sources(40, seed=22, limit=36):
        simulation = reduction.build(source).simulation
        tried = on_candidates(simulation)
        found = [reduction.build(source).pull(p) for p in all_solutions(tried)]
        wanted = list(all_solutions(source))
        assert len(found) == len(wanted)
        assert all(parameters in wanted for parameters in found)


def test_too_many_candidates_are_not_searched(monkeypatch):
    simulation = ContinuousReduction.build(AND).simulation
    assert on_candidates(simulation) is not None
    monkeypatch.setattr(candidates, "MOST_COMBINATIONS", 5**3 - 1)
    assert on_candidates(simulation) is None
    assert one(AND).preserved
    assert one(NEVER).preserved


def test_values_off_the_domains():
    constraints = ContinuousReduction.build(AND).simulation.constraints
    every = off_domain(constraints, 10**9)
    assert (len(set(every.values)), every.exhaustive) == (4**3 - 1, True)
    some = off_domain(constraints, 20, seed=1)
    assert not some.exhaustive
    assert some == off_domain(constraints, 20, seed=1)
    # One parameter at a time comes first.
    assert [sum(v not in (0, 1) for v in values) for values in some.values[:9]] == [1] * 9
    assert all(any(v not in (0, 1) for v in values) for values in some.values)


# --- backends that are wrong -------------------------------------------------------------------


class _Liar(Method):
    name = "liar"
    description = "says no"

    def search(self, instance, deadline, sizes):
        return Found(refutation=How.SOLVER)


def test_backends_must_agree(monkeypatch):
    outcome = one(AND, _Liar())
    assert outcome.failure is Failure.BACKENDS_DISAGREE
    assert (outcome.source_answer, outcome.target_answer) == (Verdict.YES, Verdict.YES)
    outcome = one(AND, others=[_Liar()])
    assert outcome.failure is Failure.BACKENDS_DISAGREE
    monkeypatch.setattr(
        continuous_steps, "solve_continuous", lambda *_: Answer(Verdict.NO, How.SOLVER)
    )
    outcome = one(AND, others=[EnumerationMethod()])
    assert [kind for kind, _ in outcome.failures] == [Failure.BACKENDS_DISAGREE]
    assert "z3 over the reals says no" in outcome.failures[0][1]


def test_what_z3_finds_is_pulled(monkeypatch):
    pytest.importorskip("z3")
    pulled = []

    class Watched(ContinuousReduction):
        def pull(self, witness):
            pulled.append(witness)
            return super().pull(witness)

    chain = Chain((Watched,))
    verify(chain, AND, "and", SatMethod())
    before = len(pulled)
    outcome = verify(chain, AND, "and", SatMethod(), others=[EnumerationMethod()])
    assert outcome.preserved
    assert len(pulled) == 2 * before + 1


def test_a_large_domain_is_verified():
    """Forty values, of which the target wants one; and numbers of 60 digits."""
    network = make_network(2, [0], [1], [(0, 1)])
    for domain in (tuple(range(-20, 20)), (-(10**60), 1, 10**60)):
        source = make_instance(network, [([1], [1])], weights=domain)
        outcome = one(source)
        assert outcome.preserved, outcome.failures
        assert outcome.target_answer is Verdict.YES


def test_a_no_over_the_reals_is_never_called_enumerated():
    for backend in (EnumerationMethod(), SatMethod()):
        outcome = one(NEVER, backend)
        assert (outcome.preserved, outcome.target_answer) == (True, Verdict.NO)
        assert outcome.how is How.SOLVER
        assert "over the reals only values of the domains and beside them were tried" in (
            outcome.detail
        )


def test_where_the_backend_says_nothing_candidates_are_no_enumeration():
    class Silent(Method):
        name = "silent"
        description = "says nothing"

        def search(self, instance, deadline, sizes):
            return Found(detail="gave up")

    outcome = one(NEVER, Silent())
    assert (outcome.target_answer, outcome.how) == (Verdict.NO, How.SOLVER)


def test_what_the_search_over_candidates_finds_is_evaluated(monkeypatch):
    right = continuous_steps.first_solution

    def wrong(instance, deadline):
        found = right(instance, deadline)
        return found and replace(found, biases=found.biases + 1)

    def answered(self):
        self.answer = self.ask_backend(self.source)
        self.outcome.source_answer = self.answer.verdict
        return self.answer.parameters

    monkeypatch.setattr(continuous_steps, "first_solution", wrong)
    monkeypatch.setattr(continuous_steps.ContinuousVerification, "answer_source", answered)
    outcome = one(AND)
    assert Failure.BACKEND_DEFECT in [kind for kind, _ in outcome.failures]
    assert outcome.target_answer is Verdict.UNKNOWN
