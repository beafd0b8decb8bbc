"""Fixtures that every wing's tests share."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from instances.problems.registry import PROBLEMS
from qnnhard.cli import main as command_line
from tests.helpers import Outcome


@pytest.fixture(scope="session")
def kissat() -> str:
    """The kissat binary of the wheel passagemath-kissat."""
    spec = importlib.util.find_spec("sage_wheels")
    places = list(spec.submodule_search_locations or ()) if spec else []
    binaries = [Path(place, "bin", "kissat") for place in places]
    found = next((binary for binary in binaries if binary.is_file()), None)
    if found is None:
        pytest.skip("the wheel passagemath-kissat is not installed")
    return str(found)


@pytest.fixture(autouse=True)
def digits() -> Iterator[None]:
    """Leave the length of the numbers that Python converts as it was."""
    before = sys.get_int_max_str_digits()
    yield
    sys.set_int_max_str_digits(before)


@pytest.fixture(autouse=True)
def adopted() -> Iterator[None]:
    """Forget the problems of users' files, which a process knows from one run on."""
    yield
    PROBLEMS.adopted.clear()


@pytest.fixture
def qnnhard(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """Run the command line in this process: ``qnnhard("solve", path)``."""
    from qnnhard.cli.main import run

    assert command_line is not None

    def call(*arguments: object) -> Outcome:
        words = [str(argument) for argument in arguments]
        monkeypatch.setattr("sys.argv", ["qnnhard", *words])
        capfd.readouterr()
        code = run(words)
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
