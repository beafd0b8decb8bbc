"""One job of the portfolio: right answers, the same way every time, limits and proofs."""

import random
import time
from dataclasses import replace

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import InputError, Unsupported
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance, layered
from qnnhard.encoding.encode import encode
from qnnhard.methods import sat, slices
from qnnhard.methods.enumeration import EnumerationMethod
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.methods.portfolio import schedule
from qnnhard.methods.portfolio.costs import conflict_cost, encoding_cost, step_cost
from qnnhard.methods.portfolio.method import PortfolioMethod
from qnnhard.methods.portfolio.schedule import few_suffice
from qnnhard.verdict import How, Verdict
from tests.helpers import neuron_instance, random_instance
from tests.qnnhard.methods.instances import easy_no, easy_yes, from_file, hopeless

XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])


def planted(seed: int, widths: tuple[int, ...] = (8, 6, 1), points: int = 64) -> TrainingInstance:
    """Distinct inputs, labelled by two thresholds: local search needs some steps."""
    rows = np.array(random.Random(seed).sample(range(3 ** widths[0]), points))
    inputs = rows[:, None] // 3 ** np.arange(widths[0]) % 3 - 1
    first = np.clip(inputs[:, 0] + inputs[:, 1] - inputs[:, 2], 0, 1)
    second = np.clip(inputs[:, 3] - inputs[:, 4] + 1, 0, 1)
    return layered(widths, 3, (inputs, np.clip(first + second - 1, 0, 1)[:, None]))


def labelled_at_random(seed: int) -> TrainingInstance:
    """A no-instance that CaDiCaL refutes in about a second."""
    r = random.Random(seed)
    rows = np.array(r.sample(range(3**6), 32))
    inputs = rows[:, None] // 3 ** np.arange(6) % 3 - 1
    targets = [[r.randint(0, 1), r.randint(0, 1)] for _ in range(32)]
    return layered((6, 4, 2), 3, (inputs, targets))


def binary(seed: int, hidden: int = 1) -> TrainingInstance:
    """Twenty-four data points, labelled by a binary net of which up to two labels are wrong."""
    r = random.Random(seed)
    rows = r.sample(range(32), 24)
    inputs = np.array([[row >> k & 1 for k in range(5)] for row in rows])
    below = [[r.randint(0, 1) for _ in range(hidden)] for _ in range(5)]
    middle = np.clip(inputs @ np.array(below) - r.randint(0, 1), 0, 1)
    targets = middle.max(axis=1, keepdims=True)
    for _ in range(r.randint(0, 2)):
        targets[r.randrange(24)] ^= 1
    return layered((5, hidden, 1), 2, (inputs, targets))


def refuse(*_: object) -> None:
    raise AssertionError("this path is not for the instance")


@pytest.fixture(params=["as it is", "local search first", "in turns", "in a child"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The parts of the schedule, each made to decide small instances too."""
    if request.param == "local search first":
        monkeypatch.setattr(schedule, "FEWEST", 0)
    elif request.param != "as it is":
        monkeypatch.setattr(slices, "FIRST_SLICE", 1)
        monkeypatch.setattr(slices, "LAST_SLICE", 1)
        monkeypatch.setattr(schedule, "conflict_cost", lambda _: 10_000)
    if request.param == "in a child":
        monkeypatch.setattr(schedule, "IN_PROCESS_LITERALS", 0)
    return str(request.param)


def test_answers_agree_with_enumeration(way):
    seen = set()
    for seed in range(6 if way == "in a child" else 250):
        instance = random_instance(random.Random(seed))
        answer = PortfolioMethod(seed=seed).solve(instance, Deadline(60))
        assert answer.verdict is EnumerationMethod().solve(instance, Deadline(60)).verdict, seed
        if answer.verdict is Verdict.YES:
            assert answer.how is How.EVALUATED
            assert evaluate(instance, answer.parameters).accepted
        else:
            how = How.SOLVER if instance.bound >= 0 else How.ENUMERATED
            assert (answer.how, answer.parameters) == (how, None)
        seen.add((answer.verdict, answer.detail.startswith("by local search")))
    assert {verdict for verdict, _ in seen} == {Verdict.YES, Verdict.NO}
    if way == "local search first":
        assert (Verdict.YES, True) in seen


def test_local_search_decides_a_net_before_anything_is_encoded(monkeypatch):
    monkeypatch.setattr(schedule, "encode", refuse)
    for seed in range(5):
        answer = PortfolioMethod().solve(planted(seed), Deadline(60))
        assert answer.verdict is Verdict.YES
        assert answer.detail.startswith("by local search, seed 0, ")


def test_local_search_goes_on_between_slices(monkeypatch):
    monkeypatch.setattr(schedule, "FEWEST", 10**9)
    monkeypatch.setattr(slices, "FIRST_SLICE", 1)
    monkeypatch.setattr(slices, "LAST_SLICE", 1)
    monkeypatch.setattr(schedule, "conflict_cost", lambda _: 10**8)
    answer = PortfolioMethod().solve(planted(0), Deadline(60))
    assert answer.verdict is Verdict.YES
    assert answer.detail.startswith("by local search")
    assert answer.sizes["clauses"] > 0


def test_local_search_goes_on_after_the_encoding_where_it_is_near(monkeypatch):
    monkeypatch.setattr(schedule, "interleave", refuse)
    monkeypatch.setattr(schedule, "FEWEST", 0)
    for share, percent in (("FIRST", 0), ("MORE", 0), ("AGAIN", 10**4)):
        monkeypatch.setattr(schedule, share, percent)
    monkeypatch.setattr(schedule, "_is_near", lambda *_: True)
    answer = PortfolioMethod().solve(planted(0), Deadline(60))
    assert answer.verdict is Verdict.YES
    assert answer.sizes["clauses"] > 0


@pytest.mark.parametrize("hidden", [1, pytest.param(2, marks=pytest.mark.long)])
def test_a_few_data_points_can_decide_a_binary_net(hidden):
    seen = set()
    for seed in range(60):
        instance = binary(seed, hidden)
        answer = PortfolioMethod(seed=seed).solve(instance, Deadline(60))
        assert answer.verdict is EnumerationMethod().solve(instance, Deadline(60)).verdict, seed
        if answer.verdict is Verdict.YES:
            assert evaluate(instance, answer.parameters).accepted
        seen.add((answer.verdict, answer.detail.startswith("no solution for 16 of 24")))
    assert len(seen) == 3


def test_few_data_points_are_for_binary_nets_with_bound_0_and_a_hidden_layer():
    assert few_suffice(binary(0), 24)
    assert not few_suffice(binary(0), 16)
    assert not few_suffice(replace(binary(0), bound=1), 24)
    assert not few_suffice(replace(binary(0), bound=-1), 24)
    assert not few_suffice(planted(0), 64)
    rows = binary(0).inputs
    assert not few_suffice(layered((5, 1), 2, (rows, rows[:, :1])), 24)


def test_a_net_without_a_solution_is_refuted():
    answer = PortfolioMethod().solve(labelled_at_random(0), Deadline(120))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.SOLVER)
    assert answer.detail == "CaDiCaL 1.9.5, no proof"


def test_a_contradiction_costs_no_step(monkeypatch):
    monkeypatch.setattr(schedule, "new_search", refuse)
    twice = neuron_instance(1, [((1,), (1,)), ((1,), (0,))], weights=(0, 1))
    assert PortfolioMethod().solve(twice, Deadline()).verdict is Verdict.NO
    negative = layered([2, 2, 1], 3, XOR, bound=-1)
    assert PortfolioMethod().solve(negative, Deadline()).verdict is Verdict.NO
    assert PortfolioMethod().solve(layered([1, 1], 2, ([], [])), Deadline()).verdict is Verdict.YES


def test_what_local_search_is_not_made_for_is_left_to_cadical(monkeypatch):
    with pytest.raises(Unsupported):
        LocalSearch(hopeless())
    monkeypatch.setattr(schedule, "new_search", refuse)
    for name, verdict in (("uf50-01.cnf", Verdict.YES), ("uuf50-01.cnf", Verdict.NO)):
        assert PortfolioMethod().solve(from_file(name), Deadline(60)).verdict is verdict


@pytest.mark.parametrize("fewest", [0, 10**9])
def test_the_same_seed_gives_the_same_parameters(monkeypatch, fewest):
    monkeypatch.setattr(schedule, "FEWEST", fewest)
    instances = [planted(0), *(random_instance(random.Random(seed)) for seed in range(40))]
    for seed, instance in enumerate(instances):
        first = PortfolioMethod(seed=seed).solve(instance, Deadline(60))
        # A time limit that is not reached changes nothing.
        second = PortfolioMethod(seed=seed).solve(instance, Deadline())
        assert (first.verdict, first.detail) == (second.verdict, second.detail)
        assert first.parameters == second.parameters


def test_seeds_matter():
    found = [PortfolioMethod(seed=seed).solve(planted(0), Deadline(60)) for seed in range(4)]
    assert len({answer.detail.split(",")[2] for answer in found}) > 1


@pytest.mark.parametrize("seconds", [0, 0.05, 0.8])
def test_a_time_limit_is_kept(seconds):
    for instance in (hopeless(), layered((9, 8, 4), 4, (random_rows(9, 60), random_rows(4, 60)))):
        begin = time.monotonic()
        answer = PortfolioMethod().solve(instance, Deadline(seconds))
        assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
        assert answer.detail == f"time limit of {seconds:g} s"
        # Generous, for machines that are busy; usually some milliseconds.
        assert time.monotonic() - begin < seconds + 10


def random_rows(width: int, rows: int) -> list[list[int]]:
    r = random.Random(width)
    return [[r.randint(0, 2) for _ in range(width)] for _ in range(rows)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_no_has_a_proof_that_is_checked(tmp_path, jobs):
    pytest.importorskip("dratify")
    path = tmp_path / f"{jobs}.drat"
    backend = PortfolioMethod(jobs=jobs, proof=str(path))
    answer = backend.solve(easy_no(), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.PROOF_CHECKED)
    assert path.read_text().endswith("\n")
    assert str(path) in answer.detail
    assert backend.solve(easy_yes(), Deadline(60)).verdict is Verdict.YES


def test_without_tables_the_plain_encoding_is_solved(monkeypatch, tmp_path):
    asked = []

    def encode_and_tell(instance, deadline, options):
        asked.append(options.tables)
        return encode(instance, deadline, options)

    monkeypatch.setattr(schedule, "encode", encode_and_tell)
    monkeypatch.setattr(sat, "encode", encode_and_tell)
    for proof in (None, str(tmp_path / "proof.drat")):
        plain = PortfolioMethod(tables=False, proof=proof)
        assert plain.solve(easy_no(), Deadline(60)).verdict is Verdict.NO
    assert asked == [False, False]


def test_predictions_grow_with_the_instance():
    small, large = planted(0, (5, 3, 1), 20), planted(0)
    assert 0 < step_cost(small, 20) < step_cost(large, 64)
    assert 2_500 < encoding_cost(small, 20) < encoding_cost(large, 64)
    assert 30 <= conflict_cost(1_000) < conflict_cost(100_000)
    # A step on a wide net outweighs its encoding.
    assert step_cost(hopeless(), 2) * 10 > encoding_cost(hopeless(), 2)


def test_predictions_exist_for_every_instance():
    for seed in range(200):
        instance = random_instance(random.Random(seed))
        assert encoding_cost(instance, instance.points) >= 2_500
        assert step_cost(instance, instance.points) >= 20


def test_no_job_at_all_is_refused():
    with pytest.raises(InputError, match="jobs=0"):
        PortfolioMethod(jobs=0)
