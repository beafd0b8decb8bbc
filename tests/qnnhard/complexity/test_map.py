"""The map: its lines exist, its evidence can be run, and instances lie where they must."""

import json
import re
import shlex
from importlib.metadata import EntryPoint
from itertools import chain, combinations

import pytest

from instances import registry
from instances.deadline import Deadline
from instances.errors import InputError
from instances.families.registry import FAMILIES
from instances.training.measures import measure
from qnnhard.complexity.place import place
from qnnhard.complexity.results import PARAMETERS, known, results
from qnnhard.methods.registry import METHODS, survey
from reductions.claims import at_most
from reductions.registry import MAPS, bridges, get_reduction, reductions
from reductions.status import Status
from reductions.to_training.one_in_three import OneInThreeReduction
from tests.helpers import REPOSITORY, run_qnnhard

RESULTS = results()
HARD = [result for result in RESULTS if result.source != "algorithm"]
QUANTIZED = [result for result in HARD if result.quantized]


def test_every_reduction_is_on_the_map_and_says_what_the_map_says():
    assert {result.name for result in HARD} == set(reductions())
    papers = re.compile(r"\[(?:LD|DT|JGC)\]")
    for result in HARD:
        stated = papers.findall(get_reduction(result.name).statement)
        assert set(stated) <= set(papers.findall(result.statement))


class Theirs(OneInThreeReduction):
    """What a package registers."""

    name = "theirs"
    status = Status.W2_HARD
    statement = "2-QNNT is W[2]-hard for alpha and more"
    brief = ""
    small = "alpha"
    d = 2
    conditions = at_most(alpha=3, beauty=1)
    bounded = frozenset(PARAMETERS) - {"omega"}
    tests = ""


def test_a_map_of_another_package_is_on_the_map_if_it_states_what_it_shows(monkeypatch, qnnhard):
    entry = EntryPoint("theirs", f"{__name__}:Theirs", MAPS.group)
    monkeypatch.setattr(registry, "installed", lambda group: [entry] if group == MAPS.group else [])
    lines = json.loads(qnnhard("map", "--json").out)
    assert [line for line in lines if line["name"] == "theirs"] == [
        {
            "name": "theirs",
            "status": "W[2]-hard",
            "statement": "2-QNNT is W[2]-hard for alpha and more",
            "source problem": "positive 1-in-3-SAT",
            "small": "alpha",
            "evidence": [
                {
                    "what": "200 random sources, answers carried both ways",
                    "command": "qnnhard verify theirs --random 200 --seed 1",
                }
            ],
        }
    ]
    names = [line["name"] for line in lines]
    # It is about d-QNNT, so it stands before the algorithms and the maps to other training.
    assert names.index("disjoint-paths") < names.index("theirs") < names.index("one-point")
    found = known(["alpha", "treewidth", "degree"])
    assert (found.status, found.results) == (Status.W2_HARD, ("theirs",))
    instance = FAMILIES.get("chain").generate({"size": "30"}, 0).instance
    missing = {n.result.name: n.missing for n in place(instance).neighbors}
    assert missing["theirs"] == ("beauty <= 1 (here none)",)


def test_a_map_that_states_nothing_is_not_on_the_map():
    stated = {name for name, found in MAPS.all().items() if found.status is not None}
    assert stated == {result.name for result in HARD}
    assert not stated & set(bridges())


def test_the_readme_has_the_same_lines():
    text = (REPOSITORY / "README.md").read_text()
    assert set(re.findall(r"^\| `([a-z-]+)` \| (?:\[|the same|ours)", text, re.MULTILINE)) == {
        result.name for result in RESULTS
    }


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.name)
def test_the_commands_of_the_evidence_exist(result):
    for evidence in result.evidence:
        words = shlex.split(evidence.command)
        if words[0] == "qnnhard":
            assert words[1:3] == ["verify", result.name]
        else:
            assert (REPOSITORY / words[-1]).exists(), evidence.command


@pytest.mark.parametrize("result", HARD, ids=lambda result: result.name)
def test_what_a_reduction_builds_is_of_the_kind_that_the_map_names(result):
    if result.name == "continuous":
        assert not result.status.hard
        return
    reduction = get_reduction(result.name)
    found = place(reduction.build(reduction.example()).target)
    assert result.name in [n.result.name for n in found.neighbors if n.inside]


def test_conditions_that_fail_are_named_with_the_measured_value():
    instance = FAMILIES.get("chain").generate({"size": "30"}, 0).instance
    found = {n.result.name: n.missing for n in place(instance).neighbors}
    depth = measure(instance)["depth"]
    assert f"depth <= 1 (here {depth})" in found["two-inputs"]
    other = FAMILIES.get("dense").generate({"d": "3"}, 0).instance
    assert all(
        "d == 2 (here 3)" in n.missing for n in place(other).neighbors if n.result in QUANTIZED
    )


def test_hardness_passes_to_subsets_and_tractability_to_supersets():
    status = {
        frozenset(chosen): known(chosen).status
        for chosen in chain.from_iterable(
            combinations(PARAMETERS, size) for size in range(len(PARAMETERS) + 1)
        )
    }
    for chosen, found in status.items():
        for more in PARAMETERS:
            larger = status[chosen | {more}]
            assert not (found.tractable and not larger.tractable)
            assert not (larger.hard and not found.hard)


@pytest.mark.parametrize(
    ("small", "status", "by"),
    [
        ("", Status.NP_HARD, "exact-cover"),
        ("omega,treewidth,l", Status.NP_HARD, "exact-cover"),
        ("alpha,l", Status.NP_HARD, "two-inputs"),
        ("alpha,treewidth", Status.W2_HARD, "hitting-set"),
        ("alpha,omega", Status.W1_HARD, "disjoint-paths"),
        ("alpha,treewidth,omega", Status.FPT, "treewidth"),
        ("alpha,treewidth,l", Status.FPT, "treewidth"),
        ("points,treewidth", Status.FPT, "treewidth"),
        ("alpha,degree", Status.OPEN, ""),
    ],
)
def test_known_combinations(small, status, by):
    found = known([name for name in small.split(",") if name])
    assert found.status is status
    assert by in found.results or (not by and not found.results)


def test_an_unknown_parameter_is_refused():
    with pytest.raises(InputError, match="no parameter 'size'"):
        known(["size"])


def test_the_survey_names_every_backend_and_a_reason_where_it_does_not_apply():
    instance = FAMILIES.get("dense").generate({}, 0).instance
    fits = {fit.backend: fit for fit in survey(instance, Deadline())}
    assert set(fits) <= set(METHODS.all())
    assert fits["sat"].applies
    assert not fits["one-point"].applies
    assert fits["one-point"].cost == "the data have two distinct inputs"


def test_the_verb_prints_map_combination_and_place(tmp_path):
    path = tmp_path / "chain.json"
    assert run_qnnhard("family", "chain", "--set", "size=20", "-o", str(path)).returncode == 0
    lines = json.loads(run_qnnhard("map", "--json").stdout.decode())
    assert [line["name"] for line in lines] == [result.name for result in RESULTS]
    assert (
        "W[2]-hard (by hitting-set)"
        in run_qnnhard("map", "--small", "alpha,treewidth").stdout.decode()
    )
    found = json.loads(run_qnnhard("map", str(path), "--json").stdout.decode())
    assert found["parameters"]["alpha"] == 2
    assert {fit["backend"] for fit in found["algorithms"] if fit["applies"]} >= {"treewidth", "sat"}
    assert run_qnnhard("map", str(path), "--small", "alpha").returncode == 2
    text = run_qnnhard("map", str(path)).stdout.decode()
    assert "what keeps this instance out" in text
