"""Names of problems, problems of other packages, and guessing from content."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from instances import registry
from instances.errors import InputError
from instances.problems.registry import PROBLEMS, detect
from instances.problems.satisfiability import Sat

NAMES = [
    "sat",
    "3-sat",
    "one-in-three",
    "exact-cover",
    "hitting-set",
    "set-cover",
    "vertex-cover",
    "disjoint-paths",
    "subset-sum",
    "partition",
    "three-partition",
    "bin-packing",
    "posslp",
    "d-nnt",
    "c-nnt",
]


class Other(Sat):
    name = "other"


class Taken(Sat):
    pass


class Broken(Sat):
    def __init__(self):
        raise RuntimeError("two\nlines")


NOT_A_PROBLEM = 3
INSTANCE = Other()


def _provide(monkeypatch, attribute):
    entry = EntryPoint("entry", f"{__name__}:{attribute}", PROBLEMS.group)
    monkeypatch.setattr(registry, "installed", lambda group: [entry] * (group == PROBLEMS.group))


def test_names():
    assert [name for name in PROBLEMS.all() if name in NAMES] == NAMES
    assert all(problem.name == name for name, problem in PROBLEMS.all().items())
    assert PROBLEMS.get("cnf").name == "sat"
    assert PROBLEMS.get("3sat").name == "3-sat"
    assert PROBLEMS.get("graph").name == "vertex-cover"
    assert PROBLEMS.get("training").name == "d-nnt"
    assert PROBLEMS.get("hitting-set").name == "hitting-set"
    with pytest.raises(
        InputError, match=r"no problem 'sta'; did you mean 'sat'\? choose from: sat, .*-paths"
    ):
        PROBLEMS.get("sta")


@pytest.mark.parametrize("attribute", ["Other", "INSTANCE"])
def test_other_packages(monkeypatch, attribute):
    _provide(monkeypatch, attribute)
    assert isinstance(PROBLEMS.get("other"), Other)


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("Taken", "problem 'sat' of entry point .*: the name is taken"),
        ("Broken", "cannot be loaded: RuntimeError: two lines; repair or uninstall"),
        ("NOT_A_PROBLEM", "is not a Problem"),
        ("missing", "cannot be loaded"),
    ],
)
def test_wrong_packages(monkeypatch, attribute, message):
    _provide(monkeypatch, attribute)
    with pytest.raises(InputError, match=message):
        PROBLEMS.all()


@pytest.mark.parametrize(
    ("text", "filename", "answer"),
    [
        ("c x\n\np cnf 1 1\n1 0\n", "-", "sat"),
        ("c p cnf\np edge 1 0\n", "-", "vertex-cover"),
        ("p col 1 0\n", "x.cnf", "vertex-cover"),
        ("p dag 1 0\n", "-", "disjoint-paths"),
        ('{"vertices": 1, "edges": [], "pairs": []}', "-", "disjoint-paths"),
        ('{"vertices": 1, "edges": []}', "-", "vertex-cover"),
        (' {"universe": 1, "sets": []}', "-", "exact-cover hitting-set set-cover"),
        ('{"numbers": []}', "-", "partition"),
        ('{"numbers": [], "target": 3}', "-", "subset-sum"),
        ('{"numbers": [], "bins": 0, "capacity": 3}', "-", "bin-packing"),
        ("# c\ntarget 4\n1\n", "-", "subset-sum"),
        ("bins 1 capacity 1\n1\n", "-", "bin-packing"),
        ("partition\n1\n", "-", "partition"),
        ("# c\n g1=g0+g0\n", "-", "posslp"),
        ("", "a.slp", "posslp"),
        ('{"sets"', "-", ""),
        ("[" * 100_000, "-", ""),
        ("[1]", "-", ""),
        ('{"\ud800": 1}', "-", ""),
        ("3 2\n0 1\n", "x.txt", ""),
        ("p xyz 1 2\n", "-", ""),
        ("p\n", "-", ""),
        ("", "-", ""),
        ("", "a.cnf", "sat"),
        ("3 2\n0 1\n", "a.col", "vertex-cover"),
    ],
)
def test_detection(text, filename, answer):
    assert detect(text, filename) == tuple(answer.split())


def test_the_registry_imports_no_solver():
    code = (
        "import sys; from instances.problems.registry import PROBLEMS; PROBLEMS.all();"
        "sys.exit('pysat' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
