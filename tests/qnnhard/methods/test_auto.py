"""The backend that chooses: what it takes, that it says so, and that it does not err."""

import random

import pytest

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.families.registry import FAMILIES
from instances.problems.registry import PROBLEMS
from instances.sources.number_lists import SumInstance
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance, layered
from qnnhard.methods import auto
from qnnhard.methods.answer import Found
from qnnhard.methods.auto import AutoMethod
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.method import Prediction, prediction
from qnnhard.methods.registry import available
from qnnhard.methods.treewidth.estimate import estimate
from qnnhard.methods.treewidth.method import TreewidthMethod
from qnnhard.verdict import Verdict
from reductions.to_training.hitting_set import HittingSetReduction
from reductions.to_training.subset_sum import SubsetSumInputs, SubsetSumNeurons
from tests.helpers import make_instance, make_network, random_instance
from tests.qnnhard.methods.instances import from_file
from tests.qnnhard.methods.linear.islands import one_point_instance, pairwise_instance


def chosen(instance: TrainingInstance) -> str:
    """The name in the line that announces the choice, SAT's first slice apart."""
    said: list[str] = []
    AutoMethod(announce=said.append).solve(instance, Deadline(60))
    assert all(line.startswith("sat for ") for line in said[:-1])
    return said[-1].split(":")[0]


@pytest.mark.parametrize(
    ("name", "instance"),
    [
        ("one-point", layered([2, 3, 1], 2, ([[0, 1]], [[1]]))),
        ("pairwise", layered([2, 2, 2], 2, ([[0, 1], [1, 0]], [[1, 0], [0, 1]]))),
        ("treewidth", FAMILIES.get("ladder").generate({"size": "200"}, 1).instance),
        ("portfolio", FAMILIES.get("dense").generate({"points": "40", "d": "4"}, 1).instance),
        ("sat for 1,477 conflicts, before tables are estimated", from_file("uf20-01.cnf")),
    ],
)
def test_it_takes_what_suits_and_says_so(name, instance):
    assert chosen(instance) == name


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_enumeration(seed):
    r = random.Random(seed)
    verdicts = set()
    for make in (pairwise_instance, one_point_instance, random_instance):
        for _ in range(40):
            instance = make(r)
            try:
                expected = first_solution(instance, Deadline(5)) is not None
            except Unsupported:
                continue
            answer = AutoMethod().solve(instance, Deadline(60))
            assert answer.verdict is (Verdict.YES if expected else Verdict.NO)
            verdicts.add(answer.verdict)
    assert verdicts == {Verdict.YES, Verdict.NO}


def test_what_a_special_algorithm_leaves_open_goes_to_the_portfolio(monkeypatch):
    instance = FAMILIES.get("chain").generate({"size": "30"}, 1).instance
    gave_up = Found(detail="the tables are too large")
    monkeypatch.setattr(TreewidthMethod, "search", lambda *_: gave_up)
    monkeypatch.setattr(auto, "_first_slice", lambda _: 0)
    said: list[str] = []
    answer = AutoMethod(announce=said.append).solve(instance, Deadline(60))
    assert answer.verdict is Verdict.YES
    assert said[-1] == "portfolio: treewidth gave up: the tables are too large"


def test_no_prediction_promises_what_the_backend_then_refuses():
    r = random.Random(8)
    for _ in range(60):
        instance = random_instance(r)
        for kind in available().values():
            backend = kind()
            said = prediction(backend, instance, Deadline(20))
            refused = ""
            try:
                backend.solve(instance, Deadline(0.3))
            except Unsupported as reason:
                refused = str(reason)
            assert not (refused and isinstance(said, Prediction)), (backend.name, refused)


@pytest.mark.parametrize("bits", [50, 70, 300])
def test_numbers_of_any_size_are_handed_on(bits):
    numbers = tuple((1 << bits) + 3**place for place in range(6))
    for target, verdict in ((sum(numbers[1:4]), Verdict.YES), (1 + sum(numbers), Verdict.NO)):
        source = SumInstance(numbers, target)
        for kind in (SubsetSumNeurons, SubsetSumInputs):
            instance = kind.build(source).target
            assert AutoMethod().solve(instance, Deadline(60)).verdict is verdict


def test_tables_are_not_even_estimated_for_many_distinct_inputs(monkeypatch):
    for points, asked in (("12", True), ("13", False)):
        calls: list[TrainingInstance] = []
        monkeypatch.setattr(
            auto, "estimate", lambda i, d, calls=calls, **_: (calls.append(i), estimate(i, d))[1]
        )
        instance = FAMILIES.get("dense").generate({"points": points}, 1).instance
        said = AutoMethod().predict(instance, Deadline()).cost
        assert bool(calls) == asked
        assert ("13 distinct inputs, too many for tables" in said) != asked


def test_numbers_that_only_a_later_run_meets_are_left_to_the_portfolio():
    """The first target is out of reach; the sum of n3 matters where it is given up."""
    kinds = {1: Activation("step"), 2: Activation("identity"), 3: Activation("identity")}
    network = make_network(4, [0], [1, 3], [(0, 1), (0, 2), (2, 3)], kinds)
    big = 1 << 39
    data = [((1,), (5, 0)), ((big,), (1, 4 * big))]
    weights = {(0, 1): (0, 1), (0, 2): (0, 2), (2, 3): (0, 2)}
    instance = make_instance(network, data, weights, bound=1)
    with pytest.raises(Unsupported):
        TreewidthMethod().solve(instance, Deadline())
    assert AutoMethod().solve(instance, Deadline(60)).verdict is Verdict.YES


def test_selections_of_targets_are_counted_before_any_of_them_is_looked_at():
    settings = {"universe": "10", "sets": "30", "size": "3", "budget": "5"}
    instance = HittingSetReduction.build(
        PROBLEMS.get("hitting-set").generate(settings, 7000)
    ).target
    assert "selections of targets" in AutoMethod().predict(instance, Deadline()).cost
    answer = AutoMethod(announce=lambda _: None).solve(instance, Deadline(60))
    assert answer.verdict is Verdict.YES
