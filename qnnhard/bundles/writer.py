"""Writing a bundle: the members of one source after the other, then the manifest."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO
from zipfile import ZIP_DEFLATED, LargeZipFile, ZipFile

from instances.errors import LONGEST, InputError
from instances.files import write_parts
from instances.text.values import visible
from instances.training.schema import VERSION
from qnnhard import __version__
from qnnhard.bundles.archive import member_info
from qnnhard.bundles.evidence import CaseEvidence
from qnnhard.bundles.manifest import (
    BUNDLE_FORMAT,
    FILES,
    MANIFEST,
    MOST_BYTES,
    MOST_CASES,
    MOST_MANIFEST,
    CaseRecord,
    ManifestRecord,
    PackedFile,
    PackedFiles,
    encode_manifest,
    folder_of,
)
from qnnhard.sat.cadical import SOLVED

LEVEL = 6
"""How hard members are packed: the same bytes with the same zlib."""

_SUFFIX = re.compile(r"\.[a-z0-9]{1,12}")
_PIECE = 1 << 20


class BundleWriter:
    """Evidence that is packed as it comes, and becomes a file in the end.

    It waits in a file without a name, which is gone with the process. What is wrong before the
    bundle is written, such as a lack of room, is kept for `write` to say, so that the answers
    are not lost.
    """

    def __init__(self) -> None:
        self._cases: list[CaseRecord] = []
        self._total = 0
        self._wrong = ""
        self._spool: IO[bytes] = TemporaryFile(prefix="qnnhard-")  # noqa: SIM115
        self._zip = ZipFile(self._spool, "w", ZIP_DEFLATED, allowZip64=False, compresslevel=LEVEL)

    def __enter__(self) -> "BundleWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A zip file that is left open would complain when it is collected.
        with suppress(LargeZipFile, OSError, ValueError):
            self._zip.close()
        self._spool.close()

    def add(self, evidence: CaseEvidence) -> None:
        """Pack the evidence of one more source."""
        number = len(self._cases) + 1
        if number > MOST_CASES:
            self._wrong = f"there are more than {MOST_CASES} sources"
        if self._wrong:
            return
        order = [kind for kind in ("source", *FILES) if kind in evidence.files]
        records = {kind: self._pack(number, kind, evidence) for kind in order}
        outcome = evidence.outcome
        self._cases.append(
            CaseRecord(
                name=_shown(evidence.source.name),
                problem=evidence.source.problem.name,
                target=evidence.target,
                chain=evidence.chain,
                source_answer=str(outcome.source_answer),
                answer=str(outcome.target_answer),
                how=str(evidence.how),
                files=PackedFiles(**records),
                failures=[_shown(f"{kind}: {text}") for kind, text in outcome.failures],
                missing=_shown(evidence.missing),
            )
        )

    def write(self, path: str) -> int:
        """Write the bundle, whole or not at all, and return how many bytes it has.

        Raises
        ------
        InputError
            Where it cannot be written, or would be larger than what is read again.
        """
        manifest = encode_manifest(ManifestRecord(BUNDLE_FORMAT, VERSION, made_by(), self._cases))
        if len(manifest) > MOST_MANIFEST:
            self._wrong = f"the manifest has {len(manifest)} bytes, and {MOST_MANIFEST} are read"
        self._put(MANIFEST, manifest)
        try:
            self._zip.close()
        except (LargeZipFile, OSError) as error:
            self._fail(error)
        if self._wrong:
            raise InputError(f"{path}: no bundle is written: {self._wrong}; take fewer sources")
        return write_parts(path, self._parts())

    def _pack(self, number: int, kind: str, evidence: CaseEvidence) -> PackedFile:
        if kind == "source":
            suffix = evidence.source.problem.form.suffix
            name = f"source{suffix if _SUFFIX.fullmatch(suffix) else '.txt'}"
        else:
            name = FILES[kind]
        path, content = f"{folder_of(number)}/{name}", evidence.files[kind]
        self._put(path, content)
        return PackedFile(path, len(content), hashlib.sha256(content).hexdigest())

    def _put(self, path: str, content: bytes) -> None:
        self._total += len(content)
        if self._total > MOST_BYTES:
            self._wrong = f"more than {MOST_BYTES} bytes would have to be read again"
        if self._wrong:
            return
        try:
            self._zip.writestr(member_info(path), content, compresslevel=LEVEL)
        except (LargeZipFile, OSError) as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        reason = error.strerror if isinstance(error, OSError) else "it would be too large"
        self._wrong = self._wrong or f"it cannot be packed ({reason})"

    def _parts(self) -> Iterator[bytes]:
        self._spool.seek(0)
        while part := self._spool.read(_PIECE):
            yield part


def _shown(text: str) -> str:
    """Return a text from outside that every JSON parser takes, not too long."""
    return visible(text)[:LONGEST]


def made_by() -> dict[str, str]:
    """Return the versions of qnnhard, of the solver that proves, and of the package it is from."""
    try:
        package = version("python-sat")
    except PackageNotFoundError:
        package = "unknown"
    return {"qnnhard": __version__, "solver": SOLVED, "python-sat": package}
