"""The dataset dynamic program against three other ways, and within its limits."""

import random
import time
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached, Unsupported
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance, layered
from qnnhard.methods.cp_sat.method import CpSatMethod
from qnnhard.methods.dataset_dp.method import DatasetDpMethod
from qnnhard.methods.dataset_dp.optimum import best
from qnnhard.methods.dataset_dp.tables import MemoryBudgetReached
from qnnhard.methods.enumeration import EnumerationMethod
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import How, Verdict
from tests.helpers import (
    ACTIVATIONS,
    make_instance,
    make_network,
    naive_loss,
    neuron_instance,
    random_instance,
    space_size,
)
from tests.qnnhard.methods.dataset_dp.two_layers import (
    brute_least_loss,
    random_two_layers,
    subset_sum,
)
from tests.qnnhard.methods.instances import easy_no, easy_yes

HUGE = (-(2**70), -(2**33), -1, 0, 1, 2**33, 2**70 + 1)
SMALL = 100
"""Parameter spaces up to this size are searched by brute force."""
RATIONAL = (-2, Fraction(-3, 2), Fraction(-1, 3), 0, Fraction(1, 2), 1, Fraction(7, 5), 3)


def assert_least(instance: TrainingInstance, seed: object = None) -> int | Fraction:
    """The parameters have the loss that is claimed, and brute force finds nothing better."""
    found = best(instance, Deadline(60))
    loss, parameters = found.loss, found.parameters
    assert naive_loss(instance, parameters) == loss, seed
    assert isinstance(loss, int) or loss.denominator > 1, seed
    if space_size(instance) <= SMALL:
        assert brute_least_loss(instance) == loss, seed
    return loss


def agree(seeds: range) -> Counter:
    """All backends on both sides of the least loss; return what came up."""
    found: Counter = Counter()
    others = (EnumerationMethod(), SatMethod(), CpSatMethod())
    for seed in seeds:
        instance = random_two_layers(random.Random(seed), points=1 + seed % 3)
        least = assert_least(instance, seed)
        for bound, verdict in ((least, Verdict.YES), (least - 1, Verdict.NO)):
            asked = replace(instance, bound=bound)
            assert DatasetDpMethod().solve(asked, Deadline(60)).verdict is verdict, seed
            for other in others:
                try:
                    answer = other.solve(asked, Deadline(60))
                except Unsupported:
                    # CP-SAT takes small numbers only.
                    found[f"refused by {other.name}"] += 1
                    continue
                assert answer.verdict is verdict, (seed, other.name)
        found["brute force"] += space_size(instance) <= SMALL
        found["positive"] += least > 0
        found[instance.loss] += 1
        found[f"{instance.points} points"] += 1
    return found


@pytest.mark.parametrize("count", [99, pytest.param(1000, marks=pytest.mark.long)])
def test_four_ways_agree_on_random_instances(count):
    found = agree(range(count))
    assert {name for name in found if name.startswith("refused")} <= {"refused by cp-sat"}
    assert found["refused by cp-sat"] < count // 5
    kinds = ("mismatch", "l1", "l2", "brute force", "positive")
    assert min(found[name] for name in kinds) > count // 5
    assert min(found[f"{points} points"] for points in (1, 2, 3)) >= count // 3


@pytest.mark.long
def test_four_ways_agree_on_many_more_random_instances():
    agree(range(10**6, 10**6 + 8000))


@pytest.mark.parametrize("numbers", [HUGE, RATIONAL], ids=["huge", "rational"])
def test_numbers_of_any_size_and_kind_are_exact(numbers):
    positive = 0
    for seed in range(100):
        instance = random_two_layers(random.Random(seed), 1 + seed % 3, numbers)
        least = assert_least(instance, seed)
        for bound, verdict in ((least, Verdict.YES), (least - Fraction(1, 10**9), Verdict.NO)):
            asked = replace(instance, bound=bound)
            assert EnumerationMethod().solve(asked, Deadline(60)).verdict is verdict, seed
        positive += least > 0
    assert positive > 25


def test_instances_of_any_shape_are_solved_or_refused():
    refused = 0
    for seed in range(80_000, 80_400):
        instance = random_instance(random.Random(seed))
        try:
            answer = DatasetDpMethod().solve(instance, Deadline(60))
        except Unsupported:
            refused += 1
            continue
        assert answer.verdict is EnumerationMethod().solve(instance, Deadline(60)).verdict, seed
    assert 40 < refused < 200


# --- corner by corner -------------------------------------------------------------------------


def test_subset_sums_are_found_and_missed_by_the_distance_to_the_next():
    numbers = [3, 34, 4, 12, 5, 2]
    for target, least in ((9, 0), (60, 0), (61, 1), (-2, 2), (30, 4)):
        assert assert_least(subset_sum(numbers, target)) == least
    large = [10**60 + 7 * j**9 for j in range(12)]
    assert assert_least(subset_sum(large, sum(large[::2]))) == 0
    assert assert_least(subset_sum(large, sum(large[::2]) + 1)) == 1


def test_many_outputs_that_share_no_hidden_neuron_get_tables_of_their_own():
    omega = 40
    network = make_network(
        omega + 2,
        [0, 1],
        range(2, omega + 2),
        [(u, v) for v in range(2, omega + 2) for u in (0, 1)],
    )
    data = [((1, 0), (1,) * omega), ((0, 1), (0, 1) * (omega // 2)), ((1, 1), (0,) * omega)]
    for loss, least in (("mismatch", 1), ("l1", omega), ("l2", omega)):
        assert best(make_instance(network, data, loss=loss), Deadline(60)).loss == least


def test_rational_losses_of_two_tables_add_up_to_an_integer():
    network = make_network(2, [], [0, 1], [], Activation("identity"))
    instance = make_instance(network, [((), (Fraction(1, 2), Fraction(1, 2)))], loss="l1")
    assert assert_least(instance) == 1


def test_equal_points_count_with_their_multiplicity():
    data = [((1,), (0,))] * 5 + [((1,), (1,))] * 3
    for loss in ("mismatch", "l1", "l2"):
        assert assert_least(neuron_instance(1, data, loss=loss)) == 3


def test_empty_parts():
    assert assert_least(neuron_instance(2, [])) == 0
    assert assert_least(make_instance(make_network(0, [], [], []), [((), ())])) == 0
    assert assert_least(make_instance(make_network(2, [0], [], [(0, 1)]), [((1,), ())])) == 0
    constant = make_network(1, [], [0], [], Activation("identity"))
    assert assert_least(make_instance(constant, [((), (2,))], biases=(-3, 0), loss="l1")) == 1


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_many_mismatch_patterns_beyond_one_word(activation):
    network = make_network(3, [0], [1, 2], [(0, 1), (0, 2)], activation)
    r = random.Random(5)
    data = [((x,), tuple(r.randint(-1, 1) for _ in range(2))) for x in range(-35, 35)]
    assert_least(make_instance(network, data, (-1, 0, 1), (0, 2)))


def test_a_negative_bound_is_a_no():
    answer = DatasetDpMethod().solve(neuron_instance(1, [], bound=-1), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.ENUMERATED)
    assert answer.detail == "the bound is negative, and no loss is"


def test_answers_come_with_accepted_parameters_or_the_least_loss():
    yes = DatasetDpMethod().solve(easy_yes(), Deadline(60))
    assert (yes.verdict, yes.how) == (Verdict.YES, How.EVALUATED)
    assert naive_loss(easy_yes(), yes.parameters) == 0
    no = DatasetDpMethod().solve(easy_no(), Deadline(60))
    assert (no.verdict, no.how, no.parameters) == (Verdict.NO, How.ENUMERATED, None)
    assert no.detail == "the least loss is 1"
    assert no.sizes["rows"] > 0


def test_deeper_networks_are_refused_by_name():
    data = ([[1]], [[1]])
    with pytest.raises(Unsupported, match=r"dataset-dp: neuron 'h1_1' feeds a hidden neuron"):
        best(layered([1, 1, 1, 1], 2, data), Deadline(60))
    chain = make_network(3, [0], [1, 2], [(0, 1), (1, 2)])
    with pytest.raises(Unsupported, match="output 'n2' feeds another output"):
        best(make_instance(chain, [((1,), (1, 1))]), Deadline(60))
    behind = make_network(4, [0], [1, 3], [(0, 1), (1, 2), (2, 3)])
    with pytest.raises(Unsupported, match="neuron 'n2' feeds a hidden neuron"):
        best(make_instance(behind, [((1,), (1, 1))]), Deadline(60))


def test_neurons_that_no_output_needs_may_be_as_deep_as_they_like():
    network = make_network(5, [0], [1], [(0, 1), (1, 2), (2, 3), (3, 4)])
    instance = make_instance(network, [((1,), (1,))], (-1, 1), (-1, 0))
    assert assert_least(instance) == 0


# --- limits -----------------------------------------------------------------------------------


def large(digits: int) -> TrainingInstance:
    """A subset sum whose tables need terabytes."""
    r = random.Random(digits)
    return subset_sum([r.randrange(10**digits) for _ in range(48)], 10**digits)


@pytest.mark.parametrize("digits", [15, 60])
def test_tables_beyond_the_memory_budget_give_unknown(digits):
    for budget in (1, 10_000, 8 << 20):
        answer = DatasetDpMethod(memory=budget).solve(large(digits), Deadline(60))
        assert (answer.verdict, answer.how, answer.parameters) == (
            Verdict.UNKNOWN, How.LIMIT, None,
        )  # fmt: skip
        assert answer.detail.startswith("memory budget of")
        assert "the tables need at least" in answer.detail
    with pytest.raises(MemoryBudgetReached):
        best(large(digits), Deadline(60), 1 << 20)


def test_a_hidden_neuron_with_too_many_contributions_stops_at_the_budget():
    weights = {(0, 1): (1,), **{(1, v): tuple(range(6)) for v in range(2, 14)}}
    network = make_network(14, [0], range(2, 14), list(weights), Activation("identity"))
    instance = make_instance(network, [((1,), (0,) * 12)], weights)
    answer = DatasetDpMethod(memory=8 << 20).solve(instance, Deadline(60))
    assert answer.verdict is Verdict.UNKNOWN
    assert "memory budget" in answer.detail


def test_many_outputs_and_points_in_one_table_respect_the_time_limit():
    """Rows of 40,000 coordinates."""
    instance = layered([3, 2, 200], 3, wide_data(200, 200))
    for seconds in (0.2, 1):
        start = time.monotonic()
        answer = DatasetDpMethod().solve(instance, Deadline(seconds))
        assert time.monotonic() - start < seconds + 0.5
        assert answer.verdict is Verdict.UNKNOWN


def wide_data(points: int, omega: int) -> tuple[list[list[int]], list[list[int]]]:
    r = random.Random(7)
    values = (-1, 0, 1)
    return (
        [[r.choice(values) for _ in range(3)] for _ in range(points)],
        [[r.choice(values) for _ in range(omega)] for _ in range(points)],
    )


def test_small_budgets_suffice_for_small_tables_and_change_no_answer():
    for seed in range(60):
        instance = random_two_layers(random.Random(seed), 1 + seed % 3)
        assert best(instance, Deadline(60), 1 << 20).loss == assert_least(instance)


def test_blocks_do_not_change_tables():
    """A budget of 4 MiB cuts this instance's last tables into several blocks."""
    r = random.Random(3)
    numbers = [r.randrange(2_000) for _ in range(14)]
    instance = subset_sum(numbers, sum(numbers) // 2)
    narrow, roomy = best(instance, Deadline(60), 1 << 22), best(instance, Deadline(60))
    assert (narrow.loss, narrow.parameters) == (roomy.loss, roomy.parameters)


def test_a_senseless_budget_is_refused():
    with pytest.raises(InputError, match="memory budget of 0 bytes"):
        best(easy_no(), Deadline(60), 0)


@pytest.mark.parametrize("digits", [15, 60])
@pytest.mark.parametrize("seconds", [0, 0.3, 1])
def test_time_limits_hold(digits, seconds):
    start = time.monotonic()
    answer = DatasetDpMethod().solve(large(digits), Deadline(seconds))
    assert time.monotonic() - start < seconds + 0.5
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
    assert "time limit" in answer.detail
    with pytest.raises(LimitReached):
        best(large(digits), Deadline(seconds / 10))
