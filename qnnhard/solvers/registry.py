"""The backends by name, built-in and from other packages."""

from importlib.metadata import entry_points
from importlib.util import find_spec

from instances.errors import InputError
from qnnhard.solvers.answer import Backend
from qnnhard.solvers.cp_sat import CpSatBackend
from qnnhard.solvers.dataset_dp import DatasetDpBackend
from qnnhard.solvers.enumerate import EnumerationBackend
from qnnhard.solvers.lazy import LazyBackend
from qnnhard.solvers.local_search import LocalSearchBackend
from qnnhard.solvers.portfolio import PortfolioBackend
from qnnhard.solvers.sat import SatBackend

GROUP = "qnnhard.backends"
"""The entry point group in which other packages name a `Backend` subclass."""


def backends() -> dict[str, type[Backend]]:
    """Return all backend classes by name: the built-in ones, then those of other packages."""
    found: dict[str, type[Backend]] = {
        SatBackend.name: SatBackend,
        EnumerationBackend.name: EnumerationBackend,
        DatasetDpBackend.name: DatasetDpBackend,
        CpSatBackend.name: CpSatBackend,
        LocalSearchBackend.name: LocalSearchBackend,
        LazyBackend.name: LazyBackend,
        PortfolioBackend.name: PortfolioBackend,
    }
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            loaded = entry.load()
        except Exception as error:
            raise InputError(
                f"backend {entry.name} ({entry.value}) cannot be loaded: {error}"
            ) from error
        found.setdefault(entry.name, loaded)
    return found


def available() -> dict[str, type[Backend]]:
    """Return the backends whose packages are installed."""
    missing = {CpSatBackend.name} if find_spec("ortools") is None else set()
    return {name: found for name, found in backends().items() if name not in missing}


def backend(
    name: str,
    proof: str | None = None,
    memory: int | None = None,
    jobs: int | None = None,
    seed: int | None = None,
) -> Backend:
    """Return the backend called `name`; raise `InputError` for an unknown one.

    Only ``sat``, ``lazy`` and ``portfolio`` write proofs, only ``dataset-dp`` and ``portfolio``
    have a memory budget in bytes, only ``portfolio`` has jobs, and only ``portfolio`` and
    ``local-search`` have a seed.
    """
    known = backends()
    if name not in known:
        raise InputError(f"no backend '{name}'; choose from: {', '.join(known)}")
    if name == PortfolioBackend.name:
        return PortfolioBackend(jobs or 1, seed or 0, proof, memory)
    if jobs is not None:
        raise InputError(f"backend '{name}' has one job; use --backend portfolio")
    if name == LocalSearchBackend.name and proof is None:
        return LocalSearchBackend(seed or 0)
    if seed is not None:
        raise InputError(f"backend '{name}' has no seed; use --backend portfolio or local-search")
    if name == SatBackend.name:
        return SatBackend(proof)
    if name == LazyBackend.name:
        return LazyBackend(proof)
    if proof is not None:
        raise InputError(f"backend '{name}' writes no proof; use --backend sat or portfolio")
    if name == DatasetDpBackend.name and memory is not None:
        return DatasetDpBackend(memory)
    return known[name]()
