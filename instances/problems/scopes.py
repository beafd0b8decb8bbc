"""Scopes of exhaustive verification: sizes as typed, and all sources up to them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from inspect import Parameter, signature
from typing import Any

from instances.enumeration.multisets import require_few
from instances.errors import InputError, QnnhardError, in_one_line
from instances.problems.problem import AnyProblem
from instances.text.values import parse_integer, quote

MOST_SIZE = 1000
"""The largest size of a scope: small sources are listed, and these are held in memory."""


def parse_scope(problem: AnyProblem, text: str) -> dict[str, int]:
    """Return the sizes that a user means, those by default included.

    Parameters
    ----------
    problem : Problem
    text : str
        A number, which the problem translates, or sizes such as ``universe=4,sets=3``.

    Raises
    ------
    InputError
        Where the problem cannot list its sources, a size is not one of its sizes, is missing, is
        given twice, or is no natural number up to `MOST_SIZE`.
    """
    accepted = _accepted(problem)
    if text.strip().isdigit():
        given = problem.scope(parse_integer(text.strip(), "exhaustive"))
    else:
        given = _typed(text)
    form = ",".join(f"{name}=N" for name in accepted)
    for name in given:
        if name not in accepted:
            raise InputError(
                f"exhaustive: {problem.name} has no size {quote(name)}: give a number, or {form}"
            )
        if given[name] > MOST_SIZE:
            raise InputError(
                f"exhaustive: {problem.name}: size {name}={given[name]} is too large: at most "
                f"{MOST_SIZE}; give a smaller scope"
            )
    for name, default in accepted.items():
        if name not in given and default is Parameter.empty:
            raise InputError(
                f"exhaustive: the size {name} of {problem.name} is missing: "
                f"give a number, or {form}"
            )
    return {name: given.get(name, default) for name, default in accepted.items()}


def _accepted(problem: AnyProblem) -> dict[str, Any]:
    """Return the sizes of a problem, with their defaults where they have one.

    A problem whose method takes any sizes has those that a number stands for.
    """
    named = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    stood_for = dict.fromkeys(problem.scope(0), Parameter.empty)
    arguments = signature(problem.every).parameters.values()
    return stood_for | {each.name: each.default for each in arguments if each.kind in named}


def _typed(text: str) -> dict[str, int]:
    given: dict[str, int] = {}
    for part in text.split(","):
        name, equals, value = (word.strip() for word in part.partition("="))
        if not (name and equals):
            raise InputError(
                f"exhaustive: {quote(part)} is not of the form NAME=N; give a number, or sizes "
                "such as universe=4,sets=3"
            )
        if name in given:
            raise InputError(f"exhaustive: the size {quote(name)} is given twice")
        given[name] = parse_integer(value, f"exhaustive: size {quote(name)}", 0)
    return given


def show_scope(scope: Mapping[str, Any]) -> str:
    """Return sizes as a user types them."""
    return ",".join(f"{name}={size}" for name, size in scope.items())


def sources_in(problem: AnyProblem, scope: Mapping[str, int]) -> Iterator[tuple[str, Any]]:
    """Yield all sources of a scope, with names such as ``universe=2,sets=2 #17``.

    The numbers count sources of the same sizes, as far as the form of the sources measures them.

    Raises
    ------
    InputError
        Where there are more than `MOST_SOURCES`, or the problem fails or yields what is none of
        its sources.
    """
    numbers: Counter[str] = Counter()
    for source in _guarded(problem, scope):
        sizes = problem.form.sizes(source)
        label = show_scope({name: sizes[name] for name in scope if name in sizes})
        numbers[label] += 1
        yield f"{label or problem.name} #{numbers[label]}", source


def _guarded(problem: AnyProblem, scope: Mapping[str, int]) -> Iterator[Any]:
    """Turn whatever another package's problem raises into an `InputError`."""
    try:
        for count, source in enumerate(problem.every(**scope), 1):
            require_few(count)
            problem.admit(source)
            problem.require_complete(source)
            yield source
    except InputError as error:
        raise InputError(f"exhaustive: {problem.name}: {error}") from error
    except QnnhardError:
        raise
    except Exception as error:
        raise InputError(
            f"the sources of {problem.name} cannot be listed: {in_one_line(error)}"
        ) from error
