"""``qnnhard solve --minimize``: what it prints, writes and refuses."""

import json
import re

import pytest

from instances.errors import LimitReached
from instances.training.evaluate import evaluate
from instances.training.files import read_parameters, write_instance
from qnnhard.methods.minimize import schedule
from tests.helpers import neuron_instance
from tests.qnnhard.methods.instances import easy_no, easy_yes


@pytest.fixture
def path(tmp_path):
    """The file of an instance whose least loss is 1, with bound 0."""
    name = tmp_path / "no.json"
    write_instance(str(name), easy_no())
    return name


@pytest.fixture
def out_of_time(monkeypatch):
    """Let the time pass right after local search."""

    def stop(*_, **__):
        raise LimitReached("time limit reached")

    monkeypatch.setattr(schedule, "_meet", stop)
    monkeypatch.setattr(schedule, "encode", stop)


@pytest.mark.parametrize("backend", ["auto", "sat"])
def test_a_least_loss_is_compared_with_the_bound(qnnhard, path, tmp_path, backend):
    arguments = ["--minimize", "--backend", backend, "--seed", 5]
    outcome = qnnhard("solve", path, *arguments)
    assert outcome.code == 20
    assert outcome.out.startswith("least loss 1: the solver says so (")
    write_instance(str(tmp_path / "yes.json"), easy_yes())
    outcome = qnnhard("solve", tmp_path / "yes.json", *arguments, "--json")
    assert outcome.code == 10
    found = json.loads(outcome.out)
    assert (found["least_loss"], found["best_loss"], found["lower_bound"]) == (0, 0, 0)
    assert found["optimality"] == "evaluated"


@pytest.mark.usefixtures("out_of_time")
def test_a_limit_gives_the_best_parameters_and_both_bounds(qnnhard, path, tmp_path):
    output = tmp_path / "p.json"
    outcome = qnnhard("solve", path, "--minimize", "--timeout", 60, "-o", output)
    assert outcome.code == 0
    assert re.fullmatch(
        r"UNKNOWN: best loss 1, lower bound 0 \(time limit of 60 s\)\n", outcome.out
    )
    assert evaluate(easy_no(), read_parameters(str(output), easy_no())).loss == 1
    outcome = qnnhard("solve", path, "--minimize", "--timeout", 60, "--json", "-o", output)
    assert outcome.code == 0
    found = json.loads(outcome.out)
    assert (found["least_loss"], found["best_loss"], found["lower_bound"]) == (None, 1, 0)
    assert (found["optimality"], found["bound"]) == ("limit", 0)
    assert found["parameters"] == str(output)


def test_without_time_nothing_is_written(qnnhard, path, tmp_path):
    output = tmp_path / "p.json"
    outcome = qnnhard("solve", path, "--minimize", "--timeout", 0, "--json", "-o", output)
    assert outcome.code == 0
    found = json.loads(outcome.out)
    assert (found["least_loss"], found["best_loss"], found["lower_bound"]) == (None, None, 0)
    assert found["parameters"] is None
    assert not output.exists()


@pytest.mark.parametrize("backend", ["treewidth", "dataset-dp", "local-search"])
def test_other_backends_give_a_lower_bound_too(qnnhard, tmp_path, backend):
    name = tmp_path / "contradicting.json"
    write_instance(str(name), neuron_instance(1, [((1,), (0,)), ((1,), (1,))]))
    arguments = ["solve", name, "--minimize", "--backend", backend, "--json"]
    found = json.loads(qnnhard(*arguments).out)
    assert (found["least_loss"], found["best_loss"], found["lower_bound"]) == (1, 1, 1)
    found = json.loads(qnnhard(*arguments, "--timeout", 0).out)
    assert (found["least_loss"], found["lower_bound"]) == (None, 1)


@pytest.mark.parametrize(
    "ignored",
    [
        ["--jobs", 2],
        ["--external", "solver {cnf}"],
        ["--backend", "treewidth", "--seed", 1],
    ],
)
def test_options_that_nobody_reads_are_refused(qnnhard, path, ignored):
    outcome = qnnhard("solve", path, "--minimize", *ignored)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[-1].startswith("Error: --")
