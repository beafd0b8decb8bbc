"""The memory budget of a run."""

import errno
import resource
from pathlib import Path

import numpy as np
import pytest

from instances import memory
from instances.memory import default_budget, free_memory, is_exhaustion, limited_memory

MIB = 1 << 20


def test_what_a_budget_does_not_cover_raises_memory_error():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with limited_memory(256 * MIB):
        assert np.ones(100 * MIB, dtype=np.int8).size == 100 * MIB
        with pytest.raises(MemoryError):
            np.ones(512 * MIB, dtype=np.int8)
        with pytest.raises(MemoryError):
            bytearray(512 * MIB)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert np.ones(512 * MIB, dtype=np.int8).size == 512 * MIB


def test_a_budget_does_not_lift_a_limit_that_is_there():
    with limited_memory(128 * MIB):
        outer = resource.getrlimit(resource.RLIMIT_DATA)
        with limited_memory(1 << 40):
            assert resource.getrlimit(resource.RLIMIT_DATA) == outer
        with limited_memory(64 * MIB):
            assert resource.getrlimit(resource.RLIMIT_DATA)[0] < outer[0]


def test_the_default_is_most_of_what_is_free():
    free, budget = free_memory(), default_budget()
    assert free is not None
    assert budget is not None
    assert 0 < budget < free_memory() * 1.1  # type: ignore[operator]


def test_the_smallest_of_machine_and_control_groups_counts(tmp_path, monkeypatch):
    groups = {
        tmp_path / "outer": (4 << 30, 1 << 30, 0),
        tmp_path / "outer" / "inner": (1 << 30, 900 * MIB, 100 * MIB),
    }
    for folder, (limit, use, cached) in groups.items():
        folder.mkdir()
        Path(folder, "memory.max").write_text(f"{limit}\n")
        Path(folder, "memory.current").write_text(f"{use}\n")
        Path(folder, "memory.stat").write_text(f"anon 5\ninactive_file {cached}\n")
    (tmp_path / "memory.max").write_text("max\n")
    names = ("memory.max", "memory.current")
    folders = (*groups, tmp_path, tmp_path / "missing")
    monkeypatch.setattr(memory, "_groups", lambda: ((folder, *names) for folder in folders))
    assert free_memory() == 224 * MIB


@pytest.mark.parametrize(
    ("error", "lacking"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (RuntimeError("can't start new thread"), True),
        (ImportError("x.so: failed to map segment from shared object"), True),
        (SystemError("<built-in compile> returned NULL without setting an exception"), True),
        (SystemError("error return without exception set"), True),
        (SystemError("bad argument to internal function"), False),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (RuntimeError("generator raised StopIteration"), False),
        (ImportError("No module named 'x'"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_lack_of_memory_has_several_names(error, lacking):
    assert is_exhaustion(error) is lacking
