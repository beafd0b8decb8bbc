"""Files that are no bundles, or only nearly: refused in one line, in little time and memory."""

import json
import resource
import stat
import struct
import subprocess
import sys
import warnings
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from instances.errors import InputError
from qnnhard.bundles import manifest as limits
from qnnhard.bundles.archive import MOST_MEMBERS, Archive, directory_entry, member_info
from qnnhard.bundles.manifest import MANIFEST, MOST_MANIFEST
from qnnhard.bundles.reader import Bundle, opened_bundle
from tests.helpers import REPOSITORY, assert_one_line_error
from tests.qnnhard.bundles.forging import members, pack, record, remake

EVIL = Path("evil.qnncert")
MEMBER = "cases/0001/source.cnf"
GIB = 1 << 30


def refused(qnnhard, *words: str) -> None:
    assert_one_line_error(qnnhard("recheck", EVIL), str(EVIL), *words)


def unpacked(bundle: Bundle) -> dict[str, bytes]:
    listed = (found for case in bundle.manifest.cases for _, found in case.files.listed())
    return {found.path: bundle.read(found) for found in listed}


def written(path: Path) -> dict[str, bytes]:
    """What a reader that accepts the file makes of it."""
    with opened_bundle(str(path)) as bundle:
        return unpacked(bundle)


# --- no bundle at all ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"p cnf 1 1\n1 0\n", bytes(1000), b"PK\5\6" + bytes(18), b"PK\5\6" * 50],
    ids=["empty", "short", "text", "zeros", "no members", "marks"],
)
def test_a_file_that_is_no_bundle(here, qnnhard, content):
    EVIL.write_bytes(content)
    refused(qnnhard, "no bundle")


def test_a_file_that_is_not_there_or_a_folder(here, qnnhard):
    refused(qnnhard)
    EVIL.mkdir()
    refused(qnnhard)


def test_a_zip_file_without_a_manifest(here, qnnhard):
    pack(EVIL, {MEMBER: b"p cnf 0 0\n"})
    refused(qnnhard, "manifest.json is missing")


def test_a_file_that_is_cut_off_anywhere(here, honest):
    content = honest.read_bytes()
    for size in range(0, len(content), 23):
        EVIL.write_bytes(content[:size])
        with pytest.raises(InputError):
            written(EVIL)


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.long)])
def test_any_byte_changed_is_seen_or_changes_nothing(honest, step):
    """The same content may be packed otherwise; outside of packed streams all bytes are fixed."""
    content, honestly = bytearray(honest.read_bytes()), written(honest)
    packed: set[int] = set()
    with ZipFile(honest) as archive:
        for info in archive.infolist():
            start = info.header_offset + len(info.FileHeader(zip64=False))
            packed.update(range(start, start + info.compress_size))
    for place in range(0, len(content), step):
        flip = 1 << place % 8
        content[place] ^= flip
        try:
            found = unpacked(Bundle(Archive(BytesIO(content))))
        except InputError:
            found = None
        content[place] ^= flip
        assert found is None or (found == honestly and place in packed), place


# --- members ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "cases/0001/../../evil", "/etc/passwd", "cases\\0001\\source.cnf", "C:/evil.cnf",
        "cases/0001/", "cases/0001/source.cnf/", "cases/0001/.cnf", "cases/1/source.cnf",
        "cases/0001/sour\u00e7e.cnf", "cases/0001/source.cnf\0.txt", "cases/0001/a b.txt",
        "MANIFEST.json", "./manifest.json", "cases/0001/source.cnf\n",
    ],
)  # fmt: skip
def test_names_that_no_member_has(here, honest, qnnhard, name):
    info = member_info("x")
    info.filename = info.orig_filename = name
    with ZipFile(EVIL, "w", ZIP_DEFLATED) as archive:
        for known, data in members(honest).items():
            archive.writestr(member_info(known), data)
        archive.writestr(info, b"evil")
    refused(qnnhard)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFBLK, 0])
def test_members_that_are_no_plain_files(here, honest, qnnhard, kind):
    rewritten(honest, lambda info: setattr(info, "external_attr", (kind | 0o777) << 16))
    refused(qnnhard, MEMBER, "not a plain file")


def rewritten(honest: Path, change, **more: object) -> None:
    """Write the honest members, with a change to the header of the first."""
    with ZipFile(EVIL, "w", ZIP_DEFLATED) as archive:
        for name, data in members(honest).items():
            info = member_info(name)
            if name == MEMBER:
                change(info)
            archive.writestr(info, data, **more)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("compress_type", ZIP_STORED),
        ("compress_type", ZIP_BZIP2),
        ("date_time", (2026, 1, 2, 3, 4, 6)),
        ("create_system", 0),
        ("external_attr", (stat.S_IFREG | 0o4755) << 16),
        ("internal_attr", 1),
        ("extra", struct.pack("<HH4s", 0x7075, 4, b"evil")),
        ("comment", b"evil"),
    ],
)
def test_headers_of_another_kind(here, honest, qnnhard, field, value):
    rewritten(honest, lambda info: setattr(info, field, value))
    refused(qnnhard, MEMBER, field)


def test_a_member_that_is_encrypted_or_described_afterwards(here, honest, qnnhard):
    content = honest.read_bytes()
    for flag in (1, 8, 0x800):
        changed = bytearray(content)
        changed[6] |= flag & 255
        changed[7] |= flag >> 8
        directory = content.index(b"PK\1\2")
        changed[directory + 8] |= flag & 255
        changed[directory + 9] |= flag >> 8
        EVIL.write_bytes(changed)
        refused(qnnhard, "flag_bits")


def test_a_member_that_occurs_twice(here, honest, qnnhard):
    with warnings.catch_warnings(), ZipFile(EVIL, "w", ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, data in members(honest).items():
            archive.writestr(member_info(name), data)
        archive.writestr(member_info(MEMBER), b"p cnf 0 0\n")
    refused(qnnhard, MEMBER, "occurs twice")


def test_a_member_that_is_not_listed(here, honest, qnnhard):
    pack(EVIL, {"cases/0003/source.cnf": b"evil", **members(honest)})
    refused(qnnhard, "cases/0003/source.cnf is not in the manifest")


def test_a_member_that_is_missing(here, honest, qnnhard):
    content = members(honest)
    del content[MEMBER]
    pack(EVIL, content)
    refused(qnnhard, MEMBER, "missing")


def test_a_member_of_another_hash_or_size(here, honest, qnnhard):
    content = members(honest)
    pack(EVIL, {**content, MEMBER: content[MEMBER].replace(b"1 2 3", b"1 3 2")})
    refused(qnnhard, MEMBER, "SHA-256")
    pack(EVIL, {**content, MEMBER: content[MEMBER] + b"\n"})
    refused(qnnhard, MEMBER, "bytes, and the manifest says")


def test_members_that_overlap(here, honest, qnnhard):
    """Two entries of the directory for the same bytes, as in bombs that unpack without end."""
    content = bytearray(honest.read_bytes())
    first = content.index(b"PK\1\2")
    second = content.index(b"PK\1\2", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    EVIL.write_bytes(content)
    refused(qnnhard, "not where or what the directory says")


def test_what_is_hidden_before_between_and_after_members(here, honest, qnnhard):
    content = honest.read_bytes()
    EVIL.write_bytes(b"#!/bin/sh\n" + content)
    refused(qnnhard)
    EVIL.write_bytes(content + b"\n")
    refused(qnnhard)
    with ZipFile(EVIL, "w", ZIP_DEFLATED) as archive:
        for name, data in members(honest).items():
            archive.writestr(member_info(name), data)
        archive.comment = b"evil"
    refused(qnnhard)
    directory = content.index(b"PK\1\2")
    start = struct.unpack_from("<L", content, len(content) - 6)[0]
    shifted = bytearray(content[:directory] + b"evil" + content[directory:])
    struct.pack_into("<L", shifted, len(shifted) - 6, start + 4)
    EVIL.write_bytes(shifted)
    refused(qnnhard, "between its members and its directory")


def test_a_header_before_a_member_that_differs_from_the_directory(here, honest, qnnhard):
    content = bytearray(honest.read_bytes())
    content[30] ^= 1
    EVIL.write_bytes(content)
    refused(qnnhard, "not where or what the directory says")


# --- bombs -----------------------------------------------------------------------------------


def bomb(size: int) -> bytes:
    """So many zeros, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    step = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return step * (size >> 24) + packer.flush()


def bombed(honest: Path, packed: bytes, announced: int, listed: int) -> None:
    """Write the honest bundle with a source that is a bomb."""
    content = members(honest)
    document = json.loads(content[MANIFEST])
    document["cases"][0]["files"]["source"]["size"] = listed
    content[MANIFEST] = json.dumps(document).encode()
    infos, body = [], b""
    for name, data in content.items():
        info = member_info(name)
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        stream = packer.compress(data) + packer.flush()
        info.CRC, info.file_size = zlib.crc32(data), len(data)
        if name == MEMBER:
            stream, info.CRC, info.file_size = packed, 0, announced
        info.compress_size, info.header_offset = len(stream), len(body)
        infos.append(info)
        body += info.FileHeader(zip64=False) + stream
    directory = b"".join(map(directory_entry, infos))
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, len(infos), len(infos), len(directory), len(body), 0
    )
    EVIL.write_bytes(body + directory + end)


def within_bounds(*words: str) -> None:
    """Refused in a process that may take 150 MiB, and 20 s of a processor."""

    def bounds() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))

    run = subprocess.run(
        [sys.executable, "-m", "qnnhard", "recheck", EVIL.absolute(), "--memory", "150"],
        capture_output=True,
        cwd=REPOSITORY,
        preexec_fn=bounds,
        check=False,
    )
    text = run.stderr.decode()
    assert (run.returncode, run.stdout) == (1, b""), run
    assert text.startswith("qnnhard: ")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    for word in words:
        assert word in text


def test_the_maker_of_bombs_makes_bundles(here, honest):
    """So that what is refused below is refused for the bomb."""
    data = members(honest)[MEMBER]
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    bombed(honest, packer.compress(data) + packer.flush(), len(data), len(data))
    content = bytearray(EVIL.read_bytes())
    for place in (14, content.index(b"PK\1\2") + 16):
        struct.pack_into("<L", content, place, zlib.crc32(data))
    EVIL.write_bytes(content)
    assert written(EVIL) == written(honest)


@pytest.mark.parametrize(
    ("announced", "listed", "words"),
    [
        (2 * GIB, 30, "the manifest says 30"),
        (30, 30, MEMBER),
        (2 * GIB, 2 * GIB, MEMBER),
        (2 * GIB, 5 * GIB, MANIFEST),
        (30, 2 * GIB, "the manifest says"),
    ],
)
def test_a_source_that_is_a_bomb(here, honest, announced, listed, words):
    bombed(honest, bomb(2 * GIB), announced, listed)
    assert EVIL.stat().st_size < 3 << 20
    within_bounds(words)


def test_a_bomb_with_a_fitting_hash_is_not_taken_into_memory(here, honest):
    size = 1 << 28
    content = members(honest)
    document = json.loads(content[MANIFEST])
    zeros = bytes(size)
    document["cases"][0]["files"]["source"] = record(MEMBER, zeros)
    pack(EVIL, {**content, MEMBER: zeros, MANIFEST: json.dumps(document).encode()})
    within_bounds(MEMBER, "memory admits")


def test_a_manifest_that_is_a_bomb(here, honest):
    pack(EVIL, {**members(honest), MANIFEST: bytes(MOST_MANIFEST + 1)})
    within_bounds(MANIFEST, "are read")
    pack(EVIL, {**members(honest), MANIFEST: b"[" * MOST_MANIFEST})
    within_bounds(MANIFEST)
    empty = b'{"format":"qnnhard-bundle","version":1,"made_by":{},"cases":[' + b'"",' * (1 << 22)
    pack(EVIL, {**members(honest), MANIFEST: empty[:-1] + b"]}"})
    within_bounds(MANIFEST)


def test_a_directory_of_far_too_many_members(here):
    count = MOST_MEMBERS + 1
    info = member_info(MEMBER)
    info.CRC = info.compress_size = info.header_offset = 0
    entry = directory_entry(info)
    directory = entry * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), 0, 0)
    EVIL.write_bytes(directory + end)
    within_bounds("no bundle")
    short = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, len(directory), 0, 0)
    EVIL.write_bytes(directory + short)
    within_bounds("no bundle")


def test_members_of_too_many_bytes_together(here, honest, qnnhard, monkeypatch):
    total = sum(map(len, written(honest).values()))
    monkeypatch.setattr(limits, "MOST_BYTES", total - 1)
    EVIL.write_bytes(honest.read_bytes())
    refused(qnnhard, f"the members have {total} bytes")


# --- manifests -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "version 2 is not known"),
        ({"version": "1"}, "no"),
        ({"format": "qnnhard-instance"}, "'qnnhard-bundle' is needed"),
        ({"more": 1}, "more"),
        ({"cases": {}}, "cases"),
        ({"made_by": []}, "made_by"),
    ],
)
def test_a_manifest_of_another_kind(here, honest, qnnhard, change, words):
    remake(honest, EVIL, lambda told: told.update(change))
    refused(qnnhard, MANIFEST, words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answer": "maybe"}, "not yes, no or unknown"),
        ({"answer": "no"}, "there are parameters, but the answer is no"),
        ({"chain": []}, "chain"),
        ({"chain": [{"name": "two-inputs"}] * 17}, "chain"),
        ({"chain": [{"name": "two-inputs", "file": "/tmp/x.py"}]}, "file"),
        ({"chain": [{"name": "two-inputs", "file_sha256": "x"}]}, "file_sha256"),
        ({"name": 3}, "name"),
        ({"files": {}}, "source"),
    ],
)
def test_a_case_of_another_kind(here, honest, qnnhard, change, words):
    remake(honest, EVIL, lambda told: told["cases"][0].update(change))
    refused(qnnhard, MANIFEST, words)


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("source", {"path": "../../etc/passwd"}, "belongs in cases/0001/source."),
        ("source", {"path": "cases/0001/source.cnf\n"}, "belongs in"),
        ("source", {"path": "cases/0002/source.cnf"}, "belongs in"),
        ("formula", {"path": "cases/0001/names.txt"}, "belongs in"),
        ("source", {"sha256": "0" * 63}, "sha256"),
        ("source", {"sha256": "0" * 64}, "SHA-256"),
        ("source", {"size": -1}, "size"),
        ("source", {"size": 10**30}, "size"),
        ("source", {"size": 1.5}, "size"),
        ("source", {"size": 31}, "bytes, and the manifest says 31"),
    ],
)
def test_a_file_of_another_kind(here, honest, qnnhard, kind, change, words):
    remake(honest, EVIL, lambda told: told["cases"][0]["files"][kind].update(change))
    refused(qnnhard, words)


def test_files_that_do_not_go_together(here, honest, qnnhard):
    for case, gone, words in (
        (0, ("names",), "go together"),
        (1, ("formula", "names"), "there is a proof, but no formula"),
        (0, ("instance",), "there is no instance"),
    ):
        remake(honest, EVIL, lambda told: [told["cases"][case]["files"].pop(g) for g in gone])  # noqa: B023
        refused(qnnhard, f"case {case + 1}", words)


def test_a_manifest_with_a_key_twice_or_too_deep(here, honest, qnnhard):
    content = members(honest)
    text = content[MANIFEST].decode()
    for other in (
        text.replace('"version": 1', '"version": 1, "version": 1'),
        "[" * 100_000,
        text.replace('"made_by": {', '"made_by": {"x":' + '{"x":' * 5000),
        text[:-10],
        "",
    ):
        pack(EVIL, {**content, MANIFEST: other.encode()})
        refused(qnnhard, MANIFEST)
    pack(EVIL, {**content, MANIFEST: b"\xff\xfe{}"})
    refused(qnnhard, MANIFEST)


def test_members_are_hashed_before_any_is_believed(here, honest, qnnhard, monkeypatch):
    """The last member is wrong, and nothing of the first has been looked at."""
    content = members(honest)
    last = [name for name in content if name != MANIFEST][-1]
    changed = content[last][:-2] + b"1\n"
    pack(EVIL, {**content, last: changed})
    monkeypatch.setattr(Bundle, "read", lambda *_: pytest.fail("it was read"))
    refused(qnnhard, last, "SHA-256")
