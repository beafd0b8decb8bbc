"""The CP-SAT backend: same answers as the oracle, 64-bit ranges, limits and the missing extra."""

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, QnnhardError, Unsupported
from instances.training.activations import Activation
from qnnhard.methods.cp_sat import method as cp_sat
from qnnhard.methods.cp_sat import model as cp_sat_model
from qnnhard.methods.cp_sat.method import CpSatMethod
from qnnhard.methods.enumeration import EnumerationMethod
from qnnhard.methods.request import Request
from qnnhard.verdict import How, Verdict
from tests.helpers import (
    REPOSITORY,
    make_instance,
    make_network,
    make_parameters,
    naive_loss,
    neuron_instance,
    random_instance,
)
from tests.qnnhard.methods.instances import easy_no, easy_yes, from_file, hopeless
from tests.qnnhard.processes.test_child import children, eventually, is_alive


def solve(instance, seconds: float = 60):
    return CpSatMethod().solve(instance, Deadline(seconds))


def test_random_instances_of_any_shape_get_the_oracles_answer():
    found = Counter()
    for seed in range(90_000, 90_400):
        instance = random_instance(random.Random(seed))
        answer = solve(instance)
        assert answer.verdict is EnumerationMethod().solve(instance, Deadline()).verdict, seed
        if answer.parameters is not None:
            assert naive_loss(instance, answer.parameters) <= instance.bound
        found[answer.verdict] += 1
    assert min(found[Verdict.YES], found[Verdict.NO]) > 100


@pytest.mark.parametrize("process", ["this", "child"])
def test_real_files_get_their_answer(process, monkeypatch):
    monkeypatch.setattr(cp_sat, "IN_PROCESS_SIZE", 10**9 if process == "this" else 0)
    assert solve(from_file("uf20-01.cnf")).verdict is Verdict.YES
    answer = solve(from_file("uuf50-01.cnf"))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.SOLVER)
    assert "CP-SAT" in answer.detail
    assert answer.sizes["variables"] > 0


def test_a_run_can_be_repeated(monkeypatch):
    """In this process and in another one."""
    first, second = solve(easy_yes()), solve(easy_yes())
    monkeypatch.setattr(cp_sat, "IN_PROCESS_SIZE", 0)
    third = solve(easy_yes())
    assert first.parameters == second.parameters == third.parameters
    assert first.sizes == third.sizes


def test_any_instance_reaches_a_child_as_it_is(monkeypatch):
    """Fractions, large numbers, all activations and losses, no data; errors come back."""
    monkeypatch.setattr(cp_sat, "IN_PROCESS_SIZE", -1)
    monkeypatch.setattr(cp_sat, "call_in_child", lambda _, call, *rest: call(*copied(rest)))
    for seed in range(90_000, 90_100):
        instance = random_instance(random.Random(seed))
        answer = solve(instance)
        assert answer.verdict is EnumerationMethod().solve(instance, Deadline()).verdict, seed
    monkeypatch.undo()
    monkeypatch.setattr(cp_sat, "IN_PROCESS_SIZE", -1)
    with pytest.raises(Unsupported, match=r"cp-sat: .* can reach 2\^\d+"):
        solve(neuron_instance(1, [((10**5000,), (0,))], Activation("identity")))


def copied(values):
    return pickle.loads(pickle.dumps(values, protocol=5))


@pytest.mark.skipif("not os.path.exists('/proc/self/task')", reason="needs Linux")
@pytest.mark.parametrize("process", ["this", "child"])
def test_an_interrupt_ends_the_search_and_its_child(process):
    program = (
        "from instances.deadline import Deadline; "
        "from qnnhard.methods.cp_sat import method as cp_sat; "
        "from tests.qnnhard.methods.instances import hopeless; "
        f"cp_sat.IN_PROCESS_SIZE = {10**9 if process == 'this' else 0}; instance = hopeless(); "
        "run = cp_sat._run; call = cp_sat.call_in_child; "
        "cp_sat._run = lambda *arguments: (print(flush=True), run(*arguments))[1]; "
        "cp_sat.call_in_child = lambda *arguments: (print(flush=True), call(*arguments))[1]; "
        "cp_sat.CpSatMethod().solve(instance, Deadline())"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    found: list[int] = []
    try:
        assert parent.stdout.readline() == b"\n"
        if process == "child":
            assert eventually(lambda: children(parent.pid))
            found = children(parent.pid)
        # The search has begun in this process, or soon does in the child.
        time.sleep(1)
        parent.send_signal(signal.SIGINT)
        _, errors = parent.communicate(timeout=20)
        assert errors.splitlines()[-1] == b"KeyboardInterrupt"
        assert eventually(lambda: not any(map(is_alive, found)), 5)
    finally:
        parent.kill()
        for child in filter(is_alive, found):
            os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize("kind", ["identity", "relu", "step", "sign", "square", "clipped"])
def test_rational_numbers_are_scaled_exactly(kind):
    activation = Activation("relu_clipped", 2) if kind == "clipped" else Activation(kind)
    numbers = (Fraction(-3, 2), Fraction(1, 3), Fraction(5, 2))
    network = make_network(3, [0], [2], [(0, 1), (1, 2)], {1: activation, 2: Activation("relu")})
    # The square of a square, in the common unit of these fractions, is beyond 2^30.
    for loss in ("mismatch", "l1", *(("l2",) if kind != "square" else ())):
        for bound in (0, Fraction(1, 7), Fraction(5, 6), 1):
            data = [((Fraction(1, 2),), (Fraction(3, 4),)), ((2,), (1,))]
            instance = make_instance(network, data, numbers, (Fraction(-1, 5), 0), loss, bound)
            oracle = EnumerationMethod().solve(instance, Deadline())
            assert solve(instance).verdict is oracle.verdict


@pytest.mark.parametrize(("off", "verdict"), [(0, Verdict.YES), (1, Verdict.NO), (-2, Verdict.NO)])
def test_numbers_up_to_2_to_the_29_are_exact(off, verdict):
    big = 2**27
    instance = neuron_instance(
        2,
        [((3, 1), (4 * big - 3 + off,))],
        Activation("identity"),
        weights=(0, big - 1, big),
    )
    assert EnumerationMethod().solve(instance, Deadline()).verdict is verdict
    assert solve(instance).verdict is verdict


@pytest.mark.parametrize(
    ("weights", "x", "target", "loss"),
    [
        ((0, 2**30), 1, 0, "mismatch"),
        ((0, 2**15), 2**15, 0, "mismatch"),
        ((0, 1), 10**70, 0, "mismatch"),
        ((0, 1), 1, 2**30, "l1"),
        ((0, 1), 1, 2**16, "l2"),
        ((Fraction(1, 3**40),), 1, 1, "l1"),
    ],
)
def test_what_cp_sat_is_not_exact_on_is_refused(weights, x, target, loss):
    instance = neuron_instance(
        1, [((x,), (target,))], Activation("identity"), weights=weights, loss=loss
    )
    with pytest.raises(Unsupported, match=r"cp-sat: .* can reach 2\^\d+, .*use --backend"):
        solve(instance)


def test_coefficients_that_its_presolve_adds_up_in_32_bits_make_no_false_no():
    """Both data points may be missed, yet CP-SAT 9.15 refutes this from 2^32 on."""
    kinds = {2: Activation("identity"), 3: Activation("sign")}
    network = make_network(4, [0, 1], [2, 3], [(0, 2), (1, 2), (0, 3), (1, 3), (2, 3)], kinds)
    weights = {(0, 2): (-2, 1), (1, 2): (-2, 2), (0, 3): (-2, -1), (1, 3): (-2, 2), (2, 3): (-2, 0)}
    found = Counter()
    for bits in range(20, 56, 2):
        big = 1 << bits
        data = [((2, big - 1), (0, 1)), ((big + 1, -big), (0, -1))]
        instance = make_instance(network, data, weights, {2: (-2,), 3: (1,)}, bound=2)
        try:
            found[solve(instance).verdict] += 1
        except Unsupported:
            found["refused"] += 1
    assert set(found) == {Verdict.YES, "refused"}


def test_an_unreachable_target_of_any_size_is_a_mismatch():
    for target in (10**70, Fraction(1, 3)):
        for bound, verdict in ((0, Verdict.NO), (1, Verdict.YES)):
            instance = neuron_instance(1, [((1,), (target,))], bound=bound)
            assert solve(instance).verdict is verdict


def test_a_bound_of_any_size_is_accepted():
    instance = neuron_instance(1, [((1,), (5,))], loss="l2", bound=10**70)
    assert solve(instance).verdict is Verdict.YES
    assert solve(neuron_instance(1, [], bound=-(10**70))).verdict is Verdict.NO


def test_a_model_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(cp_sat_model, "TERMS", 3)
    with pytest.raises(Unsupported, match="are more than 3; use --backend sat"):
        solve(easy_no())


@pytest.mark.parametrize("seconds", [0, 0.5, 1.5])
def test_time_limits_hold(seconds):
    hopeless()
    start = time.monotonic()
    answer = solve(hopeless(), seconds)
    assert time.monotonic() - start < seconds + 2
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
    assert "time limit" in answer.detail


def test_without_or_tools_the_error_names_the_extra(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "ortools"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)
    monkeypatch.delitem(sys.modules, "qnnhard.methods.cp_sat.model", raising=False)
    with pytest.raises(InputError, match=r"pip install 'qnnhard\[cpsat\]'"):
        Request("cp-sat").method().solve(easy_no(), Deadline())


def test_a_wrong_model_is_never_printed_as_a_yes(monkeypatch):
    instance = neuron_instance(1, [((1,), (1,))])
    monkeypatch.setattr(cp_sat_model.Model, "parameters", lambda *_: make_parameters(instance, {}))
    with pytest.raises(QnnhardError, match=r"the backend cp-sat gave .* defect"):
        Request("cp-sat").method().solve(instance, Deadline(60))
