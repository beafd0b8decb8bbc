"""What only another solution than the pushed one, or the solver's, shows."""

import random
from dataclasses import replace
from functools import cached_property

import numpy as np
import pytest

from instances.problems.registry import PROBLEMS
from instances.sources.cnf import Cnf
from instances.training.names import NameBlock, Names
from instances.training.parameters import Parameters
from qnnhard.methods.enumeration import all_solutions
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import Verdict
from qnnhard.verification.outcome import Failure, Outcome
from qnnhard.verification.verify import verify
from reductions.chain import Chain
from reductions.map import Map
from reductions.registry import reductions
from reductions.to_training.exact_cover import ExactCoverReduction
from reductions.to_training.two_inputs import TwoInputs
from tests.helpers import solution, space_size

EASY = Cnf.of(3, [(1, 2), (-1, 3)])


class Idle(Map):
    """two-inputs, with a last neuron that reads the first input and leads nowhere."""

    name = "idle"
    source_problem, target_problem = TwoInputs.source_problem, TwoInputs.target_problem
    statement = construction = provenance = small = "as two-inputs"

    @cached_property
    def inner(self):
        return TwoInputs.build(self.source)

    @cached_property
    def target(self):
        made = self.inner.target
        network = made.network
        last = network.size
        names = Names(tuple(NameBlock(name, None) for name in (*network.names.all(), "z")))
        return replace(
            made,
            network=replace(
                network,
                names=names,
                sources=np.append(network.sources, 0).astype(np.int32),
                targets=np.append(network.targets, last).astype(np.int32),
                activation=np.append(network.activation, network.activation[-1]),
            ),
            weight_domain=np.append(made.weight_domain, made.weight_domain[-1]),
            bias_domain=np.append(made.bias_domain, made.bias_domain[-1]),
        )

    def push(self, witness):
        made = self.inner.push(witness)
        return Parameters(np.append(made.weights, 0), np.append(made.biases, 0))

    def pull(self, witness):
        return self.inner.pull(Parameters(witness.weights[:-1], witness.biases[:-1]))

    def claims(self):
        return []


class ReadsTheIdleWeight(Idle):
    def pull(self, witness):
        found = super().pull(witness)
        return tuple(not value for value in found) if witness.weights[-1] else found


class ReadsTheIdleBias(Idle):
    def pull(self, witness):
        return super().pull(witness)[: 3 - int(witness.biases[-1])]


def verified(kind: type[Map], source: object, **more) -> Outcome:
    return verify(Chain((kind,)), source, "source", SatMethod(), **more)


@pytest.mark.parametrize("wrong", [ReadsTheIdleWeight, ReadsTheIdleBias])
def test_a_pull_that_reads_what_does_not_matter_is_refuted(wrong):
    assert verified(wrong, EASY, solutions=1).preserved
    outcome = verified(wrong, EASY)
    assert outcome.failure is Failure.PULL_REJECTED
    assert len(outcome.failures) == 1
    assert "solutions" in outcome.failures[0][1]
    assert verified(Idle, EASY).preserved


class OnlyTheFirst(ExactCoverReduction):
    """Its pull is right for the first solution that a solver finds, and for pushed ones."""

    @cached_property
    def seen(self) -> list[list[int]]:
        return []

    def push(self, witness):
        made = super().push(witness)
        self.seen.append(made.weights.tolist())
        return made

    def pull(self, witness):
        weights = witness.weights.tolist()
        if len(self.seen) < 2 and weights not in self.seen:
            self.seen.append(weights)
        return super().pull(witness) if weights in self.seen else ()


def test_a_pull_that_is_right_twice_is_refuted():
    source = PROBLEMS.get("exact-cover").parse("4 6\n0 1\n2 3\n0 2\n1 3\n0 3\n1 2\n")
    outcome = verified(OnlyTheFirst, source)
    assert outcome.failure is Failure.PULL_REJECTED


@pytest.mark.parametrize("name", sorted(set(reductions()) - {"continuous"}))
def test_covers_of_reductions_are_complete_where_brute_force_says_so(name):
    chosen = reductions()[name]
    problem = PROBLEMS.get(chosen.source_problem)
    complete = 0
    for seed in range(25):
        source = problem.random(random.Random(seed))
        instance = chosen.build(source).target
        outcome = verified(chosen, source, seed=seed)
        assert outcome.preserved, (seed, outcome.failures)
        if outcome.target_answer is Verdict.NO:
            assert (outcome.solutions, outcome.complete, outcome.covered) == (0, False, "")
        elif outcome.complete and space_size(instance) <= 5000:
            assert outcome.solutions == len(set(map(solution, all_solutions(instance)))), seed
            complete += 1
        assert outcome.solutions <= 64
    assert complete > 0
