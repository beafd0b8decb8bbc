"""How much memory a run may take, as a limit that the system itself keeps.

The limit is on the private writable memory of a process (``RLIMIT_DATA``), not on its address
space: libraries and what allocators only reserve take address space, hundreds of MiB in CP-SAT or
with many threads, but no memory. Child processes inherit the limit, each for itself. What would
exceed it raises `MemoryError` in Python, instead of having the system kill some process.
"""

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

# Its BLAS reserves memory for threads as soon as it is loaded, which is no part of any budget.
import numpy  # noqa: F401

MOST = 7, 8
"""The part of the free memory that a run may take where it has no other budget."""

UNKNOWN_BUDGET = 1 << 33
"""The bytes that a run may take where the system tells nothing."""

OUT_OF_MEMORY = "out of memory: use a smaller instance, or raise --memory"
"""What is said where a budget did not do."""

_GROUPS = Path("/sys/fs/cgroup")


@contextmanager
def limited_memory(budget: int | None = None) -> Iterator[None]:
    """Have this process, and each that it starts, take at most `budget` bytes more than now.

    Parameters
    ----------
    budget : int or None
        By default `MOST` of what is free. Limits that are there already keep their force.
    """
    if budget is None:
        budget = default_budget()
    before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if budget is not None:
        asked = _taken() + budget
        bounds = [bound for bound in (asked, before, hard) if bound != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, hard))


def require_memory(reserve: int) -> None:
    """Raise `MemoryError` unless the limit leaves so many bytes.

    To be called before calls into C++, which aborts the whole process where it gets no memory.
    """
    left = memory_left()
    if left is not None and left < reserve:
        raise MemoryError


def memory_left() -> int | None:
    """Return the bytes that the limit leaves; ``None`` where there is no limit."""
    limit = resource.getrlimit(resource.RLIMIT_DATA)[0]
    return None if limit == resource.RLIM_INFINITY else max(0, limit - _taken())


def is_exhaustion(error: BaseException) -> bool:
    """Tell whether `error` means that memory did not suffice, under whatever name."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    if isinstance(error, ImportError):
        return "failed to map segment" in str(error) or "cannot allocate memory" in str(error)
    if isinstance(error, RuntimeError):
        return "can't start new thread" in str(error)
    if isinstance(error, SystemError):
        # What is written in C may fail without a word where it gets no memory.
        return "without setting an exception" in str(error) or "without exception" in str(error)
    return isinstance(error, MemoryError)


def default_budget() -> int | None:
    """Return the bytes that a run may take by default; ``None`` where nothing tells."""
    free = free_memory()
    return None if free is None else free * MOST[0] // MOST[1]


def free_memory() -> int | None:
    """Return the bytes that the machine and every control group of this process have free."""
    found = [_group_free(folder, *files) for folder, *files in _groups()]
    with suppress(OSError):
        found.append(_field(Path("/proc/meminfo"), "MemAvailable:", 1 << 10))
    return min((free for free in found if free is not None), default=None)


def _groups() -> Iterator[tuple[Path, str, str]]:
    """Yield the control groups that limit this process, with their files of limit and use."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, kind, path = line.split(":", 2)
            if kind == "":
                root, files = _GROUPS, ("memory.max", "memory.current")
            elif "memory" in kind.split(","):
                root, files = (
                    _GROUPS / "memory",
                    ("memory.limit_in_bytes", "memory.usage_in_bytes"),
                )
            else:
                continue
            inner = PurePosixPath(path.lstrip("/"))
            for group in (inner, *inner.parents):
                yield root / group, *files


def _group_free(folder: Path, limit: str, use: str) -> int | None:
    """Return what a control group has left, without the files that it only keeps at hand."""
    try:
        most, used = (int(Path(folder, name).read_text()) for name in (limit, use))
        return max(0, most - used + (_field(folder / "memory.stat", "inactive_file ", 1) or 0))
    except (OSError, ValueError):
        # There is none of this name here, or it has no limit.
        return None


def _taken() -> int:
    """Return the bytes that the limit counts for this process as it is."""
    with suppress(OSError):
        return _field(Path("/proc/self/status"), "VmData:", 1 << 10) or 0
    return 0


def _field(file: Path, name: str, unit: int) -> int | None:
    """Return the number after `name` at the beginning of a line of `file`, in bytes."""
    for line in file.read_text().splitlines():
        if line.startswith(name):
            return int(line.removeprefix(name).split()[0]) * unit
    return None


def budget() -> int:
    """Return the bytes that this run may take: what is free, within the limit that is set."""
    free, left = free_memory(), memory_left()
    bounds = [UNKNOWN_BUDGET if free is None else free]
    if left is not None:
        bounds.append(left)
    space = resource.getrlimit(resource.RLIMIT_AS)[0]
    if space != resource.RLIM_INFINITY:
        bounds.append(space)
    return min(bounds)


def shortage(needed: int) -> str | None:
    """Return what is said of a need of so many bytes, or ``None`` where they can be had."""
    most = budget()
    if needed <= most:
        return None
    return f"about {gibibytes(needed)} of memory would be needed, {gibibytes(most)} are at hand"


def gibibytes(size: int) -> str:
    """Return a number of bytes for a message."""
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 27 else f"{size / (1 << 20):.1f} MiB"
