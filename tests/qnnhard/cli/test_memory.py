"""Commands whose memory does not suffice: a limit in words, and never a verdict."""

import json

import pytest

from instances.memory import OUT_OF_MEMORY
from qnnhard.methods.sat import SatMethod
from qnnhard.verification.outcome import Failure
from tests.helpers import DATA, assert_one_line_error, run_qnnhard

XOR, FORMULA = DATA / "xor.json", DATA / "uf20-01.cnf"

GREEDY = """\
from reductions.to_training.exact_cover import ExactCoverReduction


class Greedy(ExactCoverReduction):
    name = "greedy"
    {body}
"""
METHOD = """\
def {stage}(self, *arguments):
        bytearray(1 << 34)
        return super().{stage}(*arguments)
"""


def raising(*_arguments, **_options):
    raise MemoryError


def result(outcome) -> dict:
    return json.loads(outcome.out)["results"][0]


@pytest.mark.parametrize("stage", ["build", "push", "pull"])
def test_a_map_without_memory_is_undecided(stage, tmp_path, monkeypatch, qnnhard):
    monkeypatch.chdir(tmp_path)
    body = METHOD.format(stage=stage)
    (tmp_path / "greedy.py").write_text(GREEDY.format(body=body))
    outcome = qnnhard("verify", "greedy.py", FORMULA, "--memory", 1000, "--json")
    assert outcome.code == 1
    found = result(outcome)
    assert {failure["type"] for failure in found["failures"]} == {"undecided"}
    assert found["failures"][0]["detail"] == f"{stage}: {OUT_OF_MEMORY}"


@pytest.mark.parametrize(
    ("place", "stage"),
    [
        ("reductions.chain.Chain.build", "build"),
        ("reductions.chain.ChainImage.violations", "build"),
        ("instances.problems.satisfiability.Sat.solve", "source"),
        ("instances.problems.satisfiability.Sat.check", "source"),
        ("qnnhard.methods.sat.encode", "target"),
        ("qnnhard.methods.sat.solve_formula", "target"),
        ("instances.training.evaluate.compute", "push"),
        ("reductions.chain.ChainImage.push", "push"),
        ("reductions.chain.ChainImage.pull", "pull"),
    ],
)
def test_a_stage_of_verify_without_memory_is_undecided(
    place, stage, tmp_path, monkeypatch, qnnhard
):
    monkeypatch.setattr(place, raising)
    outcome = qnnhard("verify", "exact-cover", FORMULA, "--failures-dir", tmp_path, "--json")
    assert outcome.code == 1
    found = result(outcome)
    assert found["failure"] == str(Failure.UNDECIDED)
    assert any(OUT_OF_MEMORY in failure["detail"] for failure in found["failures"])
    assert any(failure["detail"].startswith(stage) for failure in found["failures"])


@pytest.mark.parametrize(
    "place", ["qnnhard.encoding.encode.encode", "instances.training.files.read_instance"]
)
def test_solve_without_memory_is_unknown(place, monkeypatch, qnnhard):
    monkeypatch.setattr(place, raising)
    if place.endswith("encode"):
        monkeypatch.setattr(SatMethod, "search", raising)
    outcome = qnnhard("solve", XOR, "--backend", "sat", "--json")
    assert outcome.code == 0
    answer = json.loads(outcome.out)
    assert (answer["answer"], answer["how"]) == ("unknown", "limit")
    assert answer["detail"] == OUT_OF_MEMORY


@pytest.mark.parametrize("verb", ["check", "measure", "export", "sparsify"])
def test_another_verb_without_memory_says_so(verb, tmp_path, monkeypatch, qnnhard):
    monkeypatch.setattr("instances.training.files.read_instance", raising)
    words = {"check": (XOR,), "sparsify": (XOR,), "export": ("--to", "cnf")}.get(verb, ())
    outcome = qnnhard(verb, XOR, *words)
    assert_one_line_error(outcome, OUT_OF_MEMORY)


def test_the_budget_holds_for_real(tmp_path):
    family = ("family", "ladder", "--set", "size=200000", "-o", tmp_path / "ladder.json")
    small = run_qnnhard(*family, "--memory", 64)
    assert (small.returncode, small.stderr.decode()) == (1, f"qnnhard: {OUT_OF_MEMORY}\n")
    assert list(tmp_path.iterdir()) == []


def test_the_budget_has_a_least_value(qnnhard):
    outcome = qnnhard("solve", XOR, "--memory", 1)
    assert outcome.code == 2
    assert "x>=64" in outcome.err
