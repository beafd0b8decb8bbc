"""A time limit covers all that a verb does, calls into C included."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np
import pytest

from instances.deadline import Deadline, enforced
from instances.errors import LimitReached
from instances.training.files import write_instance, write_parameters
from instances.training.instance import layered
from instances.training.parameters import Parameters
from qnnhard.cli import limit
from qnnhard.cli.main import VERBS
from tests.helpers import REPOSITORY, Outcome, make_parameters, run_qnnhard
from tests.qnnhard.cli.test_help import options

UNLIMITED = {"list", "show", "schema"}
"""Verbs that compute nothing."""

LIMITED = {
    "source": ("3-sat",),
    "generate": ("two-inputs", "f.cnf"),
    "family": ("ladder",),
    "solve": ("i.json",),
    "check": ("i.json", "p.json"),
    "map": ("i.json",),
    "measure": ("i.json",),
    "sparsify": ("i.json", "p.json"),
    "push": ("two-inputs", "f.cnf", "w.json"),
    "pull": ("two-inputs", "f.cnf", "p.json"),
    "verify": ("two-inputs", "f.cnf"),
    "continuous": ("i.json",),
    "growth": ("s.slp",),
    "export": ("i.json",),
    "decode": ("i.json", "out.txt"),
    "recheck": ("b.qnncert",),
    "new": ("problem", "coins"),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small input for everything."""
    monkeypatch.chdir(tmp_path)
    instance = layered([1, 1], 2, ([[1]], [[1]]))
    write_instance("i.json", instance)
    write_parameters("p.json", instance, make_parameters(instance, {(0, 1): 1}))
    return tmp_path


def test_every_verb_that_computes_has_a_limit():
    assert {verb for verb in VERBS if "--timeout" in options(verb)} == set(LIMITED)
    assert set(VERBS) - set(LIMITED) == UNLIMITED


@pytest.mark.parametrize("verb", LIMITED)
def test_what_is_no_time_is_a_usage_error(verb, qnnhard):
    for seconds in ("nan", "inf", "-inf", "-1", "-0.001", "1e400", "soon", "1e9"):
        outcome = qnnhard(verb, *LIMITED[verb], "--timeout", seconds)
        assert (outcome.code, outcome.out) == (2, ""), seconds
        assert "--timeout" in outcome.err


def forever() -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        pass


def test_an_alarm_interrupts_what_asks_for_no_time():
    with pytest.raises(LimitReached, match=r"time limit of 0\.01 s"), enforced(Deadline(0.01)):
        forever()


def test_an_alarm_that_is_swallowed_rings_again():
    def deaf() -> None:
        with suppress(LimitReached):
            forever()
        forever()

    with pytest.raises(LimitReached), enforced(Deadline(0)):
        deaf()


def test_an_alarm_ends_with_its_context_and_leaves_the_outer_one():
    before = signal.getsignal(signal.SIGALRM)
    with enforced(Deadline(100)):
        outer = signal.getsignal(signal.SIGALRM)
        with enforced(Deadline(50)):
            assert signal.getsignal(signal.SIGALRM) is not outer
        assert signal.getsignal(signal.SIGALRM) is outer
        assert 99 < signal.getitimer(signal.ITIMER_REAL)[0] < 101
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) == before
    with enforced(Deadline()):
        assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the JSON parser hang where no alarm gets through, as a call into C does."""

    def hang(*_: object, **__: object) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(30)

    monkeypatch.setattr(msgspec.json, "decode", hang)


@pytest.mark.parametrize("verb", ["check", "measure", "map", "continuous", "export", "decode"])
def test_a_call_into_c_is_ended(here, qnnhard, stuck, verb):
    before = set(os.listdir())
    begin = time.monotonic()
    outcome = qnnhard(verb, *LIMITED[verb], "--timeout", "0.1")
    assert time.monotonic() - begin < 5
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "qnnhard: time limit of 0.1 s reached\n"
    assert set(os.listdir()) == before


def test_a_deciding_verb_says_unknown(here, qnnhard, stuck):
    outcome = qnnhard("solve", "i.json", "--timeout", "0.1", "-o", "new.json")
    words = "UNKNOWN: a limit was reached (time limit of 0.1 s)\n"
    assert (outcome.code, outcome.out) == (0, words)
    outcome = qnnhard("solve", "i.json", "--timeout", "0.1", "-o", "new.json", "--json")
    assert outcome.code == 0
    assert json.loads(outcome.out)["answer"] == "unknown"
    assert not Path("new.json").exists()


def test_a_limit_that_is_not_reached_changes_nothing(here, qnnhard):
    for words, code in (
        (("check", "i.json", "p.json"), 0),
        (("solve", "i.json"), 10),
        (("export", "i.json", "--to", "wcnf", "--no-names"), 0),
        (("check", "none.json", "p.json"), 1),
        (("show", "no-such"), 1),
        (("measure", "i.json", "--restarts", "-1"), 2),
    ):
        plain = qnnhard(*words)
        limited = qnnhard(*words, *(() if words[0] == "show" else ("--timeout", "100")))
        assert limited.code == plain.code == code
        assert limited.out.count("\n") == plain.out.count("\n")
        assert ("c command" in plain.out) or limited.out == plain.out


def test_reading_from_a_pipe_that_says_nothing_is_limited(here, qnnhard):
    os.mkfifo("pipe")
    keep = os.open("pipe", os.O_RDWR)
    try:
        outcome = qnnhard("check", "pipe", "p.json", "--timeout", "0.1")
    finally:
        os.close(keep)
    assert (outcome.code, outcome.err) == (1, "qnnhard: time limit of 0.1 s reached\n")


def test_a_result_that_is_being_printed_is_not_cut(here, qnnhard, monkeypatch):
    speak = limit.speak

    def slowly() -> None:
        speak()
        time.sleep(3)

    monkeypatch.setattr("qnnhard.cli.output.speak", slowly)
    outcome = qnnhard("check", "i.json", "p.json", "--timeout", "2")
    assert outcome.code == 0
    assert outcome.out.startswith("accepted: ")


PROGRAM = """
import signal, sys, time
import msgspec
from qnnhard.cli.main import run
def hang(*_, **__):
    print("hanging", flush=True)
    time.sleep(60)
msgspec.json.decode = hang
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_a_command_that_is_killed(here, number):
    command = [sys.executable, "-c", PROGRAM, "check", "i.json", "p.json", "--timeout", "50"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"hanging\n"
        process.send_signal(number)
        # The pipes close when the last process that holds them is gone.
        _, errors = process.communicate(timeout=20)
    if number == signal.SIGINT:
        assert (process.returncode, errors.lstrip()) == (130, b"qnnhard: interrupted\n")


@pytest.mark.parametrize(
    "words",
    [
        ("source", "3-sat", "--set", "variables=100000", "--set", "clauses=10000000"),
        ("generate", "hitting-set", "--set", "universe=3000", "--set", "sets=300000"),
        ("family", "ladder", "--set", "size=3000000"),
    ],
    ids=lambda words: words[0],
)
def test_a_generator_is_ended(here, qnnhard, words):
    before = set(os.listdir())
    begin = time.monotonic()
    outcome = qnnhard(*words, "--timeout", "0.2", "-o", "new")
    assert time.monotonic() - begin < 5
    assert outcome == Outcome(1, "", "qnnhard: time limit of 0.2 s reached\n")
    assert set(os.listdir()) == before


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs of about 100 MB each, for all verbs that read any."""
    folder = tmp_path_factory.mktemp("large")
    width, depth = 2200, 3
    sizes = [width] * depth + [1]
    edges = (depth - 1) * width**2 + width
    weights = np.zeros(edges, dtype=np.int64)
    instance = layered(sizes, 2, (np.zeros((1, width), int), np.zeros((1, 1), int)))
    write_instance(str(folder / "i.json"), instance)
    biases = np.zeros(instance.network.size, dtype=np.int64)
    write_parameters(str(folder / "p.json"), instance, Parameters(weights, biases))
    r = random.Random(7000)
    literals = [r.choice((1, -1)) * r.randint(1, 10**5) for _ in range(10**5)]
    body = "".join(f"{a} {b} {c} 0\n" for a, b, c in zip(*[iter(literals)] * 3, strict=False))
    (folder / "f.cnf").write_text(f"p cnf 100000 {180 * body.count(chr(10))}\n" + 180 * body)
    (folder / "w.json").write_text(json.dumps({"assignment": list(range(1, 100001))}))
    gates = (f"g{i} = g{i - 1} + g{i - 1}\n" for i in range(1, 4 * 10**6))
    (folder / "s.slp").write_text("".join(gates))
    (folder / "out.txt").write_text("s SATISFIABLE\n" + "v 1 -2 3 -4\n" * 8 * 10**6 + "v 0\n")
    return folder


@pytest.mark.long
# `new` reads no file, and `recheck` only bundles, which have limits of their own.
@pytest.mark.parametrize("verb", sorted(set(LIMITED) - {"new", "recheck"}))
def test_the_limit_holds_for_inputs_of_100_mb(large, verb):
    """At 0.3 s, beside what the same verb takes to start and refuse an empty file."""
    empty = large / "empty"
    empty.write_text("")
    words = {
        "source": ("3-sat", "--set", "variables=100000", "--set", "clauses=10000000"),
        "family": ("ladder", "--set", "size=3000000"),
    }.get(verb, LIMITED[verb])

    def run(*words: object) -> tuple[float, "subprocess.CompletedProcess[bytes]"]:
        begin = time.monotonic()
        outcome = run_qnnhard(verb, *words, "--timeout", 0.3, cwd=large)
        return time.monotonic() - begin, outcome

    start = max(run(*("empty" if "." in word else word for word in words))[0] for _ in range(3))
    start = 0.6 if verb in ("source", "family") else start
    seconds, outcome = run(*words)
    assert outcome.returncode == (0 if verb == "solve" else 1), outcome
    assert b"time limit of 0.3 s" in outcome.stdout + outcome.stderr
    assert seconds < start + 0.3 + 0.5
    assert not list(large.glob(".qnnhard*"))
