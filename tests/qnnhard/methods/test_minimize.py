"""Least losses against brute force and tables, and what a limit leaves."""

import random
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters, lowest
from qnnhard.certificates.drat import available_checker
from qnnhard.encoding.formula import stamper
from qnnhard.encoding.loss import total as loss_module
from qnnhard.encoding.wcnf import encode_loss
from qnnhard.methods.answer import Answer
from qnnhard.methods.conceivable import conceivable_loss
from qnnhard.methods.dataset_dp.optimum import best
from qnnhard.methods.enumeration import first_solution
from qnnhard.methods.minimize import descent, schedule
from qnnhard.methods.minimize.bounds import Bounds
from qnnhard.methods.minimize.minimization import Minimization
from qnnhard.processes.child import ChildLost
from qnnhard.verdict import How
from tests.helpers import (
    make_instance,
    make_network,
    neuron_instance,
    random_instance,
    space_size,
)
from tests.qnnhard.encoding.formulas import force_binary, random_fractional_instance
from tests.qnnhard.methods.dataset_dp.two_layers import brute_least_loss, random_two_layers
from tests.qnnhard.methods.instances import (
    STRATEGIES,
    easy_no,
    easy_yes,
    from_file,
    hopeless,
    minimize,
)

NUMBERS = {
    "integers": range(-3, 4),
    "fractions": [Fraction(a, b) for a in range(-3, 4) for b in (1, 2, 3)],
    "large": [-1000, -70, -1, 0, 1, 2, 70, 1001],
}


def checked(instance: TrainingInstance, strategy: str = "those that suit") -> Answer:
    """The minimum, whose parameters have its loss."""
    found = minimize(instance, Deadline(60), strategy=strategy)
    assert found.least is not None
    assert found.least == found.loss == found.lower
    assert found.parameters is not None
    assert evaluate(instance, found.parameters).loss == found.loss
    assert found.how in (How.EVALUATED, How.SOLVER)
    assert found.detail
    return found


def assert_least(instance: TrainingInstance, seed: int, seconds: float = 60) -> bool:
    """The oracle has a solution at the loss and none below; return whether the loss is above 0.

    Raises `LimitReached` where the oracle needs longer than `seconds`.
    """
    found = checked(instance)
    unit = encode_loss(instance).encoding.loss_unit

    def oracle(bound):
        return first_solution(replace(instance, bound=bound, d=None), Deadline(seconds))

    assert oracle(found.loss) is not None, seed
    if found.loss:
        assert oracle(found.loss - Fraction(1, 10**6 * unit)) is None, (seed, found.loss)
    return found.loss > 0


def small(seed: int, most: int) -> TrainingInstance | None:
    """A random instance of any kind, unless it has more than `most` choices of parameters."""
    r = random.Random(seed)
    if seed % 3 == 0:
        instance = random_two_layers(r, r.randint(0, 5))
    else:
        instance = (random_instance if seed % 3 == 1 else random_fractional_instance)(r)
    return instance if space_size(instance) <= most else None


def agree(seeds: range, most: int, strategies: Iterable[str]) -> int:
    """Compare with brute force; return the number of instances that were small enough."""
    tested = 0
    for seed in seeds:
        instance = small(seed, most)
        if instance is None:
            continue
        least = brute_least_loss(instance)
        for strategy in strategies:
            assert checked(instance, strategy).loss == least, (seed, strategy)
        tested += 1
    return tested


def test_every_strategy_finds_the_least_loss_of_brute_force():
    assert agree(range(40), 200, STRATEGIES) > 15


@pytest.mark.long
def test_a_thousand_least_losses_are_those_of_brute_force():
    assert agree(range(10**6, 10**6 + 1500), 3000, STRATEGIES) >= 1000


@pytest.mark.parametrize("small_range", [None, 2], ids=["unary", "binary"])
@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=list(NUMBERS))
def test_two_layers_have_the_least_loss_of_the_tables(monkeypatch, numbers, small_range):
    if small_range is not None:
        force_binary(monkeypatch, small_range)
    for seed in range(10):
        r = random.Random(seed)
        instance = random_two_layers(r, r.randint(1, 3), numbers)
        assert checked(instance).loss == best(instance, Deadline(60)).loss, seed


@pytest.mark.parametrize("make", [random_instance, random_fractional_instance])
def test_the_oracle_has_a_solution_at_the_least_loss_and_none_below(monkeypatch, make):
    force_binary(monkeypatch, 2)
    above = sum(assert_least(make(random.Random(seed)), seed) for seed in range(16))
    assert 2 < above < 16


@pytest.mark.long
@pytest.mark.parametrize("small_range", [None, 2, 64], ids=["unary", "binary", "mixed"])
@pytest.mark.parametrize("make", [random_instance, random_fractional_instance])
def test_the_oracle_agrees_on_many_least_losses(monkeypatch, make, small_range):
    if small_range is not None:
        force_binary(monkeypatch, small_range)
    undecided = 0
    for seed in range(5 * 10**6, 5 * 10**6 + (2000 if small_range is None else 1000)):
        instance = make(random.Random(seed))
        try:
            assert_least(instance, seed, seconds=3)
        except LimitReached:
            # The least loss is there, and only the oracle cannot refute what is below it.
            undecided += 1
    assert undecided < 20


HUGE = [10**20 + 39, -(10**20) - 7, Fraction(10**20 + 1, 3), 10**19 + 9, -5, 0, 1]


@pytest.mark.parametrize("strategy", ["those that suit", "bisection"])
def test_weights_of_any_size(strategy):
    for seed in range(12):
        r = random.Random(seed)
        instance = random_two_layers(r, r.randint(1, 4), HUGE)
        assert checked(instance, strategy).loss == best(instance, Deadline(60)).loss, seed


def test_what_cannot_be_counted_is_bisected(monkeypatch):
    monkeypatch.setattr(loss_module, "STEPS_LIMIT", 0)
    monkeypatch.setattr(schedule, "CORES", 0)
    found = checked(replace(easy_no(), loss="l1", d=None))
    assert (found.loss, found.detail[:7]) == (1, "CaDiCaL")


def test_a_second_solver_goes_on_where_conflicts_do_not_suffice(monkeypatch):
    first, second = descent.STAGES
    monkeypatch.setattr(descent, "STAGES", (replace(first, slices=(1,)), second))
    instance = from_file("uuf50-01.cnf")
    found = checked(instance)
    assert (found.loss, found.detail[:7]) == (1, "CaDiCaL")


def test_the_child_process_finds_the_same(monkeypatch):
    instances = [easy_no(), neuron_instance(1, [((1,), (5,))], loss="l2", weights=(0, 1))]
    losses = [checked(instance).loss for instance in instances]
    monkeypatch.setattr(schedule, "IN_PROCESS_LITERALS", -1)
    assert losses == [checked(instance).loss for instance in instances] == [1, 16]


def test_a_seed_gives_the_same_parameters_again():
    for seed in range(3):
        first, second = (minimize(easy_no(), Deadline(60), seed=seed) for _ in range(2))
        assert first.parameters == second.parameters
        assert first.detail == second.detail


@pytest.mark.parametrize("bound", [-1, 0, 1, Fraction(1, 2), 10**30])
def test_the_bound_does_not_matter(bound):
    assert checked(replace(easy_no(), bound=bound)).loss == 1


@pytest.mark.parametrize("loss", ["mismatch", "l1", "l2"])
def test_nothing_to_fit_has_loss_0_and_nothing_to_choose_its_only_loss(loss):
    assert checked(neuron_instance(2, [], loss=loss)).loss == 0
    no_outputs = make_network(2, [0], [], [(0, 1)])
    assert checked(make_instance(no_outputs, [((1,), ())], loss=loss)).loss == 0
    frozen = neuron_instance(1, [((1,), (3,))] * 2, loss=loss, weights=(1,))
    assert checked(frozen).loss == {"mismatch": 2, "l1": 4, "l2": 8}[loss]


@pytest.mark.parametrize(("loss", "least"), [("mismatch", 2), ("l1", 4), ("l2", 10)])
def test_contradicting_points_bound_the_loss_from_below(loss, least):
    data = [((1,), (target,)) for target in (0, 1, 1, 4)]
    instance = neuron_instance(1, data, Activation("identity"), loss=loss, weights=range(5))
    assert conceivable_loss(instance) == least
    found = checked(instance)
    assert (found.loss, found.how) == (least, How.EVALUATED)


def test_a_conceivable_loss_is_never_above_the_least():
    for seed in range(200):
        instance = small(seed, 60)
        if instance is not None:
            assert conceivable_loss(instance) <= brute_least_loss(instance), seed


@pytest.mark.skipif(available_checker() is None, reason="no proof checker")
@pytest.mark.parametrize("loss", ["mismatch", "l1", "l2"])
def test_a_proof_that_no_loss_is_smaller_is_checked(tmp_path, loss):
    path = tmp_path / "p.drat"
    data = [((Fraction(1, 2),), (0,)), ((Fraction(1, 2),), (Fraction(1, 3),)), ((1,), (9,))]
    instance = neuron_instance(1, data, Activation("identity"), loss=loss, weights=(0, 1, 2))
    found = minimize(instance, Deadline(60), str(path))
    assert found.loss == brute_least_loss(instance) > 0
    assert found.how is How.PROOF_CHECKED
    assert str(path) in found.detail
    assert path.exists()


@pytest.mark.skipif(available_checker() is None, reason="no proof checker")
def test_proofs_of_random_minima_are_checked(tmp_path):
    proved = 0
    for seed in range(10):
        r = random.Random(seed)
        path = tmp_path / f"{seed}.drat"
        instance = random_fractional_instance(r) if seed % 2 else random_instance(r)
        found = minimize(instance, Deadline(60), str(path))
        assert found.how is (How.PROOF_CHECKED if found.loss else How.EVALUATED), seed
        assert path.exists() == bool(found.loss)
        proved += path.exists()
    assert proved > 2


def test_a_loss_of_0_needs_no_proof(tmp_path):
    found = minimize(easy_yes(), Deadline(60), str(tmp_path / "p.drat"))
    assert (found.loss, found.how) == (0, How.EVALUATED)
    assert not list(Path(tmp_path).iterdir())


class Expiring(Deadline):
    """A deadline that passes after so many questions for it."""

    def __init__(self, questions: int) -> None:
        super().__init__(1)
        self.questions = questions

    @property
    def remaining(self) -> float:
        self.questions -= 1
        return 1.0 if self.questions >= 0 else 0.0

    def check(self) -> None:
        if self.remaining <= 0:
            raise LimitReached(f"{self.limit} reached")


def assert_limit(instance: TrainingInstance, found: Answer, least: Fraction) -> None:
    """Whatever is known is true: the loss of the parameters, and the bound below."""
    assert found.lower <= least
    if found.parameters is None:
        assert found.loss is None
    else:
        assert found.loss == evaluate(instance, found.parameters).loss >= least
    if found.how is not How.LIMIT:
        assert found.loss == least
    assert found.detail


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_whenever_the_limit_passes_what_is_known_by_then_is_given(strategy):
    stopped = 0
    for seed in range(24):
        instance = small(seed, 200)
        if instance is None:
            continue
        least = brute_least_loss(instance)
        for questions in (0, 1, 2, 3, 5, 9, 17, 60):
            found = minimize(instance, Expiring(questions), strategy=strategy)
            assert_limit(instance, found, least)
            stopped += found.how is How.LIMIT
    assert stopped > 20


@pytest.mark.long
def test_random_limits_on_nets_lose_nothing():
    r = random.Random(7000)
    for seed in range(12):
        instance = random_two_layers(random.Random(seed), 5, range(-20, 21))
        least = best(instance, Deadline(60)).loss
        for _ in range(40):
            found = minimize(instance, Deadline(r.uniform(0, 0.05)), seed=seed)
            assert_limit(instance, found, least)


def test_without_time_there_are_no_parameters():
    found = minimize(easy_no(), Deadline(0))
    assert (found.loss, found.least, found.parameters, found.how) == (None, None, None, How.LIMIT)
    assert str(found) == "UNKNOWN: no parameters, lower bound 0 (time limit of 0 s)"


def test_the_time_limit_holds_while_the_solver_runs():
    found = minimize(hopeless(), Deadline(2))
    assert (found.least, found.lower) == (None, 0)
    assert found.parameters is not None
    assert evaluate(hopeless(), found.parameters).loss == found.loss


def test_what_a_child_found_before_the_limit_is_kept(monkeypatch):
    def stopped(_, function, *arguments):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Minimization, "improve", improve_and_stop)
            return function(*arguments)

    def improve_and_stop(problem, model):
        problem.bounds.improve(problem.decode(model))
        raise LimitReached("stopped")

    monkeypatch.setattr(schedule, "IN_PROCESS_LITERALS", -1)
    monkeypatch.setattr(schedule, "FIRST", 0)
    monkeypatch.setattr(schedule, "call_in_child", stopped)
    instance = neuron_instance(1, [((1,), (9,))] * 9, Activation("identity"), weights=range(10))
    monkeypatch.setattr("qnnhard.methods.minimize.polish.FEWEST", 10**9)
    found = minimize(instance, Deadline(60), strategy="descent")
    assert evaluate(instance, Parameters(*lowest(instance))).loss == 9
    assert (found.loss, evaluate(instance, found.parameters).loss) == (0, 0)


def test_what_was_known_outlives_a_child_that_is_lost(monkeypatch):
    def lost(*_):
        raise ChildLost("its process ended")

    monkeypatch.setattr(schedule, "IN_PROCESS_LITERALS", -1)
    monkeypatch.setattr(schedule, "call_in_child", lost)
    found = minimize(easy_no(), Deadline(60))
    assert str(found) == "UNKNOWN: best loss 1, lower bound 0 (its process ended)"


def test_a_model_without_a_smaller_loss_is_a_defect(monkeypatch):
    monkeypatch.setattr(Minimization, "decode", lambda problem, _: problem.bounds.parameters)
    monkeypatch.setattr("qnnhard.methods.minimize.polish.FEWEST", 10**9)
    instance = neuron_instance(1, [((1,), (5,))], Activation("identity"), weights=range(6))
    with pytest.raises(QnnhardError, match="this is a defect"):
        minimize(replace(instance, loss="l1"), Deadline(60), strategy="descent")


def test_a_bound_above_a_loss_is_a_defect():
    instance = neuron_instance(1, [((1,), (5,))], Activation("identity"), weights=range(6))
    bounds = Bounds(replace(instance, loss="l1"), 0)
    assert bounds.improve(Parameters(*lowest(instance)))
    with pytest.raises(QnnhardError, match="the solver says that no loss is below 6"):
        bounds.refute(6, "the solver")
    bounds.refute(5, "the solver")
    with pytest.raises(QnnhardError, match="yet one is 0"):
        bounds.improve(checked(instance).parameters)


@pytest.mark.skipif(available_checker() is None, reason="no proof checker")
def test_a_loss_that_is_not_the_least_is_a_defect(monkeypatch, tmp_path):
    instance = neuron_instance(1, [((1,), (5,))], loss="l2", weights=(0, 1))

    def trust(problem, *_):
        problem.bounds.parameters = Parameters(*lowest(instance))
        problem.bounds.loss = problem.bounds.lower = 25
        problem.bounds.word = "a liar"

    monkeypatch.setattr(schedule, "_meet", trust)
    monkeypatch.setattr("qnnhard.methods.minimize.polish.FEWEST", 10**9)
    with pytest.raises(QnnhardError, match="yet one is"):
        minimize(instance, Deadline(60), str(tmp_path / "p.drat"))


def test_what_is_too_large_to_encode_leaves_what_local_search_found(monkeypatch):
    monkeypatch.setattr(stamper, "LITERAL_LIMIT", 5)
    found = minimize(replace(easy_no(), loss="l1", d=None), Deadline(60))
    assert (found.loss, found.least, found.how) == (1, None, How.LIMIT)
    assert "more than 5 literals" in found.detail
    monkeypatch.setattr(schedule, "_begin", lambda *_: None)
    with pytest.raises(Unsupported, match="more than 5 literals"):
        minimize(easy_no(), Deadline(60))
