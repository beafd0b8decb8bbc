"""The manifest of a bundle, as typed records: what there is of each source, and how it is known."""

import re
from collections.abc import Iterator
from typing import Annotated

import msgspec

from instances.errors import InputError
from instances.training.records import decode_record
from instances.training.schema import FileRecord

BUNDLE_FORMAT = "qnnhard-bundle"

MANIFEST = "manifest.json"
"""The name of the manifest's member, the last of a bundle."""

MOST_MANIFEST = 1 << 24
"""Most bytes of a manifest."""

MOST_CASES = 10_000
"""Most sources of a bundle."""

MOST_BYTES = 1 << 32
"""Most bytes of all members together, unpacked."""

MOST_MAPS = 16
"""Most maps of a chain."""

FILES = {
    "instance": "instance.json",
    "formula": "formula.cnf",
    "names": "names.txt",
    "parameters": "parameters.json",
    "proof": "proof.drat",
    "witness": "witness.json",
}
"""The file names of members by kind; that of the source, which is the first, has any ending."""

MEMBER_NAME = re.compile(r"manifest\.json|cases/[0-9]{4,5}/[a-z]{1,12}\.[a-z0-9]{1,12}")
"""What the names of members look like."""

Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Size = Annotated[int, msgspec.Meta(ge=0, le=MOST_BYTES)]


class PackedFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A member: its name, its bytes unpacked, and their SHA-256."""

    path: str
    size: Size
    sha256: Hash


class PackedFiles(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """The members that belong to one source, by kind.

    `witness` is one of the source, where the chain makes no instance since all would solve it.
    """

    source: PackedFile
    instance: PackedFile | None = None
    formula: PackedFile | None = None
    names: PackedFile | None = None
    parameters: PackedFile | None = None
    proof: PackedFile | None = None
    witness: PackedFile | None = None

    def listed(self) -> Iterator[tuple[str, PackedFile]]:
        """Yield kind and record of every member that there is, in the order of the bundle."""
        for kind in self.__struct_fields__:
            found = getattr(self, kind)
            if found is not None:
                yield kind, found


class MapRecord(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A map by name, and the SHA-256 of its file where it is from a file of the user."""

    name: str
    file_sha256: Hash | None = None


class CaseRecord(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """A source and what was found of it.

    `problem` is that of the source, `target` that of the instance. `source_answer` is the answer
    of the source's own solver, `answer` that of the instance: ``yes``, ``no`` or ``unknown``;
    `how` says how the latter is known. `failures` are those of the verification, and `missing`
    says why there is no evidence, or no formula.
    """

    name: str
    problem: str
    target: str
    chain: Annotated[list[MapRecord], msgspec.Meta(min_length=1, max_length=MOST_MAPS)]
    source_answer: str
    answer: str
    how: str
    files: PackedFiles
    failures: list[str] = []
    missing: str = ""


class ManifestRecord(FileRecord, forbid_unknown_fields=True):
    """What a bundle holds; `made_by` has the versions of qnnhard and of the solver."""

    made_by: dict[str, str]
    cases: Annotated[list[CaseRecord], msgspec.Meta(max_length=MOST_CASES)]


def encode_manifest(manifest: ManifestRecord) -> bytes:
    """Return the JSON of a manifest, indented."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decode_manifest(content: bytes) -> ManifestRecord:
    """Return the manifest that `content` holds.

    Raises
    ------
    InputError
        Where it is none of this version, or its members are not where they belong or do not fit
        the answer.
    """
    manifest = decode_record(content, ManifestRecord, BUNDLE_FORMAT)
    total = 0
    for number, case in enumerate(manifest.cases, 1):
        for kind, found in case.files.listed():
            _require_place(number, kind, found.path)
            total += found.size
        _require_fitting(number, case)
    if total > MOST_BYTES:
        raise InputError(f"the members have {total} bytes, and at most {MOST_BYTES} are read")
    return manifest


def folder_of(number: int) -> str:
    """Return the folder of a source's members; sources are counted from 1."""
    return f"cases/{number:04d}"


def _require_place(number: int, kind: str, path: str) -> None:
    expected = f"{folder_of(number)}/{FILES.get(kind, 'source.')}"
    fits = path.startswith(expected) if kind == "source" else path == expected
    if not (fits and MEMBER_NAME.fullmatch(path)):
        raise InputError(f"case {number}: the {kind} is {path[:60]!a}, and belongs in {expected}")


def _require_fitting(number: int, case: CaseRecord) -> None:
    """Raise `InputError` where members contradict the answer, or lack what they are about."""
    files, wrong = case.files, ""
    if case.answer not in ("yes", "no", "unknown"):
        wrong = f"the answer is {case.answer[:20]!a}, not yes, no or unknown"
    elif files.parameters is not None and case.answer != "yes":
        wrong = f"there are parameters, but the answer is {case.answer}"
    elif files.proof is not None and case.answer != "no":
        wrong = f"there is a proof, but the answer is {case.answer}"
    elif files.witness is not None and (case.answer != "yes" or files.instance is not None):
        wrong = "a witness belongs to a yes without an instance only"
    elif (files.formula is None) != (files.names is None):
        wrong = "formula and names of its variables go together"
    elif files.proof is not None and files.formula is None:
        wrong = "there is a proof, but no formula"
    elif files.instance is None and (files.formula or files.parameters):
        wrong = "there is no instance"
    if wrong:
        raise InputError(f"case {number}: {wrong}")
