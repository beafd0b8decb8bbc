"""The comparison that every reduction and every bridge must survive, on one source at a time."""

from itertools import islice
from typing import Any

from instances.errors import InvalidWitness
from instances.problems.registry import PROBLEMS
from instances.training.evaluate import evaluate
from instances.training.measures import measure
from reductions.claims import violations
from reductions.map import AnyImage, AnyMap
from tests.reductions.brute_force import WITNESSES, solutions

KNOWN = PROBLEMS.all()


class Disagreement(AssertionError):
    """A reduction or bridge did not do on some source what it promises."""


def require(condition: bool, *what: object) -> None:
    if not condition:
        raise Disagreement(" ".join(map(str, what)))


def compare(reduction: AnyMap, source: Any, every: bool = True, limit: int | None = None) -> int:
    """Compare a reduction with brute force on `source`; return the number of solutions seen.

    Answers must agree, claims hold, every witness pushed be accepted, and every solution
    (at most `limit`; of those with equal behaviours one, unless `every`) pulled be a witness.
    """
    problem = KNOWN[reduction.source_problem]
    image = reduction.build(source)
    instance = image.target
    broken = violations(image.claims(), measure(instance))
    require(not broken, source, broken)
    require(len(instance.network.names.index) == instance.network.size, source, "names")
    require(instance.origin["reduction"] == reduction.name, source, "origin")
    witnesses = list(WITNESSES[reduction.source_problem](source))
    for witness in witnesses[:limit]:
        parameters = image.push(witness)
        require(evaluate(instance, parameters).accepted, source, "push", witness)
        _check_pull(problem, source, image, parameters)
    seen = 0
    for parameters in islice(solutions(instance, every), limit):
        seen += 1
        require(evaluate(instance, parameters).accepted, source, "the evaluator disagrees")
        _check_pull(problem, source, image, parameters)
    require(bool(seen) == bool(witnesses), source, "answers differ")
    return seen


def compare_counted(reduction: AnyMap, source: Any) -> int:
    """Compare, with as many solutions as witnesses where the reduction claims it."""
    seen = compare(reduction, source)
    if reduction.parsimonious:
        require(
            seen == sum(1 for _ in WITNESSES[reduction.source_problem](source)), source, "counts"
        )
    return seen


def compare_bridge(bridge: AnyMap, source: Any) -> tuple[int, int]:
    """Compare a bridge with brute force; return the numbers of witnesses on both sides."""
    image = bridge.build(source)
    target = image.target
    problem, target_problem = KNOWN[bridge.source_problem], KNOWN[bridge.target_problem]
    broken = violations(image.claims(), target_problem.form.sizes(target))
    require(not broken, source, broken)
    there = list(WITNESSES[bridge.source_problem](source))
    beyond = list(WITNESSES[bridge.target_problem](target))
    require(bool(there) == bool(beyond), source, "answers differ")
    for witness in there:
        pushed = image.push(witness)
        _check(target_problem, target, pushed)
        require(image.pull(pushed) == witness, source, "pull does not undo push", witness)
    for witness in beyond:
        _check_pull(problem, source, image, witness)
    return len(there), len(beyond)


def _check_pull(problem: Any, source: Any, image: AnyImage, solution: Any) -> None:
    try:
        witness = image.pull(solution)
    except InvalidWitness as error:
        raise Disagreement(f"{source}: pull refuses a solution: {error}") from error
    _check(problem, source, witness)


def _check(problem: Any, source: Any, witness: Any) -> None:
    try:
        problem.check(source, witness)
    except InvalidWitness as error:
        raise Disagreement(f"{source}: {witness} is no witness: {error}") from error
