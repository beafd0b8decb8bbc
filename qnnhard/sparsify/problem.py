"""Which in-edges of one neuron may lose their weight: a problem about sums of vectors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, lcm, prod

from instances.canonical.scaled import ScaledActivation
from instances.text.numbers import Number, common_denominator
from instances.training.activations import Activation

Vector = tuple[int, ...]
End = int | float
"""An end of an interval: an integer, or infinite."""


@dataclass(frozen=True)
class KeepProblem:
    """Choose how many edges of every class to keep, so that the neuron's values stay.

    Edges with equal contributions to the pre-activation form a class. Coordinates are the data
    points on which the sum of contributions matters.

    Parameters
    ----------
    classes : tuple of tuple of int
        Distinct vectors other than 0, in increasing order.
    counts : tuple of int
        How many edges each class has.
    low, high : tuple
        Ends of the interval that each coordinate of the kept sum must lie in.
    other : tuple
        One more value that the coordinate may have: a square is the same for both signs.
    """

    classes: tuple[Vector, ...]
    counts: tuple[int, ...]
    low: tuple[End, ...]
    high: tuple[End, ...]
    other: tuple[int | None, ...]

    def allows(self, kept: Sequence[int]) -> bool:
        """Return whether keeping `kept` edges of every class leaves the neuron's values."""
        if any(not 0 <= k <= count for k, count in zip(kept, self.counts, strict=True)):
            return False
        sums = [
            sum(k * row[axis] for k, row in zip(kept, self.classes, strict=True) if k)
            for axis in range(len(self.low))
        ]
        ends = zip(sums, self.low, self.high, self.other, strict=True)
        return all(low <= value <= high or value == other for value, low, high, other in ends)

    @cached_property
    def norm(self) -> int:
        """The largest absolute coordinate of a class."""
        return max((abs(value) for row in self.classes for value in row), default=0)

    @cached_property
    def aim(self) -> Vector:
        """The point nearest 0 of the box of allowed sums."""
        return tuple(
            int(max(low, min(0, high))) for low, high in zip(self.low, self.high, strict=True)
        )

    @cached_property
    def one_sided(self) -> int | None:
        """How many edges meet all lower ends, where nothing else can be violated; else None.

        This is so where no contribution is negative and every coordinate has a lower end of
        at most 0 or no upper end. For d = 2 it is at most 2 a coordinate.
        """
        free = all(low <= 0 or high == inf for low, high in zip(self.low, self.high, strict=True))
        if not free or any(value < 0 for row in self.classes for value in row):
            return None
        return sum(self.aim)

    @cached_property
    def lattice_points(self) -> int:
        """One less than the number of lattice points that prefix sums can have.

        In Steinitz order they are within p times the norm of the segment from 0 to `aim`, and
        so in a box; where they are distinct, this is the most edges that are left.
        """
        margin = 2 * len(self.low) * self.norm
        return prod(abs(value) + margin + 1 for value in self.aim) - 1

    @property
    def bound(self) -> int:
        """The in-degree that the Steinitz argument guarantees ([LD] Lemma 1)."""
        if self.one_sided is None:
            return self.lattice_points
        return min(self.one_sided, self.lattice_points)


@dataclass(frozen=True)
class Edges:
    """The edges of a neuron with a weight other than 0, seen by their contributions.

    Parameters
    ----------
    class_of : tuple of (int or None)
        Per edge its class; None where it adds nothing to any coordinate that matters, -1
        where its weight cannot be 0.
    required : int
        How many edges cannot have weight 0.
    """

    problem: KeepProblem
    class_of: tuple[int | None, ...]
    required: int


def keep_problem(
    contributions: Sequence[Sequence[Number]],
    removable: Sequence[bool],
    bias: Number,
    activation: Activation,
) -> Edges:
    """Return the problem of one neuron.

    Parameters
    ----------
    contributions : sequence over edges of sequences over data points
        Weight times value of the predecessor.
    removable : sequence of bool
        Per edge whether 0 is in the domain of its weight.
    """
    unit = lcm(bias.denominator, *map(common_denominator, contributions))
    shape, shift = ScaledActivation(activation, unit), int(bias * unit)
    rows = [tuple(int(value * unit) for value in row) for row in contributions]
    coordinates: dict[tuple[Vector, End, End, int | None], None] = {}
    for column in zip(*rows, strict=True):
        total = sum(column)
        movable = tuple(v if able else 0 for v, able in zip(column, removable, strict=True))
        fixed = total - shift - sum(movable)
        low, high, other = _same_value(shape, total - shift)
        if any(movable) and (low, high) != (-inf, inf):
            other = None if other is None else other - fixed
            coordinates[movable, low - fixed, high - fixed, other] = None
    columns, low_ends, high_ends, others = (
        zip(*coordinates, strict=True) if coordinates else [()] * 4
    )
    vectors: list[Vector] = list(zip(*columns, strict=True)) or [()] * len(rows)
    counted = Counter(
        vector for vector, able in zip(vectors, removable, strict=True) if able and any(vector)
    )
    classes = sorted(counted)
    place: dict[Vector, int] = {vector: number for number, vector in enumerate(classes)}
    problem = KeepProblem(
        tuple(classes), tuple(counted[c] for c in classes), low_ends, high_ends, others
    )
    class_of = tuple(
        place.get(vector) if able else -1 for vector, able in zip(vectors, removable, strict=True)
    )
    return Edges(problem, class_of, class_of.count(-1))


def _same_value(shape: ScaledActivation, total: int) -> tuple[End, End, int | None]:
    """Return the integers that activate as `total` does: an interval, and perhaps one more."""
    if shape.square:
        return total, total, -total
    interval = shape.preimage(shape(total))
    assert interval is not None, "a value has a preimage"
    low, high = interval
    return -inf if low is None else low, inf if high is None else high, None
