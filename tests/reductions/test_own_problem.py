"""A problem that a user's file defines beside its reduction: known, detected, at work."""

import json
import sys
from pathlib import Path

import pytest

from instances.errors import InputError, InvalidWitness, raised_in
from instances.problems.registry import PROBLEMS, detect
from qnnhard.starters.problem import problem_file
from reductions.registry import get_reduction
from tests.helpers import assert_one_line_error

COINS = problem_file("coins")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("coins.py").write_text(COINS)
    Path("pay.txt").write_text("p coins 9\n4\n1\n")
    return tmp_path


def test_the_problem_is_known_once_the_file_is_loaded(here):
    assert "coins" not in PROBLEMS.all()
    found = get_reduction("./coins.py")
    assert found.source_problem == "coins"
    assert list(PROBLEMS.all())[-1] == "coins"
    assert detect("p coins 3\n", "-") == ("coins",)
    # The same file again is no second one, whatever its path is called.
    assert get_reduction(str(here / "coins.py")) is not found
    assert PROBLEMS.get("coins").parse("p coins 3\n").amount == 3


def test_what_a_file_no_longer_defines_is_forgotten(here):
    get_reduction("./coins.py")
    Path("coins.py").write_text(COINS.replace('"coins"', '"money"'))
    get_reduction("./coins.py")
    assert "money" in PROBLEMS.all()
    assert "coins" not in PROBLEMS.all()


def test_a_file_goes_all_the_way_and_back(here, qnnhard):
    assert qnnhard("verify", "./coins.py", "pay.txt").code == 0
    assert qnnhard("generate", "./coins.py", "pay.txt", "-o", "i.json").code == 0
    assert json.loads(Path("i.json").read_text())["origin"]["problem"] == "coins"
    assert qnnhard("solve", "i.json", "-o", "p.json").code == 10
    assert qnnhard("pull", "./coins.py", "pay.txt", "p.json", "-o", "w.json").code == 0
    assert json.loads(Path("w.json").read_text()) == {"taken": [2, 1]}
    assert qnnhard("push", "./coins.py", "pay.txt", "w.json", "-o", "q.json").code == 0
    assert qnnhard("check", "i.json", "q.json").code == 0
    shown = qnnhard("show", "./coins.py")
    assert shown.code == 0
    assert "coins: Can the amount be paid" in shown.out
    assert qnnhard("generate", "./coins.py", "-o", "j.json", "--seed", 3).code == 0
    made = qnnhard("source", "./coins.py", "--seed", 3, "-o", "s.txt")
    assert made.code == 0
    assert Path("s.txt").read_text().startswith("p coins ")


def test_workers_load_the_problem_before_its_sources(here, qnnhard):
    words = ("verify", "./coins.py", "pay.txt", "--random", 12, "--json")
    one, two = qnnhard(*words), qnnhard(*words, "--jobs", 2, "--jsonl", "lines")
    assert (one.code, two.code) == (0, 0)
    answers = [
        [(result["source"], result["target_answer"]) for result in json.loads(run.out)["results"]]
        for run in (one, two)
    ]
    assert answers[0] == answers[1]
    assert len(answers[0]) == 13


@pytest.mark.parametrize("name", ["subset-sum", "graph"])
def test_a_name_that_is_taken_is_refused(here, qnnhard, name):
    Path("coins.py").write_text(COINS.replace('"coins"', f'"{name}"'))
    said = f"problem '{name}': the name is taken; choose another"
    assert_one_line_error(qnnhard("verify", "./coins.py", "--random", 3), "./coins.py", said)


def test_a_name_of_another_file_is_refused(here):
    get_reduction("./coins.py")
    Path("more.py").write_text(COINS)
    with pytest.raises(InputError, match=r"more\.py: problem 'coins': the name is taken"):
        get_reduction("./more.py")
    assert PROBLEMS.get("coins").parse("p coins 3\n").amount == 3


MAP = COINS[COINS.index("class CoinsReduction") :]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (COINS + "class More(CoinsProblem):\n    name = 'more'\n", r"several problems \(CoinsP"),
        (COINS.replace(MAP, ""), "no subclass of"),
        (COINS.replace("    title =", "    other ="), "CoinsProblem needs a class attribute 'ti"),
        (COINS.replace('name = "coins"', "name = 7"), "attribute 'name' that is a string"),
        (COINS.replace("form = SourceForm(", "form = dict("), "attribute 'form' that is an inst"),
        (COINS.replace("def solve(", "def answer("), "CoinsProblem is abstract: define solve"),
        (
            COINS.replace(
                "    witnesses = W", "    def __init__(self, x): ...\n\n    witnesses = W"
            ),
            "CoinsProblem cannot be made without arguments: TypeError",
        ),
    ],
)
def test_a_problem_that_is_not_whole_is_refused(here, content, message):
    Path("coins.py").write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        get_reduction("./coins.py")
    assert str(caught.value).startswith("./coins.py: ")
    assert "coins" not in PROBLEMS.all()


PLACES = {
    "random": ("coins = [random", "coins = 1 // 0, [random", ("verify", "--random", "2")),
    "parse": ("*coins = (parse", "*coins = 1 // 0, (parse", ("verify", "pay.txt")),
    "write": ('return "".join', 'return 1 // 0 + "".join', ("generate", "pay.txt")),
    "<lambda>": ("opening.is_header(", "1 // 0 == (", ("generate", "pay.txt")),
    "describe": ("coins, amount = self.", "coins, amount = 1 // 0, self.", ("generate", "pay.txt")),
}


@pytest.mark.parametrize(("place", "change"), PLACES.items(), ids=PLACES)
def test_an_exception_of_the_file_is_told_in_one_line_with_its_place(here, qnnhard, place, change):
    old, new, (verb, *words) = change
    content = COINS.replace(old, new)
    assert content != COINS
    Path("coins.py").write_text(content)
    said = f"coins.py:{line_of(content)} in {place}: ZeroDivisionError"
    assert_one_line_error(qnnhard(verb, "./coins.py", *words), said)


def line_of(content: str) -> int:
    """The line with the fault."""
    return next(at for at, text in enumerate(content.split("\n"), 1) if "1 // 0" in text)


CLAIMS = ("claim-violated", "claims")


def failures(outcome) -> list[dict[str, str]]:
    (result,) = json.loads(outcome.out)["results"]
    return result["failures"]


@pytest.mark.parametrize(
    ("old", "new", "kind", "place"),
    [
        ("return self.weighted(list(", "return self.weighted(1 // 0, (", "push-rejected", "push"),
        ("return tuple(self.weights(", "return tuple(1 // 0, (", "pull-rejected", "pull"),
        (
            "return self.layer_claims(",
            "return self.layer_claims(1 // 0, ",
            "claim-violated",
            "claims",
        ),
        ("coins, amount = self.", "coins, amount = 1 // 0, self.", "not-a-target", "describe"),
    ],
)
def test_an_exception_of_a_map_shows_its_place(here, qnnhard, old, new, kind, place):
    content = COINS.replace(old, new)
    assert content != COINS
    Path("coins.py").write_text(content)
    outcome = qnnhard("verify", "./coins.py", "pay.txt", "--json")
    assert outcome.code == 1
    found = [failure["detail"] for failure in failures(outcome) if failure["type"] == kind]
    (message,) = {detail[detail.index("ZeroDivision") :] for detail in found}
    assert message.startswith("ZeroDivisionError: ")
    assert message.endswith(f" (coins.py:{line_of(content)} in {place})")


def test_a_solver_whose_witness_the_check_rejects_accuses_no_reduction(here, qnnhard):
    Path("coins.py").write_text(
        COINS.replace("return paid.get(source.amount)", "return (0,) * len(source.coins)")
    )
    outcome = qnnhard("verify", "./coins.py", "pay.txt", "--json")
    assert outcome.code == 1
    (failure,) = failures(outcome)
    assert failure["type"] == "undecided"
    assert failure["detail"] == (
        "source: coins solves it by what its own check rejects: the coins taken are worth 0, not 9"
    )


def test_only_places_in_the_modules_count():
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")
    assert raised_in(caught.value, {"json.decoder"}).startswith("decoder.py:")
    assert raised_in(caught.value, {__name__}).endswith(" in test_only_places_in_the_modules_count")
    assert raised_in(caught.value, {"nosuch"}) is None
    assert raised_in(InvalidWitness("never raised"), set(sys.modules)) is None


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_solver_that_fails_leaves_its_source_undecided(here, qnnhard, jobs):
    content = COINS.replace("paid: dict[int, Taken] = {0: ()}", "paid = {1 // 0: ()}")
    assert content != COINS
    Path("coins.py").write_text(content)
    outcome = qnnhard("verify", "./coins.py", "pay.txt", "--json", "--jobs", jobs)
    assert outcome.code == 1
    (failure,) = failures(outcome)
    assert failure["type"] == "undecided"
    assert failure["detail"].startswith("ZeroDivisionError: ")
    assert f"(coins.py:{line_of(content)} in solve)" in failure["detail"]


def test_a_bundle_is_checked_again_with_the_file(here, qnnhard):
    assert qnnhard("verify", "./coins.py", "pay.txt", "--bundle", "b.qnncert").code == 0
    PROBLEMS.adopted.clear()
    outcome = qnnhard("recheck", "b.qnncert", "--map", "./coins.py")
    assert outcome.code == 0
    assert "witness pulled and checked" in outcome.out
