"""Refutations of `pairwise`, and a checker that knows neither its tables nor its clauses.

The checker enumerates, in plain Python, the parameters of one output and of what it sees for
every step of the walk.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product

from instances.deadline import Deadline
from instances.errors import QnnhardError
from instances.text.numbers import Number
from instances.training.instance import TrainingInstance

Statement = tuple[int, int, int]
"""``(neuron, code, value)``: what a neuron computes where its predecessors, in the order of its
edges, have the values ``code // 2`` and ``code % 2``. A predecessor that it lacks may have any
weight. For an input or output, and for -1 (a predecessor that an output lacks), the neuron
itself takes the place of the first predecessor."""

Step = tuple[Statement, Statement, int]
"""Premise, conclusion, and the neuron because of which one implies the other."""

Truth = tuple[int, ...]
"""What a neuron computes for the codes 0 to 3."""


@dataclass(frozen=True)
class PairwiseRefutation:
    """Why an instance has no solution.

    Parameters
    ----------
    neuron : int or None
        An output whose targets no parameters of it and of what it sees give.
    steps : tuple
        Otherwise a closed walk of ``(premise, conclusion, because)`` in which some statement
        occurs with its negation. The parameters of neuron `because` and of what it sees do not
        allow the premise without the conclusion.
    """

    neuron: int | None
    steps: tuple[Step, ...] = ()

    def describe(self, instance: TrainingInstance) -> str:
        """Return one line about it that names a neuron and, if one matters, a data point."""
        names = instance.network.names
        checker = _Checker(instance)
        if self.neuron is not None:
            output = self.neuron
            first = range(instance.points + 1)
            points = bisect_left(first, True, key=lambda k: not checker.of_output(output, k))
            return (
                f"no parameters give output '{names[output]}' its targets on data points 1 to "
                f"{points}"
            )
        because = dict.fromkeys(names[b] for *_, b in self.steps if b in checker.place)
        through = ", ".join(list(because)[:3]) + ", ..." * (len(because) > 3)
        cycle = f"a cycle of {len(self.steps)} implications through outputs {through}"
        for neuron, code in _contradicted(self.steps):
            if not checker.is_known(neuron) and code in checker.codes(neuron):
                point = checker.codes(neuron).index(code) + 1
                return f"'{names[neuron]}' can be neither 0 nor 1 on data point {point}: {cycle}"
        return cycle

    def check(self, instance: TrainingInstance, deadline: Deadline) -> None:
        """Raise `QnnhardError` unless it proves that `instance` has no zero-error solution.

        In a solution every statement or its negation holds, and by the walk both do.
        """
        checker = _Checker(instance)
        if self.neuron is not None:
            if checker.of_output(self.neuron, instance.points):
                raise _defect("an output can have its targets")
            return
        steps = self.steps
        if not steps or any(
            step[1] != after[0] for step, after in zip(steps, steps[1:] + steps[:1], strict=True)
        ):
            raise _defect("the walk is not closed")
        if not _contradicted(steps):
            raise _defect("no statement meets its negation")
        for premise, conclusion, because in steps:
            deadline.check()
            seen, truths = checker.solutions(because)
            if not {premise[0], conclusion[0]} <= {*seen}:
                raise _defect("an implication is about other neurons")
            first, second = seen.index(premise[0]), seen.index(conclusion[0])
            if any(
                together[first][premise[1]] == premise[2]
                and together[second][conclusion[1]] != conclusion[2]
                for together in truths
            ):
                raise _defect("an implication does not hold")


def _contradicted(steps: Iterable[Step]) -> list[tuple[int, int]]:
    """Return neuron and code of the statements that occur together with their negations."""
    statements = {premise for premise, _, _ in steps}
    return sorted(
        (v, code) for v, code, value in statements if value and (v, code, 0) in statements
    )


def _defect(reason: str) -> QnnhardError:
    return QnnhardError(f"pairwise gave a wrong refutation: {reason}; please report the instance")


Domain = tuple[Number, ...]
Together = tuple[tuple[Truth, ...], ...]
"""Possibilities for what some neurons compute, one truth for each of them."""


@lru_cache(1 << 14)
def _functions(first: Domain, second: Domain, biases: Domain) -> tuple[Truth, ...]:
    """Return the functions of two predecessors with weights and bias from these domains."""
    found = {
        tuple(int(v * (code // 2) + w * (code % 2) - b >= 1) for code in range(4))
        for v, w, b in product(first, second, biases)
    }
    return tuple(sorted(found))


@lru_cache(1 << 14)
def _together(
    first: tuple[Truth, ...],
    second: tuple[Truth, ...],
    own: tuple[Truth, ...],
    wanted: frozenset[tuple[int, int, int]],
) -> Together:
    """Return what two neurons compute if one that sees them can have all targets wanted.

    Targets come with the codes of the two neurons on their data points.
    """
    return tuple(
        (y, z)
        for y, z in product(first, second)
        if any(all(f[2 * y[c] + z[e]] == target for c, e, target in wanted) for f in own)
    )


class _Checker:
    def __init__(self, instance: TrainingInstance) -> None:
        self.instance = instance
        network = instance.network
        self.place = {v: column for column, v in enumerate(network.outputs.tolist())}
        self.inputs = {v: column for column, v in enumerate(network.inputs.tolist())}
        self.start, self.sources = network.in_start.tolist(), network.sources.tolist()
        self.weight_domain = instance.weight_domain.tolist()
        self.bias_domain = instance.bias_domain.tolist()

    @cached_property
    def rows(self) -> list[tuple[list[int], list[int]]]:
        """The data as lists of inputs and targets."""
        data = zip(self.instance.inputs.tolist(), self.instance.targets.tolist(), strict=True)
        return list(data)

    def solutions(self, neuron: int) -> tuple[tuple[int, ...], Together]:
        """Return some neurons, and what they can compute together if outputs have their targets.

        For an output they are those that it sees, -1 for none; otherwise `neuron` itself.
        """
        if neuron in self.place:
            return self._seen(neuron), self.of_output(neuron, self.instance.points)
        return (neuron,), tuple((truth,) for truth in self._truths(neuron))

    def of_output(self, neuron: int, points: int) -> Together:
        """Return what an output can see if it has its targets on the first data points."""
        seen = self._seen(neuron)
        codes = [self.codes(other) for other in seen]
        column = self.place[neuron]
        triples = zip(*codes, (targets[column] for _, targets in self.rows), strict=True)
        first, second = map(self._truths, seen)
        own = _functions(*self._domains(neuron))
        return _together(first, second, own, frozenset(islice(triples, points)))

    def _truths(self, neuron: int) -> tuple[Truth, ...]:
        if self.is_known(neuron):
            return ((0, 0, 1, 1),)
        return _functions(*self._domains(neuron))

    def _domains(self, neuron: int) -> tuple[Domain, Domain, Domain]:
        """Return the domains of both weights, {0, 1} where one is missing, and of the bias."""
        domains = self.instance.domains
        edges = range(self.start[neuron], self.start[neuron + 1])
        weights: list[Domain] = [domains[self.weight_domain[edge]] for edge in edges]
        first, second = weights + [(0, 1)] * (2 - len(weights))
        return first, second, domains[self.bias_domain[neuron]]

    def is_known(self, neuron: int) -> bool:
        """Return whether a solution gives the values of a neuron on the data."""
        return neuron < 0 or neuron in self.inputs or neuron in self.place

    def _seen(self, neuron: int) -> tuple[int, ...]:
        before = self.sources[self.start[neuron] : self.start[neuron + 1]]
        return (*before, *[-1] * (2 - len(before)))

    def codes(self, neuron: int) -> list[int]:
        """Return the code that a neuron sees on every data point."""
        first, second = (neuron, -1) if self.is_known(neuron) else self._seen(neuron)
        return [2 * self._value(first, row) + self._value(second, row) for row in self.rows]

    def _value(self, neuron: int, row: tuple[list[int], list[int]]) -> int:
        """Return the value of a known neuron on a data point."""
        if neuron < 0:
            return 0
        return row[0][self.inputs[neuron]] if neuron in self.inputs else row[1][self.place[neuron]]
