"""The backends by name, built-in and from other packages."""

from importlib.metadata import entry_points

from instances.errors import InputError
from qnnhard.solvers.answer import Backend
from qnnhard.solvers.enumerate import EnumerationBackend
from qnnhard.solvers.sat import SatBackend

GROUP = "qnnhard.backends"
"""The entry point group in which other packages name a `Backend` subclass."""


def backends() -> dict[str, type[Backend]]:
    """Return all backend classes by name: the built-in ones, then those of other packages."""
    found: dict[str, type[Backend]] = {
        SatBackend.name: SatBackend,
        EnumerationBackend.name: EnumerationBackend,
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


def backend(name: str, proof: str | None = None) -> Backend:
    """Return the backend called `name`; raise `InputError` for an unknown one.

    Only the ``sat`` backend writes proofs.
    """
    known = backends()
    if name not in known:
        raise InputError(f"no backend '{name}'; choose from: {', '.join(known)}")
    if name == SatBackend.name:
        return SatBackend(proof)
    if proof is not None:
        raise InputError(f"backend '{name}' writes no proof; use --backend sat")
    return known[name]()
