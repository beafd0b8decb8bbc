"""Names of problems, problems of other packages, and guessing from content."""

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from instances.errors import InputError
from instances.problems import registry
from instances.problems.registry import detect, get_problem, problems
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
    entry = EntryPoint("entry", f"{__name__}:{attribute}", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: (entry,))


def test_names():
    assert [name for name in problems() if name in NAMES] == NAMES
    assert all(problem.name == name for name, problem in problems().items())
    assert get_problem("cnf").name == "sat"
    assert get_problem("3sat").name == "3-sat"
    assert get_problem("graph").name == "vertex-cover"
    assert get_problem("training").name == "d-nnt"
    assert get_problem("hitting-set").name == "hitting-set"
    with pytest.raises(
        InputError, match=r"no problem 'sta'; did you mean 'sat'\? choose from: sat, .*-paths"
    ):
        get_problem("sta")


@pytest.mark.parametrize("attribute", ["Other", "INSTANCE"])
def test_other_packages(monkeypatch, attribute):
    _provide(monkeypatch, attribute)
    assert isinstance(get_problem("other"), Other)


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("Taken", "problem 'sat' of entry point .*: the name is taken"),
        ("Broken", r"cannot be loaded: two\\nlines; repair or uninstall"),
        ("NOT_A_PROBLEM", "is not a Problem"),
        ("missing", "cannot be loaded"),
    ],
)
def test_wrong_packages(monkeypatch, attribute, message):
    _provide(monkeypatch, attribute)
    with pytest.raises(InputError, match=message):
        problems()


@pytest.mark.parametrize(
    ("text", "filename", "answer"),
    [
        ("c x\n\np cnf 1 1\n1 0\n", "-", "sat"),
        ("c p cnf\np edge 1 0\n", "-", "vertex-cover"),
        ("p col 1 0\n", "x.cnf", "vertex-cover"),
        ("p dag 1 0\n", "-", "disjoint-paths"),
        ('{"vertices": 1, "edges": [], "pairs": []}', "-", "disjoint-paths"),
        ('{"vertices": 1, "edges": []}', "-", "vertex-cover"),
        (' {"universe": 1, "sets": []}', "-", "set-system"),
        ('{"numbers": []}', "-", "partition"),
        ('{"numbers": [], "target": 3}', "-", "subset-sum"),
        ('{"numbers": [], "bins": 0, "capacity": 3}', "-", "bin-packing"),
        ("# c\ntarget 4\n1\n", "-", "subset-sum"),
        ("bins 1 capacity 1\n1\n", "-", "bin-packing"),
        ("partition\n1\n", "-", "partition"),
        ("# c\n g1=g0+g0\n", "-", "posslp"),
        ("", "a.slp", "posslp"),
        ('{"sets"', "-", None),
        ("[" * 100_000, "-", None),
        ("[1]", "-", None),
        ('{"\ud800": 1}', "-", None),
        ("3 2\n0 1\n", "x.txt", None),
        ("p xyz 1 2\n", "-", None),
        ("p\n", "-", None),
        ("", "-", None),
        ("", "a.cnf", "sat"),
        ("3 2\n0 1\n", "a.col", "vertex-cover"),
    ],
)
def test_detection(text, filename, answer):
    assert detect(text, filename) == answer


def test_the_registry_imports_no_solver():
    code = (
        "import sys; from instances.problems.registry import problems; problems();"
        "sys.exit('pysat' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
