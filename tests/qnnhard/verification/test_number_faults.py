"""Faults planted into the reductions from number problems are found and named."""

import json
from pathlib import Path

import pytest

from instances.problems.registry import PROBLEMS
from qnnhard.verification.sources import load_source
from reductions.registry import reductions
from tests.qnnhard.verification import number_faults as faults

EVERY_SOURCE_SHOWS = {
    "a wrong claim": (faults.WRONG_CLAIM, "claim-violated"),
    "a build that raises": (faults.RAISING_BUILD, "not-a-target"),
    "a build of nothing": (faults.SILENT_BUILD, "not-a-target"),
}
SOME_SOURCES_SHOW = {
    "a dropped data point": (faults.DROPPED_POINT, "no-to-yes"),
    "a moved target": (faults.MOVED_TARGET, "push-rejected"),
    "a bound that no loss keeps": (faults.NEGATIVE_BOUND, "yes-to-no"),
    "a push that raises": (faults.RAISING_PUSH, "push-rejected"),
    "a push of nothing": (faults.SILENT_PUSH, "push-rejected"),
    "a pull that raises": (faults.RAISING_PULL, "pull-rejected"),
    "a pull of nothing": (faults.SILENT_PULL, "pull-rejected"),
}


def cases() -> list:
    found = []
    for name in faults.BASES:
        given = {
            **SOME_SOURCES_SHOW,
            "a wrong pull": (faults.WRONG_PULL[name], "pull-rejected"),
            "a changed construction": faults.CHANGED_CONSTRUCTION[name],
        }
        if name != "posslp":
            # Where nothing can be chosen, the only solution is the one that push gives.
            given["a pull for pushed solutions"] = (
                faults.PULL_FOR_PUSHED_SOLUTIONS,
                "pull-rejected",
            )
        for count, some in ((2, EVERY_SOURCE_SHOWS), (25, given)):
            found += [
                pytest.param(name, count, *fault, id=f"{name}: {what}")
                for what, fault in some.items()
            ]
    return found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("name", "count", "body", "failure"), cases())
def test_a_planted_fault_is_reported_with_its_type_and_its_source(
    qnnhard, name, count, body, failure
):
    Path("mine.py").write_text(faults.faulty(name, body))
    outcome = qnnhard(
        "verify", "./mine.py", "--random", count, "--seed", 1, "--json", "--failures-dir", "."
    )
    assert outcome.code == 1
    results = json.loads(outcome.out)["results"]
    assert len(results) == count
    broken = [r for r in results if failure in {entry["type"] for entry in r["failures"]}]
    assert broken, {result["failure"] for result in results}
    first = broken[0]
    assert (first["reduction"], first["preserved"]) == ("faulty", False)
    details = [entry["detail"] for entry in first["failures"] if entry["type"] == failure]
    assert details
    assert all(detail and "\n" not in detail for detail in details)
    # The saved file is a source again, and shows the same fault.
    problem = PROBLEMS.get(reductions()[name].source)
    source = load_source(first["saved"], problem=problem.name).source
    assert problem.write(source) == Path(first["saved"]).read_text()
    # A formula does not tell that it is meant as 1-in-3.
    again = qnnhard(
        "verify",
        "./mine.py",
        first["saved"],
        "--problem",
        problem.name,
        "--json",
        "--failures-dir",
        ".",
    )
    assert again.code == 1
    assert failure in {entry["type"] for entry in json.loads(again.out)["results"][0]["failures"]}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", list(faults.BASES))
def test_without_a_fault_nothing_is_reported(qnnhard, name):
    Path("mine.py").write_text(faults.faulty(name, 'small = "nothing"'))
    assert qnnhard("verify", "./mine.py", "--random", 10, "--seed", 1).code == 0
