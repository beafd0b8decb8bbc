"""The clause template of one neuron: unary sums over a balanced tree of its in-edges."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from instances.deadline import Deadline
from instances.training.activations import Activation
from qnnhard.encoding.builder import IMPLIED, IMPLIES, TRUE, Builder, Leaf, Node, Product, Sum
from qnnhard.encoding.template import Literals, Shape, Template, clause_blocks


@dataclass(frozen=True)
class Goal:
    """A target of an output neuron at one distinct input.

    `group` numbers the pair of input and target row among those of the dataset.
    """

    point: int
    target: int
    group: int


@dataclass(frozen=True)
class NeuronTask:
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


def compile_neuron(task: NeuronTask, deadline: Deadline) -> Template:
    """Return the clauses that tie a neuron's value to its parameters and predecessors.

    Raises
    ------
    Unsupported
        Where a pre-activation takes too many values for a unary encoding.
    LimitReached
        When the deadline passes.
    """
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
        self.weights: list[Leaf] = []
        self.source_start: list[int] = []
        start = 1
        for domain in task.weights:
            self.weights.append(_parameter(domain, start))
            start += len(domain) - 1
        self.bias = _parameter(tuple(-value for value in reversed(task.bias)), start, -1)
        start += len(task.bias) - 1
        self.parameters = start - 1
        for shape in task.sources:
            self.source_start.append(start)
            start += shape.count
        self.sources_end = start - 1
        self.mismatch = start
        if task.loss == "mismatch":
            start += task.groups
        self.builder = Builder(start - 1, deadline)
        self.deadline = deadline
        self.leaves: dict[tuple[object, ...], Node] = {}
        self.sums: dict[tuple[int, int], Sum] = {}
        self.nonzero: list[list[int]] | None = None
        self.distances: dict[tuple[int, int], Leaf] = {}

    def run(self) -> Template:
        sums = [self._pre_activation(point) for point in range(len(self.task.points))]
        values: list[Leaf] | None = None
        if self.task.feeds or self.task.loss in ("l1", "l2") or self._squares:
            values = [self._value(point, sums[point]) for point in range(len(sums))]
        shape, literals = _shape(values) if values and self.task.feeds else (None, [])
        loss: Shape | None = None
        loss_literals: list[int] = []
        if self.task.goals:
            if self.task.loss in ("l1", "l2"):
                assert values is not None
                distances = [self._distance(goal, values[goal.point]) for goal in self.task.goals]
                loss, loss_literals = _shape(distances)
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
            passes_through=any(
                self.parameters < abs(literal) <= self.sources_end for literal in literals
            ),
            contradiction=builder.contradiction,
        )

    @property
    def _squares(self) -> bool:
        return self.task.activation.kind == "square"

    def _pre_activation(self, point: int) -> _PreActivation:
        """Return the weighted sum minus the bias at one distinct input."""
        self.deadline.check()
        offset = 0
        items: list[tuple[int, Node]] = []
        for position in self._contributing(point):
            weight, shape = self.weights[position], self.task.sources[position]
            values, literals = (
                shape.seen[point] if shape.known is None else ((shape.known[point],), ())
            )
            if len(values) == 1 and len(weight.values) == 1:
                offset += values[0] * weight.values[0]
            elif tuple(weight.values) != (0,) and values != (0,):
                items.append((position, self._leaf(position, weight, values, literals, point)))
        name = self.task.points[point]
        if len(self.bias.values) == 1:
            offset += self.bias.values[0]
            if not items:
                return _PreActivation(Leaf((0,), ()), offset)
            return _PreActivation(self._tree(items, 0, len(self.weights), name), offset)
        if not items:
            return _PreActivation(self.bias, offset)
        tree = self._tree(items, 0, len(self.weights), name)
        return _PreActivation(self._add(tree, self.bias, f"s[{{v}}|{name}]"), offset)

    def _contributing(self, point: int) -> list[int]:
        """Return the in-edges whose source is not known to be 0 at a distinct input."""
        if self.nonzero is None:
            sources = self.task.sources
            flat = [shape.known or (1,) * len(self.task.points) for shape in sources]
            table = np.array(flat, dtype=np.int64).reshape(len(sources), len(self.task.points))
            self.nonzero = [np.flatnonzero(column).tolist() for column in table.T]
        return self.nonzero[point]

    def _leaf(
        self,
        position: int,
        weight: Leaf,
        values: tuple[int, ...],
        literals: tuple[int, ...],
        point: int,
    ) -> Node:
        """Return weight times source value; equal products at several inputs are one node."""
        key = (position, values, literals)
        if key not in self.leaves:
            start = self.source_start[position] - 1
            source = Leaf(
                values,
                [literal + start if literal > 0 else literal - start for literal in literals],
            )
            if len(values) == 1:
                self.leaves[key] = weight.scaled(values[0])
            elif len(weight.values) == 1:
                self.leaves[key] = source.scaled(weight.values[0])
            else:
                label = f"p[{{u[{position}]}},{{v}}|{self.task.points[point]}]"
                self.leaves[key] = Product(source, weight, label)
        return self.leaves[key]

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
        activation, name = self.task.activation, self.task.points[point]
        before = [value + total.offset for value in total.node.values]
        after = [int(activation(value)) for value in before]
        values = sorted(set(after))
        literals = []
        for value in values[1:]:
            label = f"f[{{v}}|{name}]>={value}"
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
        unless = self.mismatch + goal.group if self.task.loss == "mismatch" else -TRUE
        if values is not None and self._squares:
            node: Node = values[goal.point]
            after: Sequence[int] = node.values
        else:
            node = total.node
            after = [int(self.task.activation(value + total.offset)) for value in node.values]
        if goal.target not in after:
            self.builder.add(unless)
            return
        first = next(i for i, value in enumerate(after) if value >= goal.target)
        beyond = next((i for i, value in enumerate(after) if value > goal.target), len(after))
        self.builder.require(node, first, IMPLIES, unless)
        self.builder.require(node, beyond, IMPLIED, unless)

    def _distance(self, goal: Goal, value: Leaf) -> Leaf:
        """Return |value - target| or its square, as the loss function has it."""
        key = (goal.point, goal.target)
        if key in self.distances:
            return self.distances[key]
        power = 1 if self.task.loss == "l1" else 2
        gaps = [abs(v - goal.target) for v in value.values]
        distances = sorted(set(gaps))
        literals = []
        for gap in distances[1:]:
            above = next(
                (i for i, v in enumerate(value.values) if v >= goal.target + gap), len(gaps)
            )
            below = sum(v <= goal.target - gap for v in value.values)
            literals.append(
                self.builder.either(
                    self.builder.at_least(value, above, IMPLIED),
                    -self.builder.at_least(value, below, IMPLIES) if below else -TRUE,
                    f"e[{{v}}|{self.task.points[goal.point]},y={goal.target}]>={gap**power}",
                )
            )
        self.distances[key] = Leaf([gap**power for gap in distances], literals)
        return self.distances[key]


def _parameter(values: tuple[int, ...], start: int, sign: int = 1) -> Leaf:
    """Return the leaf of a parameter whose literals begin at variable `start`.

    With ``sign`` -1 the values are the negated domain in increasing order: "-b is at least
    -domain[i]" is the negation of "b is at least domain[i + 1]".
    """
    count = len(values) - 1
    if sign > 0:
        return Leaf(values, range(start, start + count))
    return Leaf(values, [-variable for variable in range(start + count - 1, start - 1, -1)])


def _shape(leaves: list[Leaf]) -> tuple[Shape, list[int]]:
    """Return the shape of order-encoded values, and the distinct literals that it numbers."""
    number: dict[int, int] = {}
    seen = []
    for leaf in leaves:
        indices = []
        for literal in leaf.literals:
            index = number.setdefault(abs(literal), len(number) + 1)
            indices.append(index if literal > 0 else -index)
        seen.append((tuple(leaf.values), tuple(indices)))
    return Shape(len(number), tuple(seen)), list(number)


def _literals(variables: list[int]) -> Literals:
    return np.array(variables, dtype=np.int32)
