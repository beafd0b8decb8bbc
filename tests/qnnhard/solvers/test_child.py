"""Calls in a child process."""

import binascii
import math
import os
import time

import pytest

from instances.deadline import Deadline
from instances.errors import InvalidInstance, LimitReached, QnnhardError
from instances.training.instance import z
from qnnhard.solvers.child import call_in_child


def test_a_call_returns_its_value():
    assert call_in_child(Deadline(), math.gcd, 12, 18) == 6
    assert call_in_child(Deadline(60), z, 5) == (-2, -1, 0, 1, 2)


def test_a_call_runs_in_another_process():
    assert call_in_child(Deadline(60), os.getpid) != os.getpid()


def test_large_arguments_and_results_pass():
    content = b"x" * 5_000_000
    assert call_in_child(Deadline(60), binascii.hexlify, content) == b"78" * len(content)


def test_an_error_of_the_project_arrives_as_it_was_raised():
    with pytest.raises(InvalidInstance, match="d=1"):
        call_in_child(Deadline(60), z, 1)


def test_another_error_ends_the_child_and_is_reported(capfd):
    with pytest.raises(QnnhardError, match="child process of factorial ended with status 1"):
        call_in_child(Deadline(60), math.factorial, -1)
    assert "ValueError" in capfd.readouterr().err


def test_a_child_that_ends_itself_is_reported():
    with pytest.raises(QnnhardError, match="ended with status"):
        call_in_child(Deadline(60), os.abort)


def test_a_child_is_killed_when_time_is_over():
    begin = time.monotonic()
    with pytest.raises(LimitReached, match=r"time limit of 0\.5 s"):
        call_in_child(Deadline(0.5), time.sleep, 60)
    assert time.monotonic() - begin < 30


def test_no_time_at_all_is_a_limit_too():
    with pytest.raises(LimitReached):
        call_in_child(Deadline(0), math.gcd, 12, 18)
