"""How a signal ends a run, and what it cannot disturb."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from tests.helpers import REPOSITORY

ENDINGS = {
    signal.SIGINT: (130, "qnnhard: interrupted\n"),
    signal.SIGTERM: (143, "qnnhard: terminated\n"),
    signal.SIGHUP: (129, "qnnhard: its terminal is gone\n"),
}


def run(body: str) -> "subprocess.CompletedProcess[str]":
    """Run the entry point in a process whose command line is replaced by `body`."""
    program = "import os, signal, sys, time\nimport qnnhard.cli.main as command\n"
    program += "from qnnhard.cli.entry import main\n"
    program += f"def run(arguments):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
    return subprocess.run(
        [sys.executable, "-c", f"{program}\ncommand.run = run\nmain()\n"],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("number", ENDINGS)
def test_a_signal_ends_a_run_with_its_code_and_a_line(number):
    found = run(f"signal.raise_signal({int(number)})\ntime.sleep(50)")
    assert (found.returncode, found.stderr) == ENDINGS[number]
    assert found.stdout == ""


def test_a_second_signal_does_not_disturb_the_clearing_away():
    found = run(
        f"""
        try:
            signal.raise_signal({int(signal.SIGTERM)})
        finally:
            signal.raise_signal({int(signal.SIGINT)})
            signal.raise_signal({int(signal.SIGTERM)})
            os.write(1, b"cleared")
        """
    )
    assert (found.returncode, found.stderr) == ENDINGS[signal.SIGTERM]
    assert found.stdout == "cleared"


def test_a_signal_that_is_ignored_stays_so():
    body = "signal.raise_signal(signal.SIGHUP)\nos.write(1, b'went on')\nreturn 0"
    program = f"trap '' HUP; exec {sys.executable} -c \"$0\""
    script = (
        "import os, signal\nimport qnnhard.cli.main as command\n"
        "from qnnhard.cli.entry import main\n"
        f"def run(arguments):\n{textwrap.indent(body, '    ')}\ncommand.run = run\nmain()\n"
    )
    found = subprocess.run(
        ["sh", "-c", program, script],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "went on", "")


def test_a_signal_in_a_destructor_is_not_lost():
    found = run(
        f"""
        class Closing:
            def __del__(self):
                signal.raise_signal({int(signal.SIGTERM)})
                time.sleep(0)
        Closing()
        time.sleep(50)
        """
    )
    assert (found.returncode, found.stderr) == ENDINGS[signal.SIGTERM]


def test_a_signal_after_the_result_does_not_change_the_code():
    found = run("import atexit\natexit.register(signal.raise_signal, signal.SIGTERM)\nreturn 20")
    assert (found.returncode, found.stderr) == (20, "")
