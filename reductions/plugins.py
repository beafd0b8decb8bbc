"""Maps from a file of the user, as in ``qnnhard verify ./my_reduction.py``."""

import inspect
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from instances.errors import InputError, in_one_line
from reductions.map import AnyMap, Map
from reductions.status import Status

TEXTS = [name for name, kind in Map.__annotations__.items() if kind == ClassVar[str]]
"""The class attributes that must be strings."""


def load_map(path: str) -> AnyMap:
    """Return the map that the module at `path` defines.

    Parameters
    ----------
    path : str
        A Python file with exactly one subclass of `Map` of its own; imported ones do not count.

    Raises
    ------
    InputError
        Naming `path`, where the file cannot be read or run, defines no such class or several,
        or the class lacks a text or a method.
    """
    module = _run(path)
    own = [
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, Map)
        and found.__module__ == module.__name__
    ]
    # A class may be bound to two names.
    own = list(dict.fromkeys(own))
    if not own:
        raise InputError(f"{path}: no subclass of reductions.map.Map is defined in it")
    if len(own) > 1:
        names = ", ".join(found.__name__ for found in own)
        raise InputError(f"{path}: several reductions ({names}): keep one a file")
    require_whole(own[0], path)
    return own[0]


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
    if inspect.isabstract(found):
        missing = ", ".join(sorted(found.__abstractmethods__))
        raise InputError(f"{where}: {found.__name__} is abstract: define {missing}")


def _run(path: str) -> ModuleType:
    """Execute the file as a module of its own."""
    if not Path(path).is_file():
        raise InputError(f"{path}: no such file")
    name = f"qnnhard_user_{Path(path).stem}"
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
        raise InputError(f"{path}: running it failed: {in_one_line(error)}") from error
    return module
