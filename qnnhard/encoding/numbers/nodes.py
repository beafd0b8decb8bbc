"""Order-encoded integers: leaves, sums and products with their attainable values.

A node stands for an integer with a known finite set of attainable values. Its literal number i
says "the value is at least ``values[i]``". Leaves have their literals from outside; those of
sums and products are made by the builder.

A flat sum has leaves of two values the same gap apart, so that it counts true literals. "Fewer
than t" is then one clause for every t literals, and "at least t of n" one for every n - t + 1;
where these are few, no auxiliary variables are spent.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import comb

from instances.errors import Unsupported
from qnnhard.encoding.numbers.forms import Form, Meaning, Word, renamed

VALUES_LIMIT = 1 << 16
"""Most values that one node may attain: the encoding is linear to quadratic in this number."""

_PAIRS_LIMIT = 1 << 22

FEW = 12
"""Most clauses for a threshold of any kind."""

FEW_PAIRS = 300
"""Most clauses for "at most one" and "at most one is missing"."""

LEAVES_LIMIT = 1 << 10
"""Most leaves of a flat sum."""


def few_clauses(leaves: int, width: int) -> bool:
    """Return whether there are few clauses with `width` of the literals of `leaves` leaves."""
    return comb(leaves, width) <= (FEW_PAIRS if width == 2 else FEW)


class Node:
    """An integer with known attainable `values`, in increasing order."""

    __slots__ = ()
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Leaf(Node):
    """A node with given literals: number i - 1 says that the value is at least ``values[i]``."""

    values: Sequence[int]
    literals: Sequence[int]

    def scaled(self, factor: int) -> "Leaf":
        """Return the leaf of `factor` times the value, over the same literals."""
        if factor > 0:
            return Leaf([factor * value for value in self.values], self.literals)
        values = [factor * value for value in reversed(self.values)]
        return Leaf(values, [-literal for literal in reversed(self.literals)])

    def between(self, low: int, high: int) -> "Leaf":
        """Return the leaf of the value where it is known to be from `low` to `high`."""
        begin, end = bisect_left(self.values, low), bisect_right(self.values, high)
        return Leaf(self.values[begin:end], self.literals[begin : end - 1])

    def form(self) -> Form:
        """Return the value as a linear form of the literals."""
        result = Form(self.values[0])
        for (below, above), literal in zip(pairwise(self.values), self.literals, strict=True):
            result.add(above - below, literal)
        return result

    def over(self, meaning: Meaning) -> "Leaf":
        """Return the leaf over the literals that its variables stand for."""
        literals = tuple(renamed(literal, meaning) for literal in self.literals)
        return Leaf(tuple(self.values), literals)


Integer = Leaf | Word
"""An integer that a formula speaks about: in order, or in binary."""


class Derived(Node):
    """A node whose literals are made on demand: a sum, or a product of two leaves.

    `label` is the stem of the names of its literals.
    """

    __slots__ = ("defined", "label", "left", "right", "values", "variables")

    def __init__(self, left: Node, right: Node, values: Sequence[int], label: str) -> None:
        self.values = values
        self.label = label
        self.left = left
        self.right = right
        self.variables: dict[int, int] = {}
        self.defined: set[tuple[int, int]] = set()


class Sum(Derived):
    """The sum of two independent nodes.

    `leaves` are its leaves and products of two values if it is a flat sum, and empty otherwise;
    the values of each lie `gap` apart.
    """

    __slots__ = ("gap", "leaves")

    def __init__(self, left: Node, right: Node, label: str = "") -> None:
        super().__init__(left, right, _sums(left.values, right.values), label)
        self.gap, self.leaves = _flat(left, right)


class Product(Derived):
    """The product of two independent leaves."""

    __slots__ = ()

    def __init__(self, left: Leaf, right: Leaf, label: str = "") -> None:
        values = sorted({a * b for a in left.values for b in right.values})
        super().__init__(left, right, values, label)


def _sums(left: Sequence[int], right: Sequence[int]) -> Sequence[int]:
    low, high = left[0] + right[0], left[-1] + right[-1]
    if len(left) * len(right) <= _PAIRS_LIMIT and not (_dense(left) and _dense(right)):
        values: Sequence[int] = sorted({a + b for a in left for b in right})
    elif high - low <= VALUES_LIMIT:
        # Values that no pair gives cost a few clauses, and do no harm.
        values = range(low, high + 1)
    else:
        values = range(VALUES_LIMIT + 1)
    if len(values) > VALUES_LIMIT:
        raise Unsupported(
            f"a neuron's sum takes more than {VALUES_LIMIT} values: "
            "too many for the unary encoding; use smaller domains or another backend"
        )
    return values


def _flat(left: Node, right: Node) -> tuple[int, tuple[Node, ...]]:
    """Return the common gap and the leaves of a flat sum; 0 and none of another one."""
    gaps: set[int] = set()
    leaves: list[Node] = []
    for node in (left, right):
        if isinstance(node, Sum):
            if not node.leaves:
                return 0, ()
            gaps.add(node.gap)
            leaves.extend(node.leaves)
        elif len(node.values) == 2:
            gaps.add(node.values[1] - node.values[0])
            leaves.append(node)
        elif len(node.values) > 2:
            return 0, ()
    if len(gaps) != 1 or len(leaves) > LEAVES_LIMIT:
        return 0, ()
    return gaps.pop(), tuple(leaves)


def _dense(values: Sequence[int]) -> bool:
    return values[-1] - values[0] == len(values) - 1
