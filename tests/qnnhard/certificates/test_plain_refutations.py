"""A NO that rests on tables, order, local search or few data points has a plain proof as well."""

import random
from collections import Counter

import pytest

from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.methods.auto import AutoMethod
from qnnhard.methods.lazy import LazyMethod
from qnnhard.methods.portfolio.method import PortfolioMethod
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import How, Verdict
from tests.helpers import random_instance
from tests.qnnhard.encoding.symmetry.test_neurons import twins
from tests.qnnhard.encoding.tables.instances import conflicting_instance, tabular_instance

MAKERS = [random_instance, tabular_instance, conflicting_instance, twins]


def check(instance: TrainingInstance, seed: int, proof: str) -> Verdict:
    """Compare the ways to answer, and check a proof of a NO on the plain encoding."""
    answers = {
        backend.name: backend.solve(instance, Deadline(60)).verdict
        for backend in (SatMethod(), PortfolioMethod(), AutoMethod(), LazyMethod())
        if instance.bound == 0 or not isinstance(backend, LazyMethod)
    }
    assert len(set(answers.values())) == 1, (seed, answers)
    verdict = answers["sat"]
    if verdict is Verdict.NO:
        certified = SatMethod(proof, tables=False).solve(instance, Deadline(60))
        assert (certified.verdict, certified.how) == (Verdict.NO, How.PROOF_CHECKED), seed
    return verdict


@pytest.mark.parametrize("count", [12, pytest.param(40, marks=pytest.mark.long)])
@pytest.mark.parametrize("make", MAKERS)
def test_every_no_of_small_instances_has_a_checked_proof_on_the_plain_encoding(
    tmp_path, make, count
):
    pytest.importorskip("dratify")
    proof = str(tmp_path / "proof.drat")
    seen = Counter(check(make(random.Random(seed)), seed, proof) for seed in range(count))
    assert seen[Verdict.NO] >= count // 10


@pytest.mark.long
@pytest.mark.parametrize("make", MAKERS)
def test_every_no_of_many_instances_has_a_checked_proof_on_the_plain_encoding(tmp_path, make):
    pytest.importorskip("dratify")
    proof = str(tmp_path / "proof.drat")
    for seed in range(90_000, 91_000):
        check(make(random.Random(seed)), seed, proof)
