"""Outputs are tried before the work, a verdict outlives them, and no older file misleads."""

import json
import os
from pathlib import Path

import pytest

from instances.errors import InputError
from instances.training.files import write_instance, write_parameters
from instances.training.instance import layered
from tests.helpers import DATA, assert_one_line_error, make_parameters


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an instance that has a solution, and one that has none."""
    monkeypatch.chdir(tmp_path)
    instance = layered([1, 1], 2, ([[1]], [[1]]))
    write_instance("yes.json", instance)
    write_instance("no.json", layered([1, 1], 2, ([[0]], [[1]])))
    write_parameters("p.json", instance, make_parameters(instance, {(0, 1): 1}))
    Path("f.cnf").write_text("p cnf 2 1\n1 2 0\n")
    Path("w.json").write_text('{"assignment": [1, 2]}')
    return tmp_path


WRITERS = [
    ("source", "3-sat", "-o"),
    ("generate", "two-inputs", "f.cnf", "-o"),
    ("family", "ladder", "-o"),
    ("solve", "yes.json", "-o"),
    ("solve", "yes.json", "--proof"),
    ("sparsify", "yes.json", "p.json", "-o"),
    ("push", "two-inputs", "f.cnf", "w.json", "-o"),
    ("pull", "two-inputs", "f.cnf", "p.json", "-o"),
    ("continuous", "yes.json", "-o"),
    ("growth", DATA / "squaring.slp", "--plot"),
    ("export", "yes.json", "-o"),
    ("decode", "yes.json", "out.txt", "-o"),
    ("verify", "two-inputs", "f.cnf", "--proof-dir"),
    ("verify", "two-inputs", "f.cnf", "--failures-dir"),
]


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: f"{words[0]} {words[-1]}")
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    here, qnnhard, monkeypatch, words
):
    def work(*_: object) -> None:
        raise AssertionError("the work has begun")

    for name in ("instances.files.read_bytes", "instances.training.files.read_bytes"):
        monkeypatch.setattr(name, work)
    target = "f.cnf/out" if words[-1].endswith("dir") else "missing/out.svg"
    before = set(os.listdir())
    assert_one_line_error(qnnhard(*words, target), target)
    assert set(os.listdir()) == before


def test_an_input_is_no_output(here, qnnhard):
    before = Path("yes.json").read_bytes()
    os.link("yes.json", "other.json")
    for output in ("yes.json", "./yes.json", "other.json"):
        for words in (("solve", "yes.json"), ("export", "yes.json"), ("continuous", "yes.json")):
            outcome = qnnhard(*words, "-o", output)
            assert (outcome.code, outcome.out) == (2, "")
            assert "is an input" in outcome.err
    assert qnnhard("sparsify", "yes.json", "p.json", "-o", "p.json").code == 0
    assert Path("yes.json").read_bytes() == before


def full(*_: object) -> None:
    raise InputError("out: cannot be written (No space left on device)")


def test_the_verdict_is_printed_though_the_parameters_cannot_be_written(here, qnnhard, monkeypatch):
    monkeypatch.setattr("instances.training.files.write_parameters", full)
    outcome = qnnhard("solve", "yes.json", "-o", "out")
    assert outcome.code == 1
    assert outcome.out.startswith("YES: the exact evaluator accepted the parameters")
    assert outcome.err.endswith("qnnhard: out: cannot be written (No space left on device)\n")
    outcome = qnnhard("solve", "yes.json", "-o", "out", "--json")
    answer = json.loads(outcome.out)
    assert (outcome.code, answer["answer"], answer["parameters"]) == (1, "yes", None)


@pytest.mark.parametrize("backend", ["sat", "lazy", "auto"])
def test_the_verdict_is_printed_though_the_proof_cannot_be_written(
    here, qnnhard, monkeypatch, backend
):
    monkeypatch.setattr("qnnhard.methods.sat.write_proof", full)
    outcome = qnnhard("solve", "no.json", "--backend", backend, "--proof", "out")
    assert outcome.code == 1
    assert outcome.out.startswith("NO: an independent checker accepted the proof")
    assert "no proof is kept" in outcome.out
    assert outcome.err.endswith("qnnhard: out: cannot be written (No space left on device)\n")


def test_a_proof_that_cannot_be_written_is_no_success_of_verify(here, qnnhard, monkeypatch):
    Path("n.cnf").write_text("p cnf 1 2\n1 0\n-1 0\n")
    monkeypatch.setattr("qnnhard.methods.sat.write_proof", full)
    outcome = qnnhard("verify", "two-inputs", "n.cnf", "--proof-dir", "d", "--json")
    (result,) = json.loads(outcome.out)["results"]
    assert (outcome.code, result["target_answer"]) == (1, "no")
    assert "No space left" in str(result)


def test_no_older_file_looks_like_one_of_this_run(here, qnnhard):
    def run(*words: object) -> tuple[int, bool, bool]:
        Path("proof").write_text("0\n")
        Path("q.json").write_text("{}")
        code = qnnhard("solve", *words, "--proof", "proof", "-o", "q.json").code
        return code, Path("proof").exists(), Path("q.json").exists()

    assert run("yes.json") == (10, False, True)
    assert run("no.json") == (20, True, False)
    assert Path("proof").read_text() != "0\n"
    assert run("yes.json", "--timeout", 0) == (0, False, False)
    # Nothing is lost where the run ends with an error.
    assert run("missing.json") == (1, True, True)


def test_no_older_proof_survives_in_the_folder_of_verify(here, qnnhard):
    words = ("verify", "two-inputs", "f.cnf", "--proof-dir", "d")
    Path("n.cnf").write_text("p cnf 1 2\n1 0\n-1 0\n")
    assert qnnhard("verify", "two-inputs", "n.cnf", "--proof-dir", "d").code == 0
    (proof,) = Path("d").iterdir()
    stale = Path("d", proof.name.replace("n.cnf", "f.cnf"))
    stale.write_bytes(proof.read_bytes())
    assert qnnhard(*words).code == 0
    assert not stale.exists()
    assert proof.exists()


def test_a_pipe_and_the_names_of_standard_output_are_written_through(here, qnnhard):
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert qnnhard("solve", "yes.json", "-o", "pipe").code == 10
        assert json.loads(os.read(reader, 10000))["weights"] == [1]
    finally:
        os.close(reader)
    outcome = qnnhard("export", "yes.json", "-o", "/dev/stdout", "--no-names")
    assert (outcome.code, outcome.err) == (0, "")
    assert "\np cnf " in outcome.out
    assert Path("/dev/stdout").is_symlink()
    assert qnnhard("solve", "yes.json", "-o", "/dev/null").code == 10
