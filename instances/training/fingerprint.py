"""The fingerprint of discrete training: a hash of what is asked, however a file says it."""

import hashlib
from collections.abc import Iterable

import numpy as np

from instances.text.numbers import Array
from instances.training.network import Ints


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
