"""A bundle with a yes and a no, made once."""

from pathlib import Path

import pytest

from qnnhard.certificates.drat import available_checker
from tests.helpers import run_qnnhard

if available_checker() is None:
    pytest.skip("no proof checker", allow_module_level=True)

YES = "p cnf 3 3\n1 2 3 0\n-1 2 0\n-2 -3 0\n"
NO = "p cnf 2 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n"


@pytest.fixture(scope="session")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two-inputs on a satisfiable and on an unsatisfiable formula: cases 1 and 2."""
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "yes.cnf").write_text(YES)
    (folder / "no.cnf").write_text(NO)
    words = ("verify", "two-inputs", "yes.cnf", "no.cnf", "--bundle", "honest.qnncert")
    assert run_qnnhard(*words, cwd=folder).returncode == 0
    return folder / "honest.qnncert"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yes.cnf").write_text(YES)
    (tmp_path / "no.cnf").write_text(NO)
    return tmp_path
