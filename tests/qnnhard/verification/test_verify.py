"""Verification: what is right is preserved, and every planted fault is found and named."""

import json
from pathlib import Path

import pytest

from instances.problems.registry import PROBLEMS
from instances.training.parameters import Parameters, lowest
from qnnhard import api
from qnnhard.methods.answer import Found
from qnnhard.methods.method import Method
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import How, Verdict
from qnnhard.verification.outcome import Failure, Outcome
from qnnhard.verification.verify import verify
from reductions.chain import Chain
from reductions.registry import reductions
from reductions.to_training.exact_cover import ExactCoverReduction
from tests.helpers import DATA, run_qnnhard
from tests.qnnhard.verification import faults

FIELDS = {
    "reduction", "source", "source_answer", "target_answer", "how", "preserved", "failure",
    "seconds",
}  # fmt: skip
YES = '{"universe": 4, "sets": [[0, 1], [1, 2], [0, 3], [2, 3]]}'
NO = '{"universe": 3, "sets": [[0, 1], [1, 2]]}'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yes.json").write_text(YES)
    (tmp_path / "no.json").write_text(NO)
    (tmp_path / "yes.cnf").write_text("p cnf 3 3\n1 2 3 0\n-1 2 0\n-2 -3 0\n")
    return tmp_path


def results(outcome) -> list[dict]:
    return json.loads(outcome.out)["results"]


# --- what is right ---------------------------------------------------------------------------


def test_all_reductions_are_preserved_on_random_sources(here, qnnhard):
    outcome = qnnhard("verify", "all", "--random", 25, "--seed", 1, "--json")
    assert outcome.code == 0
    found = results(outcome)
    assert len(found) == 25 * len(reductions())
    for result in found:
        assert set(result) >= FIELDS
        assert result["preserved"] is True
        assert result["failure"] is None
        assert result["source_answer"] == result["target_answer"]
        negative = "bound is negative" in result["detail"] and result["reduction"] != "continuous"
        no = "enumerated" if negative else "solver"
        assert result["how"] == ("evaluated" if result["target_answer"] == "yes" else no)
        assert result["seconds"] >= 0
    for name in reductions():
        answers = {result["source_answer"] for result in found if result["reduction"] == name}
        assert answers == {"yes", "no"}
    assert {path.name for path in here.iterdir()} == {"yes.json", "no.json", "yes.cnf"}


@pytest.mark.long
def test_all_reductions_are_preserved_on_200_random_sources(here, qnnhard):
    for seed in (1, 2):
        assert qnnhard("verify", "all", "--random", 200, "--seed", seed).code == 0


def test_the_same_seed_verifies_the_same_sources(here, qnnhard):
    def run(seed: int) -> list[tuple]:
        found = results(qnnhard("verify", "exact-cover", "--random", 20, "--seed", seed, "--json"))
        return [(r["source_answer"], r["sizes"]) for r in found]

    assert run(0) == run(0)
    assert run(0) != run(1)


def test_proofs_are_written_checked_and_named(here, qnnhard):
    outcome = qnnhard("verify", "two-inputs", DATA / "uuf50-01.cnf", DATA / "uf20-01.cnf",
                      "--proof-dir", "a/proofs", "--json")  # fmt: skip
    no, yes = results(outcome)
    assert outcome.code == 0
    assert (no["target_answer"], no["how"]) == ("no", "proof-checked")
    assert (yes["target_answer"], yes["how"]) == ("yes", "evaluated")
    assert [p.name for p in Path("a/proofs").iterdir()] == ["0001-two-inputs-uuf50-01.cnf.drat"]


def test_enumeration_can_verify_as_well(here, qnnhard):
    outcome = qnnhard("verify", "exact-cover", "yes.json", "no.json", "--backend", "enumerate",
                      "--json")  # fmt: skip
    assert [result["how"] for result in results(outcome)] == ["evaluated", "enumerated"]


def test_a_formula_goes_through_the_bridges_to_exact_cover(here, qnnhard):
    outcome = qnnhard("verify", "exact-cover", DATA / "uf20-01.cnf", "--json")
    (result,) = results(outcome)
    assert outcome.code == 0
    assert (result["reduction"], result["target_answer"]) == ("exact-cover", "yes")
    assert set(result["stages"]) == {"source", "build", "target", "push", "pull", "solutions"}


def test_all_sends_a_file_wherever_its_problem_leads(here, qnnhard):
    found = results(qnnhard("verify", "all", "yes.cnf", "--json"))
    assert {result["reduction"] for result in found} == {
        "two-inputs", "bounded-degree", "bounded-degree-deep", "exact-cover", "hitting-set",
        "one-in-three",
    }  # fmt: skip
    assert all(result["preserved"] for result in found)


def test_without_sources_every_reduction_gets_its_example(here, qnnhard):
    outcome = qnnhard("verify", "all", "--json")
    assert outcome.code == 0
    assert [result["source"] for result in results(outcome)] == [
        f"example of {name}" for name in reductions()
    ]


def test_settings_generate_sources_and_override_budgets(here, qnnhard):
    words = ("--set", "universe=6", "--set", "sets=5", "--random", 3, "--json")
    outcome = qnnhard("verify", "exact-cover", *words)
    assert len(results(outcome)) == 3
    answers = []
    for budget in (5, 6):
        outcome = qnnhard(
            "verify", "hitting-set", DATA / "myciel3.col", "--set", f"budget={budget}", "--json"
        )
        assert outcome.code == 0
        answers.append(results(outcome)[0]["target_answer"])
    assert answers == ["no", "yes"]


def test_the_table_shows_every_source_and_a_summary(here, qnnhard):
    outcome = qnnhard("verify", "exact-cover", "yes.json", "no.json")
    assert outcome.code == 0
    for word in ("exact-cover", "yes.json", "no.json", "evaluated", "solver"):
        assert word in outcome.out
    assert outcome.err == "2 of 2 preserved\n"
    many = qnnhard("verify", "exact-cover", "--random", 50)
    assert "50 of 50" in many.out


def test_a_user_sees_no_progress_bar_without_a_terminal(here):
    run = run_qnnhard("verify", "exact-cover", "yes.json", cwd=here)
    assert (run.returncode, run.stderr) == (0, b"1 of 1 preserved\n")


def test_without_time_the_answer_is_undecided_and_exits_1(here, qnnhard):
    outcome = qnnhard("verify", "two-inputs", DATA / "uuf50-01.cnf", "--timeout", 0, "--json")
    (result,) = results(outcome)
    assert outcome.code == 1
    assert (result["preserved"], result["failure"]) == (False, "undecided")
    assert result["target_answer"] == "unknown"
    assert Path(result["saved"]).exists()


# --- what is saved of failures ---------------------------------------------------------------


def test_failing_sources_go_to_the_failures_folder_and_overwrite_nothing(here, qnnhard):
    Path("mine.py").write_text(faults.user_file(ExactCoverReduction, faults.WrongClaim))
    Path("kept").mkdir()
    Path("kept/failed-faulty-yes-json.json").write_text("something else")
    outcome = qnnhard("verify", "./mine.py", "yes.json", "--failures-dir", "kept", "--json")
    saved = Path(results(outcome)[0]["saved"])
    assert saved.parent == Path("kept")
    assert json.loads(saved.read_text()) == json.loads(YES)
    assert Path("kept/failed-faulty-yes-json.json").read_text() == "something else"
    qnnhard("verify", "./mine.py", "yes.json", "--failures-dir", "kept")
    assert len(list(Path("kept").iterdir())) == 2


def test_a_failures_folder_that_is_missing_does_not_lose_the_results(here, qnnhard):
    Path("mine.py").write_text(faults.user_file(ExactCoverReduction, faults.WrongClaim))
    outcome = qnnhard("verify", "./mine.py", "yes.json", "--failures-dir", "new", "--json")
    assert results(outcome)[0]["failure"] == "claim-violated"


def test_a_build_that_exits_is_a_fault_and_not_a_success(here, qnnhard):
    Path("mine.py").write_text(faults.user_file(ExactCoverReduction, faults.BuildThatExits))
    outcome = qnnhard("verify", "./mine.py", "yes.json", "--json")
    assert outcome.code == 1
    assert results(outcome)[0]["failure"] == "not-a-target"


@pytest.mark.parametrize("name", ["two words", "a/b", pytest.param("v1.2")])
def test_sources_of_failures_are_saved_whatever_the_reduction_is_called(here, name):
    text = faults.user_file(ExactCoverReduction, faults.BuildThatRaises)
    Path("mine.py").write_text(text.replace('"faulty"', repr(name)))
    run = run_qnnhard("verify", "mine.py", "yes.json", "no.json", "--json", cwd=here, timeout=8)
    saved = [result["saved"] for result in json.loads(run.stdout)["results"]]
    assert run.returncode == 1
    assert len(set(saved)) == 2
    assert all(Path(file).exists() for file in saved)


# --- outcomes and the Python interface --------------------------------------------------------


def test_the_gravest_failure_is_the_one_named():
    outcome = Outcome("r", "s")
    assert (outcome.preserved, outcome.failure) == (True, None)
    for failure in reversed(Failure):
        outcome.failures.append((failure, "why"))
        assert outcome.failure is failure
    assert outcome.as_dict()["failure"] == "not-a-target"
    assert [str(failure) for failure in Failure] == [
        "not-a-target", "backends-disagree", "backend-defect", "yes-to-no", "no-to-yes",
        "push-rejected", "pull-rejected", "claim-violated", "undecided",
    ]  # fmt: skip


def test_the_python_interface_does_what_verify_does(here):
    import qnnhard

    result = qnnhard.verify("two-inputs", "yes.cnf")
    assert (result.preserved, result.failure) == (True, None)
    assert (str(result.source_answer), str(result.target_answer)) == ("yes", "yes")
    assert result.how is How.EVALUATED
    proved = qnnhard.verify("exact-cover", "no.json", proof="p.drat")
    assert proved.how is How.PROOF_CHECKED
    assert Path("p.drat").exists()
    source = qnnhard.load_source("yes.json", "exact-cover")
    assert qnnhard.verify("exact-cover", source, using="enumerate").preserved


def test_the_python_interface_solves_and_reads_instances(here, qnnhard):
    qnnhard("generate", "exact-cover", "yes.json", "-o", "i.json")
    assert api.solve("i.json").verdict is Verdict.YES
    assert api.solve(api.read_instance("i.json"), using="enumerate").verdict is Verdict.YES
    assert api.solve("i.json", timeout=0).verdict is Verdict.UNKNOWN


def test_the_python_interface_has_only_what_it_promises():
    import qnnhard

    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = qnnhard.nonsense
    assert all(hasattr(qnnhard, name) for name in api.__all__)


# --- what is a backend's fault ---------------------------------------------------------------


class _Scripted(Method):
    name = "scripted"
    description = "says what it is told"

    def __init__(self, said):
        self.said = said

    def search(self, instance, deadline, sizes):
        return self.said(instance)


def wrong_yes(instance):
    return Found(Parameters(*lowest(instance)))


@pytest.mark.parametrize(
    "said",
    [wrong_yes, lambda _: None, lambda _: 1 / 0, lambda _: Found(refutation=How.PROOF_CHECKED)],
    ids=["wrong yes", "junk", "crash", "wrong no"],
)
def test_a_defective_backend_is_blamed_and_no_reduction(said):
    source = load_source_text(YES)
    chain = Chain((ExactCoverReduction,))
    outcome = verify(chain, source, "yes", _Scripted(said))
    assert [kind for kind, _ in outcome.failures] == [Failure.BACKEND_DEFECT]
    assert "scripted" in outcome.failures[0][1]
    assert not outcome.preserved
    outcome = verify(chain, source, "yes", SatMethod(), others=[_Scripted(said)])
    kinds = {kind for kind, _ in outcome.failures}
    assert kinds <= {Failure.BACKEND_DEFECT, Failure.BACKENDS_DISAGREE}
    assert kinds
    assert outcome.target_answer is Verdict.YES


def test_the_no_of_another_package_is_its_word_in_a_report():
    chain = Chain((ExactCoverReduction,))
    said = _Scripted(lambda _: Found(refutation=How.PROOF_CHECKED))
    outcome = verify(chain, load_source_text(NO), "no", said)
    assert (outcome.target_answer, outcome.how, outcome.preserved) == (
        Verdict.NO, How.SOLVER, True,
    )  # fmt: skip


def load_source_text(text: str):
    return PROBLEMS.get("exact-cover").parse(text)
