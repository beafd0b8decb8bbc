"""Reading and writing files: standard streams, gzip by extension, whole files or none."""

import gzip
import os
import sys
import zlib
from contextlib import suppress
from pathlib import Path

from instances.errors import InputError

STANDARD = "-"


def read_bytes(path: str) -> bytes:
    """Return the content of `path`, decompressed where the name ends in ``.gz``.

    ``-`` means standard input. Raises `InputError` where the file cannot be read.
    """
    if path == STANDARD:
        return sys.stdin.buffer.read()
    try:
        content = Path(path).read_bytes()
        return gzip.decompress(content) if path.endswith(".gz") else content
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: not a whole gzip file ({error})") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({_reason(error)})") from error


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
    """Write `content` to `path` whole or not at all, compressed where the name ends in ``.gz``.

    ``-`` means standard output. The compressed form carries neither a name nor a time, so
    that equal contents give equal files. Raises `InputError` where writing fails.
    """
    if path == STANDARD:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    if path.endswith(".gz"):
        content = gzip.compress(content, mtime=0)
    target = Path(path)
    if _is_special(target):
        _write_special(target, content)
        return
    if not target.name:
        raise InputError(f"'{path}' is no name of a file; give the output a name")
    temporary = target.with_name(f".qnnhard-{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written ({_reason(error)})") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _is_special(target: Path) -> bool:
    """Return whether `target` is a device or pipe; what cannot be looked at is not."""
    try:
        return target.exists() and not (target.is_file() or target.is_dir())
    except OSError:
        return False


def _write_special(target: Path, content: bytes) -> None:
    """Write to a device or pipe, which a rename would replace by a file."""
    try:
        target.write_bytes(content)
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({_reason(error)})") from error


def write_text(path: str, text: str) -> None:
    """Write `text` as UTF-8; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8"))


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
