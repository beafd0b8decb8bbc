"""The clauses that define sums and products of order-encoded integers.

Literals of sums and products are made on demand, and each direction of their definition only
where it is used.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import combinations

from instances.deadline import Deadline
from instances.text.numbers import spell_number
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.numbers.nodes import Derived, Leaf, Node, Sum, few_clauses

IMPLIES, IMPLIED = 1, -1
"""The two directions of a definition: literal -> condition, and condition -> literal."""

_CHECK_EVERY = 1 << 12


class Builder:
    """Collects clauses over local variables 1, 2, ...

    Parameters
    ----------
    interface : int
        Number of variables that come from outside; later ones are auxiliary.
    deadline : Deadline
        Consulted while clauses are made.
    """

    def __init__(self, interface: int, deadline: Deadline) -> None:
        self.interface = interface
        self.names: list[str] = []
        self.clauses: list[tuple[int, ...]] = []
        self.contradiction = False
        self._deadline = deadline

    def variable(self, name: str) -> int:
        """Return a new auxiliary variable."""
        self.names.append(name)
        return self.interface + len(self.names)

    def name_value(self, literal: int, name: str) -> None:
        """Call an auxiliary variable by the neuron's value that it stands for, once."""
        place = abs(literal) - self.interface - 1
        if place >= 0 and not self.names[place].startswith("f["):
            self.names[place] = name

    def add(self, *literals: int) -> None:
        """Add a clause, without constants, repeated literals and tautologies."""
        kept = set(literals)
        kept.discard(-TRUE)
        if TRUE in kept or len(set(map(abs, kept))) < len(kept):
            return
        if not kept:
            self.contradiction = True
        self.clauses.append(tuple(sorted(kept, key=abs)))
        if len(self.clauses) % _CHECK_EVERY == 0:
            self._deadline.check()

    def at_least(self, node: Node, index: int, direction: int) -> int:
        """Return a literal for ``node >= node.values[index]``, defined in one direction."""
        if index <= 0:
            return TRUE
        if index >= len(node.values):
            return -TRUE
        if isinstance(node, Leaf):
            return node.literals[index - 1]
        assert isinstance(node, Derived)
        simpler = _collapsed(node, index)
        if simpler:
            return self.at_least(*simpler, direction)
        if index not in node.variables:
            name = f"{node.label}>={spell_number(node.values[index])}"
            node.variables[index] = self.variable(name)
        variable = node.variables[index]
        if (index, direction) not in node.defined:
            node.defined.add((index, direction))
            self._define(node, index, -variable if direction == IMPLIES else variable, direction)
        return variable

    def both(self, node: Node, index: int) -> int:
        """Return a literal equivalent to ``node >= node.values[index]``."""
        self.at_least(node, index, IMPLIES)
        return self.at_least(node, index, IMPLIED)

    def require(self, node: Node, index: int, direction: int, unless: int) -> None:
        """Require ``node >= node.values[index]`` (IMPLIES) or its negation (IMPLIED).

        The requirement is lifted where the literal `unless` holds. No variable is spent on
        the comparison itself.
        """
        simpler = _collapsed(node, index) if isinstance(node, Derived) else None
        if simpler:
            self.require(*simpler, direction, unless)
        elif isinstance(node, Derived) and 0 < index < len(node.values):
            self._define(node, index, unless, direction)
        else:
            self.add(direction * self.at_least(node, index, direction), unless)

    def either(self, first: int, second: int, name: str) -> int:
        """Return a literal equivalent to the disjunction of two."""
        if first == -TRUE or second == TRUE:
            return second
        if second == -TRUE or first == TRUE:
            return first
        variable = self.variable(name)
        self.add(-variable, first, second)
        self.add(variable, -first)
        self.add(variable, -second)
        return variable

    def _define(self, node: Derived, index: int, head: int, direction: int) -> None:
        if isinstance(node, Sum):
            self._define_sum(node, index, head, direction)
        else:
            self._define_product(node, index, head, direction)

    def _define_sum(self, node: Sum, index: int, head: int, direction: int) -> None:
        """Emit the clauses over left literals [L >= a] and right literals [R >= j - a].

        IMPLIES: if L is at most a then R must reach j - a; for equal needs the largest a is
        the strongest. IMPLIED: if L reaches a and R reaches j - a the sum is reached; for
        equal needs the smallest a is the strongest.
        """
        goal = node.values[index]
        if node.leaves:
            count = -((node.values[0] - goal) // node.gap)
            width = count if direction == IMPLIED else len(node.leaves) - count + 1
            if few_clauses(len(node.leaves), width):
                literals = [direction * self.at_least(leaf, 1, direction) for leaf in node.leaves]
                for chosen in combinations(literals, width):
                    self.add(head, *chosen)
                return
        needs = [bisect_left(node.right.values, goal - value) for value in node.left.values]
        last = len(needs) - 1
        for i, need in enumerate(needs):
            if direction == IMPLIES:
                if need and (i == last or needs[i + 1] != need):
                    above = self.at_least(node.left, i + 1, IMPLIES)
                    self.add(head, above, self.at_least(node.right, need, IMPLIES))
            elif need < len(node.right.values) and (i == 0 or needs[i - 1] != need):
                reached = self.at_least(node.left, i, IMPLIED)
                self.add(head, -reached, -self.at_least(node.right, need, IMPLIED))

    def _define_product(self, node: Derived, index: int, head: int, direction: int) -> None:
        """Emit one clause for every maximal rectangle of value pairs that the head rules out."""
        right = node.right.values
        ruled_out = [
            _ruled_out(value, node.values[index], right, direction) for value in node.left.values
        ]
        rectangles: dict[tuple[int, int, int, int], None] = {}
        for i, (begin, end) in enumerate(ruled_out):
            if begin == end:
                continue
            low = high = i
            while low > 0 and _within(begin, end, ruled_out[low - 1]):
                low -= 1
            while high + 1 < len(ruled_out) and _within(begin, end, ruled_out[high + 1]):
                high += 1
            rectangles[low, high, begin, end - 1] = None
        for low, high, begin, end in rectangles:
            self.add(
                head,
                -self.at_least(node.left, low, IMPLIED),
                self.at_least(node.left, high + 1, IMPLIES),
                -self.at_least(node.right, begin, IMPLIED),
                self.at_least(node.right, end + 1, IMPLIES),
            )


def _ruled_out(value: int, goal: int, right: Sequence[int], direction: int) -> tuple[int, int]:
    """Return the positions of right values b, an interval, that the literal's head excludes.

    IMPLIES excludes the pairs with value * b < goal, IMPLIED those with value * b >= goal.
    """
    if value == 0:
        reached = (0, len(right)) if goal <= 0 else (0, 0)
    elif value > 0:
        reached = (bisect_left(right, -(-goal // value)), len(right))
    else:
        # value * b >= goal holds exactly for b <= floor(goal / value).
        reached = (0, bisect_right(right, goal // value))
    if direction == IMPLIED:
        return reached
    if reached[0] == 0:
        return reached[1], len(right)
    return 0, reached[0]


def _within(begin: int, end: int, other: tuple[int, int]) -> bool:
    return other[0] <= begin and end <= other[1]


def _collapsed(node: Derived, index: int) -> tuple[Node, int] | None:
    """Return a child threshold equivalent to the node's where one side alone decides."""
    if not isinstance(node, Sum) or not 0 < index < len(node.values):
        return None
    goal, top = node.values[index], len(node.right.values)
    first = bisect_left(node.right.values, goal - node.left.values[0])
    last = bisect_left(node.right.values, goal - node.left.values[-1])
    if first == last:
        return node.right, first
    if first == top and last == 0:
        full = bisect_left(node.left.values, goal - node.right.values[0])
        if bisect_left(node.right.values, goal - node.left.values[full - 1]) == top:
            return node.left, full
    return None
