"""Reductions from a file of the user, as in ``qnnhard verify ./my_reduction.py``."""

import inspect
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from instances.errors import InputError
from reductions.reduction import AnyReduction, Reduction

TEXTS = ("name", "problem", "statement", "construction", "provenance", "small")


def load_reduction(path: str) -> AnyReduction:
    """Return the reduction that the module at `path` defines.

    Parameters
    ----------
    path : str
        A Python file with exactly one concrete subclass of `Reduction` of its own; abstract
        and imported ones do not count.

    Raises
    ------
    InputError
        Naming `path`, where the file cannot be read or run, defines no such class or several,
        or the class cannot be instantiated or lacks a text.
    """
    own = [
        found
        for found in vars(_run(path)).values()
        if isinstance(found, type)
        and issubclass(found, Reduction)
        and found.__module__ == _module_name(path)
    ]
    # A class may be bound to two names.
    own = list(dict.fromkeys(own))
    concrete = [found for found in own if not inspect.isabstract(found)]
    if len(concrete) != 1:
        raise InputError(f"{path}: {_miscount(own, concrete)}")
    (reduction,) = concrete
    try:
        made: AnyReduction = reduction()
    except Exception as error:
        raise InputError(f"{path}: {reduction.__name__}() failed: {describe(error)}") from error
    check_texts(made, path)
    return made


def check_texts(reduction: AnyReduction, where: str) -> None:
    """Raise `InputError`, naming `where`, if a text that users are shown is missing."""
    for text in TEXTS:
        if not isinstance(getattr(reduction, text, None), str):
            kind = type(reduction).__name__
            raise InputError(f"{where}: {kind} needs a class attribute '{text}' that is a string")


def describe(error: BaseException) -> str:
    """Return the kind and message of an exception on one line."""
    message = " ".join(ascii(str(error))[1:-1].replace("\\n", " ").split())
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _module_name(path: str) -> str:
    return f"qnnhard_user_{Path(path).stem}"


def _run(path: str) -> ModuleType:
    """Execute the file as a module of its own."""
    if not Path(path).is_file():
        raise InputError(f"{path}: no such file")
    name = _module_name(path)
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
        raise InputError(f"{path}: running it failed: {describe(error)}") from error
    return module


def _miscount(own: list[type[AnyReduction]], concrete: list[type[AnyReduction]]) -> str:
    """Return what is wrong with a module that has not exactly one concrete class."""
    if concrete:
        names = ", ".join(found.__name__ for found in concrete)
        return f"several reductions ({names}): keep one a file"
    if own:
        missing = ", ".join(sorted(own[0].__abstractmethods__))
        return f"{own[0].__name__} is abstract: define {missing}"
    return "no subclass of reductions.reduction.Reduction is defined in it"
