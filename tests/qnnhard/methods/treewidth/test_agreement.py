"""The backend against the enumeration oracle and the SAT backend."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.sat import SatMethod
from qnnhard.methods.treewidth import pruning, store
from qnnhard.methods.treewidth.method import TreewidthMethod
from qnnhard.verdict import How, Verdict
from tests.helpers import random_instance
from tests.qnnhard.methods.treewidth.low_treewidth import low_treewidth


def check(instance: TrainingInstance, solvable: bool) -> Verdict:
    """The backend's answer, which must be right and say how it is known."""
    answer = TreewidthMethod().solve(instance, Deadline())
    if solvable:
        assert answer.verdict is Verdict.YES
        assert answer.parameters is not None
        assert evaluate(instance, answer.parameters).loss <= instance.bound
    else:
        assert answer.verdict is Verdict.NO
        assert answer.how is How.ENUMERATED
    return answer.verdict


def against_enumeration(instances: Iterable[TrainingInstance]) -> Counter[Verdict]:
    count: Counter[Verdict] = Counter()
    for instance in instances:
        try:
            solution = first_solution(instance, Deadline(2))
        except (Unsupported, LimitReached):
            continue
        count[check(instance, solution is not None)] += 1
    return count


@pytest.fixture
def cramped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are made a few rows at a time, and all that is not in use is always forgotten."""
    monkeypatch.setattr(store, "_CHUNK", 5)
    monkeypatch.setattr(pruning, "_PAIRWISE", 2)
    monkeypatch.setattr(pruning, "_PASSES", 3)
    monkeypatch.setattr(store.Store, "crowded", True)


@pytest.mark.parametrize("count", [150, pytest.param(400, marks=pytest.mark.long)])
def test_against_enumeration(count: int) -> None:
    seen = against_enumeration(low_treewidth(random.Random(seed)) for seed in range(count))
    assert 3 * seen[Verdict.NO] >= seen.total() >= 39 * count // 40


@pytest.mark.usefixtures("cramped")
def test_against_enumeration_in_small_steps() -> None:
    count = against_enumeration(low_treewidth(random.Random(seed)) for seed in range(400, 460))
    assert min(count.values()) > 15


def test_every_activation_and_loss() -> None:
    count: Counter[str] = Counter()
    for seed in range(200):
        instance = random_instance(random.Random(seed), fan_in=3, hidden=4)
        try:
            solution = first_solution(instance, Deadline(2))
        except (Unsupported, LimitReached):
            continue
        if instance.loss != "mismatch" and instance.bound > 0:
            with pytest.raises(Unsupported, match=f"{instance.loss} needs the bound 0"):
                check(instance, solution is not None)
            count["unsupported"] += 1
        else:
            count[str(check(instance, solution is not None))] += 1
    assert min(count.values()) > 15, count


@pytest.mark.long
def test_campaign_against_enumeration_and_sat() -> None:
    count: Counter[Verdict] = Counter()
    for seed in range(10_000, 12_000):
        instance = low_treewidth(random.Random(seed))
        by_sat = SatMethod().solve(instance, Deadline()).verdict
        verdict = check(instance, by_sat is Verdict.YES)
        count[verdict] += 1
        if seed % 2:
            continue
        try:
            solution = first_solution(instance, Deadline(2))
        except (Unsupported, LimitReached):
            continue
        assert (solution is not None) == (verdict is Verdict.YES), seed
    assert sum(count.values()) == 2000
    assert 3 * count[Verdict.NO] >= 2000, count
