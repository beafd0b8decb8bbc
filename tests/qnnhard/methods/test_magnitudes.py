"""No backend decides by a magnitude that it has not computed exactly.

All backends answer instances with numbers around the limits of machine types. The truth is the
least of the naive losses of all parameters; to refuse is allowed, to be wrong is not.
"""

import random
from collections import Counter
from fractions import Fraction

import pytest

from instances.deadline import Deadline
from instances.errors import Unsupported
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.instance import TrainingInstance
from qnnhard.methods.answer import Answer
from qnnhard.methods.local_search.method import LocalSearchMethod
from qnnhard.methods.method import Method
from qnnhard.methods.portfolio.method import PortfolioMethod
from qnnhard.methods.registry import BUILT_IN, available
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import How, Verdict
from tests.helpers import (
    make_instance,
    make_network,
    make_parameters,
    naive_loss,
    naive_outputs,
    random_parameters,
)
from tests.qnnhard.methods.magnitudes import binary_instance, least_loss, magnitude_instance

METHODS = [
    LocalSearchMethod(steps=50) if kind is LocalSearchMethod else kind()
    for kind in BUILT_IN
    if kind.name in available()
]
LONG = pytest.param(range(10_000, 15_000), marks=pytest.mark.long, id="thousands")

Counts = Counter[tuple[str, object]]


@pytest.mark.parametrize("seeds", [pytest.param(range(150), id="sample"), LONG])
def test_all_backends_agree_on_numbers_of_any_magnitude(seeds: range) -> None:
    found: Counts = Counter()
    for seed in seeds:
        instance = (magnitude_instance if seed % 5 else binary_instance)(seed)
        least = least_loss(instance)
        check_evaluator(seed, instance)
        for backend in METHODS:
            # `auto` hands most of them on to the portfolio anyway.
            if seed % 5 and isinstance(backend, PortfolioMethod):
                continue
            if instance.bound < 0 and isinstance(backend, LocalSearchMethod):
                continue
            found[backend.name, check_verdict(seed, backend, instance, least)] += 1
        minimizers = [b for b in METHODS if b.minimizes() and b.name not in ("auto", "sat")]
        for name, solve in [(backend.name, backend.minimize) for backend in minimizers]:
            found[f"least {name}", check_least(seed, solve, instance, least)] += 1
        if seed % 75 == 0:
            found["least sat", check_least(seed, SatMethod().minimize, instance, least)] += 1
    for backend in METHODS:
        assert found[backend.name, Verdict.YES], (backend.name, found)
        assert bool(found[backend.name, Verdict.NO]) != isinstance(backend, LocalSearchMethod)
    for name in ("treewidth", "dataset-dp"):
        assert found[f"least {name}", How.ENUMERATED] > len(seeds) / 5, (name, found)
    assert not any(found[name, Unsupported] for name in ("auto", "sat", "portfolio", "enumerate"))
    print(*sorted(f"{name}: {what} {count}" for (name, what), count in found.items()), sep="\n")


@pytest.mark.parametrize("loss", ["mismatch", "l1"])
@pytest.mark.parametrize("off", [0, 1])
def test_numbers_of_more_digits_than_python_converts_are_no_error(loss: str, off: int) -> None:
    """A file's numbers have fewer, but not what neurons make of them."""
    kinds = {1: Activation("square"), 2: Activation("square"), 3: Activation("identity")}
    network = make_network(4, [0], [3], [(0, 1), (0, 2), (1, 3), (2, 3)], kinds)
    square = 10**4400
    bound = square if loss == "l1" else 0
    data = [((10**2200,), (2 * square + bound + off,))]
    weights = {(0, 1): (0, 1), (0, 2): (0, 1), (1, 3): (1,), (2, 3): (1,)}
    instance = make_instance(network, data, weights, loss=loss, bound=bound)
    least = Fraction(bound + off)
    assert least == naive_loss(instance, make_parameters(instance, dict.fromkeys(weights, 1)))
    found = Counter(check_verdict(0, backend, instance, least) for backend in METHODS)
    assert found[Verdict.NO if off else Verdict.YES] >= 5


def check_evaluator(seed: int, instance: TrainingInstance) -> None:
    """Outputs and losses are those of the definition."""
    parameters = random_parameters(random.Random(seed), instance)
    found = evaluate(instance, parameters)
    assert found.outputs.tolist() == naive_outputs(instance, parameters), seed
    assert found.loss == naive_loss(instance, parameters), seed


def check_verdict(
    seed: int, backend: Method, instance: TrainingInstance, least: Fraction
) -> object:
    """The answer is right, or there is none; return what came of it."""
    try:
        answer = backend.solve(instance, Deadline(60))
    except Unsupported:
        return Unsupported
    if answer.verdict is not Verdict.UNKNOWN:
        assert (answer.verdict is Verdict.YES) == (least <= instance.bound), (seed, backend.name)
    if answer.parameters is not None:
        assert naive_loss(instance, answer.parameters) <= instance.bound, (seed, backend.name)
    return answer.verdict


def check_least(seed, solve, instance: TrainingInstance, least: Fraction) -> object:  # type: ignore[no-untyped-def]
    """The loss is that of the parameters, and the least where it is said to be."""
    try:
        found: Answer = solve(instance, Deadline(60))
    except Unsupported:
        return Unsupported
    assert found.how is How.LIMIT or found.loss == least, (seed, solve)
    if found.parameters is not None:
        assert naive_loss(instance, found.parameters) == found.loss, (seed, solve)
    return found.how
