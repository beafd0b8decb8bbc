"""Reading and writing files: standard streams, gzip by extension, whole files or none."""

import errno
import gzip
import os
import secrets
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO, cast

from instances.errors import InputError
from instances.memory import budget, gibibytes
from instances.progress import Stage, stage, watched_by

STANDARD = "-"

EXPANSION = 16
"""Bytes of memory that a byte of a file may take once it is parsed; JSON numbers take about 12."""

_NEW = 0o666
"""The mode of new files, of which the system takes the user's mask."""

_PIECE = 1 << 20
"""Bytes that are read, or compressed, at a time."""


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


def write_parts(path: str, parts: Iterable[bytes]) -> int:
    """Write `parts` one after the other, and return how many bytes they have.

    The file is written whole or not at all, compressed where the name ends in ``.gz``; ``-``
    means standard output. It is on the disk before it takes the place of an older one, whose
    mode it keeps; where `path` is a link, the file behind it is replaced. The compressed form
    carries neither a name nor a time, so that equal contents give equal files. Raises
    `InputError` where writing fails.
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
    with _writing(path):
        if _is_special(Path(path)):
            # A rename would replace a device or pipe by a file.
            with open(path, "wb") as stream:
                stream.writelines(content)
        else:
            _replace(_behind(path), content)


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a gzip file of `parts` with an empty header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for part in parts:
        for begin in range(0, len(part), _PIECE):
            yield packer.compress(part[begin : begin + _PIECE])
    yield packer.flush()


def _replace(target: Path, parts: Iterable[bytes]) -> None:
    """Put a file with `parts` in the place of `target`, with the mode that it has."""
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    with _temporary(target.parent, _NEW if mode is None else mode & _NEW) as (temporary, stream):
        stream.writelines(parts)
        stream.flush()
        if mode is not None:
            os.fchmod(stream.fileno(), mode)
        os.fsync(stream.fileno())
        temporary.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        # Some file systems refuse to sync a folder; the file itself is safe by then.
        with suppress(OSError):
            os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _temporary(folder: Path, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """Make a new file of a name that nobody can foresee; it is gone afterwards, or renamed."""
    file = folder / f".qnnhard-{secrets.token_hex(8)}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(file, flags, mode)
    try:
        with open(descriptor, "wb") as stream:
            yield file, stream
    finally:
        file.unlink(missing_ok=True)


@contextmanager
def _writing(path: str) -> Iterator[None]:
    """Turn what the system says about writing `path` into an `InputError`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written ({_reason(error)})") from error


def _behind(path: str) -> Path:
    """Return the file that is to be replaced: behind all links, whether it exists or not."""
    target = Path(os.path.realpath(path))
    if not path or path.endswith("/") or not target.name:
        raise InputError(f"'{path}' is no name of a file; give the output a name")
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return target


def _is_special(target: Path) -> bool:
    """Return whether `target` is a device or pipe; what cannot be looked at is not."""
    try:
        return target.exists() and not (target.is_file() or target.is_dir())
    except OSError:
        return False


def require_writable(path: str) -> None:
    """Raise `InputError` where `write_parts` would fail, without touching what is at `path`."""
    if path == STANDARD:
        return
    with _writing(path):
        if not _is_special(Path(path)):
            with _temporary(_behind(path).parent, _NEW):
                pass
        elif not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def require_folder(path: str) -> None:
    """Make the folder `path` unless it is there; raise `InputError` where it takes no files."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
        with _temporary(Path(path), _NEW):
            pass
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: is no folder to write to ({_reason(error)})") from error


Stamp = tuple[int, int]


def stamp(path: str) -> Stamp | None:
    """Return what tells the file at `path` from one that is written later; ``None`` for none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_mtime_ns


def discard(path: str) -> None:
    """Remove the file at `path`, if there is one; a device or a folder stays."""
    if path != STANDARD and Path(path).is_file():
        with _writing(path):
            os.unlink(os.path.realpath(path))


def write_text(path: str, text: str) -> None:
    """Write `text` as UTF-8; see `write_parts`."""
    write_parts(path, (text.encode("utf-8"),))


def write_new_text(path: str, text: str) -> None:
    """Write `text` to a file that is not there yet, whole or not at all; see `write_parts`.

    Raises `InputError` where there is anything at `path` but a device or pipe.
    """
    if path == STANDARD or _is_special(Path(path)):
        write_text(path, text)
        return
    if os.path.lexists(path):
        raise InputError(f"{path}: there is a file already; take another name, or remove it")
    content = (text.encode("utf-8"),)
    with _writing(path), _temporary(_behind(path).parent, _NEW) as (temporary, stream):
        stream.writelines(_compressed(content) if path.endswith(".gz") else content)
        stream.flush()
        os.fsync(stream.fileno())
        # Unlike a rename, a link never takes the place of a file made in the meantime.
        os.link(temporary, path)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
