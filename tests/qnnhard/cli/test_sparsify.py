"""``sparsify``, ``measure --exact`` and the PACE exports as a user calls them."""

import json
from pathlib import Path

import pytest

from instances.graphs.pace import parse_gr, parse_td
from instances.training.files import read_instance, read_parameters
from instances.training.neuron_graph import effective_graph, read_elimination_order
from tests.helpers import assert_one_line_error


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qnnhard) -> Path:
    """A folder with an instance and parameters that solve it."""
    monkeypatch.chdir(tmp_path)
    assert qnnhard("generate", "exact-cover", "--seed", 3, "-o", "i.json").code == 0
    Path("f.cnf").write_text("p cnf 4 4\n1 2 3 0\n-1 2 -4 0\n-2 -3 4 0\n1 -2 4 0\n")
    assert qnnhard("generate", "two-inputs", "f.cnf", "-o", "deep.json").code == 0
    assert qnnhard("solve", "deep.json", "-o", "p.json").code == 10
    return tmp_path


@pytest.mark.parametrize("method", ["minimum", "steinitz"])
def test_sparsify_writes_parameters_that_check_accepts(here, qnnhard, method):
    outcome = qnnhard("sparsify", "deep.json", "p.json", "--method", method, "-o", "s.json")
    assert (outcome.code, outcome.out) == (0, "")
    assert "checked: every neuron has the same value on every data point" in outcome.err
    assert "Steinitz bound" in outcome.err
    assert qnnhard("check", "deep.json", "s.json").code == 0
    again = qnnhard("sparsify", "deep.json", "s.json", "--method", method, "-o", "-")
    assert again.out == Path("s.json").read_text()


def test_sparsify_reports_every_neuron_as_json(here, qnnhard):
    outcome = qnnhard("sparsify", "deep.json", "p.json", "-o", "s.json", "--json")
    report = json.loads(outcome.out)
    instance = read_instance("deep.json")
    weights = read_parameters("s.json", instance).weights
    assert report["edges"]["after"] == int((weights != 0).sum())
    assert sum(n["after"] for n in report["neurons"]) == report["edges"]["after"]
    assert all(n["after"] <= n["bound"] for n in report["neurons"])
    assert {n["neuron"] for n in report["neurons"]} <= set(instance.network.names.all())


def test_sparsify_refuses_parameters_of_another_instance(here, qnnhard):
    outcome = qnnhard("sparsify", "i.json", "p.json", "-o", "s.json")
    assert_one_line_error(outcome, "p.json", "another instance")
    assert not Path("s.json").exists()


def test_measure_exact_tells_both_treewidths(here, qnnhard):
    values = json.loads(qnnhard("measure", "deep.json", "--exact", "--json").out)
    for name in ("treewidth", "effective_treewidth"):
        assert values[name]["exact"]
        assert values[name]["lower_bound"] == values[name]["upper_bound"]
    lines = {
        line.split()[0]: line
        for line in qnnhard("measure", "deep.json", "--exact").out.splitlines()
    }
    assert set(lines) == set(values)
    assert lines["treewidth"].split()[1:4] == [
        "=",
        str(values["treewidth"]["upper_bound"]),
        "exact",
    ]


def test_measure_exact_without_time_gives_an_interval(here, qnnhard):
    outcome = qnnhard("measure", "deep.json", "--exact", "--timeout", 0)
    line = next(line for line in outcome.out.splitlines() if line.startswith("treewidth"))
    assert ".." in line
    assert "interval" in line


def test_the_graph_and_a_decomposition_are_exported_with_names(here, qnnhard):
    instance = read_instance("deep.json")
    effective = effective_graph(instance.network)
    for form in ("gr", "td"):
        outcome = qnnhard("export", "deep.json", "--to", form, "-o", f"g.{form}")
        assert outcome.code == 0
        text = Path(f"g.{form}").read_text()
        named = [line.split()[1:] for line in text.splitlines() if line.startswith("c ")][-2:]
        vertex, name = named[-1]
        assert int(vertex) == effective.graph.vertices
        assert name == instance.network.names[int(effective.neurons[-1])]
        bare = qnnhard("export", "deep.json", "--to", form, "--no-names").out
        assert not any(line.split()[1].isdigit() for line in bare.splitlines() if line[0] == "c")
    assert parse_gr(Path("g.gr").read_text()) == effective.graph
    parse_td(Path("g.td").read_text(), effective.graph)
    order = read_elimination_order("g.td", instance.network)
    assert sorted(order.tolist()) == effective.neurons.tolist()
