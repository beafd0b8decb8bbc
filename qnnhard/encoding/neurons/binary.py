"""The clause template of a neuron whose sums are too large for order literals: binary adders."""

from math import gcd

import numpy as np

from instances.deadline import Deadline
from qnnhard.encoding.formula.template import Shape, Template, WideSeen, clause_blocks
from qnnhard.encoding.neurons.profile import Goal, Interface, NeuronTask, shape_of
from qnnhard.encoding.numbers.builder import TRUE, Builder
from qnnhard.encoding.numbers.circuits import Circuits
from qnnhard.encoding.numbers.forms import Form, Word, weighted
from qnnhard.encoding.numbers.nodes import Leaf

UNARY_LIMIT = 4096
"""Sums that may take at most this many values are encoded in unary."""

SMALL = 64
"""Values in a range of this size are handed on as order literals."""


def needs_binary(task: NeuronTask) -> bool:
    """Return whether some pre-activation of the neuron may take more than `UNARY_LIMIT` values.

    The number of values is at most the product of the numbers of values of its parts, and at
    most its range divided by the common divisor of all steps.
    """
    if _reach(task) <= UNARY_LIMIT:
        return False
    bias = [-value for value in task.bias]
    for point in range(len(task.points)):
        count, step, reach = len(bias), _step(bias), bias[0] - bias[-1]
        for weights, shape in zip(task.weights, task.sources, strict=True):
            if shape.known is not None:
                source: tuple[int, ...] = (shape.known[point],)
            else:
                seen = shape.seen[point]
                if isinstance(seen, WideSeen):
                    return True
                source = seen[0]
            products = sorted({a * b for a in source for b in (weights[0], weights[-1])})
            if len(products) > 1 or len(weights) > 1:
                every = [a * b for a in source for b in weights]
                count = min(count * len(set(every)), UNARY_LIMIT + 1)
                step = gcd(step, _step(every))
                reach += max(every) - min(every)
        if count > UNARY_LIMIT and step and reach // step > UNARY_LIMIT:
            return True
    return False


def _reach(task: NeuronTask) -> int:
    """Return a bound on the range of pre-activations at any input, beyond the limit for words."""
    reach = task.bias[-1] - task.bias[0]
    if task.known is not None and task.known.size:
        least, most = task.known.min(axis=1).tolist(), task.known.max(axis=1).tolist()
        return reach + sum(map(_span, least, most, task.weights))
    for weights, shape in zip(task.weights, task.sources, strict=True):
        values = [min(shape.known), max(shape.known)] if shape.known else []
        for seen in shape.seen:
            if isinstance(seen, WideSeen):
                return UNARY_LIMIT + 1
            values += (seen[0][0], seen[0][-1])
        if values:
            reach += _span(min(values), max(values), weights)
    return reach


def _span(low: int, high: int, weights: tuple[int, ...]) -> int:
    """Return a bound on the range of a weight times a value from `low` to `high`."""
    ends = [a * b for a in (low, high) for b in (weights[0], weights[-1])]
    return max(ends) - min(ends)


def _step(values: list[int]) -> int:
    return gcd(*(value - values[0] for value in values))


def compile_wide(task: NeuronTask, deadline: Deadline) -> Template:
    """Return the clauses of a neuron over binary sums; see `compile_neuron`."""
    return _WideCompiler(task, deadline).run()


class _WideCompiler:
    def __init__(self, task: NeuronTask, deadline: Deadline) -> None:
        self.task = task
        self.interface = Interface(task)
        self.builder = Builder(self.interface.size, deadline)
        self.circuits = Circuits(self.builder, "{v}")
        self.deadline = deadline

    def run(self) -> Template:
        totals = [self._total(point) for point in range(len(self.task.points))]
        shape: Shape | None = None
        loss: Shape | None = None
        literals: list[int] = []
        loss_literals: list[int] = []
        values: list[Leaf | Word] = []
        distant = self.task.goals and self.task.loss in ("l1", "l2")
        if self.task.feeds or distant:
            values = [self._value(total) for total in totals]
        if self.task.feeds:
            shape, literals = shape_of(values)
        if distant:
            loss, loss_literals = shape_of(
                [self._distance(goal, values[goal.point]) for goal in self.task.goals]
            )
        else:
            for goal in self.task.goals:
                self._meet(goal, totals[goal.point])
        return Template(
            interface=self.interface.size,
            auxiliary=tuple(self.builder.names),
            blocks=clause_blocks(self.builder.clauses),
            shape=shape,
            literals=np.array(literals, dtype=np.int32),
            loss=loss,
            loss_literals=np.array(loss_literals, dtype=np.int32),
            passes_through=self.interface.passes_through(literals),
            contradiction=self.builder.contradiction,
        )

    def _total(self, point: int) -> Word:
        """Return the weighted sum minus the bias at one distinct input."""
        self.deadline.check()
        total = Form()
        for position in self.interface.contributing(point):
            weight = self.interface.weights[position]
            source = _form(self.interface.source(position, point))
            self._add_product(total, weight, source)
        bias = self.interface.bias
        total.add_form(1, weighted(bias.values, bias.literals))
        return self.circuits.word(total)

    def _add_product(self, total: Form, weight: Leaf, source: Form) -> None:
        """Add weight times source: the least weight times it, and a gated copy a step."""
        total.add_form(weight.values[0], source)
        for below, above, literal in zip(
            weight.values, weight.values[1:], weight.literals, strict=False
        ):
            step = above - below
            total.add(step * source.constant, literal)
            for other, coefficient in source.terms.items():
                total.add(step * coefficient, self.circuits.both(literal, other))

    def _value(self, total: Word) -> Leaf | Word:
        circuits, unit = self.circuits, self.task.unit
        match self.task.activation.kind:
            case "identity":
                return self._handed_on(total)
            case "relu":
                return self._handed_on(circuits.positive_part(total))
            case "relu_clipped":
                ceiling = self.task.activation.maximum * unit
                return self._handed_on(circuits.minimum(circuits.positive_part(total), ceiling))
            case "step":
                return self._thresholds(total, [(0, None), (1, unit)])
            case "sign":
                return self._thresholds(total, [(-1, None), (0, 0), (1, 1)])
            case _:
                return self._handed_on(circuits.square(total))

    def _handed_on(self, value: Word) -> Leaf | Word:
        """Return a value of small range by its order literals."""
        if value.high - value.low >= SMALL:
            return value
        steps: list[tuple[int, int | None]] = [(value.low, None)]
        steps.extend((t, t) for t in range(value.low + 1, value.high + 1))
        return self._thresholds(value, steps)

    def _thresholds(self, total: Word, steps: list[tuple[int, int | None]]) -> Leaf:
        """Return the leaf that takes each step's value from its threshold on."""
        values = [steps[0][0]]
        literals: list[int] = []
        for value, threshold in steps[1:]:
            assert threshold is not None
            literal = self.circuits.at_least(total, threshold)
            if literal == TRUE:
                values, literals = [value], []
            elif literal != -TRUE:
                values.append(value)
                literals.append(literal)
        return Leaf(values, literals)

    def _meet(self, goal: Goal, total: Word) -> None:
        """Require the pre-activations that give the target, or the group's mismatch."""
        unless = self.interface.goal_exception(goal)
        target = self.task.reachable(goal)
        if target is None:
            self.builder.add(unless)
            return
        interval = self.task.scaled.preimage(target)
        if self.task.scaled.square:
            if interval is None or interval[0] is None:
                self.builder.add(unless)
            else:
                magnitude = self.circuits.magnitude(total)
                self.circuits.require_equal(magnitude, interval[0], unless)
            return
        low, high = interval or (1, 0)
        if low is not None and low == high:
            self.circuits.require_equal(total, low, unless)
            return
        if low is not None:
            self.builder.add(self.circuits.at_least(total, low), unless)
        if high is not None:
            self.builder.add(-self.circuits.at_least(total, high + 1), unless)

    def _distance(self, goal: Goal, value: Leaf | Word) -> Leaf | Word:
        """Return |value - target| or its square."""
        difference = Form(-goal.target)
        difference.add_form(self.task.stretch, _form(value))
        word = self.circuits.word(difference)
        if self.task.loss == "l1":
            return self._handed_on(self.circuits.magnitude(word))
        return self._handed_on(self.circuits.square(word))


def _form(value: Leaf | Word) -> Form:
    if isinstance(value, Word):
        return value.form()
    return weighted(value.values, value.literals)
