"""Finding reductions and bridges: by name, by path, by entry point."""

from importlib.metadata import EntryPoint

import pytest

from instances import registry
from instances.errors import InputError
from instances.problems.registry import PROBLEMS
from instances.training.evaluate import evaluate
from reductions.chain import Chain
from reductions.registry import MAPS, bridges, get_reduction, path_to, reductions
from tests.reductions.brute_force import WITNESSES
from tests.reductions.comparison import compare
from tests.reductions.sources import formulas

GOOD = """
from reductions.to_training.exact_cover import ExactCoverReduction

class Mine(ExactCoverReduction):
    name = "mine"

Again = Mine
"""

ABSTRACT = """
from reductions.map import Map

class Mine(Map):
    name = source_problem = target_problem = construction = "mine"
"""


def test_reductions_in_the_order_of_the_map():
    order = [
        "exact-cover",
        "bounded-degree",
        "bounded-degree-deep",
        "hitting-set",
        "two-inputs",
        "disjoint-paths",
        "subset-sum-neurons",
        "subset-sum-inputs",
        "one-in-three",
        "three-partition",
        "bin-packing",
        "posslp",
        "continuous",
    ]
    assert [name for name in reductions() if name in order] == order


@pytest.mark.parametrize("reduction", reductions().values(), ids=reductions())
def test_reduction_is_complete(reduction):
    assert get_reduction(reduction.name).name == reduction.name
    assert reduction.source_problem in PROBLEMS.all()
    assert reduction.provenance.startswith("statement: ")
    assert "construction: " in reduction.provenance
    assert reduction.statement
    assert reduction.construction
    assert reduction.small


@pytest.mark.parametrize(
    "name", [r.name for r in reductions().values() if r.source_problem in WITNESSES]
)
def test_example_is_a_yes_instance(name):
    reduction = reductions()[name]
    assert compare(reduction, reduction.example(), every=False, limit=100)


@pytest.mark.parametrize("bridge", bridges().values(), ids=bridges())
def test_bridge_is_complete(bridge):
    assert bridge.source_problem in PROBLEMS.all()
    assert bridge.target_problem in PROBLEMS.all()
    assert bridge.construction


@pytest.mark.parametrize(
    ("problem", "reduction", "chain"),
    [
        ("3-sat", "two-inputs", []),
        ("sat", "two-inputs", ["sat-to-3-sat"]),
        (
            "sat",
            "exact-cover",
            ["sat-to-3-sat", "3-sat-to-one-in-three", "one-in-three-to-exact-cover"],
        ),
        ("vertex-cover", "hitting-set", ["vertex-cover-to-hitting-set"]),
        ("set-cover", "hitting-set", ["set-cover-to-hitting-set"]),
        ("3-sat", "hitting-set", ["3-sat-to-vertex-cover", "vertex-cover-to-hitting-set"]),
        ("sat", "subset-sum-inputs", ["sat-to-3-sat", "3-sat-to-subset-sum"]),
        (
            "3-sat",
            "bin-packing",
            ["3-sat-to-subset-sum", "subset-sum-to-partition", "partition-to-bin-packing"],
        ),
        ("three-partition", "bin-packing", ["three-partition-to-bin-packing"]),
        ("3-sat", "one-in-three", ["3-sat-to-one-in-three"]),
        ("hitting-set", "two-inputs", None),
        ("no such problem", "two-inputs", None),
    ],
)
def test_path_to(problem, reduction, chain):
    found = path_to(problem, get_reduction(reduction))
    assert chain == (None if found is None else [bridge.name for bridge in found])


@pytest.mark.parametrize(
    "name", ["exact-cover", "hitting-set", "subset-sum-neurons", "bin-packing"]
)
def test_a_chain_composes(name):
    """From a formula to the training of one neuron, or of a few, and back."""
    reduction = get_reduction(name)
    chain = path_to("sat", reduction)
    assert chain is not None
    for source in formulas(2, 5, 1):
        image = Chain((*chain, reduction)).build(source)
        assert not image.violations()
        for assignment in WITNESSES["sat"](source):
            parameters = image.push(assignment)
            assert evaluate(image.target, parameters).accepted
            # Elements in the same sets are interchangeable, so hitting-set may pull another.
            assert image.pull(parameters) == assignment or name == "hitting-set"


def test_unknown_name_lists_the_known():
    with pytest.raises(InputError, match=r"no reduction 'nosuch'; choose from: exact-cover, "):
        get_reduction("nosuch")


def test_reduction_from_a_path(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(GOOD)
    assert get_reduction(str(file)).name == "mine"
    assert get_reduction(str(file)).source_problem == "exact-cover"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no subclass of"),
        ("from reductions.to_training.exact_cover import ExactCoverReduction", "no subclass of"),
        (GOOD + "class Other(Mine):\n    pass\n", r"several reductions \(Mine, Other\)"),
        ("1 / 0", "running it failed: ZeroDivisionError: division by zero"),
        ("class", "running it failed: SyntaxError"),
        ("raise SystemExit(3)", "running it failed: SystemExit: 3"),
        ("raise ValueError('a\\nb')", "running it failed: ValueError: a b"),
        ("import nosuchmodule", "running it failed: ModuleNotFoundError"),
        (ABSTRACT, "Mine is abstract: define claims, pull, push, target"),
        (GOOD.replace('name = "mine"', "name = 7"), "Mine needs a class attribute 'name'"),
        (GOOD.replace("name =", "status = name ="), "the status of Mine is not a reductions"),
    ],
)
def test_bad_path(tmp_path, content, message):
    file = tmp_path / "bad.py"
    file.write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        get_reduction(str(file))
    assert str(caught.value).startswith(f"{file}: ")
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text(tmp_path):
    file = tmp_path / "bad.py"
    file.write_bytes(b"\xff\x00\x00")
    with pytest.raises(InputError, match="running it failed"):
        get_reduction(str(file))


def test_missing_path(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        get_reduction(str(tmp_path / "none.py"))


def _plug_in(monkeypatch, value):
    entry = EntryPoint("extra", value, MAPS.group)
    monkeypatch.setattr(registry, "installed", lambda group: [entry] * (group == MAPS.group))


def test_entry_point(monkeypatch, tmp_path):
    (tmp_path / "extra_reduction.py").write_text(GOOD)
    monkeypatch.syspath_prepend(str(tmp_path))
    _plug_in(monkeypatch, "extra_reduction:Mine")
    assert list(reductions())[-1] == "mine"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nosuchmodule:X", "cannot be loaded: ModuleNotFoundError"),
        ("reductions.claims:Claim", "is not a Map"),
        ("instances.problems.registry:PROBLEMS", "is not a Map"),
        ("reductions.to_training.exact_cover:ExactCoverReduction", "the name is taken"),
    ],
)
def test_bad_entry_point(monkeypatch, value, message):
    _plug_in(monkeypatch, value)
    with pytest.raises(InputError, match=message):
        reductions()
