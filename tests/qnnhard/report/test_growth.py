"""`qnnhard growth`: layers, bounds, plots."""

import json
import os
import subprocess
import sys
from random import Random

import pytest

from instances.deadline import Deadline
from instances.errors import InputError
from instances.problems.posslp import PosSlp
from instances.sources.straight_line import StraightLineProgram, bit_lengths, write_program
from qnnhard.report.growth import growth, plot_growth
from reductions.to_training.posslp import PosSlpReduction
from tests.helpers import REPOSITORY

SQUARES = StraightLineProgram(((0, "+", 0), *((t, "*", t) for t in range(1, 12)), (12, "-", 12)))


def test_layers_are_those_of_the_network_and_bounds_hold():
    for seed in range(200):
        program = PosSlp().random(Random(seed))
        lengths = list(bit_lengths(program, Deadline()))
        found = growth(program, lengths)
        network = PosSlpReduction.build(program).target.network
        # Neurons: the input, which is g0, then the gates.
        assert found.layers == network.levels[: len(lengths)].tolist()
        assert all(0 <= a <= b for a, b in zip(lengths, found.bounds, strict=True))


def test_rows_are_the_longest_of_a_layer():
    program = StraightLineProgram(((0, "+", 0), (1, "*", 1), (0, "-", 0), (2, "*", 2)))
    rows = growth(program, list(bit_lengths(program, Deadline()))).by_layer()
    assert rows == [(0, 1, 1), (1, 2, 2), (3, 3, 4), (5, 5, 8)]


def test_a_curve_that_stops_early_has_the_gates_so_far():
    assert growth(SQUARES, []).by_layer() == []
    assert growth(SQUARES, [1, 2]).by_layer() == [(0, 1, 1), (1, 2, 2)]


def test_a_bound_is_no_longer_than_needed():
    ones = StraightLineProgram(tuple((t, "*", t) for t in range(3000)))
    assert max(growth(ones, [1] * 3001).bounds) == 1 << 1000


def test_the_same_command_draws_the_same_bytes(tmp_path, qnnhard):
    pytest.importorskip("matplotlib")
    source = tmp_path / "$x_1$.slp"
    source.write_text(write_program(SQUARES))
    starts = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    for kind, start in starts.items():
        first = tmp_path / f"a.{kind}"
        outcome = qnnhard("growth", source, "--plot", first)
        assert (outcome.code, outcome.err.strip()) == (0, f"{first}: bits per layer")
        assert outcome.out.splitlines()[2].split() == ["g1", "1", "2"]
        assert first.read_bytes().startswith(start)
    # Another process has other hashes and a later clock.
    program = (
        "from qnnhard.cli.main import run\n"
        f"for kind in {list(starts)}: run(['growth', {str(source)!r}, '--plot', 'b.' + kind])"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": "7"}
    arguments = [sys.executable, "-c", program]
    subprocess.run(arguments, capture_output=True, check=True, cwd=tmp_path, env=environment)
    for kind in starts:
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_a_curve_up_to_the_budget_is_drawn(tmp_path, qnnhard):
    pytest.importorskip("matplotlib")
    source, drawing = tmp_path / "squares.slp", tmp_path / "squares.svg"
    source.write_text(write_program(SQUARES))
    outcome = qnnhard("growth", source, "--plot", drawing, "--max-bits", "100")
    assert outcome.code == 1
    assert "beyond the budget of 100; bit lengths so far" in outcome.err
    assert drawing.read_bytes().startswith(b"<?xml")


def test_values_0_and_programs_of_one_gate_are_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    for gates in (((0, "-", 0),), ((0, "-", 0), (1, "*", 1))):
        program = StraightLineProgram(gates)
        path = tmp_path / "plot.svg"
        plot_growth(str(path), "zero", growth(program, list(bit_lengths(program, Deadline()))))
        assert path.stat().st_size > 1000


@pytest.mark.parametrize("name", ["plot", "plot.gif", "-", "plot.svg.gz"])
def test_a_name_without_a_format_is_refused(name, tmp_path, qnnhard):
    outcome = qnnhard("growth", tmp_path / "missing.slp", "--plot", name)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == f"qnnhard: {name}: a plot's name must end in .png, .svg or .pdf\n"


def test_without_matplotlib_the_error_names_the_extra(monkeypatch, tmp_path):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"matplotlib: pip install 'qnnhard\[plots\]'$"):
        plot_growth(str(tmp_path / "plot.svg"), "none", growth(SQUARES, [1]))
    assert not (tmp_path / "plot.svg").exists()


def test_json_has_gates_and_layers(tmp_path, qnnhard):
    source = tmp_path / "squares.slp"
    source.write_text(write_program(SQUARES))
    result = json.loads(qnnhard("growth", source, "--json").out)
    assert result["bit_lengths"] == [1, 2, *((1 << t) + 1 for t in range(1, 12)), 0]
    assert result["layers"] == [0, 1, *range(3, 24, 2), 24]


def test_the_budget_of_a_verification_can_be_set(tmp_path, monkeypatch, qnnhard):
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "squares.slp"
    source.write_text(write_program(SQUARES))
    assert qnnhard("verify", "posslp", source, "--set", "max-bits=2049").code == 0
    outcome = qnnhard("verify", "posslp", source, "--set", "max-bits=2000")
    assert outcome.code != 0
    assert "beyond the budget of 2000" in outcome.out + outcome.err
