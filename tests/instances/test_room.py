"""What cannot fit in memory is refused in words, before the memory is taken."""

import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from instances import memory
from instances.errors import InputError, InvalidInstance, Unsupported
from instances.files import read_bytes
from instances.training.files import instance_from_json
from instances.training.names import name_blocks
from reductions.capacity import require_capacity
from tests.helpers import REPOSITORY


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 64 MiB were free."""
    monkeypatch.setattr(memory, "free_memory", lambda: 1 << 26)


def announcing(count: int) -> bytes:
    document = {
        "format": "qnnhard-instance", "version": 1, "d": 2,
        "neurons": [{"name": "x"}, {"name": "h", "count": count}, {"name": "y"}],
        "inputs": [0], "outputs": [count + 1], "edges": {"sources": [0], "targets": [count + 1]},
        "data": {"inputs": [[1]], "targets": [[1]]},
    }  # fmt: skip
    return json.dumps(document).encode()


def test_an_instance_that_announces_too_many_neurons_is_refused(little):
    with pytest.raises(InputError, match=r"260000002 neurons are announced: about .* GiB"):
        instance_from_json(announcing(260_000_000))
    assert instance_from_json(announcing(100_000)).network.size == 100_002


def test_a_table_of_too_many_names_is_refused(little):
    with pytest.raises(InvalidInstance, match=r"the names of 1000000 neurons: about 0.2 GiB"):
        _ = name_blocks(("h", 1_000_000)).index
    assert name_blocks(("h", 1000)).index["h7"] == 6


def test_a_build_of_too_many_edges_is_refused(little):
    with pytest.raises(Unsupported, match="would have 10 neurons, 1000000 edges: about"):
        require_capacity("r", neurons=10, edges=1_000_000)
    require_capacity("r", neurons=10, edges=100_000)


@pytest.mark.parametrize("name", ["long.cnf", "bomb.cnf.gz", "/dev/zero", "/dev/urandom"])
def test_a_file_that_is_too_long_is_refused(little, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("long.cnf").write_bytes(bytes(5 << 20))
    Path("bomb.cnf.gz").write_bytes(gzip.compress(bytes(100 << 20), 1))
    with pytest.raises(InputError, match=r"more than 4.0 MiB to read, the most that 64.0 MiB"):
        read_bytes(name)
    Path("fits.gz").write_bytes(gzip.compress(b"1" * (4 << 20)) + gzip.compress(b""))
    assert read_bytes("fits.gz") == b"1" * (4 << 20)


def test_a_pipe_that_does_not_end_is_refused_under_a_limit_of_the_system():
    limit = 3 << 29

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    with Path("/dev/zero").open("rb") as endless:
        run = subprocess.run(
            [sys.executable, "-m", "qnnhard", "solve", "-"],
            stdin=endless,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            preexec_fn=limited,
            timeout=60,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.startswith(b"qnnhard: -: more than ")
    assert run.stderr.count(b"\n") == 1
