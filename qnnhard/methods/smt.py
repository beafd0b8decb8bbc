"""Continuous training decided by z3 over the reals; extra ``smt``.

The network's semantics are written down point by point: what depends on no real parameter is
computed with exact rationals, and the rest are real terms in which relu, relu_clipped, step
and sign are case distinctions. The encoding knows nothing of the reduction that made the
network.
"""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from importlib import import_module
from math import floor
from typing import Any

import numpy as np

from instances.continuous.evaluate import evaluate_continuous
from instances.continuous.instance import ContinuousInstance
from instances.deadline import Deadline
from instances.errors import InputError, LimitReached, Unsupported
from instances.progress import stage
from instances.text.numbers import Number, show_number
from instances.training.activations import Activation
from instances.training.parameters import Parameters
from qnnhard.methods.answer import Answer, require_accepted, unknown
from qnnhard.verdict import How, Verdict

_LONGEST = (1 << 32) - 2
"""The longest time-out of z3 in milliseconds; one more means none."""


def solve_continuous(instance: ContinuousInstance, deadline: Deadline) -> Answer:
    """Decide whether `instance` has a real solution; UNKNOWN when the deadline passes.

    A YES without parameters is the solver's word: its solution has irrational or very long
    entries.

    Raises
    ------
    InputError
        Where z3 is not installed.
    MethodDefect
        Where the exact evaluator rejects z3's solution: a defect, never an answer.
    """
    z3 = _z3()
    encoding = _Encoding(instance, z3, deadline)
    solver = z3.SolverFor("QF_NRA")
    try:
        solver.add(encoding.within_bound())
        deadline.check()
    except LimitReached:
        return unknown(deadline.limit)
    except Unsupported as reason:
        return unknown(str(reason))
    if deadline.seconds is not None:
        solver.set("timeout", max(1, min(int(1000 * deadline.remaining), _LONGEST)))
    with stage("z3"):
        verdict = _check(solver)
    detail = f"z3 {z3.get_version_string()}, no proof"
    if verdict == z3.unsat:
        return Answer(Verdict.NO, How.SOLVER, detail=detail)
    if verdict != z3.sat:
        return unknown(f"z3: {solver.reason_unknown()}")
    found = encoding.parameters(solver.model())
    if found is None:
        detail = "a solution with entries that are irrational or very long"
        return Answer(Verdict.YES, How.SOLVER, detail=detail)
    require_accepted(lambda: evaluate_continuous(instance, found), "z3")
    return Answer(Verdict.YES, How.EVALUATED, found, detail)


def _check(solver: Any) -> Any:
    """Return z3's verdict; in the main thread its call would keep signals from Python."""
    solver.set("ctrl_c", False)
    with ThreadPoolExecutor(max_workers=1) as thread:
        verdict = thread.submit(solver.check)
        try:
            return verdict.result()
        except BaseException:
            solver.interrupt()
            raise


def _z3() -> Any:
    try:
        return import_module("z3")
    except ImportError as error:
        raise InputError("--smt needs z3: pip install 'qnnhard[smt]'") from error


class _Encoding:
    """Terms for every neuron and data point: exact numbers where constant, z3 terms elsewhere."""

    def __init__(self, instance: ContinuousInstance, z3: Any, deadline: Deadline) -> None:
        self.instance = instance
        self.z3 = z3
        self.deadline = deadline
        self.weights = self._variables("w", instance.frozen.weights, instance.real_weights)
        self.biases = self._variables("b", instance.frozen.biases, instance.real_biases)

    def _variables(self, prefix: str, values: Any, real: Any) -> list[Any]:
        pairs = zip(values.tolist(), real.tolist(), strict=True)
        return [
            self.z3.Real(f"{prefix}{place}") if free else Fraction(value)
            for place, (value, free) in enumerate(pairs)
        ]

    def within_bound(self) -> Any:
        """Return the formula that at most `bound` data points have a wrong output."""
        z3, instance = self.z3, self.instance
        if not 0 <= instance.bound < instance.points:
            return z3.BoolVal(instance.bound >= 0)
        wrong = []
        for row, targets in zip(instance.inputs.tolist(), instance.targets.tolist(), strict=True):
            values = self._values(row)
            wanted = zip(instance.network.outputs.tolist(), targets, strict=True)
            wrong.append(z3.Or([self._differs(values[v], target) for v, target in wanted]))
        # Whether the first points have j wrong ones or more, for every j up to floor + 1; plain
        # Boolean terms, since nlsat gives up on cardinality constraints.
        reached = [z3.BoolVal(True)] + [z3.BoolVal(False)] * (floor(instance.bound) + 1)
        for point in wrong:
            pairs = zip(reached[1:], reached, strict=False)
            reached[1:] = [z3.Or(already, z3.And(one_less, point)) for already, one_less in pairs]
        return z3.simplify(z3.Not(reached[-1]))

    def _values(self, row: list[Number]) -> list[Any]:
        network = self.instance.network
        values: list[Any] = [Fraction(0)] * network.size
        for neuron, value in zip(network.inputs.tolist(), row, strict=True):
            values[neuron] = Fraction(value)
        for level in network.by_level():
            self.deadline.check()
            for neuron in level[~network.is_input[level]].tolist():
                total = -self.biases[neuron]
                for edge in network.edges_into(neuron):
                    source = values[int(network.sources[edge])]
                    total = self._plus(total, self._times(self.weights[edge], source))
                kind = network.activations[int(network.activation[neuron])]
                values[neuron] = self._activated(kind, total)
        return values

    def _activated(self, kind: Activation, total: Any) -> Any:
        if isinstance(total, Fraction):
            return Fraction(kind(total))
        z3 = self.z3
        match kind.kind:
            case "identity":
                # Polynomials in a normal form keep the terms of nested products small.
                return z3.simplify(total, som=True)
            case "relu":
                return z3.If(total > 0, total, z3.RealVal(0))
            case "relu_clipped":
                top = z3.RealVal(kind.maximum)
                return z3.If(total > top, top, z3.If(total > 0, total, z3.RealVal(0)))
            case "step":
                return z3.If(total >= 1, z3.RealVal(1), z3.RealVal(0))
            case "sign":
                negative = z3.If(total < 0, z3.RealVal(-1), z3.RealVal(0))
                return z3.If(total > 0, z3.RealVal(1), negative)
            case _:
                return total * total

    def _differs(self, value: Any, target: Number) -> Any:
        if isinstance(value, Fraction):
            return self.z3.BoolVal(value != target)
        return value != self._term(Fraction(target))

    def _term(self, value: Any) -> Any:
        if not isinstance(value, Fraction):
            return value
        try:
            return self.z3.RealVal(str(value))
        except ValueError as error:
            raise Unsupported(f"z3: {show_number(value)} has too many digits") from error

    def _plus(self, left: Any, right: Any) -> Any:
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return left + right
        return self._term(left) + self._term(right)

    def _times(self, left: Any, right: Any) -> Any:
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return left * right
        if any(isinstance(factor, Fraction) and factor == 0 for factor in (left, right)):
            return Fraction(0)
        return self._term(left) * self._term(right)

    def parameters(self, model: Any) -> Parameters | None:
        """Return the model's parameters; ``None`` where one is irrational or too long to read."""
        found = []
        for values in (self.weights, self.biases):
            numbers = []
            for value in values:
                number = value
                if not isinstance(value, Fraction):
                    term = model.eval(value, model_completion=True)
                    if not self.z3.is_rational_value(term):
                        return None
                    try:
                        number = Fraction(term.numerator_as_long(), term.denominator_as_long())
                    except ValueError:
                        return None
                numbers.append(number)
            found.append(_objects(numbers))
        return Parameters(*found)


def _objects(values: list[Fraction]) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
