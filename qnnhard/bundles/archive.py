"""Zip files of one strict form, read within bounds whatever they hold.

Only files that `qnnhard.bundles.writer` could have written are read: plain members one after the
other without gaps, each packed by deflate, undated, with one header in two places, and a directory
that ends the file. So nothing overlaps, hides or repeats, and what is unpacked is at most about a
thousand times what is packed. Nothing is ever written to a file.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from instances.errors import InputError
from instances.files import STANDARD, read_bytes
from qnnhard.bundles.manifest import MEMBER_NAME

MOST_MEMBERS = (1 << 16) - 2
"""Most members of a zip file without extensions."""

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s4B4HL2L5H2L")
_LONGEST_NAME = 64
_PIECE = 1 << 20

_DATE = (1980, 1, 1, 0, 0, 0)
_VERSION = 20
_UNIX = 3
_MODE = stat.S_IFREG | 0o644

_BROKEN = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What the standard library raises for zip files that are damaged or of another kind."""


def member_info(path: str) -> ZipInfo:
    """Return the header of a member, which depends on its name and content only."""
    info = ZipInfo(path, _DATE)
    info.compress_type = ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = _MODE << 16
    return info


def directory_entry(info: ZipInfo) -> bytes:
    """Return the entry of a plain member in the directory, without extras and comment."""
    (year, month, day, hour, minute, second), name = info.date_time, info.filename.encode()
    date, time = (year - 1980) << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2
    entry = _ENTRY.pack(
        b"PK\1\2", info.create_version, info.create_system, info.extract_version, 0,
        info.flag_bits, info.compress_type, time, date, info.CRC, info.compress_size,
        info.file_size, len(name), 0, 0, 0, info.internal_attr, info.external_attr,
        info.header_offset,
    )  # fmt: skip
    return entry + name


class Archive:
    """The members of a zip file, by name.

    Parameters
    ----------
    stream : binary file
        At any place; it is sought.

    Raises
    ------
    InputError
        Where the file is not of the form described above.
    """

    def __init__(self, stream: BinaryIO) -> None:
        start, count = _directory(stream)
        try:
            self._zip = ZipFile(stream)
            infos = self._zip.infolist()
            if len(infos) != count or self._zip.start_dir != start:
                raise InputError("its directory is not what its end says")
            self._infos: dict[str, ZipInfo] = {}
            place = 0
            for info in infos:
                self._require_plain(info)
                self._infos[info.filename] = info
                place = _end_of(stream, info, place)
            if place != start:
                raise InputError("there are bytes between its members and its directory")
            stream.seek(start)
            if any(stream.read(len(entry)) != entry for entry in map(directory_entry, infos)):
                raise InputError("its directory has other entries than a bundle's")
        except _BROKEN as error:
            raise InputError(f"no whole zip file ({error})") from error

    def sizes(self) -> dict[str, int]:
        """Return how many bytes every member announces, unpacked."""
        return {name: info.file_size for name, info in self._infos.items()}

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the content of a member; raise `InputError` where it is damaged."""
        try:
            with self._zip.open(self._infos[name]) as member:
                while piece := member.read(_PIECE):
                    yield piece
        except _BROKEN as error:
            raise InputError(f"{name}: damaged ({error})") from error

    def _require_plain(self, info: ZipInfo) -> None:
        name = info.orig_filename
        if not MEMBER_NAME.fullmatch(name) or info.filename != name:
            shown = ascii(name[:60])
            raise InputError(f"the member {shown} is called as no member of a bundle is")
        if name in self._infos:
            raise InputError(f"the member {name} occurs twice")
        if stat.S_IFMT(info.external_attr >> 16) != stat.S_IFREG:
            raise InputError(f"the member {name} is not a plain file")
        expected = member_info(name)
        for field in (
            "compress_type", "create_system", "external_attr", "date_time", "create_version",
            "extract_version", "reserved", "flag_bits", "volume", "internal_attr", "extra",
            "comment",
        ):  # fmt: skip
            if getattr(info, field) != getattr(expected, field):
                raise InputError(f"the member {name} has a header of another kind ({field})")


@contextmanager
def opened_archive(path: str) -> Iterator[Archive]:
    """Yield the archive at `path`, or on standard input for ``-``; raise `InputError`."""
    with _stream(path) as stream:
        yield Archive(stream)


@contextmanager
def _stream(path: str) -> Iterator[BinaryIO]:
    if path == STANDARD or path.endswith(".gz") or not Path(path).is_file():
        # It may have no end, or no way back.
        yield BytesIO(read_bytes(path))
        return
    try:
        stream = Path(path).open("rb")  # noqa: SIM115
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({error})") from error
    with stream:
        yield stream


def _directory(stream: BinaryIO) -> tuple[int, int]:
    """Return where the directory starts, and how many members the end of the file announces."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END.size))
    last = stream.read(_END.size)
    if len(last) == _END.size:
        mark, disk, first, here, count, length, start, comment = _END.unpack(last)
        whole = (mark, disk, first, here, comment) == (b"PK\5\6", 0, 0, count, 0)
        bounded = count <= MOST_MEMBERS and length <= count * (_ENTRY.size + _LONGEST_NAME)
        if whole and bounded and start + length + _END.size == size:
            return start, count
    raise InputError(
        "no bundle: a zip file that ends with its directory, without a comment and with at most "
        f"{MOST_MEMBERS} members, is expected"
    )


def _end_of(stream: BinaryIO, info: ZipInfo, place: int) -> int:
    """Return where a member ends that begins at `place` with the header of the directory."""
    header = info.FileHeader(zip64=False)
    stream.seek(place)
    if info.header_offset != place or stream.read(len(header)) != header:
        raise InputError(f"the member {info.filename} is not where or what the directory says")
    return place + len(header) + info.compress_size
