"""The backends by name, built-in and from other packages."""

from importlib.metadata import entry_points
from importlib.util import find_spec

from instances.errors import InputError
from qnnhard.solvers.answer import Backend
from qnnhard.solvers.auto import AutoBackend
from qnnhard.solvers.cp_sat import CpSatBackend
from qnnhard.solvers.dataset_dp import DatasetDpBackend
from qnnhard.solvers.enumerate import EnumerationBackend
from qnnhard.solvers.one_point import OnePointBackend
from qnnhard.solvers.pairwise import PairwiseBackend
from qnnhard.solvers.sat import SatBackend
from qnnhard.solvers.treewidth import TreewidthBackend

GROUP = "qnnhard.backends"
"""The entry point group in which other packages name a `Backend` subclass."""


def backends() -> dict[str, type[Backend]]:
    """Return all backend classes by name: the built-in ones, then those of other packages."""
    found: dict[str, type[Backend]] = {
        AutoBackend.name: AutoBackend,
        SatBackend.name: SatBackend,
        EnumerationBackend.name: EnumerationBackend,
        DatasetDpBackend.name: DatasetDpBackend,
        CpSatBackend.name: CpSatBackend,
        PairwiseBackend.name: PairwiseBackend,
        OnePointBackend.name: OnePointBackend,
        TreewidthBackend.name: TreewidthBackend,
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


def backend(name: str, proof: str | None = None, memory: int | None = None) -> Backend:
    """Return the backend called `name`; raise `InputError` for an unknown one.

    Only the ``sat`` backend writes proofs, and ``dataset-dp`` and ``treewidth``
    have a memory budget in bytes.
    """
    known = backends()
    if name not in known:
        raise InputError(f"no backend '{name}'; choose from: {', '.join(known)}")
    if name == SatBackend.name:
        return SatBackend(proof)
    if proof is not None:
        raise InputError(f"backend '{name}' writes no proof; use --backend sat")
    if name == DatasetDpBackend.name and memory is not None:
        return DatasetDpBackend(memory)
    if name == TreewidthBackend.name and memory is not None:
        return TreewidthBackend(memory)
    return known[name]()
