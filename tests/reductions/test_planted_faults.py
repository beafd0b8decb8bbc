"""Faults planted in reductions and bridges: the comparison must catch every one."""

import dataclasses
from functools import cached_property

import numpy as np
import pytest

from instances.sources.cnf import Cnf
from reductions.between.one_in_three_to_exact_cover import OneInThreeToExactCover
from reductions.between.sat_to_3_sat import SatTo3Sat
from reductions.to_training.bounded_degree import BoundedDegree
from reductions.to_training.disjoint_paths import DisjointPathsReduction
from reductions.to_training.exact_cover import ExactCoverReduction
from reductions.to_training.hitting_set import HittingSetReduction
from reductions.to_training.two_inputs import TwoInputs
from tests.reductions.comparison import Disagreement, compare, compare_bridge
from tests.reductions.sources import random_sources


class WithoutPointOfZ(ExactCoverReduction):
    """Drops the point (e_z, 0), and claims nothing that would show it."""

    def _data(self):
        inputs, targets = super()._data()
        return inputs[1:], targets[1:]

    def claims(self):
        return []


class MisclaimsPoints(ExactCoverReduction):
    """Forgets in its claims that points come in twos."""

    def claims(self):
        source = self.source
        return [
            dataclasses.replace(claim, value=source.universe + 1)
            if claim.measure == "points"
            else claim
            for claim in super().claims()
        ]


class PullsZ(ExactCoverReduction):
    """Reads the wrong inputs."""

    def pull(self, witness):
        return tuple(np.flatnonzero(witness.weights[1:] == 1).tolist())


class PushesNoBias(ExactCoverReduction):
    """Forgets the bias."""

    def push(self, witness):
        good = super().push(witness)
        return dataclasses.replace(good, biases=0 * good.biases)


class OneMoreMismatch(HittingSetReduction):
    """Allows one mismatch too many."""

    @cached_property
    def target(self):
        instance = super().target
        return dataclasses.replace(instance, bound=instance.bound + 1)

    def claims(self):
        return []


class ForgetsNegation(TwoInputs):
    """Reads every variable inverted."""

    def pull(self, witness):
        return tuple(not value for value in super().pull(witness))


class OpenCycle(BoundedDegree):
    """Makes the first link of every cycle one that asks for nothing."""

    @cached_property
    def target(self):
        instance = super().target
        network = instance.network
        names = [network.names[v] for v in network.outputs]
        idle = [name.startswith("l") and name.endswith("_0") for name in names]
        return dataclasses.replace(instance, targets=np.where(idle, 0, instance.targets))


class OneStepForTwo(DisjointPathsReduction):
    """Leaves out the point where input 1 alone is on: a path may serve two pairs."""

    @cached_property
    def target(self):
        instance = super().target
        inputs, targets = instance.inputs.copy(), instance.targets.copy()
        inputs[1:2], targets[1:2] = inputs[0], targets[0]
        return dataclasses.replace(instance, inputs=inputs, targets=targets)

    def claims(self):
        return []


class SkipsTheEnd(DisjointPathsReduction):
    """Reads paths that lack their last vertex."""

    def pull(self, witness):
        return tuple(path[:-1] for path in super().pull(witness))


class DropsLiterals(SatTo3Sat):
    """Cuts long clauses instead of chaining them."""

    @cached_property
    def target(self):
        source = self.source
        return Cnf.of(source.variables, [clause[:3] for clause in source.clauses])

    def claims(self):
        return []


class KeepsRepeatedVariables(OneInThreeToExactCover):
    """Gives a set also to variables that a clause repeats."""

    def _variables(self):
        return list(range(1, self.source.variables + 1))

    def claims(self):
        return []


@pytest.mark.parametrize(
    "fault",
    [
        WithoutPointOfZ,
        MisclaimsPoints,
        PullsZ,
        PushesNoBias,
        OneMoreMismatch,
        ForgetsNegation,
        OpenCycle,
        OneStepForTwo,
        SkipsTheEnd,
    ],
)
def test_fault_in_a_reduction_is_caught(fault):
    with pytest.raises(Disagreement):
        compare_all(fault)


@pytest.mark.parametrize(
    "fault",
    [DropsLiterals, KeepsRepeatedVariables],
)
def test_fault_in_a_bridge_is_caught(fault):
    with pytest.raises(Disagreement):
        compare_all_bridged(fault)


@pytest.mark.parametrize("reduction", [ExactCoverReduction, DisjointPathsReduction])
def test_no_fault_without_one(reduction):
    compare_all(reduction)


def compare_all(reduction):
    for source in random_sources(reduction.source_problem, 100, seed=3):
        compare(reduction, source, every=False, limit=20)


def compare_all_bridged(bridge):
    for source in random_sources(bridge.source_problem, 100, seed=3):
        compare_bridge(bridge, source)
