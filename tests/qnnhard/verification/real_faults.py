"""Faults of the simulation over the reals."""

from dataclasses import replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from instances.training.parameters import Parameters, lowest
from qnnhard.methods.enumeration import all_solutions
from reductions.claims import exactly
from reductions.to_reals.constraints import constraints
from reductions.to_reals.continuous import ContinuousReduction
from tests.qnnhard.verification import faults
from tests.qnnhard.verification.faults import NoClaims


class MiscountedReals:
    def claims(self):
        return exactly(real=len(constraints(self.source)) + 1)


class DroppedConstraint(NoClaims):
    @cached_property
    def simulation(self):
        made = super().simulation
        count = len(self.source.network.outputs) + max(0, len(made.outputs) - 1)
        network = replace(made.instance.network, outputs=made.instance.network.outputs[:count])
        targets = made.instance.targets[:, :count]
        return replace(made, instance=replace(made.instance, network=network, targets=targets))


class ConstraintWithoutLastRoot(NoClaims):
    @cached_property
    def simulation(self):
        source = self.source
        narrow = tuple(d[:-1] if len(d) > 2 else d for d in source.domains)
        made = ContinuousReduction(replace(source, d=None, domains=narrow)).simulation
        return replace(made, constraints=tuple(constraints(source)))


class PushOfLeast:
    def push(self, witness):
        return super().push(Parameters(*lowest(self.source)))


class PushOffTheDomains:
    def push(self, witness):
        made = super().push(witness)
        real = self.simulation.instance.real_weights
        return Parameters(made.weights + Fraction(1, 2) * real, made.biases)


class PullOfLeast:
    def pull(self, parameters):
        return Parameters(*lowest(self.source))


class PullOfAnother:
    def pull(self, parameters):
        *_, last = all_solutions(self.source)
        return last


class ProductThatIsNone:
    @cached_property
    def target(self):
        made = super().target
        third = np.where(made.frozen.weights == Fraction(1, 4), Fraction(1, 3), made.frozen.weights)
        return replace(made, frozen=Parameters(third, made.frozen.biases))


class DiscreteBuild:
    @property
    def target(self):
        return self.source


REAL = {
    MiscountedReals: {"claim-violated"},
    DroppedConstraint: {"no-to-yes", "pull-rejected", "claim-violated"},  # on between.json
    ConstraintWithoutLastRoot: {"yes-to-no", "push-rejected", "claim-violated"},  # on last.json
    PushOfLeast: {"push-rejected"},
    PushOffTheDomains: {"push-rejected"},
    faults.PushOfNothing: {"push-rejected"},
    PullOfLeast: {"pull-rejected"},
    PullOfAnother: {"pull-rejected"},
    faults.PullOfNothing: {"pull-rejected"},
    faults.DroppedPoint: {"no-to-yes"},
    faults.BoundThatAllMeet: {"no-to-yes", "pull-rejected"},
    faults.NegativeBound: {"yes-to-no", "push-rejected"},
    ProductThatIsNone: {"push-rejected"},
    DiscreteBuild: {"not-a-target"},
    faults.BuildThatRaises: {"not-a-target"},
}
"""Every fault, and what it is reported as."""
