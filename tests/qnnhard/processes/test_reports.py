"""Stages of a child, as its parent sees them."""

import json
import os
import time

from instances.progress import Stage
from qnnhard.processes import reports
from qnnhard.processes.reports import Mirror, Reporter
from tests.helpers import Watching


def followed(*lines: object, end: bytes = b"") -> Watching:
    """What a watcher has seen after the child reported these stages and ended."""
    watching = Watching()
    ours, theirs = os.pipe()
    mirror = Mirror(watching, ours)
    for line in lines:
        os.write(theirs, json.dumps(line).encode() + b"\n")
    os.write(theirs, end)
    os.close(theirs)
    mirror.close()
    assert watching.open == []
    return watching


def test_stages_open_advance_and_close_as_those_of_the_child():
    outer = ["verify", "jobs", 2]
    found = followed(
        [[*outer, 0]],
        [[*outer, 0], ["loading", "clauses", 9, 4]],
        [[*outer, 0], ["loading", "clauses", 9, 8]],
        [[*outer, 0], ["CaDiCaL", "conflicts", None, 7]],
        [[*outer, 1]],
        [["renamed", "jobs", 2, 1], ["CaDiCaL", "conflicts", None, 5]],
        [["renamed", "jobs", 2, 1], ["CaDiCaL", "conflicts", None, 3]],
    )
    assert found.seen == [
        ("loading", "clauses", 9, 8),
        ("CaDiCaL", "conflicts", None, 7),
        # Another one: its count is lower.
        ("CaDiCaL", "conflicts", None, 5),
        ("CaDiCaL", "conflicts", None, 3),
        ("renamed", "jobs", 2, 1),
    ]


def test_a_child_that_is_killed_may_leave_half_a_line():
    found = followed([["a", "steps", None, 1]], end=b'[["a", "st')
    assert found.seen == [("a", "steps", None, 1)]
    assert followed().seen == []


def test_a_reporter_tells_what_changes(monkeypatch):
    monkeypatch.setattr(reports, "PERIOD", 0.01)
    ours, theirs = os.pipe()
    reporter = Reporter(theirs)
    with os.fdopen(ours) as lines:
        assert json.loads(lines.readline()) == []
        # Time for reports that say nothing new.
        time.sleep(0.1)
        first, second = Stage("first", "steps"), Stage("second", "steps", 3)
        reporter.opened(first)
        assert json.loads(lines.readline()) == [["first", "steps", None, 0]]
        reporter.opened(second)
        assert json.loads(lines.readline())[1] == ["second", "steps", 3, 0]
        second.done = 2
        assert json.loads(lines.readline())[1] == ["second", "steps", 3, 2]
        reporter.closed(second)
        assert json.loads(lines.readline()) == [["first", "steps", None, 0]]
    # Nobody reads any more: the thread ends without a word.
    first.done = 9
