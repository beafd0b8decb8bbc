"""The clause template of one neuron, whichever way its sums are added up."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import numpy as np

from instances.deadline import Deadline
from qnnhard.encoding.formula.template import Shape, Template
from qnnhard.encoding.neurons.profile import Goal, Interface, Profile
from qnnhard.encoding.numbers.builder import Builder
from qnnhard.encoding.numbers.nodes import Integer

T = TypeVar("T")
V = TypeVar("V", bound=Integer)


class Compiler(ABC, Generic[T, V]):
    """Builds the sum at every distinct input, then the values, then what the goals ask.

    `T` is the type of sums before the activation and `V` that of values.
    """

    of_values = False
    """Whether `meet` speaks of `values`, and not of the sums before the activation."""

    def __init__(self, profile: Profile, deadline: Deadline) -> None:
        self.profile = profile
        self.interface = Interface(profile)
        self.builder = Builder(self.interface.size, deadline)
        self.deadline = deadline
        self.probed = False
        self.values: list[V] = []
        self._distances: dict[tuple[int, int], V] = {}

    def run(self) -> Template:
        """Return the clauses that tie the neuron's value to its parameters and predecessors."""
        profile = self.profile
        totals = [self.total(point) for point in range(len(profile.points))]
        distant = bool(profile.goals) and profile.loss in ("l1", "l2")
        if profile.feeds or distant or self.of_values:
            self.values = list(map(self.value, totals))
        shape, literals = Shape.of(self.values) if profile.feeds else (None, [])
        loss, behind = None, list[int]()
        if distant:
            loss, behind = Shape.of(list(map(self._distance, profile.goals)))
        else:
            for goal in profile.goals:
                self.meet(goal, totals[goal.point])
        return Template.of(
            self.builder,
            shape=shape,
            literals=np.array(literals, dtype=np.int32),
            loss=loss,
            loss_literals=np.array(behind, dtype=np.int32),
            passes_through=self.interface.passes_through(literals),
            probed=self.probed,
        )

    @abstractmethod
    def total(self, point: int) -> T:
        """Return the weighted sum minus the bias at one distinct input."""

    @abstractmethod
    def value(self, total: T) -> V:
        """Return the activation of a sum."""

    @abstractmethod
    def meet(self, goal: Goal, total: T) -> None:
        """Require the target, or the group's mismatch where mismatches are allowed."""

    @abstractmethod
    def distance(self, goal: Goal, value: V) -> V:
        """Return |value - target| or its square, as the loss function has it."""

    def _distance(self, goal: Goal) -> V:
        key = goal.point, goal.target
        if key not in self._distances:
            self._distances[key] = self.distance(goal, self.values[goal.point])
        return self._distances[key]
