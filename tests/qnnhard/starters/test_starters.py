"""Files to begin with: they are true, well formed, and what is wrong with a name is said."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from instances.errors import InputError
from instances.problems.registry import PROBLEMS
from qnnhard.starters.names import LONGEST_NAME, StarterNames
from qnnhard.starters.problem import problem_file
from qnnhard.starters.reduction import reduction_file
from reductions.registry import MAPS
from tests.helpers import REPOSITORY, assert_one_line_error

SOURCES = sorted(set(PROBLEMS.all()) - {"d-nnt", "c-nnt"})
LONGEST = "a" * LONGEST_NAME
TEXTS = {
    "coins": problem_file("coins"),
    "my_problem_2": problem_file("my_problem_2"),
    LONGEST: problem_file(LONGEST),
    "mine": reduction_file("mine"),
    "b" * LONGEST_NAME: reduction_file("b" * LONGEST_NAME),
    # The class would be called as one that it borrows.
    "exact_cover_reduction": reduction_file("exact_cover_reduction", "exact-cover"),
    **{f"from_{name.replace('-', '_')}": reduction_file("own", name) for name in SOURCES},
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_texts_pass_ruff_and_its_formatter(here):
    for name, text in TEXTS.items():
        Path(f"{name}.py").write_text(text)
    config = str(REPOSITORY / "pyproject.toml")
    for words in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        command = [sys.executable, "-m", "ruff", *words, "--config", config, str(here)]
        run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(("name", "random"), [("coins", 200), ("mine", 200), (LONGEST, 3)])
def test_a_text_is_a_true_reduction(name, random, here, qnnhard):
    Path(f"{name}.py").write_text(TEXTS[name])
    outcome = qnnhard("verify", f"./{name}.py", "--random", random, "--json")
    assert outcome.code == 0
    answers = {result["target_answer"] for result in json.loads(outcome.out)["results"]}
    assert answers == {"yes", "no"} or random < 10


@pytest.mark.parametrize("source", [*SOURCES, "3sat"])
def test_a_reduction_is_borrowed_from_every_problem(source, here, qnnhard):
    assert qnnhard("new", "reduction", "own", "--source", source).code == 0
    assert qnnhard("verify", "./own.py", "--random", 8).code == 0


def test_the_verbs_write_what_they_say(here, qnnhard):
    outcome = qnnhard("new", "problem", "coins")
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == (
        "coins.py: a problem to begin with; next: qnnhard verify ./coins.py --random 200\n"
    )
    assert Path("coins.py").read_text() == TEXTS["coins"]
    assert qnnhard("new", "reduction", "mine", "-o", "-").out == TEXTS["mine"]
    outcome = qnnhard("new", "reduction", "mine", "-o", "other.py", "--json")
    assert json.loads(outcome.out) == {
        "output": "other.py",
        "kind": "reduction",
        "next": "qnnhard verify ./other.py --random 200",
    }
    assert {path.name for path in here.iterdir()} == {"coins.py", "other.py"}


def test_what_is_there_is_not_overwritten(here, qnnhard):
    Path("mine.py").write_text("precious")
    Path("link.py").symlink_to("nowhere")
    Path("folder.py").mkdir()
    for words in (
        ("mine",),
        ("other", "-o", "mine.py"),
        ("link",),
        ("folder",),
        ("other", "-o", "no/such/folder.py"),
        ("other", "-o", "folder.py"),
    ):
        assert_one_line_error(qnnhard("new", "reduction", *words))
    assert Path("mine.py").read_text() == "precious"
    assert {path.name for path in here.iterdir()} == {"mine.py", "link.py", "folder.py"}


@pytest.mark.parametrize(
    ("stem", "message"),
    [
        ("", "'' is no name for a Python file"),
        ("my-idea", "'my-idea' is no name for a Python file"),
        ("Idea", "no name"),
        ("2nd", "no name"),
        ("class", "no name"),
        ("../x", "no name"),
        ("idea\n", "no name"),
        ("é", "no name"),
        ("a" * (LONGEST_NAME + 1), "too long"),
    ],
)
def test_a_name_that_is_none_of_a_module_is_refused(stem, message):
    for text in (reduction_file, problem_file):
        with pytest.raises(InputError, match=message):
            text(stem)


def test_a_name_that_is_taken_is_refused():
    for stem in ("hitting_set", "all", "sat_to_3_sat"):
        with pytest.raises(InputError, match="the name is taken"):
            reduction_file(stem)
    for stem in ("hitting_set", "graph", "sat", "training"):
        with pytest.raises(InputError, match="the name is taken"):
            problem_file(stem)
    assert not {"graph", "training"} & MAPS.all().keys()


@pytest.mark.parametrize("source", ["d-nnt", "c-nnt"])
def test_a_problem_without_a_reduction_is_refused(source):
    with pytest.raises(InputError, match=f"no reduction leads from {source}"):
        reduction_file("mine", source)
    with pytest.raises(InputError, match="no problem 'nosuch'"):
        reduction_file("mine", "nosuch")


def test_a_problem_has_no_source(here, qnnhard):
    outcome = qnnhard("new", "problem", "coins", "--source", "sat")
    assert (outcome.code, list(here.iterdir())) == (2, [])


def test_classes_are_called_by_their_kind():
    assert StarterNames("my_reduction").class_of("Reduction") == "MyReduction"
    assert StarterNames("coins").class_of("Problem") == "CoinsProblem"
    # Problem itself is imported.
    assert StarterNames("problem").class_of("Problem") == "ProblemProblem"
    assert StarterNames("a__b_").name == "a-b"
