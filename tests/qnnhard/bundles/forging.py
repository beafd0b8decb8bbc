"""Bundles that are taken apart, changed, and put together again with hashes that fit."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from qnnhard.bundles.archive import member_info
from qnnhard.bundles.manifest import MANIFEST

Members = dict[str, bytes]
Document = dict[str, Any]


def members(path: Path) -> Members:
    """The content of every member by name."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(path: Path) -> Document:
    return json.loads(members(path)[MANIFEST])


def pack(path: Path, content: Members) -> None:
    """Write members in the form that bundles have."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(member_info(name), data)


def record(name: str, data: bytes) -> Document:
    return {"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def forge(
    path: Path,
    target: Path,
    case: int = 1,
    told: Callable[[Document], object] | None = None,
    **files: bytes | None,
) -> None:
    """Write the bundle at `path` with other files of a case.

    `told` changes what the manifest says of it. The hashes and sizes are those of the new files;
    ``None`` takes a file away.
    """
    content = members(path)
    document = json.loads(content.pop(MANIFEST))
    entry = document["cases"][case - 1]
    for kind, data in files.items():
        known = entry["files"].pop(kind, None)
        if known is not None:
            del content[known["path"]]
        if data is not None:
            name = known["path"] if known else f"cases/{case:04d}/{ENDINGS[kind]}"
            content[name] = data
            entry["files"][kind] = record(name, data)
    if told is not None:
        told(entry)
    content[MANIFEST] = json.dumps(document).encode()
    pack(target, content)


ENDINGS = {"proof": "proof.drat", "parameters": "parameters.json", "witness": "witness.json"}


def remake(path: Path, target: Path, change: Callable[[Document], object]) -> None:
    """Write the bundle at `path` with a manifest that `change` has changed."""
    content = members(path)
    document = json.loads(content.pop(MANIFEST))
    change(document)
    pack(target, {**content, MANIFEST: json.dumps(document).encode()})
