"""A verification that is killed at random points and resumed ends as an undisturbed one."""

import os
import random
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.helpers import REPOSITORY
from tests.qnnhard.cli.kills import MARK, gone
from tests.qnnhard.verification.test_jobs import lines

pytestmark = pytest.mark.skipif("not os.path.exists('/proc/self/environ')", reason="needs Linux")


class Campaign:
    """One command in one folder, and what it leaves there when nobody disturbs it.

    Parameters
    ----------
    folder : Path
    words : objects
        The command, but for ``--jsonl`` and ``--resume``.
    """

    def __init__(self, folder: Path, *words: object) -> None:
        self._words = ["verify", *map(str, words), "--jsonl"]
        self._folder = folder
        self.code, self.table, _ = self.run("undisturbed")
        self.lines = lines(str(folder / "undisturbed"))
        self.size = (folder / "undisturbed").stat().st_size

    def run(
        self,
        name: str,
        *more: str,
        after: float | None = None,
        grown: float = 0,
        by: int = signal.SIGKILL,
    ) -> tuple[int, list[list[str]], bool]:
        """Run the command, perhaps for a while: exit code, table without times, and its end.

        The while lasts until the file has `grown` to so many bytes, and then `after` seconds.
        No process of the run is left, and the file has whole lines but, if killed, for the last.
        """
        token = secrets.token_hex(8)
        process = subprocess.Popen(
            [sys.executable, "-m", "qnnhard", *self._words, name, *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), MARK: token},
        )
        file = self._folder / name
        while (
            process.poll() is None
            and grown
            and not (file.exists() and file.stat().st_size >= grown)
        ):
            time.sleep(0.001)
        with suppress(subprocess.TimeoutExpired):
            process.wait(after)
        ended = process.poll() is not None
        process.send_signal(by)
        out, err = process.communicate(timeout=300)
        assert b"Traceback" not in err or b"<frozen site>" in err, err.decode()
        assert gone(token) == []
        if by != signal.SIGKILL and file.exists() and file.stat().st_size:
            assert file.read_bytes().endswith(b"\n")
        table = [line.split()[:-1] for line in out.decode().splitlines()]
        return process.returncode, table, ended


def killed_and_resumed(campaign: Campaign, points: int, seed: int) -> int:
    """Kill a run at each of so many points and resume it; return how many were at work."""
    chance = random.Random(seed)
    at_work = 0
    for number in range(points):
        name, when, grown = f"f{number}", chance.uniform(0, 0.05), chance.uniform(1, campaign.size)
        if number % 5 == 0:
            # While it starts, or just after.
            when, grown = chance.uniform(0, 2), 0
        _, _, ended = campaign.run(name, after=when, grown=grown)
        at_work += not ended
        file = Path(campaign._folder, name)
        before = file.read_bytes() if file.exists() else b""
        code, table, _ = campaign.run(name, "--resume")
        assert (code, table) == (campaign.code, campaign.table), (number, when, grown, before)
        assert lines(str(file)) == campaign.lines, (number, when, grown, before)
    return at_work


def killed_again_and_again(campaign: Campaign, seed: int) -> int:
    """Kill one run, and each that goes on with it, until one comes to its end; count them."""
    chance = random.Random(seed)
    count = 0
    file = campaign._folder / "again"
    while True:
        size = file.stat().st_size if file.exists() else 0
        grown = size + chance.uniform(1, campaign.size / 8)
        code, table, ended = campaign.run("again", "--resume", grown=grown, after=0)
        if ended:
            break
        count += 1
    assert (code, table) == (campaign.code, campaign.table)
    assert lines(str(file)) == campaign.lines
    return count


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return Campaign(
        tmp_path_factory.mktemp("small"), "all", "--random", 2, "--seed", 1, "--jobs", 2
    )


def test_a_killed_run_goes_on(small):
    assert small.code == 0
    assert killed_and_resumed(small, 3, seed=1) > 0


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_interrupted_run_leaves_whole_lines_and_goes_on(small, by):
    name = signal.Signals(by).name
    file = small._folder / name
    code, _, ended = small.run(name, grown=small.size / 2, after=0, by=by)
    assert ended or code == 128 + by
    assert 0.4 * small.size < file.stat().st_size
    assert small.run(name, "--resume")[:2] == (small.code, small.table)
    assert lines(str(file)) == small.lines


@pytest.mark.long
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_killed_at_fifty_points_goes_on(tmp_path, jobs):
    campaign = Campaign(tmp_path, "all", "--random", 12, "--seed", 1, "--jobs", jobs)
    assert len(campaign.table) > 1
    assert killed_and_resumed(campaign, 50, seed=jobs) > 25
    assert killed_again_and_again(campaign, seed=jobs) > 3
