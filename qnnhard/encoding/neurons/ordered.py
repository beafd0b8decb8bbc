"""Neurons over order literals: unary sums over a balanced tree of the in-edges."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from instances.deadline import Deadline
from instances.text.numbers import spell_number
from qnnhard.encoding.formula.template import Template, clause_blocks, distinct_blocks
from qnnhard.encoding.neurons.compiler import Compiler
from qnnhard.encoding.neurons.counting import counting_blocks
from qnnhard.encoding.neurons.intervals import Intervals, find_intervals
from qnnhard.encoding.neurons.probing import probe
from qnnhard.encoding.neurons.profile import Goal, Profile
from qnnhard.encoding.numbers.builder import IMPLIED, IMPLIES
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.numbers.nodes import Leaf, Node, Product, Sum


@dataclass(frozen=True)
class _PreActivation:
    """The sum before the activation at an input of some name: a node plus a constant."""

    node: Node
    offset: int
    point: str


class OrderedCompiler(Compiler[_PreActivation, Leaf]):
    """Adds up order-encoded integers; outputs over known predecessors are probed first."""

    def __init__(self, profile: Profile, deadline: Deadline) -> None:
        super().__init__(profile, deadline)
        self.of_values = profile.scaled.square
        self._leaves: dict[tuple[object, ...], Node] = {}
        self._totals: dict[tuple[int, ...], Node] = {}
        self._sums: dict[tuple[int, int], Sum] = {}

    def run(self) -> Template:
        """Return the clauses, made by array operations where the goals count literals."""
        goals = find_intervals(self.profile)
        if goals is not None:
            self._probe(goals)
            if self.builder.contradiction:
                return Template(
                    self.builder.interface, (), (), contradiction=True, probed=self.probed
                )
            counted = counting_blocks(goals, [*self.interface.weights, self.interface.bias])
            if counted is not None:
                blocks = distinct_blocks((*clause_blocks(self.builder.clauses), *counted))
                return Template(self.builder.interface, (), blocks, probed=self.probed)
        return super().run()

    def _probe(self, goals: Intervals) -> None:
        """Narrow the parameters to what the goals leave of them."""
        box = probe(self.profile, goals, self.deadline)
        if not box.bias:
            self.builder.add()
            self.probed = True
            return
        for position, (least, most) in enumerate(box.weights):
            domain = self.profile.weights[position]
            if most - least < len(domain) - 1:
                weight = self.interface.weights[position]
                self.interface.weights[position] = self._narrowed(weight, domain[least : most + 1])
        if len(box.bias) < len(self.profile.bias):
            left = [-self.profile.bias[place] for place in reversed(box.bias)]
            self.interface.bias = self._narrowed(self.interface.bias, left)

    def _narrowed(self, leaf: Leaf, left: Sequence[int]) -> Leaf:
        """Exclude all values but those `left`, and return a leaf from the least to the largest."""
        self.probed = True
        reached = (TRUE, *leaf.literals, -TRUE)
        for value, (this, next_) in zip(leaf.values, pairwise(reached), strict=True):
            if value not in left:
                self.builder.add(-this, next_)
        return leaf.between(left[0], left[-1])

    def total(self, point: int) -> _PreActivation:
        """Return the weighted sum minus the bias at one distinct input."""
        self.deadline.check()
        offset = 0
        items: list[tuple[int, Node]] = []
        weights, bias = self.interface.weights, self.interface.bias
        for position in self.interface.contributing(point):
            weight, value = weights[position], self.interface.known(position, point)
            if value is not None and len(weight.values) == 1:
                offset += value * weight.values[0]
            elif value is not None and value:
                items.append((position, self._multiple(position, weight, value)))
            elif value is None and tuple(weight.values) != (0,):
                items.append((position, self._leaf(position, weight, point)))
        name = self.profile.points[point]
        if len(bias.values) == 1:
            offset += bias.values[0]
            if not items:
                return _PreActivation(Leaf((0,), ()), offset, name)
            return _PreActivation(self._total(items, name), offset, name)
        if not items:
            return _PreActivation(bias, offset, name)
        tree = self._total(items, name)
        return _PreActivation(self._add(tree, bias, f"s[{{v}}|{name}]"), offset, name)

    def _multiple(self, position: int, weight: Leaf, factor: int) -> Node:
        """Return a weight times a known value; equal ones at several inputs are one node."""
        key = (position, factor)
        if key not in self._leaves:
            self._leaves[key] = weight.scaled(factor)
        return self._leaves[key]

    def _leaf(self, position: int, weight: Leaf, point: int) -> Node:
        """Return a weight times an open value; equal products at several inputs are one node."""
        source = self.interface.source(position, point)
        assert isinstance(source, Leaf)
        key = (position, tuple(source.values), tuple(source.literals))
        if key not in self._leaves:
            if len(weight.values) == 1:
                self._leaves[key] = source.scaled(weight.values[0])
            else:
                label = f"p[{{u[{position}]}},{{v}}|{self.profile.points[point]}]"
                self._leaves[key] = Product(source, weight, label)
        return self._leaves[key]

    def _total(self, items: list[tuple[int, Node]], point: str) -> Node:
        """Add up leaves by a balanced tree; equal sums at several inputs are one node."""
        key = tuple(id(leaf) for _, leaf in items)
        if key not in self._totals:
            self._totals[key] = self._tree(items, 0, len(self.profile.weights), point)
        return self._totals[key]

    def _tree(self, items: list[tuple[int, Node]], low: int, high: int, point: str) -> Node:
        """Add up leaves by halving the range of positions, so that sub-sums are shared."""
        while len(items) > 1:
            middle = (low + high) // 2
            split = next((k for k, item in enumerate(items) if item[0] >= middle), len(items))
            if split == 0:
                low = middle
            elif split == len(items):
                high = middle
            else:
                left = self._tree(items[:split], low, middle, point)
                right = self._tree(items[split:], middle, high, point)
                return self._add(left, right, f"s[{{v}}:{low + 1}-{high}|{point}]")
        return items[0][1]

    def _add(self, left: Node, right: Node, label: str) -> Node:
        """Return the sum of two nodes, the same one where the two were added before."""
        key = (id(left), id(right))
        if key not in self._sums:
            self._sums[key] = Sum(left, right, label)
        return self._sums[key]

    def value(self, total: _PreActivation) -> Leaf:
        """Return the activation of a sum, with literals defined both ways."""
        before = [value + total.offset for value in total.node.values]
        after = [self.profile.scaled(value) for value in before]
        values = sorted(set(after))
        literals = []
        for value in values[1:]:
            label = f"f[{{v}}|{total.point}]>={spell_number(value)}"
            if self.of_values:
                first = sum(t < 0 or t * t < value for t in before)
                down = sum(t < 0 and t * t >= value for t in before)
                below = -self.builder.both(total.node, down) if down else -TRUE
                literal = self.builder.either(self.builder.both(total.node, first), below, label)
            else:
                first = next(i for i, t in enumerate(after) if t >= value)
                literal = self.builder.both(total.node, first)
                self.builder.name_value(literal, label)
            literals.append(literal)
        for lower, higher in pairwise(literals):
            self.builder.add(-higher, lower)
        return Leaf(values, literals)

    def meet(self, goal: Goal, total: _PreActivation) -> None:
        """Require the target, or the group's mismatch where mismatches are allowed."""
        unless = self.interface.goal_exception(goal)
        node = self.values[goal.point] if self.of_values else total.node
        after: Sequence[int] = node.values
        if not self.of_values:
            after = [self.profile.scaled(before + total.offset) for before in node.values]
        target = self.profile.reachable(goal)
        if target is None or target not in after:
            self.builder.add(unless)
            return
        first = next(i for i, value in enumerate(after) if value >= target)
        beyond = next((i for i, value in enumerate(after) if value > target), len(after))
        self.builder.require(node, first, IMPLIES, unless)
        self.builder.require(node, beyond, IMPLIED, unless)

    def distance(self, goal: Goal, value: Leaf) -> Leaf:
        """Return |value - target| or its square, as the loss function has it."""
        power = 1 if self.profile.loss == "l1" else 2
        stretched = [self.profile.stretch * v for v in value.values]
        gaps = [abs(v - goal.target) for v in stretched]
        distances = sorted(set(gaps))
        literals = []
        name = f"e[{{v}}|{self.profile.points[goal.point]},y={spell_number(goal.target)}]"
        for gap in distances[1:]:
            above = next((i for i, v in enumerate(stretched) if v >= goal.target + gap), len(gaps))
            below = sum(v <= goal.target - gap for v in stretched)
            literals.append(
                self.builder.either(
                    self.builder.at_least(value, above, IMPLIED),
                    -self.builder.at_least(value, below, IMPLIES) if below else -TRUE,
                    f"{name}>={spell_number(gap**power)}",
                )
            )
        return Leaf([gap**power for gap in distances], literals)
