"""Kill the command line at random points, and count what it leaves behind.

``python -m tests.qnnhard.cli.kills --points 100`` (or ``make kill``) prints a row for every verb
and signal, and exits 1 unless all counts that must be 0 are 0.
"""

import argparse
import io
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path

from qnnhard.cli.main import run
from tests.helpers import DATA, REPOSITORY

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

OLD = b"what was there before\n"
"""The content of every target before a run."""

PATIENCE = 5.0
"""Seconds in which all processes of a run have to be gone."""

MARK = "QNNHARD_KILLS"
"""The environment variable by which the processes of a run are known, whoever started them."""

_FORKING = "#!/bin/sh\nsleep 100 &\necho > started\nsleep 100\n"
"""A solver that starts another process, says so, and waits."""


@dataclass(frozen=True)
class Verb:
    """A command, and the files that it writes.

    Parameters
    ----------
    words : sequence of str
        The command, in a folder with the files of `prepared`.
    code : int
        Its exit code.
    targets : sequence of str
        Files that exist before, and that it replaces.
    made : sequence of str
        Files that it makes.
    sign : str or None
        A file by which one that does not end shows that it is half through.
    """

    words: Sequence[str]
    code: int
    targets: Sequence[str] = ()
    made: Sequence[str] = ()
    sign: str | None = None


VERBS = {
    "solve": Verb(
        ("solve", "no.json", "--proof", "p.drat", "--certify", "-o", "out.json"), 20, ["p.drat"]
    ),
    "verify": Verb(
        ("verify", "exact-cover", "no.cnf", "--proof-dir", ".", "--failures-dir", "."),
        0,
        made=["0001-exact-cover-no.cnf.drat"],
    ),
    "bundle": Verb(
        ("verify", "exact-cover", "no.cnf", "--bundle", "b.qnncert", "--failures-dir", "."),
        0,
        ["b.qnncert"],
    ),
    "export": Verb(("export", "no.json", "--to", "cnf", "-o", "f.cnf"), 0, ["f.cnf"]),
    "minimize": Verb(
        ("solve", "small.json", "--minimize", "--proof", "p.drat", "-o", "out.json"),
        20,
        ["p.drat", "out.json"],
    ),
    "external": Verb(
        ("solve", "small.json", "--external", "./solver {cnf}", "-o", "out.json"),
        0,
        ["out.json"],
        sign="started",
    ),
}


@dataclass
class Counts:
    """What killing a verb by a signal left behind; `ended` of the runs were over before."""

    points: int = 0
    ended: int = 0
    orphans: int = 0
    partial: int = 0
    temporary: int = 0
    damaged: int = 0
    codes: int = 0
    notes: list[str] = field(default_factory=list)

    def faults(self, number: signal.Signals) -> int:
        """Return how many there are of what must not be."""
        left = 0 if number is signal.SIGKILL else self.partial + self.temporary
        return self.orphans + left + self.damaged + self.codes


@contextmanager
def prepared() -> Iterator[Path]:
    """Give a folder with the files that the commands of `VERBS` read."""
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        shutil.copy(DATA / "uuf50-01.cnf", folder / "no.cnf")
        for reduction, file in (("exact-cover", "no.json"), ("two-inputs", "small.json")):
            with redirect_stdout(io.StringIO()):
                made = run(["generate", reduction, f"{folder}/no.cnf", "-o", f"{folder}/{file}"])
            assert made == 0
        solver = folder / "solver"
        solver.write_text(_FORKING)
        solver.chmod(0o755)
        yield folder


class Killing:
    """Runs of one verb, in copies of the same folder, that are killed.

    Parameters
    ----------
    verb : Verb
    files : Path
        A folder of `prepared`.
    """

    def __init__(self, verb: Verb, files: Path) -> None:
        self._verb = verb
        self._files = files
        self._whole: Mapping[str, bytes] = {}
        token = secrets.token_hex(8)
        with self._folder() as folder:
            begin = time.monotonic()
            process = self._start(folder, token)
            if verb.sign is not None:
                while not (folder / verb.sign).exists():
                    time.sleep(0.01)
                self._seconds = 2 * (time.monotonic() - begin)
                process.terminate()
                process.wait(60)
                return
            assert process.wait(120) == verb.code, process.returncode
            self._seconds = time.monotonic() - begin
            self._whole = {
                name: (folder / name).read_bytes()
                for name in (*verb.targets, *verb.made)
                if (folder / name).exists()
            }

    def kill(self, number: signal.Signals, when: float, counts: Counts) -> None:
        """Send a signal after the part `when` of the time that a run takes, and count."""
        token = secrets.token_hex(8)
        with self._folder() as folder:
            process = self._start(folder, token)
            with suppress(subprocess.TimeoutExpired):
                process.wait(when * self._seconds)
            ended = process.poll() is not None
            process.send_signal(number)
            code = process.wait(60)
            counts.points += 1
            counts.ended += ended
            found = self._faults(folder, number, code, ended)
            orphans = gone(token)
            found["orphans"] = orphans
            for name, what in found.items():
                setattr(counts, name, getattr(counts, name) + len(what))
                counts.notes += [f"{name} after {when * self._seconds:.3f} s: {w}" for w in what]

    def _faults(
        self, folder: Path, number: signal.Signals, code: int, ended: bool
    ) -> dict[str, list[str]]:
        verb = self._verb
        targets = {*verb.targets, *verb.made}
        before = {path.name for path in self._files.iterdir()} | {"tmp", "stderr", verb.sign}
        after = {path.name for path in folder.iterdir()}
        damaged = [name for name in sorted(targets) if not self._is_whole(folder / name)]
        # Before Python has come to the command line, the system's own way of ending holds.
        right = {verb.code} if ended else {verb.code, -number, 128 + number}
        if "<frozen site>" in (folder / "stderr").read_text():
            # Python's own start takes Ctrl-C for a broken installation.
            right.add(1)
        return {
            "partial": sorted(after - before - targets),
            "temporary": sorted(path.name for path in (folder / "tmp").iterdir()),
            "damaged": damaged,
            "codes": [] if code in right else [str(code)],
        }

    def _is_whole(self, path: Path) -> bool:
        if not path.exists():
            # A verb may take away what would no longer be true.
            return path.name in self._verb.made or path.name not in self._whole
        return path.read_bytes() in (OLD, self._whole.get(path.name))

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="kill-") as name:
            folder = Path(name)
            shutil.copytree(self._files, folder, dirs_exist_ok=True)
            (folder / "tmp").mkdir()
            for target in self._verb.targets:
                (folder / target).write_bytes(OLD)
            yield folder

    def _start(self, folder: Path, token: str) -> "subprocess.Popen[bytes]":
        with (folder / "stderr").open("wb") as stderr:
            return subprocess.Popen(
                [sys.executable, "-m", "qnnhard", *self._verb.words],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(REPOSITORY),
                    "TMPDIR": str(folder / "tmp"),
                    MARK: token,
                },
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )


def kill_all(verbs: Sequence[str], points: int, seed: int) -> dict[tuple[str, str], Counts]:
    """Kill each of `verbs` by each of `SIGNALS` at so many random points."""
    found: dict[tuple[str, str], Counts] = {}
    with prepared() as files:
        for verb in verbs:
            killing = Killing(VERBS[verb], files)
            for number in SIGNALS:
                counts = found[verb, number.name] = Counts()
                chance = random.Random(f"{seed}:{verb}:{number.name}")
                for _ in range(points):
                    killing.kill(number, chance.random(), counts)
    return found


def gone(token: str) -> list[str]:
    """Wait until no process of a run is left; kill and return those that stay."""
    end = time.monotonic() + PATIENCE
    while (left := list(_marked(token))) and time.monotonic() < end:
        time.sleep(0.02)
    for process in left:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return [str(process) for process in left]


def _marked(token: str) -> Iterator[int]:
    """Yield the processes, but for dead ones, whose environment carries the token."""
    wanted = f"{MARK}={token}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    yield int(entry.name)


def main() -> int:
    """Print the counts; 1 where something is left that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("verbs", nargs="*", default=list(VERBS), metavar="VERB")
    given = parser.parse_args()
    faults = 0
    columns = ("points", "ended", "orphans", "partial", "temporary", "damaged", "codes")
    print("verb".ljust(10), "signal".ljust(8), *(name.rjust(10) for name in columns))
    for verb in given.verbs:
        for (_, name), counts in kill_all([verb], given.points, given.seed).items():
            cells = (str(getattr(counts, column)).rjust(10) for column in columns)
            print(verb.ljust(10), name.ljust(8), *cells, flush=True)
            number = signal.Signals[name]
            faults += counts.faults(number)
            for note in counts.notes if counts.faults(number) else ():
                print(f"  {note}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
