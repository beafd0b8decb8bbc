"""More jobs of the portfolio: right answers, limits, lost members, and nothing left behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, QnnhardError
from instances.training.evaluate import evaluate
from instances.training.files import write_instance
from instances.training.instance import layered
from qnnhard.methods.answer import Answer, Found, judge
from qnnhard.methods.enumeration import EnumerationMethod
from qnnhard.methods.portfolio import race
from qnnhard.methods.portfolio.members import MEMBERS, Task, installed
from qnnhard.methods.portfolio.method import PortfolioMethod
from qnnhard.methods.portfolio.race import Race
from qnnhard.methods.portfolio.schedule import Schedule
from qnnhard.methods.request import Request
from qnnhard.verdict import How, Verdict
from tests.helpers import REPOSITORY, make_parameters, neuron_instance, random_instance
from tests.qnnhard.methods.instances import easy_no, easy_yes, hopeless
from tests.qnnhard.processes.test_child import children, eventually, is_alive

linux = pytest.mark.skipif("not os.path.exists('/proc/self/task')", reason="needs Linux")


def raced(names, jobs, memory, given, deadline) -> Answer:
    found, sizes = Race(names, jobs, memory).run(replace(given, deadline=deadline))
    return judge(found, given.instance, "the race", True, sizes)


def task(instance, proof=None) -> Task:
    return Task(instance, Deadline(), Schedule(0, proof))


def long_no():
    """A no-instance that every solver needs long for, and that local search never leaves."""
    r = random.Random(5)
    rows = r.sample(range(3**8), 60)
    inputs = [[row // 3**k % 3 - 1 for k in range(8)] for row in rows]
    return layered((8, 7, 2), 3, (inputs, [[r.randint(0, 1), r.randint(0, 1)] for _ in rows]))


def descendants(process: int) -> list[int]:
    found = children(process)
    return found + [below for child in found for below in descendants(child)]


@pytest.mark.parametrize("cases", [3, pytest.param(60, marks=pytest.mark.long)])
def test_answers_agree_with_enumeration(cases):
    verdicts = set()
    for seed in range(80_000, 80_000 + cases):
        instance = random_instance(random.Random(seed))
        answer = PortfolioMethod(jobs=3).solve(instance, Deadline(60))
        assert answer.verdict is EnumerationMethod().solve(instance, Deadline()).verdict, seed
        if answer.verdict is Verdict.YES:
            assert evaluate(instance, answer.parameters).accepted
        verdicts.add(answer.verdict)
    assert verdicts == {Verdict.YES, Verdict.NO}


@pytest.mark.parametrize("name", [name for name in MEMBERS if name != "kissat"])
def test_every_member_decides_alone(name):
    answer = raced([name], 1, None, task(easy_yes()), Deadline(60))
    assert answer.verdict is Verdict.YES
    assert evaluate(easy_yes(), answer.parameters).accepted
    assert answer.detail.startswith(f"by {name}")
    seconds = 1 if name == "local-search" else 60
    answer = raced([name], 1, None, task(easy_no()), Deadline(seconds))
    if name == "local-search":
        assert (answer.verdict, answer.detail) == (Verdict.UNKNOWN, "time limit of 1 s")
    else:
        assert (answer.verdict, answer.how) == (Verdict.NO, How.SOLVER)
        assert "no proof" in answer.detail


def test_what_a_member_prints_is_dropped(capfd):
    member = race.MemberProcess("cadical", None)
    assert member.call(os.write, 2, b"noise") == 5
    member.end()
    member.close()
    assert capfd.readouterr() == ("", "")


def test_a_kissat_on_the_path_is_a_member(kissat, monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(kissat).parent}:{os.environ['PATH']}")
    assert "kissat" in installed()
    for instance, verdict in ((easy_yes(), Verdict.YES), (easy_no(), Verdict.NO)):
        answer = raced(["kissat"], 1, None, task(instance), Deadline(60))
        assert (answer.verdict, "kissat" in answer.detail) == (verdict, True)


def test_members_are_those_that_are_installed(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr("qnnhard.methods.method.find_spec", lambda _: None)
    assert installed() == ["local-search", "cadical", "lazy", "glucose42"]


def test_a_member_that_gives_up_makes_room_for_the_next():
    # Local search refuses the fractional weight.
    half = neuron_instance(1, [((2,), (1,))], weights=(Fraction(1, 2),))
    answer = raced(["local-search", "cadical"], 1, None, task(half), Deadline(60))
    assert answer.verdict is Verdict.YES
    assert answer.detail.startswith("by cadical; local-search: ")


def test_when_all_fail_the_reasons_are_given():
    answer = raced(["local-search"], 1, None, task(hopeless()), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
    assert answer.detail.startswith("no member found an answer; local-search: one step would")


def test_a_memory_limit_gives_unknown():
    for jobs, seconds in ((1, 60), (3, 3)):
        # Local search needs hardly any memory and goes on until the time is over.
        answer = PortfolioMethod(jobs, memory=1 << 20).solve(easy_no(), Deadline(seconds))
        assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
        assert "out of memory" in answer.detail
    answer = PortfolioMethod(memory=4 << 30).solve(easy_no(), Deadline(60))
    assert answer.verdict is Verdict.NO


def test_a_time_limit_ends_all_members():
    begin = time.monotonic()
    answer = PortfolioMethod(jobs=3).solve(long_no(), Deadline(1))
    assert time.monotonic() - begin < 10
    assert (answer.verdict, answer.detail) == (Verdict.UNKNOWN, "time limit of 1 s")
    assert PortfolioMethod(jobs=3).solve(easy_no(), Deadline(0)).verdict is Verdict.UNKNOWN


@linux
def test_no_member_outlives_the_answer():
    before = set(children(os.getpid()))
    assert PortfolioMethod(jobs=4).solve(easy_yes(), Deadline(60)).verdict is Verdict.YES
    assert set(children(os.getpid())) == before


@linux
def test_a_member_that_is_killed_is_reported_and_survived(monkeypatch):
    start = race.MemberProcess.run

    def run(self, given):
        if self.name == "cadical":
            os.kill(self._process.pid, signal.SIGKILL)
        return start(self, given)

    monkeypatch.setattr(race.MemberProcess, "run", run)
    names = ["cadical", "glucose42"]
    answer = raced(names, 1, None, task(easy_no()), Deadline(60))
    assert answer.verdict is Verdict.NO
    assert "glucose42, no proof; cadical: its process ended (Killed)" in answer.detail
    answer = raced(["cadical"], 1, None, task(easy_no()), Deadline(60))
    assert answer.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("text", [b"", b"no pickle"])
def test_a_reply_that_cannot_be_read_is_reported(monkeypatch, text):
    monkeypatch.setattr(subprocess.Popen, "communicate", lambda *_: (text, None))
    monkeypatch.setattr(subprocess.Popen, "returncode", 0, raising=False)
    answer = raced(["cadical"], 1, None, task(easy_no()), Deadline(60))
    assert answer.verdict is Verdict.UNKNOWN
    assert "cadical: its reply cannot be read" in answer.detail


def test_a_yes_is_evaluated_by_the_parent(monkeypatch):
    instance = neuron_instance(1, [((1,), (1,))])
    wrong = Found(make_parameters(instance, {}))
    monkeypatch.setattr(race.MemberProcess, "run", lambda *_: (wrong, {}))
    with pytest.raises(QnnhardError, match=r"portfolio \(by [a-z]\S+\) gave .* defect"):
        PortfolioMethod(jobs=2).solve(instance, Deadline(60))


def test_with_a_proof_only_provers_give_a_no(tmp_path):
    pytest.importorskip("dratify")
    proof = str(tmp_path / "proof.drat")
    answer = raced(["glucose42"], 1, None, task(easy_no(), proof), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
    assert "glucose42: no, without a proof" in answer.detail
    answer = raced(["glucose42", "cadical"], 2, None, task(easy_no(), proof), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.PROOF_CHECKED)
    assert Path(proof).stat().st_size


@linux
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_members_end_with_their_parent(tmp_path, kissat, stop):
    path = tmp_path / "instance.json"
    write_instance(str(path), long_no())
    arguments = ["solve", str(path), "--backend", "portfolio", "--jobs", "5"]
    parent = subprocess.Popen(
        [sys.executable, "-m", "qnnhard", *arguments],
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "PATH": f"{Path(kissat).parent}:{os.environ['PATH']}",
        },
    )
    found: list[int] = []
    try:
        # Five members, and the program that one of them runs.
        assert eventually(lambda: len(descendants(parent.pid)) >= 6, 30)
        found = descendants(parent.pid)
        parent.send_signal(stop)
        parent.wait(20)
        assert eventually(lambda: not any(map(is_alive, found)), 5)
    finally:
        parent.kill()
        parent.wait()
        for child in filter(is_alive, found):
            os.kill(child, signal.SIGKILL)


def test_the_command_line(qnnhard, tmp_path):
    path = tmp_path / "no.json"
    write_instance(str(path), easy_no())
    outcome = qnnhard("solve", path, "--backend", "portfolio", "--jobs", 2, "--seed", 3)
    assert outcome.code == 20
    assert outcome.out.startswith("NO: the solver says so (")
    write_instance(str(path), easy_yes())
    runs = [
        qnnhard("solve", path, "--backend", "portfolio", "--seed", 3, "-o", tmp_path / name).code
        for name in ("a.json", "b.json")
    ]
    assert runs == [10, 10]
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    outcome = qnnhard("solve", path, "--jobs", 2, "--backend", "sat")
    assert (outcome.code, outcome.err) == (
        1,
        "qnnhard: backend 'sat' has one job; use --backend auto or portfolio\n",
    )


def test_minimize_gives_an_upper_bound_by_local_search(qnnhard, tmp_path):
    path = tmp_path / "no.json"
    write_instance(str(path), easy_no())
    arguments = ["solve", path, "--minimize", "--timeout", "1", "--seed", "2", "--backend"]
    outcome = qnnhard(*arguments, "local-search")
    assert outcome.code == 0
    assert outcome.out.startswith("UNKNOWN: best loss 1, lower bound 0 (seed 2, ")
    outcome = qnnhard("solve", path, "--minimize", "--backend", "portfolio")
    assert (outcome.code, outcome.err) == (
        1,
        "qnnhard: backend 'portfolio' does not minimize; "
        "use --backend auto or sat or local-search or treewidth or dataset-dp\n",
    )


def test_options_go_to_the_backends_that_have_them():
    assert Request("portfolio", proof="p", memory=5, jobs=2, seed=7).method() == PortfolioMethod(
        2, 7, "p", 5
    )
    assert Request("portfolio").method() == PortfolioMethod()
    assert Request("local-search", seed=7).method().seed == 7
    for options, words in (({"jobs": 2}, "one job"), ({"seed": 1}, "no seed")):
        with pytest.raises(InputError, match=words):
            Request("enumerate", **options).method()
