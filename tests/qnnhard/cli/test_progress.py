"""Progress bars: which stages there are, how they look, and that nothing else changes."""

import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from instances.deadline import Deadline
from instances.errors import LimitReached
from instances.families.registry import FAMILIES
from instances.files import write_parts
from instances.progress import Stage, current_watcher, stage, watched_by
from instances.training.files import read_instance, write_instance
from instances.training.instance import layered
from qnnhard.campaign.run import results
from qnnhard.certificates.drat import available_checker
from qnnhard.cli import progress
from qnnhard.cli.progress import Bars, progress_bars
from qnnhard.encoding.encode import TABLES, encode
from qnnhard.export.cnf import ExportOptions, export_cnf, export_wcnf
from qnnhard.methods.local_search.search import LocalSearch
from qnnhard.methods.portfolio import schedule
from qnnhard.methods.request import Request
from qnnhard.sat import cadical
from qnnhard.sat.cadical import solve_formula
from qnnhard.verification.plan import Plan, cases
from qnnhard.verification.tasks import verification
from tests.helpers import DATA, REPOSITORY, Watching
from tests.qnnhard.methods.instances import easy_no, from_file, hopeless

pty = pytest.importorskip("pty")


def watched(call) -> dict[str, tuple[str, int | None, int]]:
    """Unit, total and count of the last stage of every name, while `call` runs."""
    watching = Watching()
    with watched_by(watching):
        call()
    assert watching.open == []
    return {name: tuple(rest) for name, *rest in watching.seen}


def solve(name: str, instance) -> dict[str, tuple[str, int | None, int]]:
    return watched(lambda: Request(name).method().solve(instance, Deadline()))


def complete(unit: str, total: int) -> tuple[str, int, int]:
    return (unit, total, total)


# --- stages --------------------------------------------------------------------------------------


def test_encoding_and_export_count_neurons_variables_and_clauses(tmp_path):
    instance = from_file("uf20-01.cnf")
    formula = encode(instance).formula
    hidden = instance.network.size - len(instance.network.inputs)
    for export in (export_cnf, export_wcnf):
        path = tmp_path / "f"
        found = watched(lambda e=export, p=path: write_parts(str(p), e(instance, ExportOptions())))
        assert found["encoding"] == complete("neurons", hidden)
        assert found["naming"][0] == "variables"
        assert found["naming"][1] == found["naming"][2]
        assert found["DIMACS"][0] == "clauses"
        assert found["DIMACS"][1] == found["DIMACS"][2] >= formula.clauses // 2
        assert found[f"writing {path}"] == ("bytes", None, path.stat().st_size)


def test_sat_counts_clauses_and_conflicts():
    instance = from_file("uuf50-01.cnf")
    found = solve("sat", instance)
    clauses = encode(instance, options=TABLES).formula.clauses
    assert found["tabulating"][0] == "neurons"
    assert found["tabulating"][2] > 0
    assert found["loading"] == complete("clauses", clauses)
    assert found["CaDiCaL"][:2] == ("conflicts", None)
    assert found["CaDiCaL"][2] > 0


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("enumerate", {"enumeration": "behaviours"}),
        ("dataset-dp", {"dataset-dp": "rows"}),
        ("portfolio", {"tabulating": "neurons", "CaDiCaL": "conflicts"}),
        ("treewidth", {"treewidth: order": "vertices", "treewidth": "vertices"}),
    ],
)
def test_backends_count_what_they_do(monkeypatch, name, stages):
    # Otherwise local search is done before the portfolio encodes anything.
    monkeypatch.setattr(schedule, "FEWEST", 10**9)
    inputs = [[1, 0, 0], [0, 1, 0], [1, 1, 0], [1, 0, 1]]
    found = solve(name, layered((3, 3, 1), 3, (inputs, [[1], [0], [1], [0]])))
    for stage_name, unit in stages.items():
        assert found[stage_name][0] == unit
        assert found[stage_name][2] > 0 or unit == "conflicts"


def test_local_search_counts_steps():
    search = LocalSearch(easy_no())
    found = watched(lambda: search.run(Deadline(), 40))
    assert found["local search"] == complete("steps", 40)


def test_treewidth_counts_all_vertices():
    instance = FAMILIES.get("ladder").generate({"size": "50"}, 0).instance
    found = solve("treewidth", instance)
    for name in ("treewidth: order", "treewidth"):
        assert found[name] == complete("vertices", found["treewidth"][1])
    assert found["treewidth: parameters"][1:] == (found["treewidth: parameters"][1],) * 2
    assert found["evaluation"][0] in ("neurons", "levels")


def test_reading_and_building_are_stages(tmp_path, qnnhard):
    path = tmp_path / "i.json"
    source = DATA / "uf20-01.cnf"
    found = watched(lambda: qnnhard("generate", "exact-cover", source, "-o", path))
    assert {"exact-cover", "3-sat-to-one-in-three", f"reading {source}"} <= set(found)
    assert found[f"writing {path}"][2] == path.stat().st_size
    assert f"reading {path}" in watched(lambda: read_instance(str(path)))


@pytest.mark.parametrize(
    ("words", "stages"),
    [
        (("source", "3-sat"), {"generating 3-sat"}),
        (("generate", "hitting-set"), {"generating hitting-set", "hitting-set"}),
        (("family", "ladder"), {"generating ladder"}),
        (("measure", DATA / "xor.json"), {"measuring", "treewidth"}),
        (("growth", DATA / "squaring.slp"), {"growth"}),
    ],
)
def test_verbs_without_a_solver_have_stages(qnnhard, words, stages):
    assert stages <= set(watched(lambda: qnnhard(*words)))


def test_a_campaign_counts_sources_and_names_them(tmp_path):
    plan = Plan("two-inputs", (), None, {}, 3, 0, "sat", None, None, str(tmp_path))
    planned = cases(plan)
    watching = Watching()
    names = []
    with watched_by(watching):
        for number, _ in enumerate(results(verification(plan, planned))):
            names.append(watching.open[0].name)
            assert watching.open[0].done == number
    assert names == [f"two-inputs: {case.source.name}" for case in planned]
    assert watching.seen[-1][1:] == ("sources", 3, 3)


def test_a_proof_is_checked_in_a_stage(tmp_path):
    pytest.importorskip("dratify")
    chosen = Request("sat", proof=str(tmp_path / "p")).method()
    found = watched(lambda: chosen.solve(from_file("uuf50-01.cnf"), Deadline()))
    assert available_checker() in found


def test_a_child_process_reports_its_stages(monkeypatch):
    monkeypatch.setattr(cadical, "IN_PROCESS_LITERALS", 0)
    formula = encode(hopeless(), options=TABLES).formula

    def call():
        with pytest.raises(LimitReached, match="conflicts"):
            solve_formula(formula, Deadline(), conflicts=30_000)

    found = watched(call)
    assert found["CaDiCaL"][:2] == ("conflicts", None)
    assert 0 < found["CaDiCaL"][2] < 40_000


# --- bars ----------------------------------------------------------------------------------------


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", text)


class Screen:
    """Bars on a terminal that is a text, refreshed by hand."""

    def __init__(self, monkeypatch, patience: float = 0) -> None:
        monkeypatch.setattr(progress, "_PERIOD", 1000)
        self.file = io.StringIO()
        console = Console(file=self.file, force_terminal=True, width=100, legacy_windows=False)
        self.bars = Bars(console, patience)

    def shown(self) -> list[str]:
        """The lines of a frame."""
        self.bars.refresh()
        begin = self.file.tell()
        self.bars.refresh()
        lines = re.split(r"[\r\n]+", plain(self.file.getvalue()[begin:]))
        return [re.sub("[━╸╺ ]+", " ", line).strip() for line in lines if line.strip()]


@pytest.fixture
def screen(monkeypatch):
    made = Screen(monkeypatch)
    with watched_by(made.bars):
        yield made
    made.bars.stop()


def test_a_bar_shows_count_total_and_rate(screen):
    with stage("encoding", "neurons", 12_000) as progress:
        progress.done = 3_000
        (line,) = screen.shown()
    assert re.fullmatch(r"encoding 3,000/12,000 neurons [\d,]+/s 0:00:0\d", line)


def test_without_a_total_there_are_count_and_rate(screen):
    with stage("CaDiCaL", "conflicts") as progress:
        assert re.fullmatch(r"CaDiCaL 0 conflicts 0:00:0\d", screen.shown()[-1])
        progress.done = 5_000
        assert re.fullmatch(r"CaDiCaL 5,000 conflicts [\d,]+/s 0:00:0\d", screen.shown()[-1])


def test_without_a_unit_there_is_the_time(screen):
    with stage("reading [red]f.json[/red]"):
        assert re.fullmatch(r"reading \[red\]f.json\[/red\] 0:00:0\d", screen.shown()[-1])


def test_time_and_rate_count_from_the_beginning_of_a_stage(screen):
    with stage("encoding", "neurons", 12_000) as progress:
        progress.done = 6_500
        screen.bars._open = [(progress, time.monotonic() - 65)]
        assert re.fullmatch(
            r"encoding 6,500/12,000 neurons (100|99|98)/s 0:01:0\d", *screen.shown()
        )


def test_slow_rates_have_a_decimal():
    slow = Stage("verify", "sources", 10)
    slow.done = 3
    assert progress._rate(slow, 2.0) == "1.5/s"
    assert progress._rate(slow, 0.01) == "300/s"


def test_nested_stages_have_a_line_each_and_disappear(screen):
    with stage("outer", "jobs", 2) as outer:
        with stage("inner", "steps"):
            assert [line.split()[0] for line in screen.shown()] == ["outer", "inner"]
        outer.done, outer.name = 1, "renamed"
        assert [line.split()[0] for line in screen.shown()] == ["renamed"]
    assert screen.shown() == []
    print("text in between", file=screen.file)
    with stage("next", "steps"):
        assert [line.split()[0] for line in screen.shown()] == ["next"]
    # What was printed in between stays: the cursor does not go up before the next bar.
    after = screen.file.getvalue().split("text in between")[1]
    assert "\x1b[1A" not in after.split("next")[0]


def test_stages_are_shown_only_after_a_while(monkeypatch):
    screen = Screen(monkeypatch, patience=1000)
    with watched_by(screen.bars), stage("quick", "steps"):
        assert screen.shown() == []
    screen.bars.stop()
    assert screen.file.getvalue() == ""


def test_the_cursor_is_not_left_hidden(screen):
    with stage("a"):
        screen.shown()
        text = screen.file.getvalue()
        assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l") >= 0


def test_what_is_left_open_is_taken_away_at_the_end(monkeypatch):
    screen = Screen(monkeypatch)
    with watched_by(screen.bars):
        left = stage("left")
        left.__enter__()
        assert screen.shown()
        screen.bars.stop()
    assert screen.file.getvalue().endswith("\x1b[2K")


def test_nobody_watches_where_standard_error_is_no_terminal(monkeypatch):
    with progress_bars():
        assert current_watcher() is None
    monkeypatch.setattr(sys, "stderr", None)
    with progress_bars():
        assert current_watcher() is None


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_somebody_watches_where_it_is_one(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress_bars():
        assert isinstance(current_watcher(), Bars)
    monkeypatch.setenv("TERM", "dumb")
    with progress_bars():
        assert current_watcher() is None


def test_content_on_a_terminal_is_not_mixed_with_bars(monkeypatch, capfdbinary):
    def parts():
        assert (current_watcher() is None) == sys.stdout.isatty()
        yield b"text"

    with watched_by(Watching()):
        write_parts("-", parts())
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        write_parts("-", parts())
    assert capfdbinary.readouterr().out == b"texttext"


PROGRAM = """
import sys
from qnnhard.cli import progress
from qnnhard.cli.main import run
progress.PATIENCE, progress._PERIOD = 0, 0.02
sys.exit(run(sys.argv[1:]))
"""


def on_a_terminal(*words: object) -> tuple[bytes, str]:
    """Standard output, a pipe, and standard error, a terminal, of a command that shows bars."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    errors = b""
    try:
        while block := os.read(ours, 1 << 16):
            errors += block
    except OSError:
        pass  # On Linux the end of a terminal is an error.
    os.close(ours)
    output, _ = process.communicate()
    return output, errors.decode()


@pytest.mark.skipif("not hasattr(os, 'openpty')", reason="needs a terminal")
def test_a_command_on_a_terminal_shows_bars_and_prints_the_same(tmp_path, qnnhard):
    path = tmp_path / "i.json"
    write_instance(str(path), hopeless())
    words = ("solve", path, "--backend", "sat", "--timeout", 2)
    output, errors = on_a_terminal(*words)
    assert output.decode() == qnnhard(*words).out
    assert re.search(r"CaDiCaL.*[1-9][\d,]* conflicts.*/s", plain(errors))
    assert errors.count("\x1b[?25h") >= errors.count("\x1b[?25l") > 0
    last = plain(errors).rstrip("\r\n").rsplit("\n", 1)[-1]
    assert re.fullmatch(r"\d\.\d\d s, \d+ variables, \d+ clauses", last.strip())


@pytest.mark.skipif("not hasattr(os, 'openpty')", reason="needs a terminal")
def test_an_export_through_a_pipe_is_the_same_on_a_terminal(tmp_path, qnnhard):
    path = tmp_path / "i.json"
    write_instance(str(path), easy_no())
    output, _ = on_a_terminal("export", path, "--to", "wcnf")
    plain_output = qnnhard("export", path, "--to", "wcnf").out
    # The command line in the header is that of the program.
    assert output.decode().split("\n")[2:] == plain_output.split("\n")[2:]
    assert Path(path).exists()
