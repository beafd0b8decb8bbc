"""Programs that end with this process, with all that they start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qnnhard.processes.programs import program
from tests.helpers import REPOSITORY, eventually, is_alive

pytestmark = pytest.mark.skipif("not os.path.exists('/proc/self/stat')", reason="needs Linux")

FORKING = 'sleep 60 & echo $! > "$0"; sleep 60'
"""A program that starts another one, and writes down which."""


def written(path: Path) -> int:
    """The number in a file, once it is there."""
    assert eventually(lambda: path.exists() and path.read_text().strip())
    return int(path.read_text())


def test_a_program_is_run_as_it_is():
    with program(["sh", "-c", 'echo "$0"; cat; exit 3', "a b"]) as process:
        assert process.communicate() == (b"a b\n", None)
        assert process.returncode == 3


def test_a_program_gets_the_signals_as_they_are_by_default():
    with program(["sh", "-c", "kill -PIPE $$; echo lived on"]) as process:
        assert process.communicate()[0] == b""
        assert process.returncode == -signal.SIGPIPE


def test_what_cannot_be_run_raises_the_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError), program([str(tmp_path / "none")]):
        pass
    (tmp_path / "text").write_text("")
    with pytest.raises(PermissionError), program([str(tmp_path / "text")]):
        pass


def test_what_a_program_started_ends_with_the_context(tmp_path):
    with program(["sh", "-c", FORKING, str(tmp_path / "id")]) as process:
        started = written(tmp_path / "id")
        assert is_alive(process.pid)
        assert is_alive(started)
    assert eventually(lambda: not is_alive(started), 5)
    assert process.returncode == -signal.SIGKILL


def test_what_a_program_started_ends_where_this_process_is_killed(tmp_path):
    text = (
        "import sys; from qnnhard.processes.programs import program\n"
        "with program(sys.argv[1:]) as process: process.wait()"
    )
    words = ["sh", "-c", FORKING, str(tmp_path / "id")]
    parent = subprocess.Popen(
        [sys.executable, "-c", text, *words], env={**os.environ, "PYTHONPATH": str(REPOSITORY)}
    )
    started = written(tmp_path / "id")
    parent.kill()
    parent.wait()
    try:
        assert eventually(lambda: not is_alive(started), 5)
    finally:
        if is_alive(started):
            os.kill(started, signal.SIGKILL)
