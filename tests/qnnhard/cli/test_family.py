"""``qnnhard family``."""

import json
from pathlib import Path

import pytest

from instances.families.registry import FAMILIES
from instances.training.files import read_instance
from tests.helpers import assert_one_line_error


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_member_is_written_with_its_origin_and_solved(here, qnnhard):
    words = ("family", "ladder", "--set", "size=20", "--set", "d=3", "--seed", 7, "-o", "i.json")
    outcome = qnnhard(*words, "--json")
    summary = json.loads(outcome.out)
    instance = read_instance("i.json")
    assert outcome.code == 0
    assert summary["instance"] == instance.fingerprint
    assert (summary["neurons"], summary["treewidth"]) == (2 + 20 + 4, 2)
    assert summary["origin"] == dict(instance.origin)
    assert instance.d == 3
    assert instance.origin["family"] == "ladder"
    assert instance.origin["seed"] == "7"
    assert "size=20 d=3 inputs=2" in instance.origin["settings"]
    assert instance.origin["expected"] == "yes"
    assert instance.origin["command"].startswith("qnnhard family ladder --set size=20")
    assert qnnhard("solve", "i.json").code == 10


def test_the_same_command_gives_the_same_bytes(here, qnnhard):
    words = ("family", "k-tree", "--seed", 3)
    outcome = qnnhard(*words)
    assert (outcome.code, outcome.err) == (0, "")
    assert qnnhard(*words).out == outcome.out
    assert qnnhard("family", "k-tree", "--seed", 4).out != outcome.out


def test_a_line_says_what_was_written(here, qnnhard):
    outcome = qnnhard("family", "chain", "-o", "i.json")
    assert outcome.out == ""
    assert "i.json: 122 neurons, 319 edges, 4 data points, treewidth at most 1" in outcome.err
    assert "treewidth" not in qnnhard("family", "moons", "-o", "m.json").err


def test_the_families_are_listed_with_their_parameters(qnnhard):
    entries = json.loads(qnnhard("family", "--list", "--json").out)
    assert [entry["name"] for entry in entries] == list(FAMILIES.all())
    plain = qnnhard("family", "--list").out
    for entry in entries:
        assert entry["name"] in plain
        assert "d" in entry["parameters"]
        assert all(p["help"] for p in entry["parameters"].values())


def test_bad_values_are_one_line_and_a_missing_name_is_a_usage_error(qnnhard):
    assert_one_line_error(qnnhard("family", "nope"), "no family 'nope'")
    assert_one_line_error(qnnhard("family", "chain", "--set", "points=9"), "points=9")
    assert qnnhard("family").code == 2
    assert qnnhard("family", "chain", "--list").code == 2
    assert qnnhard("family", "chain", "--json").code == 2
