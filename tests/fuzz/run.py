"""Feed every parser with changed files: ``python -m tests.fuzz.run --seconds 60 --seed 1``.

An input is known by target, seed and number; ``--only TARGET --number N`` runs one again. What a
parser neither accepts nor refuses in one line is a finding: it is made smaller, saved with its
traceback, and the exit code is 1.
"""

import argparse
import faulthandler
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from instances.errors import QnnhardError
from qnnhard.cli.main import MOST_DIGITS
from tests.fuzz.mutate import mutate
from tests.fuzz.targets import Target, targets

SECONDS_PER_INPUT = 10.0
MEMORY = 3 << 30
ROUND = 25
"""Inputs of a target before the next one has its turn."""


class Hang(BaseException):
    """An input took longer than `SECONDS_PER_INPUT`; no `Exception`, so that nobody catches it."""


@dataclass
class Report:
    """What a target did with its inputs."""

    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def outcome(target: Target, content: bytes) -> tuple[str, str]:
    """Run one input; return accepted, refused, crash or hang, and for the latter the traceback."""
    try:
        with _alarm():
            target.run(content)
    except QnnhardError as error:
        return ("refused", "") if str(error).strip() else ("crash", "an error without a message")
    except Hang:
        return "hang", traceback.format_exc()
    except Exception:
        return "crash", traceback.format_exc()
    return "accepted", ""


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_INPUT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def drawn(target: Target, seed: int, number: int) -> bytes:
    """Return the input of that seed and number."""
    return mutate(Random(f"{seed}:{target.name}:{number}"), target.seeds)


def smaller(target: Target, content: bytes, wanted: tuple[str, str]) -> bytes:
    """Return a shorter input that ends on the same line of the traceback, with few tries."""

    def same(candidate: bytes) -> bool:
        kind, text = outcome(target, candidate)
        return kind == wanted[0] and _ending(text) == _ending(wanted[1])

    tries, size = 0, len(content) // 2
    while size and tries < 300:
        at = 0
        while at < len(content) and tries < 300:
            candidate = content[:at] + content[at + size :]
            tries += 1
            if same(candidate):
                content = candidate
            else:
                at += size
        size //= 2
    return content


def _ending(text: str) -> str:
    """Return where a traceback ends: its last file and line, and the kind of the exception."""
    places = [line for line in text.splitlines() if line.startswith("  File ")]
    return (places or [""])[-1] + (text.splitlines() or [""])[-1].partition(":")[0]


def campaign(
    chosen: list[Target], seed: int, count: int, seconds: float, folder: Path
) -> dict[str, Report]:
    """Run up to `count` inputs in all, the targets in turns, and save findings to `folder`."""
    reports = {target.name: Report() for target in chosen}
    end, done = time.monotonic() + seconds, 0
    while done < count and time.monotonic() < end:
        for target in chosen:
            report = reports[target.name]
            for _ in range(min(ROUND, count - done)):
                content = drawn(target, seed, report.inputs)
                found = outcome(target, content)
                report.outcomes[found[0]] += 1
                if found[0] in ("crash", "hang"):
                    _save(target, content, found, folder / f"{seed}-{report.inputs}")
                report.inputs += 1
                done += 1
    return reports


def _save(target: Target, content: bytes, found: tuple[str, str], path: Path) -> None:
    short = smaller(target, content, found) if found[0] == "crash" else content
    place = path.with_name(f"{target.name.replace(' ', '-')}-{path.name}")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.with_suffix(".input").write_bytes(content)
    place.with_suffix(".small").write_bytes(short)
    place.with_suffix(".txt").write_text(found[1])
    print(f"{target.name}: {found[0]}: {found[1].splitlines()[-1][:200]}; in {place}.*", flush=True)


def main() -> int:
    """Run the command line; return 1 where there were findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10**9)
    parser.add_argument("--only", help="a target")
    parser.add_argument("--number", type=int, help="the number of one input")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    given = parser.parse_args()
    faulthandler.enable()
    sys.set_int_max_str_digits(MOST_DIGITS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    chosen = [t for t in targets().values() if given.only in (None, t.name)]
    if given.number is not None:
        content = drawn(chosen[0], given.seed, given.number)
        print(content[:2000], *outcome(chosen[0], content), sep="\n")
        return 0
    reports = campaign(chosen, given.seed, given.count, given.seconds, given.folder)
    kinds = ("accepted", "refused", "crash", "hang")
    print(f"{'target':<26}{'inputs':>8}" + "".join(f"{kind:>10}" for kind in kinds))
    total = Report()
    for name, report in reports.items():
        total.inputs += report.inputs
        total.outcomes += report.outcomes
        print(_row(name, report, kinds))
    print(_row("all", total, kinds))
    return int(bool(total.outcomes["crash"] or total.outcomes["hang"]))


def _row(name: str, report: Report, kinds: tuple[str, ...]) -> str:
    counts = "".join(f"{report.outcomes[kind]:>10}" for kind in kinds)
    return f"{name:<26}{report.inputs:>8}{counts}"


if __name__ == "__main__":
    sys.exit(main())
