"""The SAT helper: cardinalities, and interruption of a running solver."""

import signal
import subprocess
import sys
import time
from itertools import combinations, product

import pytest

from instances.deadline import Deadline
from instances.sources import sat_solver
from instances.sources.sat_solver import at_most, choose_at_most, solve_clauses

FOREVER = """
from instances.deadline import Deadline
from instances.sources.cnf import Cnf
from instances.problems.satisfiability import Sat
n = 14
clauses = [[p * n + h + 1 for h in range(n)] for p in range(n + 1)]
clauses += [[-p * n - h - 1, -q * n - h - 1]
            for h in range(n) for p in range(n + 1) for q in range(p)]
source = Cnf.of(n * (n + 1), clauses)
print("ready", flush=True)
try:
    Sat().solve(source, Deadline(60))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("counter_up_to", [0, 10**6])
@pytest.mark.parametrize("size", range(9))
def test_at_most(monkeypatch, counter_up_to, size):
    monkeypatch.setattr(sat_solver, "_COUNTER_UP_TO", counter_up_to)
    literals = [v if v % 2 else -v for v in range(1, size + 1)]
    for bound in range(size + 2):
        clauses, top = at_most(literals, bound, size)
        assert all(abs(x) <= top for clause in clauses for x in clause)
        for values in product((False, True), repeat=size):
            units = [[v if value else -v] for v, value in enumerate(values, start=1)]
            true = sum(value is (x > 0) for x, value in zip(literals, values, strict=True))
            assert (solve_clauses(size, units + clauses, Deadline()) is not None) is (true <= bound)


def test_choice():
    clauses = [[a + 1, b + 1] for a, b in combinations(range(5), 2)]
    assert choose_at_most(5, clauses, 3, Deadline()) is None
    assert len(choose_at_most(5, clauses, 4, Deadline())) == 4
    assert choose_at_most(0, [], 0, Deadline()) == ()
    assert choose_at_most(0, [[]], 5, Deadline()) is None


def test_interrupt_becomes_keyboard_interrupt():
    with subprocess.Popen([sys.executable, "-c", FOREVER], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b"interrupted\n"
        assert process.wait(30) == 0
