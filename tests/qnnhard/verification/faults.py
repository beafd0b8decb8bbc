"""Faults for maps, and the text of a user's file that plants one of them."""

import os
import signal
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from instances.training.parameters import Parameters
from reductions.claims import exactly

FILE = """\
from {home} import {base}
from {faults} import {fault}


class Faulty({fault}, {base}):
    name = "faulty"
"""


def user_file(base: type, fault: type) -> str:
    """The text of a file that defines a map ``faulty``: `base` with a fault."""
    return FILE.format(
        home=base.__module__, base=base.__name__, faults=fault.__module__, fault=fault.__name__
    )


class NoFault:
    """The map as it is."""


class NoClaims:
    """What only a claim would show stays hidden."""

    def claims(self):
        return []


class DroppedPoint(NoClaims):
    @cached_property
    def target(self):
        made = super().target
        return replace(made, inputs=made.inputs[1:], targets=made.targets[1:])


class MovedTarget:
    @cached_property
    def target(self):
        made = super().target
        targets = made.targets.astype(object)
        targets[-1:, 0] += 1
        return replace(made, targets=targets)


class SwappedTarget:
    @cached_property
    def target(self):
        made = super().target
        targets = np.array(made.targets)
        targets[:, :1] = targets[::-1, :1]
        return replace(made, targets=targets)


class NegativeBound(NoClaims):
    @cached_property
    def target(self):
        return replace(super().target, bound=-1)


class BoundThatAllMeet(NoClaims):
    @cached_property
    def target(self):
        made = super().target
        return replace(made, bound=len(made.inputs))


class UndecidableDomain(NoClaims):
    @cached_property
    def target(self):
        return replace(super().target, d=None, domains=((0, Fraction(1, 2**5000), 1),))


class WrongClaim:
    def claims(self):
        return exactly(points=len(self.target.inputs) + 1)


class ClaimAboutNothing:
    def claims(self):
        return exactly(beauty=1)


class ClaimsThatRaise:
    def claims(self):
        raise RuntimeError("no claims today")


class ImageThatRaises:
    def __init__(self, source):
        raise OSError("gone")


class BuildThatRaises:
    @cached_property
    def target(self):
        raise ValueError("cannot build this")


class BuildThatExits:
    @property
    def target(self):
        raise SystemExit(0)


class BuildOfNothing:
    @cached_property
    def target(self):
        super().target


class BuildOfAnInvalidInstance:
    @cached_property
    def target(self):
        return replace(super().target, loss="hinge")


class PushOfZeros:
    def push(self, witness):
        made = super().push(witness)
        return Parameters(0 * made.weights, 0 * made.biases)


class PushOfAnotherSize:
    def push(self, witness):
        return Parameters(np.zeros(1, dtype=int), np.zeros(99, dtype=int))


class PushOfAnotherType:
    def push(self, witness):
        return [0, 1]


class PushOfNothing:
    def push(self, witness):
        super().push(witness)


class PushThatRaises:
    def push(self, witness):
        raise ValueError("two\nlines")


class EmptyPull:
    def pull(self, parameters):
        return ()


class PullOfNothing:
    def pull(self, parameters):
        super().pull(parameters)


class PullThatRaises:
    def pull(self, parameters):
        return parameters.weights[10**6]


class PullThatKills:
    """Not a fault that shows anything: the system may end a process for its memory."""

    def pull(self, witness):
        os.kill(os.getpid(), signal.SIGKILL)


class PullForPushedSolutions:
    """The witness of parameters that push made is right; of any other solution it is not."""

    def push(self, witness):
        made = super().push(witness)
        self.pushed = made.weights.tolist(), made.biases.tolist(), witness
        return made

    def pull(self, parameters):
        *known, witness = getattr(self, "pushed", (None, None, None))
        if [parameters.weights.tolist(), parameters.biases.tolist()] == known:
            return witness
        return tuple(reversed(super().pull(parameters)))[1:]
