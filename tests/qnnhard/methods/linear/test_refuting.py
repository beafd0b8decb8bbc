"""A NO of the backends that refute stands only where the checker accepts the refutation."""

import pytest

from instances.deadline import Deadline
from instances.errors import QnnhardError
from instances.training.instance import layered
from instances.training.parameters import Parameters, lowest
from qnnhard.methods.linear.one_point import OnePointMethod
from qnnhard.methods.linear.pairwise import PairwiseMethod
from qnnhard.verdict import How, Verdict

YES = layered([2, 2, 1], 2, ([[0, 1]], [[1]]))
NO = layered([2, 2, 1], 2, ([[0, 0]], [[1]]))


@pytest.mark.parametrize("backend", [OnePointMethod(), PairwiseMethod()])
def test_a_wrong_refutation_is_a_defect_and_no_answer(monkeypatch, backend):
    right = backend.decide
    answer = backend.solve(NO, Deadline())
    assert (answer.verdict, answer.how) == (Verdict.NO, How.PROOF_CHECKED)
    assert backend.solve(YES, Deadline()).verdict is Verdict.YES
    monkeypatch.setattr(type(backend), "decide", lambda *given: right(NO, given[-1]))
    with pytest.raises(QnnhardError, match="refutation"):
        backend.solve(YES, Deadline())


@pytest.mark.parametrize("backend", [OnePointMethod(), PairwiseMethod()])
def test_no_time_is_no_answer(backend):
    answer = backend.solve(NO, Deadline(0))
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)


@pytest.mark.parametrize("backend", [OnePointMethod(), PairwiseMethod()])
def test_wrong_parameters_are_a_defect_and_no_answer(monkeypatch, backend):
    monkeypatch.setattr(type(backend), "decide", lambda *given: Parameters(*lowest(given[1])))
    with pytest.raises(QnnhardError, match="this is a defect"):
        backend.solve(YES, Deadline())
