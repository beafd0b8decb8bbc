"""Campaigns whose functions other processes find, and nothing left of them."""

from pathlib import Path

import pytest

from tests.helpers import REPOSITORY, eventually


def children() -> list[str]:
    found = Path("/proc/self/task").glob("*/children")
    return [word for file in found for word in file.read_text().split()]


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Let children import the tests, and leave none."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    before = set(children())
    yield
    assert eventually(lambda: set(children()) <= before)


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "f.jsonl")
