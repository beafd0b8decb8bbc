"""Neurons whose sums are too large for order literals: binary adders."""

from math import gcd

from instances.deadline import Deadline
from qnnhard.encoding.neurons.compiler import Compiler
from qnnhard.encoding.neurons.profile import Goal, Profile
from qnnhard.encoding.numbers.circuits import Circuits
from qnnhard.encoding.numbers.forms import TRUE, Form, Word
from qnnhard.encoding.numbers.nodes import Integer, Leaf

UNARY_LIMIT = 4096
"""Sums that may take at most this many values are encoded in unary."""

SMALL = 64
"""Values in a range of this size are handed on as order literals."""


def needs_binary(profile: Profile) -> bool:
    """Return whether some pre-activation of the neuron may take more than `UNARY_LIMIT` values.

    The number of values is at most the product of the numbers of values of its parts, and at
    most its range divided by the common divisor of all steps.
    """
    if _reach(profile) <= UNARY_LIMIT:
        return False
    bias = [-value for value in profile.bias]
    for point in range(len(profile.points)):
        count, step, reach = len(bias), _step(bias), bias[0] - bias[-1]
        for weights, shape in zip(profile.weights, profile.sources, strict=True):
            source = shape.at(point)
            if isinstance(source, Word):
                return True
            every = [a * b for a in source.values for b in weights]
            if len(every) > 1:
                count = min(count * len(set(every)), UNARY_LIMIT + 1)
                step = gcd(step, _step(every))
                reach += max(every) - min(every)
        if count > UNARY_LIMIT and step and reach // step > UNARY_LIMIT:
            return True
    return False


def _reach(profile: Profile) -> int:
    """Return a bound on the range of pre-activations at any input, beyond the limit for words."""
    reach = profile.bias[-1] - profile.bias[0]
    if profile.known is not None and profile.known.size:
        least, most = profile.known.min(axis=1).tolist(), profile.known.max(axis=1).tolist()
        return reach + sum(map(_span, least, most, profile.weights))
    for weights, shape in zip(profile.weights, profile.sources, strict=True):
        values = [min(shape.known), max(shape.known)] if shape.known else []
        for seen in shape.seen:
            if isinstance(seen, Word):
                return UNARY_LIMIT + 1
            values += (seen.values[0], seen.values[-1])
        if values:
            reach += _span(min(values), max(values), weights)
    return reach


def _span(low: int, high: int, weights: tuple[int, ...]) -> int:
    """Return a bound on the range of a weight times a value from `low` to `high`."""
    ends = [a * b for a in (low, high) for b in (weights[0], weights[-1])]
    return max(ends) - min(ends)


def _step(values: list[int]) -> int:
    return gcd(*(value - values[0] for value in values))


class BinaryCompiler(Compiler[Word, Integer]):
    """Adds up words of bits; values of small range are handed on by order literals."""

    def __init__(self, profile: Profile, deadline: Deadline) -> None:
        super().__init__(profile, deadline)
        self._circuits = Circuits(self.builder, "{v}")

    def total(self, point: int) -> Word:
        """Return the weighted sum minus the bias at one distinct input."""
        self.deadline.check()
        total = Form()
        for position in self.interface.contributing(point):
            weight = self.interface.weights[position]
            source = self.interface.source(position, point).form()
            self._add_product(total, weight, source)
        total.add_form(1, self.interface.bias.form())
        return self._circuits.word(total)

    def _add_product(self, total: Form, weight: Leaf, source: Form) -> None:
        """Add weight times source: the least weight times it, and a gated copy a step."""
        total.add_form(weight.values[0], source)
        for below, above, literal in zip(
            weight.values, weight.values[1:], weight.literals, strict=False
        ):
            step = above - below
            total.add(step * source.constant, literal)
            for other, coefficient in source.terms.items():
                total.add(step * coefficient, self._circuits.both(literal, other))

    def value(self, total: Word) -> Integer:
        """Return the activation of a sum."""
        circuits, unit = self._circuits, self.profile.unit
        match self.profile.activation.kind:
            case "identity":
                return self._handed_on(total)
            case "relu":
                return self._handed_on(circuits.positive_part(total))
            case "relu_clipped":
                ceiling = self.profile.activation.maximum * unit
                return self._handed_on(circuits.minimum(circuits.positive_part(total), ceiling))
            case "step":
                return self._thresholds(total, [(0, None), (1, unit)])
            case "sign":
                return self._thresholds(total, [(-1, None), (0, 0), (1, 1)])
            case _:
                return self._handed_on(circuits.square(total))

    def _handed_on(self, value: Word) -> Integer:
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
            literal = self._circuits.at_least(total, threshold)
            if literal == TRUE:
                values, literals = [value], []
            elif literal != -TRUE:
                values.append(value)
                literals.append(literal)
        return Leaf(values, literals)

    def meet(self, goal: Goal, total: Word) -> None:
        """Require the pre-activations that give the target, or the group's mismatch."""
        unless = self.interface.goal_exception(goal)
        target = self.profile.reachable(goal)
        if target is None:
            self.builder.add(unless)
            return
        interval = self.profile.scaled.preimage(target)
        if self.profile.scaled.square:
            if interval is None or interval[0] is None:
                self.builder.add(unless)
            else:
                magnitude = self._circuits.magnitude(total)
                self._circuits.require_equal(magnitude, interval[0], unless)
            return
        low, high = interval or (1, 0)
        if low is not None and low == high:
            self._circuits.require_equal(total, low, unless)
            return
        if low is not None:
            self.builder.add(self._circuits.at_least(total, low), unless)
        if high is not None:
            self.builder.add(-self._circuits.at_least(total, high + 1), unless)

    def distance(self, goal: Goal, value: Integer) -> Integer:
        """Return |value - target| or its square, as the loss function has it."""
        difference = Form(-goal.target)
        difference.add_form(self.profile.stretch, value.form())
        word = self._circuits.word(difference)
        if self.profile.loss == "l1":
            return self._handed_on(self._circuits.magnitude(word))
        return self._handed_on(self._circuits.square(word))
