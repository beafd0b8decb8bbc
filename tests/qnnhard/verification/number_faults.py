"""Faults of single reductions: what one of them reads or builds wrongly, the others do not have."""

from dataclasses import replace
from functools import cached_property

import numpy as np

from tests.qnnhard.verification.faults import NoClaims


class PullOfTheUnchosen:
    """Of numbers as weights those that are not taken."""

    def pull(self, parameters):
        m = len(self.source.numbers)
        return tuple(np.flatnonzero(parameters.weights[:m] == 0).tolist())


class PullWithoutTheFirst:
    def pull(self, parameters):
        return super().pull(parameters)[1:]


class NegatedPull:
    def pull(self, parameters):
        return tuple(not value for value in super().pull(parameters))


class PullOfTheNextBin:
    def pull(self, parameters):
        return tuple(place + 1 for place in super().pull(parameters))


class PullOfTheFirstBin:
    def pull(self, parameters):
        return (0,) * len(self.source.numbers)


class PullOfAGate:
    def pull(self, parameters):
        return (0,)


class EveryNumberIsChosen(NoClaims):
    """The weight 0 is missing."""

    @cached_property
    def target(self):
        made = super().target
        return replace(made, domains=tuple(domain[-1:] for domain in made.domains))


class DoubledNumbers:
    @cached_property
    def target(self):
        made = super().target
        return replace(made, inputs=made.inputs * 2)


class OneBrokenClause(NoClaims):
    @cached_property
    def target(self):
        return replace(super().target, bound=1)


class OneBinFewer:
    @cached_property
    def target(self):
        bins = tuple(range(self.source.bins))
        made = super().target
        domains = tuple(d[:-1] if d == bins and len(bins) > 1 else d for d in made.domains)
        return replace(made, domains=domains)


class OnlyTheLastLoad(NoClaims):
    """No bin has a load to reach but the last."""

    @cached_property
    def target(self):
        made = super().target
        return replace(made, inputs=made.inputs[-1:], targets=made.targets[-1:])


class AtMostZero:
    """The step is negated: "at most 0" instead of "at least 1"."""

    @cached_property
    def target(self):
        made = super().target
        return replace(made, targets=1 - made.targets)
