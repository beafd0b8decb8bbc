"""The examples of docs/extending.md: registered as a package would, detected, and at work."""

import json
import re
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import instances.registry
from instances.problems.registry import PROBLEMS, detect
from qnnhard.export.registry import FORMATS
from qnnhard.methods.registry import METHODS
from reductions.registry import MAPS

PAGE = Path(__file__).parents[1] / "docs" / "extending.md"
BLOCKS = re.findall(r"```python\n(\"\"\".*?)```", PAGE.read_text(), re.DOTALL)
ENTRIES = {
    PROBLEMS.group: ("their_problem", "OddSum"),
    MAPS.group: ("their_map", "Parity"),
    METHODS.group: ("their_backend", "Lowest"),
    FORMATS.group: ("their_format", "EDGES"),
}


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """A package with a problem, a map, a backend and a format, as one would be installed."""
    constant, *others = BLOCKS
    (tmp_path / "constant.py").write_text(constant)
    for (module, _), block in zip(ENTRIES.values(), others, strict=True):
        (tmp_path / f"{module}.py").write_text(block)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def installed(group):
        if group not in ENTRIES:
            return []
        module, name = ENTRIES[group]
        return [EntryPoint(module, f"{module}:{name}", group)]

    monkeypatch.setattr(instances.registry, "installed", installed)


def test_the_map_of_a_file_is_refuted(theirs, qnnhard):
    outcome = qnnhard("verify", "./constant.py", "--random", 50, "--json")
    assert outcome.code == 1
    kinds = {f["type"] for r in json.loads(outcome.out)["results"] for f in r["failures"]}
    assert kinds == {"no-to-yes", "pull-rejected"}


def test_all_four_are_listed(theirs, qnnhard):
    found = json.loads(qnnhard("list", "--json").out)
    for kind, name in (
        ("problems", "odd-sum"),
        ("reductions", "parity"),
        ("backends", "lowest"),
        ("formats", "edges"),
    ):
        assert name in [entry["name"] for entry in found[kind]], kind


def test_a_file_of_their_problem_is_detected_and_goes_all_the_way(theirs, qnnhard):
    text = "odd\n3\n4\n"
    assert detect(text, "-") == ("odd-sum",)
    Path("sum.txt").write_text(text)
    Path("even.txt").write_text("odd\n2\n")
    assert qnnhard("verify", "parity", "sum.txt", "even.txt", "--random", 20).code == 0
    listed = qnnhard("verify", "parity", "--exhaustive", 2)
    assert listed.code == 0
    assert "verified 15 sources, all of odd-sum up to numbers=2,largest=3" in listed.out
    assert qnnhard("generate", "parity", "sum.txt", "-o", "i.json").code == 0
    solved = qnnhard("solve", "i.json", "--backend", "lowest", "-o", "p.json")
    assert solved.code == 10
    assert qnnhard("pull", "parity", "sum.txt", "p.json").code == 0
    assert qnnhard("export", "i.json", "--to", "edges", "-o", "-").out == "x1 y1\n"
