"""Faults planted in the algorithms: the comparisons of their tests must catch every one."""

import random
from dataclasses import replace

import numpy as np
import pytest

from instances.canonical import problem
from instances.deadline import Deadline
from instances.errors import QnnhardError
from qnnhard.methods import conceivable, enumeration
from qnnhard.methods.dataset_dp import chain, loss, optimum
from qnnhard.methods.linear import pairwise, two_sat
from qnnhard.methods.linear.pairwise import PairwiseMethod
from qnnhard.methods.local_search import neighborhood, targets
from qnnhard.sparsify import problem as keep
from qnnhard.sparsify import steinitz, zero_sums
from tests.helpers import brute_force, naive_loss, random_instance, solution, space_size
from tests.qnnhard.methods.dataset_dp.test_dataset_dp import assert_least
from tests.qnnhard.methods.dataset_dp.two_layers import brute_least_loss, random_two_layers
from tests.qnnhard.methods.linear.islands import tight_instance
from tests.qnnhard.methods.local_search.test_neighborhood import compare_many
from tests.qnnhard.sparsify.test_sparsify import check_neurons
from tests.qnnhard.sparsify.test_steinitz import check_families

SEEDS = range(24)


def least_losses():
    for seed in SEEDS:
        assert_least(random_two_layers(random.Random(seed), 1 + seed % 3), seed)


def lower_bounds():
    for seed in range(40):
        instance = random_two_layers(random.Random(seed), 3, (0, 1, 2))
        if space_size(instance) <= 30:
            assert conceivable.conceivable_loss(instance) <= brute_least_loss(instance)


def all_solutions():
    for seed in SEEDS:
        instance = random_instance(random.Random(seed))
        if space_size(instance) <= 100:
            found = {solution(p) for p in enumeration.all_solutions(instance)}
            assert found == brute_force(instance)


def answers(backend, make, seeds=SEEDS):
    """Every YES is evaluated, every NO checked, and enumeration says the same."""
    for seed in seeds:
        instance = make(random.Random(seed))
        found = backend.solve(instance, Deadline()).parameters
        expected = enumeration.first_solution(instance, Deadline())
        assert (found is None) == (expected is None), seed
        assert found is None or naive_loss(instance, found) == 0, seed


def pairs():
    answers(PairwiseMethod(), tight_instance)


def changes():
    compare_many(range(6), 1)


def neurons():
    check_neurons(range(30), 5)


def orders():
    check_families(range(30))


def around(fault):
    """Make a fault from what it does to the result of the right function."""
    return lambda right: lambda *given: fault(right(*given))


def counts_points_once(data):
    return replace(data, multiplicity=[1] * len(data.multiplicity))


def writes_the_value_before(right):
    return lambda self, choice, into: right(self, choice - 1, into)


def turns_one_clause(right):
    def solve(variables, sources, targets):
        turned = targets.copy()
        turned[::7] ^= 1
        return right(variables, sources, turned)

    return solve


def refutes_everything(right):
    def solve(variables, sources, targets):
        return two_sat.Cycle(np.stack((sources[:1], targets[:1])).ravel())

    return solve


def turns_values_round(found):
    return found if isinstance(found, two_sat.Cycle) else 1 - found


def widens(interval):
    return None if interval is None else (interval[0], interval[1] + 1)


def lowers(ends):
    low, high, other = ends
    return low - 1, high, other


def drops_one(kept):
    return [max(k - 1, 0) for k in kept]


def one_too_far(right):
    def enter(self, number):
        right(self, number)
        self._delta[self.layout.parameters[number].changes] += 1

    return enter


def skips_the_last_value(right):
    def ordered(instance):
        return [replace(n, bias=n.bias[:-1] or n.bias) for n in right(instance)]

    return ordered


FAULTS = [
    # What is at fault, where it stands, its wrong form, and the comparison that must see it.
    ("a loss counted twice", loss.Judge, "costs", around(lambda found: 2 * found), least_losses),
    ("a merge without numbers", problem, "merge_points", around(counts_points_once), least_losses),
    ("a component forgotten", optimum, "components", around(lambda parts: parts[1:]), least_losses),
    ("another value noted", chain.Choice, "assign", writes_the_value_before, least_losses),
    ("a distance too large", conceivable, "_spread", around(lambda found: found + 1), lower_bounds),
    ("a clause of the wrong sign", pairwise, "solve", turns_one_clause, pairs),
    ("values turned round", pairwise, "solve", around(turns_values_round), pairs),
    ("a refutation that is none", pairwise, "solve", refutes_everything, pairs),
    ("a difference off by one", neighborhood.Neighborhood, "_set", one_too_far, changes),
    ("an interval off by one", targets, "_interval", around(widens), changes),
    ("the last value skipped", enumeration, "_ordered", skips_the_last_value, all_solutions),
    ("an interval too wide", keep, "_same_value", around(lowers), neurons),
    ("an edge too few", zero_sums, "_meeting_lower_ends", around(drops_one), neurons),
    ("an order by size", steinitz, "propose", around(sorted), orders),
    ("an order unchecked", steinitz, "_stays_close", around(lambda close: True), orders),
]


@pytest.mark.parametrize(
    ("place", "name", "fault", "compare"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0].replace(" ", "-") for fault in FAULTS],
)
def test_a_fault_in_an_algorithm_is_caught(monkeypatch, place, name, fault, compare):
    monkeypatch.setattr(place, name, fault(getattr(place, name)))
    with pytest.raises((AssertionError, QnnhardError)):
        compare()


@pytest.mark.parametrize(
    "compare", sorted({fault[-1] for fault in FAULTS}, key=lambda f: f.__name__)
)
def test_no_fault_without_one(compare):
    compare()
