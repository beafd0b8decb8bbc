"""Maps from a file of the user, and the problem beside one, as in ``verify ./my_reduction.py``."""

import inspect
import os
import sys
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, TypeVar

from instances.errors import InputError, in_one_line, raised_in
from instances.problems.problem import AnyProblem, Problem
from instances.problems.registry import PROBLEMS
from instances.sources.forms import SourceForm, Witnesses
from reductions.map import AnyMap, Map
from reductions.status import Status

T = TypeVar("T")

TEXTS = [name for name, kind in Map.__annotations__.items() if kind == ClassVar[str]]
"""The class attributes of a map that must be strings."""

_PROBLEM: Mapping[str, tuple[type, str]] = {
    "name": (str, "a string"),
    "title": (str, "a string"),
    "question": (str, "a string"),
    "form": (SourceForm, "an instances.sources.forms.SourceForm"),
    "witnesses": (Witnesses, "an instances.sources.forms.Witnesses"),
}
"""The class attributes that a problem must have, and of what kind."""

_MODULE = "qnnhard_user_"
"""What the names of the modules of users' files begin with."""


def load_map(path: str) -> AnyMap:
    """Return the map that the module at `path` defines, and make a problem beside it known.

    The problem is known to this process as if it were registered, in place of one that was
    loaded from the same file before.

    Parameters
    ----------
    path : str
        A Python file with exactly one subclass of `Map` of its own, and at most one of
        `Problem`; imported ones do not count.

    Raises
    ------
    InputError
        Naming `path`, where the file cannot be read or run, defines no such class or several,
        a class lacks an attribute or a method, or the name of the problem is taken.
    """
    module = _run(path)
    maps, problems = _own(module, Map), _own(module, Problem)
    if not maps:
        raise InputError(f"{path}: no subclass of reductions.map.Map is defined in it")
    for kinds, found in (("reductions", maps), ("problems", problems)):
        if len(found) > 1:
            names = ", ".join(each.__name__ for each in found)
            raise InputError(f"{path}: several {kinds} ({names}): keep one a file")
    require_whole(maps[0], path)
    PROBLEMS.adopt(os.path.realpath(path), [_made(found, path) for found in problems], path)
    return maps[0]


def require_whole(found: AnyMap, where: str) -> None:
    """Raise `InputError`, naming `where`, if a map lacks a text or a method."""
    for text in TEXTS:
        if not isinstance(getattr(found, text, None), str):
            raise InputError(
                f"{where}: {found.__name__} needs a class attribute '{text}' that is a string"
            )
    if not (found.status is None or isinstance(found.status, Status)):
        raise InputError(
            f"{where}: the status of {found.__name__} is not a reductions.status.Status"
        )
    _require_methods(found, where)


def users_place(error: BaseException) -> str | None:
    """Return the last place in a user's file that an exception came from; see `raised_in`."""
    return raised_in(error, {name for name in sys.modules if name.startswith(_MODULE)})


def _own(module: ModuleType, kind: type[T]) -> list[type[T]]:
    """Return the subclasses of `kind` that a module defines."""
    own = [
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, kind)
        and found.__module__ == module.__name__
    ]
    # A class may be bound to two names.
    return list(dict.fromkeys(own))


def _made(found: type[AnyProblem], where: str) -> AnyProblem:
    """Return the problem of a class; raise `InputError` where it is not whole."""
    for name, (kind, words) in _PROBLEM.items():
        if not isinstance(getattr(found, name, None), kind):
            raise InputError(
                f"{where}: {found.__name__} needs a class attribute '{name}' that is {words}"
            )
    _require_methods(found, where)
    try:
        return found()
    except Exception as error:
        raise InputError(
            f"{where}: {found.__name__} cannot be made without arguments: {in_one_line(error)}"
        ) from error


def _require_methods(found: type[Any], where: str) -> None:
    if inspect.isabstract(found):
        missing = ", ".join(sorted(found.__abstractmethods__))
        raise InputError(f"{where}: {found.__name__} is abstract: define {missing}")


def _run(path: str) -> ModuleType:
    """Execute the file as a module of its own."""
    if not Path(path).is_file():
        raise InputError(f"{path}: no such file")
    name = f"{_MODULE}{Path(path).stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: not a Python file")
    module = module_from_spec(spec)
    # Dataclasses and pickle look a module up by its name while and after it runs.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        place = raised_in(error, {name})
        where = f" ({place})" if place else ""
        raise InputError(f"{path}: running it failed: {in_one_line(error)}{where}") from error
    return module
