"""What the template of a neuron depends on, and how its interface is numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from instances.canonical.scaled import ScaledActivation
from instances.training.activations import Activation
from qnnhard.encoding.formula.template import Shape
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.numbers.nodes import Integer, Leaf


@dataclass(frozen=True)
class Goal:
    """A target of an output neuron at one distinct input.

    The target is compared with `stretch` times the value, see `Profile`. `group` numbers
    the pair of input and target row among those of the dataset.
    """

    point: int
    target: int
    group: int


@dataclass(frozen=True)
class Profile:
    """All that the template of a neuron depends on.

    Parameters
    ----------
    weights : tuple of integer tuples
        The domain of every in-edge.
    sources : tuple of Shape
        How the predecessors look.
    bias : tuple of int
    activation : Activation
    points : tuple of str
        Names of the distinct inputs.
    feeds : bool
        Whether successors need the neuron's value.
    goals : tuple of Goal
        Empty for hidden neurons.
    loss : str
        ``exact`` where every goal must be met, otherwise the loss function.
    groups : int
        Number of goals of the dataset, the width of the mismatch interface.
    unit : int
        The integer that stands for 1 in the sum before the activation.
    stretch : int
        What the value is multiplied with before it is compared with a target.
    """

    weights: tuple[tuple[int, ...], ...]
    sources: tuple[Shape, ...]
    bias: tuple[int, ...]
    activation: Activation
    points: tuple[str, ...]
    feeds: bool
    goals: tuple[Goal, ...] = ()
    loss: str = "exact"
    groups: int = 0
    unit: int = 1
    stretch: int = 1

    @cached_property
    def known(self) -> NDArray[np.int64] | None:
        """The values of the predecessors, in-edges x inputs, where all are known and safe."""
        vectors = [shape.vector for shape in self.sources if shape.vector is not None]
        if len(vectors) < len(self.sources):
            return None
        return np.array(vectors, dtype=np.int64).reshape(len(vectors), len(self.points))

    def reachable(self, goal: Goal) -> int | None:
        """Return the value that meets a goal, or ``None`` where it lies between two values."""
        quotient, rest = divmod(goal.target, self.stretch)
        return None if rest else quotient

    @cached_property
    def scaled(self) -> ScaledActivation:
        """The activation of multiples of ``1 / unit``."""
        return ScaledActivation(self.activation, self.unit)


class Interface:
    """The local variables of a neuron that come from outside, numbered from 1.

    Weights by edge, the bias, the literals of the sources, and the mismatches. `bias` is the
    *negated* bias, which is added.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.weights: list[Leaf] = []
        self._source_start: list[int] = []
        start = 1
        for domain in profile.weights:
            self.weights.append(_parameter(domain, start))
            start += len(domain) - 1
        self.bias = _parameter(tuple(-value for value in reversed(profile.bias)), start, -1)
        start += len(profile.bias) - 1
        self.parameters = start - 1
        for shape in profile.sources:
            self._source_start.append(start)
            start += shape.count
        self.sources_end = start - 1
        self.mismatch = start
        if profile.loss == "mismatch":
            start += profile.groups
        self.size = start - 1
        self._nonzero: list[list[int]] | None = None

    def contributing(self, point: int) -> list[int]:
        """Return the in-edges whose source is not known to be 0 at a distinct input."""
        if self._nonzero is None:
            every = (1,) * len(self.profile.points)
            # As truth values: numbers of several sizes in one array could become floats.
            table = np.array([shape.known or every for shape in self.profile.sources], np.bool_)
            nonzero = table.reshape(len(self.profile.sources), len(self.profile.points))
            self._nonzero = [np.flatnonzero(column).tolist() for column in nonzero.T]
        return self._nonzero[point]

    def known(self, position: int, point: int) -> int | None:
        """Return a source's value at a distinct input where it is the only one."""
        shape = self.profile.sources[position]
        if shape.known is not None:
            return shape.known[point]
        seen = shape.seen[point]
        return seen.values[0] if isinstance(seen, Leaf) and len(seen.values) == 1 else None

    def source(self, position: int, point: int) -> Integer:
        """Return a source's value at a distinct input, over local literals."""
        start = self._source_start[position] - 1
        return self.profile.sources[position].at(point).over(lambda variable: variable + start)

    def goal_exception(self, goal: Goal) -> int:
        """Return the literal that lifts a goal: its group's mismatch, or none at bound 0."""
        return self.mismatch + goal.group if self.profile.loss == "mismatch" else -TRUE

    def passes_through(self, literals: Sequence[int]) -> bool:
        """Return whether a literal of a source is among `literals`."""
        return any(self.parameters < abs(literal) <= self.sources_end for literal in literals)


def _parameter(values: tuple[int, ...], start: int, sign: int = 1) -> Leaf:
    """Return the leaf of a parameter whose literals begin at variable `start`.

    With ``sign`` -1 the values are the negated domain in increasing order: "-b is at least
    -domain[i]" is the negation of "b is at least domain[i + 1]".
    """
    count = len(values) - 1
    if sign > 0:
        return Leaf(values, range(start, start + count))
    return Leaf(values, [-variable for variable in range(start + count - 1, start - 1, -1)])
