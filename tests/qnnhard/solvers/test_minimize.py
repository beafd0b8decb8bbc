"""Least losses against tables, brute force and the enumeration oracle."""

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from pysat.solvers import Cadical195

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError, Unsupported
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from qnnhard.algorithms.dataset_dp import least_loss
from qnnhard.algorithms.enumeration import first_solution
from qnnhard.certificates.drat import available_checker
from qnnhard.encoding import stamp
from qnnhard.encoding.wcnf import encode_loss
from qnnhard.solvers import minimize as module
from qnnhard.solvers.answer import How
from qnnhard.solvers.minimize import Minimum, minimize
from tests.helpers import make_instance, make_network, neuron_instance, random_instance
from tests.qnnhard.algorithms.two_layers import brute_least_loss, random_two_layers
from tests.qnnhard.encoding.formulas import force_binary, random_fractional_instance
from tests.qnnhard.solvers.instances import easy_no, easy_yes, hopeless

NUMBERS = {
    "integers": range(-3, 4),
    "fractions": [Fraction(a, b) for a in range(-3, 4) for b in (1, 2, 3)],
    "large": [-1000, -70, -1, 0, 1, 2, 70, 1001],
}


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the solver in this process."""
    monkeypatch.setattr(module, "call_in_child", lambda _, function, *rest: function(*rest))


def checked(instance: TrainingInstance) -> Minimum:
    """The minimum, whose parameters have its loss."""
    found = minimize(instance, Deadline(60))
    assert found.loss is not None
    assert found.parameters is not None
    assert evaluate(instance, found.parameters).loss == found.loss
    assert found.how is (How.EVALUATED if found.loss == 0 else How.SOLVER)
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


@pytest.mark.usefixtures("direct")
@pytest.mark.parametrize("small", [None, 2], ids=["unary", "binary"])
@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=list(NUMBERS))
def test_two_layers_have_the_least_loss_of_the_tables(monkeypatch, numbers, small):
    if small is not None:
        force_binary(monkeypatch, small)
    for seed in range(20):
        r = random.Random(seed)
        instance = random_two_layers(r, r.randint(1, 3), numbers)
        assert checked(instance).loss == least_loss(instance, Deadline(60))[0], seed


@pytest.mark.usefixtures("direct")
def test_small_instances_have_the_least_loss_of_brute_force():
    for seed in range(100, 130):
        instance = random_two_layers(random.Random(seed), 2, range(-2, 3))
        if len(instance.weight_domain) <= 5:
            assert checked(instance).loss == brute_least_loss(instance), seed


@pytest.mark.usefixtures("direct")
@pytest.mark.parametrize("small", [None, 2], ids=["unary", "binary"])
@pytest.mark.parametrize("make", [random_instance, random_fractional_instance])
def test_the_oracle_has_a_solution_at_the_least_loss_and_none_below(monkeypatch, make, small):
    if small is not None:
        force_binary(monkeypatch, small)
    above = sum(assert_least(make(random.Random(seed)), seed) for seed in range(60))
    assert 10 < above < 55


@pytest.mark.long
@pytest.mark.usefixtures("direct")
@pytest.mark.parametrize("small", [None, 2, 64], ids=["unary", "binary", "mixed"])
@pytest.mark.parametrize("make", [random_instance, random_fractional_instance])
def test_the_oracle_agrees_on_many_least_losses(monkeypatch, make, small):
    if small is not None:
        force_binary(monkeypatch, small)
    undecided = 0
    for seed in range(5 * 10**6, 5 * 10**6 + (2000 if small is None else 1000)):
        instance = make(random.Random(seed))
        try:
            assert_least(instance, seed, seconds=3)
        except LimitReached:
            # The least loss is there, and only the oracle cannot refute what is below it.
            undecided += 1
    assert undecided < 20


def test_the_child_process_finds_the_same_as_a_direct_call(monkeypatch):
    instances = [easy_no(), neuron_instance(1, [((1,), (5,))], loss="l2", weights=(0, 1))]
    losses = [checked(instance).loss for instance in instances]
    monkeypatch.setattr(module, "call_in_child", lambda _, function, *rest: function(*rest))
    assert losses == [checked(instance).loss for instance in instances] == [1, 16]


@pytest.mark.skipif(available_checker() is None, reason="no proof checker")
@pytest.mark.usefixtures("direct")
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
@pytest.mark.usefixtures("direct")
def test_proofs_of_random_minima_are_checked(tmp_path):
    proved = 0
    for seed in range(15):
        r = random.Random(seed)
        path = tmp_path / f"{seed}.drat"
        instance = random_fractional_instance(r) if seed % 2 else random_instance(r)
        found = minimize(instance, Deadline(60), str(path))
        assert found.how is (How.PROOF_CHECKED if found.loss else How.EVALUATED), seed
        assert path.exists() == bool(found.loss)
        proved += path.exists()
    assert proved > 3


@pytest.mark.usefixtures("direct")
def test_a_loss_of_0_needs_no_proof(tmp_path):
    found = minimize(easy_yes(), Deadline(60), str(tmp_path / "p.drat"))
    assert (found.loss, found.how) == (0, How.EVALUATED)
    assert not list(Path(tmp_path).iterdir())


@pytest.mark.usefixtures("direct")
@pytest.mark.parametrize("bound", [-1, 0, 1, Fraction(1, 2), 10**30])
def test_the_bound_does_not_matter(bound):
    assert checked(replace(easy_no(), bound=bound)).loss == 1


@pytest.mark.usefixtures("direct")
@pytest.mark.parametrize("loss", ["mismatch", "l1", "l2"])
def test_nothing_to_fit_has_loss_0_and_nothing_to_choose_its_only_loss(loss):
    assert checked(neuron_instance(2, [], loss=loss)).loss == 0
    no_outputs = make_network(2, [0], [], [(0, 1)])
    assert checked(make_instance(no_outputs, [((1,), ())], loss=loss)).loss == 0
    frozen = neuron_instance(1, [((1,), (3,))] * 2, loss=loss, weights=(1,))
    assert checked(frozen).loss == {"mismatch": 2, "l1": 4, "l2": 8}[loss]


def test_without_time_there_is_no_loss():
    found = minimize(easy_no(), Deadline(0))
    assert (found.loss, found.parameters, found.how) == (None, None, How.LIMIT)
    assert found.detail


def test_the_time_limit_holds_while_the_solver_runs():
    assert minimize(hopeless(), Deadline(2)).loss is None


@pytest.mark.usefixtures("direct")
def test_a_model_that_does_not_have_its_loss_is_a_defect(monkeypatch):
    right = module._least

    def wrong(*given):
        bounds = right(*given)
        return replace(bounds, upper=bounds.upper + 1)

    monkeypatch.setattr(module, "_least", wrong)
    with pytest.raises(QnnhardError, match="defect"):
        minimize(easy_no(), Deadline(60))


@pytest.mark.skipif(available_checker() is None, reason="no proof checker")
@pytest.mark.usefixtures("direct")
def test_a_loss_that_is_not_the_least_is_a_defect(monkeypatch, tmp_path):
    instance = neuron_instance(1, [((1,), (5,))], loss="l2", weights=(0, 1))
    right = module._search

    def short_of_the_least(formula, bits, file):
        bounds = right(formula, bits, file)
        # The word's own bits, from a model in which the weight is 0.
        with Cadical195(bootstrap_with=[c for chunk in formula.chunks() for c in chunk]) as solver:
            assert solver.solve(assumptions=[-1])
            model = module.read_model(solver, formula)
        value = module._value(bits, model)
        assert value > bounds.upper
        return replace(bounds, lower=value, upper=value, model=model)

    monkeypatch.setattr(module, "_search", short_of_the_least)
    with pytest.raises(QnnhardError, match="yet one is"):
        minimize(instance, Deadline(60), str(tmp_path / "p.drat"))


@pytest.mark.parametrize("seed", range(6))
def test_whenever_the_time_limit_passes_the_bounds_known_by_then_are_given(monkeypatch, seed):
    r = random.Random(seed)
    numbers = [Fraction(r.randint(-(10**9), 10**9), r.randint(1, 9)) for _ in range(8)]
    instance = random_two_layers(r, 3, numbers)
    least = least_loss(instance, Deadline(60))[0]
    lowers = [Fraction(0)]
    for calls in range(200):
        monkeypatch.setattr(module, "call_in_child", stopped_after(calls))
        found = minimize(instance, Deadline(60))
        if found.loss is not None:
            break
        assert found.how is How.LIMIT
        assert (found.parameters is None) == (calls == 0)
        if found.parameters is not None:
            upper = evaluate(instance, found.parameters).loss
            lower = Fraction(found.detail.split("lower bound ")[1])
            assert f"best known loss {upper}, " in found.detail
            assert lowers[-1] <= lower <= least <= upper
            lowers.append(lower)
    assert found.loss == least
    assert calls


def stopped_after(calls: int):
    """A `call_in_child` that stops the solver before a further call."""

    class Stopped(Cadical195):
        left = calls

        def solve(self, assumptions=()):
            if not Stopped.left:
                raise LimitReached("stopped")
            Stopped.left -= 1
            return super().solve(assumptions=list(assumptions))

    def run(_, function, *arguments):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pysat.solvers.Cadical195", Stopped)
            return function(*arguments)

    return run


HUGE = [10**20 + 39, -(10**20) - 7, Fraction(10**20 + 1, 3), 10**19 + 9, -5, 0, 1]


@pytest.mark.usefixtures("direct")
def test_weights_of_any_size_leave_as_many_calls_as_bits():
    for seed in range(40):
        r = random.Random(seed)
        instance = random_two_layers(r, r.randint(1, 4), HUGE)
        assert checked(instance).loss == least_loss(instance, Deadline(60))[0], seed


def test_what_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(stamp, "LITERAL_LIMIT", 5)
    with pytest.raises(Unsupported, match="more than 5 literals"):
        minimize(easy_no(), Deadline(60))
