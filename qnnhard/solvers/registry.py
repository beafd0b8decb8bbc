"""The backends by name, built-in and from other packages."""

from dataclasses import fields, is_dataclass
from importlib.util import find_spec
from typing import Any

from instances.errors import InputError
from instances.registry import Registry
from qnnhard.solvers.answer import Backend
from qnnhard.solvers.auto import AutoBackend
from qnnhard.solvers.cp_sat import CpSatBackend
from qnnhard.solvers.dataset_dp import DatasetDpBackend
from qnnhard.solvers.enumerate import EnumerationBackend
from qnnhard.solvers.lazy import LazyBackend
from qnnhard.solvers.local_search import LocalSearchBackend
from qnnhard.solvers.one_point import OnePointBackend
from qnnhard.solvers.pairwise import PairwiseBackend
from qnnhard.solvers.portfolio import PortfolioBackend
from qnnhard.solvers.sat import SatBackend
from qnnhard.solvers.treewidth import TreewidthBackend

BUILT_IN: tuple[type[Backend], ...] = (
    AutoBackend,
    SatBackend,
    EnumerationBackend,
    PortfolioBackend,
    LocalSearchBackend,
    LazyBackend,
    TreewidthBackend,
    PairwiseBackend,
    OnePointBackend,
    DatasetDpBackend,
    CpSatBackend,
)

_OPTIONS = {
    "proof": "writes no proof",
    "jobs": "has one job",
    "seed": "has no seed",
}


def _admit(loaded: Any, where: str) -> type[Backend]:
    if not (isinstance(loaded, type) and issubclass(loaded, Backend)):
        raise InputError(f"{where} is no class of backends")
    return loaded


BACKENDS: Registry[type[Backend]] = Registry(
    kind="backend", group="qnnhard.backends", built_in=lambda: BUILT_IN, admit=_admit
)


def available() -> dict[str, type[Backend]]:
    """Return the backends whose packages are installed."""
    missing = {CpSatBackend.name} if find_spec("ortools") is None else set()
    return {name: found for name, found in BACKENDS.all().items() if name not in missing}


def backend(name: str, **options: str | int | None) -> Backend:
    """Return the backend called `name`.

    Parameters
    ----------
    name : str
    **options
        ``proof``, the file to write a DRAT proof to; ``memory``, a budget in bytes, for those
        that plan with one; ``jobs``; ``seed``. ``None`` leaves the backend's default.

    Raises
    ------
    InputError
        For an unknown backend, or an option that it does not have.
    """
    known = BACKENDS.all()
    kind = BACKENDS.get(name, known)
    given = {option: value for option, value in options.items() if value is not None}
    if "memory" not in _fields(kind):
        given.pop("memory", None)
    for option in given:
        if option not in _fields(kind):
            able = [other for other, another in known.items() if option in _fields(another)]
            raise InputError(
                f"backend '{name}' {_OPTIONS[option]}; use --backend {' or '.join(able)}"
            )
    try:
        return kind(**given)
    except TypeError as error:
        raise InputError(f"backend '{name}' cannot be made: {error}") from error


def _fields(kind: type[Backend]) -> set[str]:
    return {field.name for field in fields(kind)} if is_dataclass(kind) else set()
