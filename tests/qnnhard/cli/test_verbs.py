"""Every verb as a user calls it, files in and files out."""

import datetime
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from instances.continuous.files import read_continuous
from instances.training.files import read_instance
from reductions.registry import reductions
from tests.helpers import DATA, REPOSITORY, run_qnnhard

CNF = "p cnf 3 3\n1 2 3 0\n-1 2 0\n-2 -3 0\n"
UNSAT = "p cnf 1 2\n1 0\n-1 0\n"
REDUCTIONS = sorted(reductions())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with a satisfiable and an unsatisfiable formula."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yes.cnf").write_text(CNF)
    (tmp_path / "no.cnf").write_text(UNSAT)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- list, show, schema ----------------------------------------------------------------------


def test_list_names_everything_that_there_is(qnnhard):
    plain, catalogue = qnnhard("list"), json.loads(qnnhard("list", "--json").out)
    assert plain.code == 0
    kinds = {"reductions", "bridges", "problems", "families", "backends", "formats"}
    assert set(catalogue) == kinds
    assert [entry["name"] for entry in catalogue["reductions"]] == list(reductions())
    for entries in catalogue.values():
        assert entries
        for entry in entries:
            assert entry["name"] in plain.out


@pytest.mark.parametrize("name", REDUCTIONS)
def test_show_tells_all_about_a_reduction(name, qnnhard):
    outcome = qnnhard("show", name)
    facts = json.loads(qnnhard("show", name, "--json").out)
    assert outcome.code == 0
    assert {"name", "statement", "construction", "provenance", "example"} <= set(facts)
    assert facts["name"] == name
    assert facts["claims on the example"]
    assert "construction: qnnhard" in facts["provenance"]
    for key in ("statement", "provenance"):
        assert facts[key].split()[0] in outcome.out


def test_schema_prints_a_schema_of_every_format(here, qnnhard):
    outcome = qnnhard("schema")
    assert outcome.code == 0
    schema = json.loads(outcome.out)
    assert schema["$schema"].startswith("https://json-schema.org/")
    validator = jsonschema.Draft202012Validator(schema)
    qnnhard("generate", "continuous", DATA / "xor.json", "-o", "real.json")
    qnnhard("solve", DATA / "xor.json", "-o", "p.json")
    for path in (DATA / "xor.json", Path("real.json"), Path("p.json")):
        document = json.loads(path.read_text())
        validator.validate(document)
        for field in ("format", "version"):
            assert not validator.is_valid({**document, field: "another"})
        assert not validator.is_valid({**document, "more": 1})


# --- source ----------------------------------------------------------------------------------


def test_source_writes_the_same_instance_for_the_same_seed(here, qnnhard):
    words = ("source", "3-sat", "--set", "variables=50", "--set", "clauses=213")
    outcome = qnnhard(*words, "--seed", 7, "-o", "f.cnf")
    assert (outcome.code, outcome.out) == (0, "")
    assert "f.cnf: " in outcome.err
    text = Path("f.cnf").read_text()
    assert "p cnf 50 213\n" in text
    assert qnnhard(*words, "--seed", 7).out == text
    assert qnnhard(*words, "--seed", 8).out != text


def test_seed_0_is_a_seed_and_the_default(here, qnnhard):
    zero = qnnhard("source", "3-sat", "--seed", 0).out
    assert zero == qnnhard("source", "3-sat").out
    assert zero != qnnhard("source", "3-sat", "--seed", 1).out
    Path("zero.cnf").write_text(zero)
    made = json.loads(qnnhard("generate", "two-inputs", "--seed", 0).out)
    assert made["origin"]["seed"] == "0"


@pytest.mark.parametrize("planted", ["yes", "no"])
def test_every_problem_generates_from_its_defaults(here, qnnhard, planted):
    for entry in json.loads(qnnhard("list", "--json").out)["problems"]:
        words = ("--set", f"planted={planted}") if "planted" in entry["parameters"] else ()
        outcome = qnnhard("source", entry["name"], *words, "--json", "-o", "made")
        assert outcome.code == 0
        assert json.loads(outcome.out)["problem"] == entry["name"]
        assert Path("made").read_text()


# --- generate, measure, solve, check ----------------------------------------------------------


def test_generate_writes_an_instance_that_knows_where_it_comes_from(here, qnnhard):
    outcome = qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json", "--json")
    summary = json.loads(outcome.out)
    instance = read_instance("i.json")
    assert summary["instance"] == instance.fingerprint
    assert (summary["neurons"], summary["edges"]) == (instance.network.size, instance.network.edges)
    assert summary["origin"] == dict(instance.origin)
    assert instance.origin["source"] == "yes.cnf"
    assert len(instance.origin["source_sha256"]) == 64


def test_generate_compresses_by_extension(here, qnnhard):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json.gz")
    assert read_instance("i.json.gz") == read_instance("i.json")
    assert gzip.decompress(Path("i.json.gz").read_bytes())
    assert qnnhard("solve", "i.json.gz").code == 10


@pytest.mark.parametrize("name", [name for name in REDUCTIONS if name != "continuous"])
def test_every_reduction_generates_measures_and_solves_its_defaults(here, qnnhard, name):
    assert qnnhard("generate", name, "--seed", 3, "-o", "i.json").code == 0
    measured = json.loads(qnnhard("measure", "i.json", "--json").out)
    assert measured["alpha"] == len(read_instance("i.json").network.inputs)
    assert qnnhard("solve", "i.json").code in (10, 20)


def test_generate_push_and_pull_over_the_reals(here, qnnhard):
    xor = DATA / "xor.json"
    outcome = qnnhard("generate", "continuous", xor, "-o", "real.json", "--json")
    instance = read_continuous("real.json")
    assert json.loads(outcome.out)["instance"] == instance.fingerprint
    assert instance.origin["problem"] == "d-nnt"
    assert qnnhard("continuous", xor, "-o", "again.json").code == 0
    assert read_continuous("again.json") == instance
    assert qnnhard("solve", xor, "-o", "p.json").code == 10
    assert qnnhard("push", "continuous", xor, "p.json", "-o", "r.json").code == 0
    assert len(json.loads(Path("r.json").read_text())["weights"]) == instance.network.edges
    assert qnnhard("pull", "continuous", xor, "r.json", "-o", "back.json").code == 0
    assert Path("back.json").read_text() == Path("p.json").read_text()
    assert "another instance" in qnnhard("pull", "continuous", xor, "p.json").err
    assert qnnhard("generate", "continuous", "--seed", 3, "-o", "drawn.json").code == 0
    assert read_continuous("drawn.json").real > 0


def test_measure_explains_every_measure(here, qnnhard):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    plain = qnnhard("measure", "i.json")
    values = json.loads(qnnhard("measure", "i.json", "--json").out)
    assert plain.code == 0
    assert (values["alpha"], values["depth"], values["points"]) == (2, 1, 2)
    assert set(values["treewidth"]) == {"upper_bound", "exact"}
    lines = {line.split()[0]: line for line in plain.out.splitlines()}
    assert set(lines) == set(values)
    assert all(len(line.split()) > 3 or line.split()[0] == "edges" for line in lines.values())
    assert (
        json.loads(qnnhard("measure", "i.json", "--json", "--restarts", 0).out)["treewidth"] is None
    )
    assert "treewidth" not in qnnhard("measure", "i.json", "--restarts", 0).out


def test_solve_check_and_pull_a_yes(here, qnnhard):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    solved = qnnhard("solve", "i.json", "-o", "p.json")
    assert solved.code == 10
    assert solved.out.startswith("YES: the exact evaluator accepted the parameters")
    checked = qnnhard("check", "i.json", "p.json")
    assert checked.code == 0
    assert checked.out.startswith("accepted: mismatch loss 0 is within the bound 0")
    pulled = qnnhard("pull", "two-inputs", "yes.cnf", "p.json", "-o", "w.json")
    assert pulled.code == 0
    assert len(json.loads(Path("w.json").read_text())["assignment"]) == 3


def test_solve_says_how_a_no_is_known_and_writes_no_parameters(here, qnnhard):
    qnnhard("generate", "two-inputs", "no.cnf", "-o", "i.json")
    word = qnnhard("solve", "i.json", "--backend", "sat", "-o", "p.json")
    assert (word.code, word.out.split(" (")[0]) == (20, "NO: the solver says so")
    proved = qnnhard("solve", "i.json", "--proof", "proof.drat", "-o", "p.json")
    assert proved.code == 20
    assert "NO: an independent checker accepted the proof" in proved.out
    enumerated = qnnhard("solve", "i.json", "--backend", "enumerate", "-o", "p.json")
    assert (enumerated.code, enumerated.out.strip()) == (20, "NO: the search was exhaustive")
    assert files(here) == {"yes.cnf", "no.cnf", "i.json", "proof.drat"}


@pytest.mark.parametrize("backend", ["sat", "enumerate"])
def test_solve_without_time_is_unknown_and_exits_0(here, qnnhard, backend):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    outcome = qnnhard("solve", "i.json", "--backend", backend, "--timeout", 0, "-o", "p.json")
    assert outcome.code == 0
    assert outcome.out.startswith("UNKNOWN: a limit was reached")
    assert not Path("p.json").exists()


@pytest.mark.parametrize(
    ("source", "words", "answer", "how"),
    [
        ("yes.cnf", (), "yes", "evaluated"),
        ("no.cnf", (), "no", "proof-checked"),
        ("no.cnf", ("--backend", "sat"), "no", "solver"),
        ("no.cnf", ("--proof", "p.drat"), "no", "proof-checked"),
        ("no.cnf", ("--backend", "enumerate"), "no", "enumerated"),
        ("yes.cnf", ("--timeout", "0"), "unknown", "limit"),
    ],
)
def test_solve_reports_its_answer_as_json(here, qnnhard, source, words, answer, how):
    qnnhard("generate", "two-inputs", source, "-o", "i.json")
    outcome = qnnhard("solve", "i.json", "--json", "-o", "p.json", *words)
    document = json.loads(outcome.out)
    assert (document["answer"], document["how"]) == (answer, how)
    assert outcome.code == {"yes": 10, "no": 20, "unknown": 0}[answer]
    assert document["parameters"] == ("p.json" if answer == "yes" else None)
    assert document["seconds"] >= 0


def test_check_rejects_parameters_with_exit_1_and_names_the_points(here, qnnhard):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    qnnhard("solve", "i.json", "-o", "p.json")
    document = json.loads(Path("p.json").read_text())
    document["weights"] = [0] * len(document["weights"])
    Path("bad.json").write_text(json.dumps(document))
    outcome = qnnhard("check", "i.json", "bad.json")
    assert outcome.code == 1
    assert "rejected: mismatch loss 2 is above the bound 0" in outcome.out
    assert "mismatched data points: 1, 2" in outcome.out
    as_json = qnnhard("check", "i.json", "bad.json", "--json")
    assert as_json.code == 1
    assert json.loads(as_json.out) == {
        "accepted": False, "loss": 2, "bound": 0, "mismatched_points": [1, 2],
    }  # fmt: skip
    assert json.loads(qnnhard("check", "i.json", "p.json", "--json").out)["accepted"] is True


def test_only_a_solution_can_be_pulled(here, qnnhard):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    qnnhard("solve", "i.json", "-o", "p.json")
    document = json.loads(Path("p.json").read_text())
    document["weights"] = [0] * len(document["weights"])
    Path("bad.json").write_text(json.dumps(document))
    outcome = qnnhard("pull", "two-inputs", "yes.cnf", "bad.json", "-o", "w.json")
    assert outcome.code == 1
    assert "only a solution can be pulled" in outcome.err
    assert not Path("w.json").exists()


@pytest.mark.parametrize("reduction", ["two-inputs", "bounded-degree", "exact-cover"])
def test_push_and_pull_are_inverse_on_answers_through_files_and_bridges(here, qnnhard, reduction):
    Path("w.json").write_text('{"assignment": [-1, 2, -3]}')
    assert qnnhard("push", reduction, "yes.cnf", "w.json", "-o", "p.json").code == 0
    qnnhard("generate", reduction, "yes.cnf", "-o", "i.json")
    assert qnnhard("check", "i.json", "p.json").code == 0
    outcome = qnnhard("pull", reduction, "yes.cnf", "p.json")
    assert json.loads(outcome.out)["assignment"][:3] == [-1, 2, -3]


def test_push_refuses_a_wrong_witness(here, qnnhard):
    Path("w.json").write_text('{"assignment": [1, -2, -3]}')
    outcome = qnnhard("push", "two-inputs", "yes.cnf", "w.json", "-o", "p.json")
    assert outcome.code == 1
    assert outcome.err.startswith("qnnhard: ")
    assert not Path("p.json").exists()


# --- standard streams ------------------------------------------------------------------------


def test_every_verb_passes_files_through_standard_streams(here):
    made = run_qnnhard("generate", "two-inputs", "-", text=CNF.encode())
    assert (made.returncode, made.stderr) == (0, b"")
    solved = run_qnnhard("solve", "-", "-o", "-", text=made.stdout)
    assert solved.returncode == 10
    assert b"YES" in solved.stderr
    (here / "i.json").write_bytes(made.stdout)
    assert run_qnnhard("check", here / "i.json", "-", text=solved.stdout).returncode == 0
    pulled = run_qnnhard("pull", "two-inputs", here / "yes.cnf", "-", text=solved.stdout)
    assert set(json.loads(pulled.stdout)) == {"assignment"}
    pushed = run_qnnhard("push", "two-inputs", here / "yes.cnf", "-", text=pulled.stdout)
    assert json.loads(pushed.stdout)["format"] == "qnnhard-parameters"
    measured = run_qnnhard("measure", "-", "--json", text=made.stdout)
    assert json.loads(measured.stdout)["alpha"] == 2
    exported = run_qnnhard("export", "-", text=made.stdout)
    assert b"\np cnf " in exported.stdout


def test_verify_takes_a_source_from_standard_input():
    run = run_qnnhard("verify", "two-inputs", "-", "--json", text=CNF.encode())
    assert run.returncode == 0
    assert json.loads(run.stdout)["results"][0]["source"] == "-"
    assert run.stderr == b""


def test_a_reader_that_goes_away_causes_no_traceback():
    writer = "-m qnnhard source 3-sat --set variables=5000 --set clauses=20000"
    run = subprocess.run(
        ["bash", "-c", f"{sys.executable} {writer} | head -c 10"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=False,
    )
    assert (len(run.stdout), run.stderr) == (10, b"")


# --- export and decode -----------------------------------------------------------------------


def export(qnnhard, *words: object) -> list[str]:
    assert qnnhard("export", "i.json", "--to", "cnf", "-o", "f.cnf", *words).code == 0
    return Path("f.cnf").read_text().splitlines()


def test_export_has_a_header_that_says_where_the_formula_comes_from(here, qnnhard):
    words = ("--set", "variables=5", "--set", "clauses=9", "--seed", 0)
    qnnhard("generate", "two-inputs", *words, "--solve-source", "-o", "i.json")
    lines = export(qnnhard)
    header = [line for line in lines if line.startswith("c ") and "varname" not in line]
    text = "\n".join(header)
    assert lines[: len(header)] == header
    assert header[0].startswith("c qnnhard ")
    assert "c command: qnnhard export i.json --to cnf -o f.cnf" in text
    assert "c generated by: qnnhard generate two-inputs" in text
    assert "c seed: 0" in text
    assert "c settings: variables=5 clauses=9" in text
    assert "c reduction: two-inputs" in text
    assert "c theorem: [LD] Theorem 4" in text
    assert f"c instance: {read_instance('i.json').fingerprint}" in text
    assert "c source sha256: " in text
    expected = next(line for line in header if line.startswith("c expected: "))
    assert expected.split()[2] in ("SATISFIABLE", "UNSATISFIABLE")
    assert "exact solver of 3-sat" in expected
    solved = qnnhard("solve", "i.json").code
    assert (solved == 10) == (expected.split()[2] == "SATISFIABLE")


def test_the_expected_status_is_unknown_where_nobody_solved_the_source(here, qnnhard):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    assert "c expected: UNKNOWN (the source was not solved)" in export(qnnhard)
    qnnhard("generate", "two-inputs", "--set", "planted=yes", "-o", "i.json")
    assert "c expected: SATISFIABLE (a witness was planted)" in export(qnnhard)


def test_export_names_every_variable_unless_it_is_switched_off(here, qnnhard):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    lines = export(qnnhard)
    variables = int(next(line for line in lines if line.startswith("p cnf")).split()[2])
    named = [line.split(" ", 3) for line in lines if line.startswith("c varname ")]
    assert [int(words[2]) for words in named] == list(range(1, variables + 1))
    assert "w[i1,p1]=1" in {words[3] for words in named}
    bare = export(qnnhard, "--no-names")
    assert not [line for line in bare if "varname" in line]
    clauses = [line for line in lines if not line.startswith("c")]
    assert [line for line in bare if not line.startswith("c")] == clauses


def test_export_is_clean_and_has_exact_counts(here, qnnhard):
    shutil.copy(DATA / "uuf50-01.cnf", "real.cnf")
    for reduction in ("two-inputs", "exact-cover", "hitting-set"):
        source = "real.cnf" if reduction != "hitting-set" else None
        qnnhard("generate", reduction, *([source] if source else []), "-o", "i.json")
        lines = [line for line in export(qnnhard) if not line.startswith("c")]
        _, _, variables, clauses = lines[0].split()
        assert len(lines) - 1 == int(clauses)
        for line in lines[1:]:
            literals = [int(word) for word in line.split()]
            assert literals.pop() == 0
            assert literals
            assert len({abs(literal) for literal in literals}) == len(literals)
            assert max(map(abs, literals)) <= int(variables)


def test_export_is_byte_identical_across_runs_and_has_no_dates(here):
    run_qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json", cwd=here)
    contents = []
    for _ in range(2):
        run_qnnhard("export", "i.json", "--to", "cnf", "-o", "f.cnf", cwd=here)
        contents.append((here / "f.cnf").read_bytes())
    assert contents[0] == contents[1]
    today = datetime.datetime.now(tz=datetime.UTC)
    header = [line for line in contents[0].decode().splitlines() if line.startswith("c ")]
    assert not [line for line in header if f"{today:%Y-%m}" in line or f"{today:%H:%M}" in line]


def test_two_generations_of_the_same_command_are_byte_identical(here):
    contents = set()
    for _ in range(2):
        run_qnnhard("generate", "exact-cover", "--seed", "0", "-o", "i.json.gz", cwd=here)
        contents.add((here / "i.json.gz").read_bytes())
    assert len(contents) == 1


def test_export_summarises_as_json(here, qnnhard):
    qnnhard("generate", "two-inputs", "yes.cnf", "-o", "i.json")
    outcome = qnnhard("export", "i.json", "-o", "f.cnf", "--json")
    assert json.loads(outcome.out) == {
        "output": "f.cnf", "format": "cnf", "bytes": Path("f.cnf").stat().st_size,
    }  # fmt: skip


def test_a_real_solver_solves_the_export_and_decode_reads_its_output(here, qnnhard, kissat):
    for name, code in (("uf20-01.cnf", 10), ("uuf50-01.cnf", 20)):
        assert qnnhard("generate", "two-inputs", DATA / name, "-o", "i.json").code == 0
        export(qnnhard)
        run = subprocess.run([kissat, "f.cnf"], capture_output=True, check=False)
        assert run.returncode == code
        Path("out.txt").write_bytes(run.stdout)
        decoded = qnnhard("decode", "i.json", "out.txt", "-o", "p.json")
        if code == 10:
            assert decoded.code == 0
            assert qnnhard("check", "i.json", "p.json").code == 0
            assert qnnhard("pull", "two-inputs", DATA / name, "p.json").code == 0
            Path("p.json").unlink()
        else:
            assert decoded.code == 20
            assert not Path("p.json").exists()


def test_decode_reports_as_json(here, qnnhard, kissat):
    for name, code, answer in (("yes.cnf", 0, "yes"), ("no.cnf", 20, "no")):
        qnnhard("generate", "two-inputs", name, "-o", "i.json")
        export(qnnhard)
        run = subprocess.run([kissat, "-q", "f.cnf"], capture_output=True, check=False)
        Path("out.txt").write_bytes(run.stdout)
        outcome = qnnhard("decode", "i.json", "out.txt", "--json", "-o", "p.json")
        assert (outcome.code, json.loads(outcome.out)["answer"]) == (code, answer)


def test_solve_runs_an_external_solver(here, qnnhard, kissat):
    for name, code in (("yes.cnf", 10), ("no.cnf", 20)):
        qnnhard("generate", "two-inputs", name, "-o", "i.json")
        outcome = qnnhard("solve", "i.json", "--external", f"{kissat} {{cnf}}", "-o", "p.json")
        assert outcome.code == code
        assert Path("p.json").exists() == (code == 10)
    assert "NO: the solver says so" in outcome.out


def test_a_hand_written_instance_goes_through_every_verb(here, qnnhard, kissat):
    """The README's own-network case: XOR over d = 3."""
    document = {
        "format": "qnnhard-instance", "version": 1, "d": 3,
        "neurons": [{"name": "x", "count": 2}, {"name": "h", "count": 2}, {"name": "y"}],
        "inputs": ["x1", "x2"], "outputs": ["y"],
        "edges": {"sources": ["x1", "x2", "x1", "x2", "h1", "h2"],
                  "targets": ["h1", "h1", "h2", "h2", "y", "y"]},
        "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[0], [1], [1], [0]]},
    }  # fmt: skip
    Path("xor.json").write_text(json.dumps(document))
    assert qnnhard("solve", "xor.json", "-o", "p.json").code == 10
    assert qnnhard("check", "xor.json", "p.json").code == 0
    assert qnnhard("solve", "xor.json", "--backend", "enumerate").code == 10
    document["d"] = 2
    Path("binary.json").write_text(json.dumps(document))
    assert qnnhard("solve", "binary.json", "--proof", "p.drat").code == 20


def test_explain_says_which_neurons_were_tabulated_and_certify_refutes_the_plain_encoding(
    here, qnnhard
):
    qnnhard("generate", "two-inputs", "no.cnf", "-o", "i.json")
    outcome = qnnhard(
        "solve", "i.json", "--backend", "sat", "--explain", "--proof", "p.drat", "--certify"
    )
    assert outcome.code == 20
    assert "NO: an independent checker accepted the proof" in outcome.out
    hidden = re.search(r"tables: (\d+) of (\d+) hidden neurons", outcome.err)
    assert hidden
    assert hidden[1] == hidden[2] != "0"
    assert f"tabulated, {hidden[1]}: p1, " in outcome.err
    assert qnnhard("solve", "i.json", "--certify").code == 2


def test_a_tree_decomposition_from_outside_is_used(here, qnnhard):
    qnnhard("family", "ladder", "--set", "size=12", "-o", "l.json")
    qnnhard("export", "l.json", "--to", "td", "-o", "l.td")
    outcome = qnnhard("solve", "l.json", "--backend", "treewidth", "--decomposition", "l.td")
    assert outcome.code == 10
    assert "width 2" in outcome.out
    refused = qnnhard("solve", "l.json", "--backend", "sat", "--decomposition", "l.td")
    assert (refused.code, refused.err) == (
        1,
        "qnnhard: --decomposition needs --backend treewidth\n",
    )
