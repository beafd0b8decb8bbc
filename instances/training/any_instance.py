"""What instances of discrete and of continuous training have in common: data, bound, identity."""

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np

from instances.errors import InvalidInstance
from instances.text.numbers import Array, Number, exact_array, normal
from instances.training.network import Ints, Network


class AnyInstance:
    """A network with data and a bound on the loss; the same question has the same fingerprint.

    Dataclasses derive from it, which say what the parameters range over.

    Parameters
    ----------
    network : Network
    inputs : array, points x alpha
        The data, a multiset: rows may repeat.
    targets : array, points x omega
    bound : number
        A negative bound is legal and makes a no-instance.
    origin : mapping of str to str
        Where the instance came from; part of its file, not of its identity.
    """

    network: Network
    inputs: Array
    targets: Array
    bound: Number
    origin: Mapping[str, str]

    def _settle(self) -> None:
        """Normalize bound, data and origin; raise `InvalidInstance` where the data do not fit."""
        object.__setattr__(self, "origin", MappingProxyType(dict(self.origin)))
        object.__setattr__(self, "bound", normal(self.bound))
        network = self.network
        for name, width in (("inputs", len(network.inputs)), ("targets", len(network.outputs))):
            array = np.asarray(getattr(self, name))
            if array.ndim != 2 or array.shape[1] != width:
                raise InvalidInstance(f"{name}: every data point needs {width} values")
            object.__setattr__(self, name, exact_array(array, array.shape))
        if len(self.inputs) != len(self.targets):
            raise InvalidInstance(f"{len(self.inputs)} inputs but {len(self.targets)} targets")

    @property
    def points(self) -> int:
        """Number of data points, with multiplicity."""
        return len(self.inputs)

    @property
    def fingerprint(self) -> str:
        """SHA-256, as 64 hexadecimal digits, of everything but names and origin."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)


def fingerprint_of(
    values: Iterable[object], tables: Iterable[tuple[list[str], Ints]], arrays: Iterable[Array]
) -> str:
    """Return the SHA-256, as 64 hexadecimal digits, of single values, tables and arrays.

    A table is a list of texts and an index into it. Two tables that say the same in another
    order, or with unused entries, count as equal.
    """
    digest = hashlib.sha256()
    for value in values:
        digest.update(f"{value}\n".encode())
    for texts, index in tables:
        used, canonical = _canonical_index(texts, index)
        digest.update("\n".join([*used, ""]).encode())
        digest.update(canonical.tobytes())
    for array in arrays:
        digest.update(f"\n{array.shape}:".encode())
        digest.update(_canonical_bytes(array))
    return digest.hexdigest()


def _canonical_index(texts: list[str], index: Ints) -> tuple[list[str], Array]:
    """Return the texts in use in sorted order, and the index into them; -1 stays -1."""
    used = sorted({texts[number] for number in np.unique(index[index >= 0]).tolist()})
    place = {text: number for number, text in enumerate(used)}
    table = np.array([place.get(text, -1) for text in texts] + [-1], dtype="<i4")
    return used, table[index]


def _canonical_bytes(array: Array) -> bytes:
    if array.dtype == object:
        return "\n".join(map(str, array.ravel().tolist())).encode()
    return array.astype("<i8").tobytes()
