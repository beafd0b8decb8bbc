"""Reading and writing files: standard streams, gzip by extension, whole files or none."""

import gzip
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO, cast

from instances.errors import InputError
from instances.progress import Stage, stage, watched_by
from instances.room import budget, gibibytes

STANDARD = "-"

EXPANSION = 16
"""Bytes of memory that a byte of a file may take once it is parsed; JSON numbers take about 12."""

_PIECE = 1 << 20
"""Bytes that are read at a time."""


def read_bytes(path: str) -> bytes:
    """Return the content of `path`, decompressed where the name ends in ``.gz``.

    ``-`` means standard input. Raises `InputError` where the file cannot be read, or is longer
    than the memory at hand admits; a device or a pipe that does not end is read so far only.
    """
    try:
        with _opened(path) as stream:
            return b"".join(_bounded(path, stream))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: not a whole gzip file ({error})") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({_reason(error)})") from error


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    if path == STANDARD:
        return nullcontext(sys.stdin.buffer)
    return cast(BinaryIO, gzip.open(path)) if path.endswith(".gz") else Path(path).open("rb")


def _bounded(path: str, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the content of a stream; raise `InputError` where it has too many bytes."""
    left = most = budget() // EXPANSION
    while piece := stream.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise InputError(
                f"{path}: more than {gibibytes(most)} to read, the most that {gibibytes(budget())} "
                "of memory admit: take a smaller file"
            )
        yield piece


def read_text(path: str) -> str:
    """Return the UTF-8 text of `path`; see `read_bytes`."""
    content = read_bytes(path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start} is not UTF-8 text; convert the file or check its type"
        ) from error


def write_bytes(path: str, content: bytes) -> None:
    """Write `content` to `path`; see `write_parts`."""
    write_parts(path, (content,))


def write_parts(path: str, parts: Iterable[bytes]) -> int:
    """Write `parts` one after the other, and return how many bytes they have.

    The file is written whole or not at all, compressed where the name ends in ``.gz``; ``-``
    means standard output. The compressed form carries neither a name nor a time, so that equal
    contents give equal files. Raises `InputError` where writing fails.
    """
    # Bars would get in between the lines of the content.
    unseen = path == STANDARD and sys.stdout.isatty()
    with (
        watched_by(None) if unseen else nullcontext(),
        stage(f"writing {path}", "bytes") as progress,
    ):
        _write(path, _counted(parts, progress))
    return progress.done


def _counted(parts: Iterable[bytes], progress: Stage) -> Iterator[bytes]:
    for part in parts:
        progress.done += len(part)
        yield part


def _write(path: str, parts: Iterable[bytes]) -> None:
    if path == STANDARD:
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        return
    content = _compressed(parts) if path.endswith(".gz") else parts
    target = Path(path)
    if _is_special(target):
        # A rename would replace a device or pipe by a file.
        _write_file(target, target, content)
        return
    if not target.name:
        raise InputError(f"'{path}' is no name of a file; give the output a name")
    temporary = target.with_name(f".qnnhard-{os.getpid()}.part")
    try:
        _write_file(target, temporary, content)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a gzip file of `parts` with an empty header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for part in parts:
        yield packer.compress(part)
    yield packer.flush()


def _write_file(target: Path, file: Path, parts: Iterable[bytes]) -> None:
    """Write `parts` to `file`, and rename it to `target` where that is another one."""
    try:
        with file.open("wb") as stream:
            for part in parts:
                stream.write(part)
        if file is not target:
            file.replace(target)
    except (OSError, ValueError) as error:
        raise InputError(f"{target}: cannot be written ({_reason(error)})") from error


def _is_special(target: Path) -> bool:
    """Return whether `target` is a device or pipe; what cannot be looked at is not."""
    try:
        return target.exists() and not (target.is_file() or target.is_dir())
    except OSError:
        return False


def write_text(path: str, text: str) -> None:
    """Write `text` as UTF-8; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
