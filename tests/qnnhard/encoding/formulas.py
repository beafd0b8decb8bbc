"""Solving formulas in tests, and the rules that every formula keeps."""

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from pysat.solvers import Solver

from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Encoding
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.encoding.loss import total
from qnnhard.encoding.neurons import binary
from tests.helpers import objects, random_instance


def clauses(formula: Formula) -> list[list[int]]:
    return [clause for chunk in formula.chunks() for clause in chunk]


def models(formula: Formula, projection: list[int] | None = None) -> Iterator[np.ndarray]:
    """Every model, or one for every assignment of the variables in `projection`."""
    with Solver("cadical195", bootstrap_with=clauses(formula)) as solver:
        while solver.solve():
            model = np.zeros(formula.variables + 1, dtype=np.bool_)
            for literal in solver.get_model():
                if 0 < literal <= formula.variables:
                    model[literal] = True
            assert formula.satisfied_by(model)
            yield model
            if projection is None:
                projection = list(range(1, formula.variables + 1))
            if not projection:
                return
            solver.add_clause([-v if model[v] else v for v in projection])


def numbered_names(encoding: Encoding) -> list[tuple[int, str]]:
    """Every variable and its name, in increasing order of variables."""
    words = (line.split(" ", 1) for line in "".join(encoding.naming.lines()).splitlines())
    return [(int(number), name) for number, name in words]


def some_parameters(encoding: Encoding) -> Parameters | None:
    """What the encoding answers: the parameters of a model, or none."""
    model = next(models(encoding.formula), None)
    return None if model is None else decode(encoding, model)


def parameter_variables(encoding: Encoding) -> list[int]:
    """The variables of order literals of weights and biases."""
    instance = encoding.instance
    found = []
    for start, index in (
        (encoding.weight_start, instance.weight_domain),
        (encoding.bias_start, instance.bias_domain),
    ):
        for first, domain in zip(start.tolist(), index.tolist(), strict=True):
            if first:
                found.extend(range(first, first + len(instance.domains[domain]) - 1))
    return found


def assert_clean(encoding: Encoding) -> None:
    """No empty clause, repeated literal or tautology; exact counts; every variable named once."""
    formula = encoding.formula
    lines = b"".join(formula.dimacs()).decode().splitlines()
    written = [[int(word) for word in line.split()] for line in lines[1:]]
    assert lines[0] == f"p cnf {formula.variables} {len(written)}"
    assert formula.clauses == len(written)
    assert formula.literals == sum(len(clause) - 1 for clause in written)
    for clause in written:
        assert clause[-1] == 0
        assert len(clause) > 1
        variables = [abs(literal) for literal in clause[:-1]]
        assert len(set(variables)) == len(variables), clause
        assert 1 <= min(variables)
        assert max(variables) <= formula.variables
    assert written == [[*clause, 0] for clause in clauses(formula)]
    named = numbered_names(encoding)
    assert [number for number, _ in named] == list(range(1, formula.variables + 1))
    names = [name for _, name in named]
    assert len(set(names)) == len(names)
    assert all(name and not set("\n\r{}") & set(name) for name in names)


def force_binary(monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    """Make the encoder add every sum in binary, and hand on ranges below `small` in unary."""
    monkeypatch.setattr(binary, "UNARY_LIMIT", 1)
    monkeypatch.setattr(binary, "SMALL", small)
    monkeypatch.setattr(total, "VALUES_LIMIT", 1)


def random_fractional_instance(r: random.Random) -> TrainingInstance:
    """A random instance some of whose domains, inputs, targets and bounds are no integers."""
    instance = random_instance(r)

    def divided(value):
        return value / Fraction(r.choice((1, 1, 2, 3)))

    inputs, targets = (
        objects(divided(value) for value in array.ravel().tolist()).reshape(array.shape)
        for array in (instance.inputs, instance.targets)
    )
    if len(inputs) > 1 and r.random() < 0.3:
        inputs[-1] = inputs[0]
    return replace(
        instance,
        domains=tuple(tuple(sorted(set(map(divided, domain)))) for domain in instance.domains),
        inputs=inputs,
        targets=targets,
        loss=r.choice(("mismatch", "l1", "l2")),
        bound=r.choice((0, 0, 1, 2, Fraction(1, 4), Fraction(3, 2), Fraction(7, 3))),
        d=None,
    )
