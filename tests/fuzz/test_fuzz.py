"""A seeded slice of the fuzzer, and the fuzzer itself on parsers that are known to be wrong."""

from pathlib import Path

import pytest

from instances.errors import InputError
from tests.fuzz.command import runs
from tests.fuzz.run import Target, campaign, drawn, targets

COUNT = 50
"""Inputs a target."""


TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_every_parser_accepts_or_refuses_in_one_line(name, tmp_path):
    report = campaign([TARGETS[name]], 7000, COUNT, 60, tmp_path)[name]
    assert report.inputs == COUNT
    assert set(report.outcomes) == {"accepted", "refused"}, [
        path.read_text() for path in tmp_path.glob("*.txt")
    ]


def test_equal_seeds_give_equal_inputs():
    one, other = targets()["instance"], targets()["instance"]
    first = [drawn(one, 1, number) for number in range(50)]
    assert [drawn(other, 1, number) for number in range(50)] == first
    assert len(set(first)) > 30


def test_a_crash_is_found_saved_and_made_smaller(tmp_path):
    def wrong(content: bytes) -> int:
        if b"7" not in content:
            raise InputError("no 7")
        return 1 // content.count(b"x")

    target = Target("wrong", (b"1234567890x" * 20,), wrong)
    report = campaign([target], 1, 200, 60, tmp_path)["wrong"]
    assert report.outcomes["crash"]
    smallest = min(path.read_bytes() for path in tmp_path.glob("*.small"))
    assert smallest == b"7"
    text = next(tmp_path.glob("*.txt")).read_text()
    assert "ZeroDivisionError" in text
    name = next(tmp_path.glob("*.input")).stem
    assert (
        drawn(target, 1, int(name.rpartition("-")[2]))
        == Path(tmp_path, f"{name}.input").read_bytes()
    )


def test_a_hang_and_an_empty_message_are_findings(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.fuzz.run.SECONDS_PER_INPUT", 0.05)

    def slow(content: bytes) -> None:
        while content:
            pass

    def silent(content: bytes) -> None:
        raise InputError(" ")

    reports = campaign([Target("slow", (b"1",), slow)], 1, 10, 60, tmp_path)
    assert reports["slow"].outcomes["hang"] > 3
    reports = campaign([Target("silent", (b"1",), silent)], 1, 10, 60, tmp_path)
    assert reports["silent"].outcomes == {"crash": 10}


def test_the_command_line_ends_well_on_a_few_inputs():
    assert [(command, wrong) for command, _, wrong in runs(7000, 4) if wrong] == []
