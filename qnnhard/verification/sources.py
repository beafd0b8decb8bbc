"""Where the sources of a verification come from: files, generators, examples."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from instances.errors import InputError
from instances.files import read_text, write_text
from instances.problems.problem import AnyProblem
from instances.problems.registry import PROBLEMS, detect
from instances.progress import stage
from reductions.chain import Chain
from reductions.map import AnyMap
from reductions.registry import path_to


@dataclass(frozen=True)
class NamedSource:
    """A source instance, the problem it is an instance of, and a name for reports."""

    name: str
    problem: AnyProblem
    source: Any


def load_source(
    path: str,
    wanted: str | None = None,
    problem: str | None = None,
    values: Mapping[str, str] | None = None,
) -> NamedSource:
    """Read a source file, or standard input for ``-``; see `parse_source`."""
    with stage(f"reading {path}"):
        return parse_source(read_text(path), path, wanted, problem, values)


def parse_source(
    text: str,
    name: str,
    wanted: str | None = None,
    problem: str | None = None,
    values: Mapping[str, str] | None = None,
) -> NamedSource:
    """Read a source from text.

    Parameters
    ----------
    name : str
        The file's name, for messages and as a hint.
    wanted : str or None
        The problem that a reduction starts from; settles which problem a set system or a
        plain table of numbers belongs to.
    problem : str or None
        The problem that the user named; overrides detection.
    values : mapping
        Fields to replace, such as a budget.

    Raises
    ------
    InputError
        With the file's name, what is wrong in it, and the remedy.
    """
    names = (problem,) if problem else detect(text, name, wanted) or (wanted,)
    if len(names) > 1 or names[0] is None:
        raise InputError(f"{name}: the problem is not clear from the file; name it with --problem")
    chosen = PROBLEMS.get(names[0])
    try:
        source = chosen.override(chosen.parse(text), values or {})
        chosen.require_complete(source)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    return NamedSource(name, chosen, source)


def chain_from(problem: AnyProblem, reduction: AnyMap) -> Chain:
    """Return the shortest chain from a problem to a reduction; raise `InputError` without one."""
    bridges = path_to(problem.name, reduction)
    if bridges is None:
        raise InputError(
            f"no bridge leads from {problem.name} to {reduction.source_problem}, "
            f"the source problem of {reduction.name}"
        )
    return Chain((*bridges, reduction))


def random_sources(
    problem: AnyProblem, count: int, seed: int, values: Mapping[str, str]
) -> Iterator[NamedSource]:
    """Yield `count` sources, small random ones or generated from parameters if any are given."""
    for number in range(count):
        if values:
            source = problem.generate(values, seed + number)
            name = f"{problem.name} seed {seed + number}"
        else:
            source = problem.random(Random(f"{problem.name}:{seed}:{number}"))
            name = f"{problem.name} random {seed}:{number}"
        yield NamedSource(name, problem, source)


def failing_name(reduction: str, source: str) -> str:
    """Return the name of the file, without suffix, for a source on which a reduction failed."""
    return _file_name(f"failed-{reduction}-{Path(source).name}")


def save_failing(source: NamedSource, stem: str, folder: str) -> str:
    """Write a source beside other files, which stay as they are, and return its path."""
    text = source.problem.write(source.source)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror})") from error
    path, number = Path(folder, stem + source.problem.form.suffix), 1
    with _alone_in(folder):
        while path.exists() and path.read_bytes() != text.encode():
            number += 1
            path = Path(folder, f"{stem}-{number}{source.problem.form.suffix}")
        write_text(str(path), text)
    return str(path)


@contextmanager
def _alone_in(folder: str) -> Iterator[None]:
    """Wait until no other process chooses a name in `folder`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # Some file systems have no locks.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _file_name(text: str) -> str:
    """Return `text` with everything but letters and digits replaced, short enough for a file."""
    return "".join(c if c.isalnum() else "-" for c in text).strip("-")[:120]
