"""Calls in a child process."""

import binascii
import math
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from instances.deadline import Deadline
from instances.errors import InvalidInstance, LimitReached, QnnhardError
from instances.memory import limited_memory
from instances.training.instance import z
from qnnhard.processes.child import Child, ChildLost, call_in_child
from tests.helpers import REPOSITORY, eventually, is_alive


def test_a_call_returns_its_value():
    assert call_in_child(Deadline(), math.gcd, 12, 18) == 6
    assert call_in_child(Deadline(60), z, 5) == (-2, -1, 0, 1, 2)


def test_a_call_runs_in_another_process():
    assert call_in_child(Deadline(60), os.getpid) != os.getpid()


def test_large_arguments_and_results_pass():
    content = b"x" * 5_000_000
    assert call_in_child(Deadline(60), binascii.hexlify, content) == b"78" * len(content)


def test_what_a_call_prints_is_no_part_of_its_reply(capfd):
    assert call_in_child(Deadline(60), os.write, 1, b"noise") == 5
    assert capfd.readouterr() == ("", "noise")


def test_an_error_of_the_project_arrives_as_it_was_raised():
    with pytest.raises(InvalidInstance, match="d=1"):
        call_in_child(Deadline(60), z, 1)


def test_memory_that_is_not_there_is_reported(capfd):
    with pytest.raises(MemoryError, match="bytes: its process: out of memory: use a smaller"):
        call_in_child(Deadline(60), bytes, 1 << 62)
    with (
        limited_memory(256 << 20),
        pytest.raises(MemoryError, match="bytes: its process: out of memory: use a smaller"),
    ):
        call_in_child(Deadline(60), bytes, 1 << 30)
    assert call_in_child(Deadline(60), len, bytes(1 << 20)) == 1 << 20
    assert capfd.readouterr().err == ""


def test_another_error_ends_the_child_and_is_reported(capfd):
    with pytest.raises(
        QnnhardError, match=r"factorial: its process ended \(status 1\): out of memory"
    ):
        call_in_child(Deadline(60), math.factorial, -1)
    assert "ValueError" in capfd.readouterr().err


def test_a_child_that_ends_itself_is_reported():
    with pytest.raises(QnnhardError, match=r"exit: its process ended \(status 3\)"):
        call_in_child(Deadline(), os._exit, 3)
    # C++ aborts where it gets no memory.
    with pytest.raises(MemoryError, match=r"abort: its process ended \(Aborted\)"):
        call_in_child(Deadline(60), os.abort)


def test_a_child_is_killed_when_time_is_over():
    begin = time.monotonic()
    with pytest.raises(LimitReached, match=r"time limit of 0\.5 s"):
        call_in_child(Deadline(0.5), time.sleep, 60)
    assert time.monotonic() - begin < 30


def test_no_time_at_all_is_a_limit_too():
    with pytest.raises(LimitReached):
        call_in_child(Deadline(0), math.gcd, 12, 18)


def test_what_a_child_leaves_in_its_temporary_folder_is_taken_away(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = call_in_child(Deadline(60), tempfile.mkdtemp)
    assert Path(kept).parents[1] == tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("request_of", [b"", pickle.dumps(("math", "gcd", (12, 18)))[:-5]])
def test_a_child_whose_parent_is_gone_says_nothing(request_of):
    whole = pickle.dumps(("math", "gcd", (12, 18)))
    life, ours = os.pipe()
    child = subprocess.Popen(
        [sys.executable, "-m", "qnnhard.processes.child", str(life)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        pass_fds=[life],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    try:
        os.close(life)
        child.stdout.close()
        child.stdin.write(request_of or whole)
        child.stdin.close()
        assert child.wait(60) == (0 if request_of else 1)
        os.close(ours)
        assert child.stderr.read() == b""
    finally:
        child.kill()
        child.stderr.close()


def test_a_child_answers_call_after_call():
    child = Child()
    try:
        assert child.ask(math.gcd, 12, 18) == 6
        first = child.ask(os.getpid)
        with pytest.raises(InvalidInstance, match="d=1"):
            child.ask(z, 1)
        with pytest.raises(MemoryError, match="out of memory"):
            child.ask(bytes, 1 << 62)
        assert child.ask(os.getpid) == first != os.getpid()
        assert not child.ended
        with pytest.raises(ChildLost, match=r"process ended \(status 0\)"):
            child.ask(os._exit, 0)
        assert child.ended
        with pytest.raises(ChildLost, match=r"process ended \(status 0\)"):
            child.ask(os.getpid)
    finally:
        child.end()
        child.close()


def test_a_child_that_ends_well_without_an_answer_is_lost():
    with pytest.raises(ChildLost, match=r"its process ended \(status 0\)"):
        call_in_child(Deadline(60), os._exit, 0)


def children(parent: int) -> list[int]:
    return [
        int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    ]


@pytest.mark.skipif("not os.path.exists('/proc/self/task')", reason="needs Linux")
@pytest.mark.parametrize(
    "stop",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM),
        pytest.param(signal.SIGHUP),
        pytest.param(signal.SIGKILL),
    ],
)
def test_a_child_ends_with_its_parent(stop):
    program = (
        "import time; from instances.deadline import Deadline; "
        "from qnnhard.processes.child import call_in_child; "
        "call_in_child(Deadline(), time.sleep, 30)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    found: list[int] = []
    try:
        assert eventually(lambda: children(parent.pid))
        found = children(parent.pid)
        # Past the imports, so that the child is at work when its parent ends.
        time.sleep(0.5)
        parent.send_signal(stop)
        parent.wait(20)
        assert eventually(lambda: not any(map(is_alive, found)), 2)
    finally:
        parent.kill()
        for child in filter(is_alive, found):
            os.kill(child, signal.SIGKILL)
