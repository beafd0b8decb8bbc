"""Exhaustive scopes on the command line: what is verified, what is found, what is refused."""

import json
from pathlib import Path

import pytest

from qnnhard.verification.outcome import Failure
from reductions.registry import reductions
from reductions.to_training.exact_cover import ExactCoverReduction
from reductions.to_training.hitting_set import HittingSetReduction
from tests.helpers import assert_one_line_error
from tests.qnnhard.verification import faults, scope_faults


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def results(outcome) -> list[dict]:
    return json.loads(outcome.out)["results"]


def failed(outcome) -> dict[str, str]:
    return {each["source"]: each["failure"] for each in results(outcome) if not each["preserved"]}


def test_all_reductions_that_can_be_are_preserved_on_all_small_sources(qnnhard):
    outcome = qnnhard("verify", "all", "--exhaustive", 2, "--json")
    assert outcome.code == 0
    told = json.loads(outcome.out)["exhaustive"]
    assert sum(each["sources"] for each in told) == len(results(outcome))
    scopes = {each["reduction"]: (each["problem"], each["scope"], each["sources"]) for each in told}
    assert scopes["exact-cover"] == ("exact-cover", "universe=2,sets=2", 20)
    assert scopes["two-inputs"] == ("3-sat", "variables=1,clauses=1,length=3", 13)
    assert reductions().keys() - scopes.keys() == {"continuous"}
    assert "continuous left out of all: the sources of d-nnt cannot be listed" in outcome.err
    answers = {each["source_answer"] for each in results(outcome)}
    assert answers == {"yes", "no"}


def test_what_was_verified_is_said(qnnhard):
    outcome = qnnhard("verify", "exact-cover", "--exhaustive", "universe=2,sets=1")
    assert outcome.code == 0
    rows = outcome.out.splitlines()
    assert rows[-1] == (
        "exact-cover: verified 9 sources, all of exact-cover up to universe=2,sets=1, "
        "up to isomorphism"
    )
    assert "universe=2,sets=1 #3" in rows[-2]
    outcome = qnnhard("verify", "exact-cover", "--exhaustive", "universe=1,sets=1", "--random", 1)
    assert "verified 5 sources" in outcome.out
    assert "exact-cover random 0:0" in outcome.out


def test_a_problem_behind_a_bridge_is_listed_where_it_is_named(qnnhard):
    words = ("--problem", "vertex-cover", "--exhaustive", "vertices=2")
    outcome = qnnhard("verify", "hitting-set", *words, "--json")
    assert outcome.code == 0
    (told,) = json.loads(outcome.out)["exhaustive"]
    # One graph without vertices, 2 with 1, 2 without and 3 with a loop of 2.
    assert told == {
        "reduction": "hitting-set",
        "problem": "vertex-cover",
        "scope": "vertices=2,loops=1",
        "sources": 1 * 2 + 2 * 3 + 4 * 4,
    }
    everything = qnnhard("verify", "all", *words, "--json")
    assert everything.code == 0
    assert {each["reduction"] for each in results(everything)} == {"hitting-set"}
    assert "exact-cover left out of all: no bridge leads from vertex-cover" in everything.err


def test_all_solutions_are_pulled_unless_told_otherwise(qnnhard):
    words = ("verify", "exact-cover", "--exhaustive", "universe=0,sets=6", "--json")
    last = results(qnnhard(*words))[-1]["solutions"]
    assert last == {"pulled": 192, "complete": True}
    last = results(qnnhard(*words, "--solutions", 64))[-1]["solutions"]
    assert last == {"pulled": 64, "complete": False}


@pytest.mark.parametrize(
    ("base", "fault", "right", "scope", "kinds"),
    [
        (
            HittingSetReduction,
            scope_faults.SkipsEmptySets,
            "universe=2,sets=0",
            "universe=2,sets=1",
            {Failure.NO_TO_YES, Failure.CLAIM_VIOLATED},
        ),
        (
            ExactCoverReduction,
            scope_faults.WrongFromThreeElementsOn,
            "universe=2,sets=3",
            "universe=3,sets=1",
            {Failure.NO_TO_YES, Failure.PULL_REJECTED},
        ),
        (
            HittingSetReduction,
            scope_faults.WrongWithManyToChoose,
            "universe=0,sets=0",
            "universe=1,sets=1",
            {Failure.YES_TO_NO},
        ),
    ],
)
def test_what_is_wrong_on_few_sources_only_is_refuted(qnnhard, base, fault, right, scope, kinds):
    Path("mine.py").write_text(faults.user_file(base, fault))
    assert qnnhard("verify", "./mine.py", "--exhaustive", right).code == 0
    outcome = qnnhard("verify", "./mine.py", "--exhaustive", scope, "--json")
    assert outcome.code == 1
    found = failed(outcome)
    assert found
    assert set(found.values()) <= set(map(str, kinds))
    saved = next(each["saved"] for each in results(outcome) if not each["preserved"])
    assert qnnhard("verify", "./mine.py", saved, "--problem", base.source_problem).code == 1


def test_runs_in_several_processes_and_goes_on(qnnhard):
    words = ("verify", "hitting-set", "--exhaustive", "universe=1,sets=2", "--jsonl", "f")
    plain = qnnhard(*words[:-2])
    assert qnnhard(*words, "--jobs", 2).code == 0
    lines = Path("f").read_text().splitlines(keepends=True)
    Path("f").write_text("".join(lines[:4]) + lines[4][:9])
    again = qnnhard(*words, "--resume")
    assert again.code == 0
    assert Path("f").read_text().count("\n") == len(lines)
    assert again.out.splitlines()[-1] == plain.out.splitlines()[-1]
    other = qnnhard(*words[:2], "--exhaustive", "universe=1,sets=1", "--jsonl", "f", "--resume")
    assert_one_line_error(other, "belongs to another command")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("continuous", "--exhaustive", 3), "d-nnt cannot be listed: its problem has no method"),
        (("exact-cover", "--exhaustive", "sets"), "'sets' is not of the form NAME=N"),
        (("exact-cover", "--exhaustive", ""), "'' is not of the form NAME=N"),
        (("exact-cover", "--exhaustive", 99), "99 things that can change places: at most 7"),
        (("all", "--exhaustive", "moons=3"), "exact-cover has no size 'moons'"),
        (("posslp", "--exhaustive", 0), "exhaustive: posslp has no source up to gates=0"),
        (("exact-cover", "--exhaustive", 2, "--problem", "posslp"), "no bridge leads from posslp"),
    ],
)
def test_what_cannot_be_listed_is_refused_in_a_line(qnnhard, words, message):
    assert_one_line_error(qnnhard("verify", *words), message)
