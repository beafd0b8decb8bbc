"""The clause template of one neuron: unary sums over a balanced tree of its in-edges."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from instances.deadline import Deadline
from instances.text.numbers import spell_number
from qnnhard.encoding.formula.template import (
    Literals,
    Shape,
    Template,
    clause_blocks,
    distinct_blocks,
)
from qnnhard.encoding.neurons.binary import compile_wide, needs_binary
from qnnhard.encoding.neurons.counting import flat_blocks
from qnnhard.encoding.neurons.intervals import Intervals, find_intervals
from qnnhard.encoding.neurons.probing import probe
from qnnhard.encoding.neurons.profile import Goal, Interface, NeuronTask, shape_of
from qnnhard.encoding.numbers.builder import IMPLIED, IMPLIES, TRUE, Builder
from qnnhard.encoding.numbers.nodes import Leaf, Node, Product, Sum


def compile_neuron(task: NeuronTask, deadline: Deadline) -> Template:
    """Return the clauses that tie a neuron's value to its parameters and predecessors.

    Raises
    ------
    Unsupported
        Where a pre-activation takes too many values for a unary encoding.
    LimitReached
        When the deadline passes.
    """
    if needs_binary(task):
        return compile_wide(task, deadline)
    return _Compiler(task, deadline).run()


@dataclass(frozen=True)
class _PreActivation:
    """The sum before the activation: a node plus a constant."""

    node: Node
    offset: int


class _Compiler:
    """Builds the pre-activation of every distinct input, then the values, then the goals."""

    def __init__(self, task: NeuronTask, deadline: Deadline) -> None:
        self.task = task
        self.interface = Interface(task)
        self.builder = Builder(self.interface.size, deadline)
        self.deadline = deadline
        self.leaves: dict[tuple[object, ...], Node] = {}
        self.totals: dict[tuple[int, ...], Node] = {}
        self.sums: dict[tuple[int, int], Sum] = {}
        self.distances: dict[tuple[int, int], Leaf] = {}

    def run(self) -> Template:
        goals = find_intervals(self.task)
        probed = goals is not None and self._probe(goals)
        if self.builder.contradiction:
            return Template(self.builder.interface, (), (), contradiction=True, probed=probed)
        if goals is not None:
            flat = flat_blocks(goals, [*self.interface.weights, self.interface.bias])
            if flat is not None:
                blocks = distinct_blocks((*clause_blocks(self.builder.clauses), *flat))
                return Template(self.builder.interface, (), blocks, probed=probed)
        sums = [self._pre_activation(point) for point in range(len(self.task.points))]
        values: list[Leaf] | None = None
        if self.task.feeds or self.task.loss in ("l1", "l2") or self._squares:
            values = [self._value(point, sums[point]) for point in range(len(sums))]
        shape, literals = shape_of(values) if values and self.task.feeds else (None, [])
        loss: Shape | None = None
        loss_literals: list[int] = []
        if self.task.goals:
            if self.task.loss in ("l1", "l2"):
                assert values is not None
                distances = [self._distance(goal, values[goal.point]) for goal in self.task.goals]
                loss, loss_literals = shape_of(distances)
            else:
                for goal in self.task.goals:
                    self._meet(goal, sums[goal.point], values)
        builder = self.builder
        return Template(
            interface=builder.interface,
            auxiliary=tuple(builder.names),
            blocks=clause_blocks(builder.clauses),
            shape=shape,
            literals=_literals(literals),
            loss=loss,
            loss_literals=_literals(loss_literals),
            passes_through=self.interface.passes_through(literals),
            contradiction=builder.contradiction,
            probed=probed,
        )

    def _probe(self, goals: Intervals) -> bool:
        """Narrow the parameters to what the goals leave of them; return whether they do."""
        box = probe(self.task, goals, self.deadline)
        if not box.bias:
            self.builder.add()
            return True
        domains, narrowed = self.task.weights, False
        for position, (least, most) in enumerate(box.weights):
            if most - least < len(domains[position]) - 1:
                values = domains[position][least : most + 1]
                weight = self.interface.weights[position]
                self.interface.weights[position] = self._narrowed(weight, values)
                narrowed = True
        if len(box.bias) < len(self.task.bias):
            left = [-self.task.bias[place] for place in reversed(box.bias)]
            self.interface.bias = self._narrowed(self.interface.bias, left)
            narrowed = True
        return narrowed

    def _narrowed(self, leaf: Leaf, left: Sequence[int]) -> Leaf:
        """Exclude all values but those `left`, and return a leaf from the least to the largest."""
        reached = (TRUE, *leaf.literals, -TRUE)
        for value, (this, next_) in zip(leaf.values, pairwise(reached), strict=True):
            if value not in left:
                self.builder.add(-this, next_)
        return leaf.between(left[0], left[-1])

    @property
    def _squares(self) -> bool:
        return self.task.scaled.square

    def _pre_activation(self, point: int) -> _PreActivation:
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
        name = self.task.points[point]
        if len(bias.values) == 1:
            offset += bias.values[0]
            if not items:
                return _PreActivation(Leaf((0,), ()), offset)
            return _PreActivation(self._total(items, name), offset)
        if not items:
            return _PreActivation(bias, offset)
        tree = self._total(items, name)
        return _PreActivation(self._add(tree, bias, f"s[{{v}}|{name}]"), offset)

    def _multiple(self, position: int, weight: Leaf, factor: int) -> Node:
        """Return a weight times a known value; equal ones at several inputs are one node."""
        key = (position, factor)
        if key not in self.leaves:
            self.leaves[key] = weight.scaled(factor)
        return self.leaves[key]

    def _leaf(self, position: int, weight: Leaf, point: int) -> Node:
        """Return a weight times an open value; equal products at several inputs are one node."""
        source = self.interface.source(position, point)
        assert isinstance(source, Leaf)
        key = (position, tuple(source.values), tuple(source.literals))
        if key not in self.leaves:
            if len(weight.values) == 1:
                self.leaves[key] = source.scaled(weight.values[0])
            else:
                label = f"p[{{u[{position}]}},{{v}}|{self.task.points[point]}]"
                self.leaves[key] = Product(source, weight, label)
        return self.leaves[key]

    def _total(self, items: list[tuple[int, Node]], point: str) -> Node:
        """Add up leaves by a balanced tree; equal sums at several inputs are one node."""
        key = tuple(id(leaf) for _, leaf in items)
        if key not in self.totals:
            self.totals[key] = self._tree(items, 0, len(self.task.weights), point)
        return self.totals[key]

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
        if key not in self.sums:
            self.sums[key] = Sum(left, right, label)
        return self.sums[key]

    def _value(self, point: int, total: _PreActivation) -> Leaf:
        """Return the neuron's value at one distinct input with literals defined both ways."""
        name = self.task.points[point]
        before = [value + total.offset for value in total.node.values]
        after = [self.task.scaled(value) for value in before]
        values = sorted(set(after))
        literals = []
        for value in values[1:]:
            label = f"f[{{v}}|{name}]>={spell_number(value)}"
            if self._squares:
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

    def _meet(self, goal: Goal, total: _PreActivation, values: list[Leaf] | None) -> None:
        """Require the target, or the group's mismatch where mismatches are allowed."""
        unless = self.interface.goal_exception(goal)
        if values is not None and self._squares:
            node: Node = values[goal.point]
            after: Sequence[int] = node.values
        else:
            node = total.node
            after = [self.task.scaled(value + total.offset) for value in node.values]
        target = self.task.reachable(goal)
        if target is None or target not in after:
            self.builder.add(unless)
            return
        first = next(i for i, value in enumerate(after) if value >= target)
        beyond = next((i for i, value in enumerate(after) if value > target), len(after))
        self.builder.require(node, first, IMPLIES, unless)
        self.builder.require(node, beyond, IMPLIED, unless)

    def _distance(self, goal: Goal, value: Leaf) -> Leaf:
        """Return |value - target| or its square, as the loss function has it."""
        key = (goal.point, goal.target)
        if key in self.distances:
            return self.distances[key]
        power = 1 if self.task.loss == "l1" else 2
        stretched = [self.task.stretch * v for v in value.values]
        gaps = [abs(v - goal.target) for v in stretched]
        distances = sorted(set(gaps))
        literals = []
        name = f"e[{{v}}|{self.task.points[goal.point]},y={spell_number(goal.target)}]"
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
        self.distances[key] = Leaf([gap**power for gap in distances], literals)
        return self.distances[key]


def _literals(variables: list[int]) -> Literals:
    return np.array(variables, dtype=np.int32)
