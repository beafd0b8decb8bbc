"""Reading a bundle: nothing in it is believed before all of it is what the manifest says."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from instances.errors import InputError
from instances.files import EXPANSION
from instances.memory import budget, gibibytes
from instances.progress import stage
from instances.training.records import named
from qnnhard.bundles.archive import Archive, opened_archive
from qnnhard.bundles.manifest import (
    MANIFEST,
    MOST_MANIFEST,
    ManifestRecord,
    PackedFile,
    decode_manifest,
)


class Bundle:
    """A bundle whose members are exactly those of its manifest, with their sizes and hashes.

    Parameters
    ----------
    archive : Archive

    Raises
    ------
    InputError
        Where anything is missing, too much, too large or of another hash.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        sizes = archive.sizes()
        announced = sizes.pop(MANIFEST, None)
        if announced is None:
            raise InputError(f"no bundle: the member {MANIFEST} is missing")
        if announced > MOST_MANIFEST:
            raise InputError(f"{MANIFEST}: {announced} bytes, and at most {MOST_MANIFEST} are read")
        self.manifest = self._decoded()
        listed = [found for case in self.manifest.cases for _, found in case.files.listed()]
        _require_same(sizes, {found.path: found.size for found in listed})
        _require_room(listed)
        with stage("hashing", "bytes", sum(sizes.values())) as progress:
            for found in listed:
                for piece in self._checked(found):
                    progress.done += len(piece)

    def read(self, file: PackedFile) -> bytes:
        """Return the content of a member."""
        return b"".join(self._checked(file))

    def read_text(self, file: PackedFile) -> str:
        """Return the UTF-8 text of a member; raise `InputError` for what is none."""
        try:
            return self.read(file).decode()
        except UnicodeDecodeError as error:
            raise InputError(f"{file.path}: byte {error.start} is not UTF-8 text") from error

    def _decoded(self) -> ManifestRecord:
        content = b"".join(self._archive.pieces(MANIFEST))
        with named(MANIFEST):
            return decode_manifest(content)

    def _checked(self, file: PackedFile) -> Iterator[bytes]:
        """Yield the content of a member; raise `InputError` unless it has size and hash."""
        digest, size = hashlib.sha256(), 0
        for piece in self._archive.pieces(file.path):
            size += len(piece)
            digest.update(piece)
            yield piece
        if size != file.size:
            raise InputError(f"{file.path}: {size} bytes, and the manifest says {file.size}")
        if digest.hexdigest() != file.sha256:
            raise InputError(f"{file.path}: its SHA-256 is not the one of the manifest")


@contextmanager
def opened_bundle(path: str) -> Iterator[Bundle]:
    """Yield the bundle at `path`, whole; raise `InputError` naming the file and what is wrong."""
    with named(path), opened_archive(path) as archive:
        yield Bundle(archive)


def _require_room(listed: list[PackedFile]) -> None:
    """Raise `InputError` for a member that is larger than the memory at hand admits."""
    most = budget() // EXPANSION
    for file in listed:
        if file.size > most:
            raise InputError(
                f"{file.path}: {gibibytes(file.size)} to read, and memory admits {gibibytes(most)}"
            )


def _require_same(found: dict[str, int], listed: dict[str, int]) -> None:
    for name, size in found.items():
        if name not in listed:
            raise InputError(f"the member {name} is not in the manifest")
        if size != listed[name]:
            raise InputError(f"{name}: {size} bytes, and the manifest says {listed[name]}")
    for name in listed:
        if name not in found:
            raise InputError(f"the member {name} of the manifest is missing")
