"""Solver binaries: real ones, and scripts that misbehave in every way."""

import sys
import textwrap
import time
from pathlib import Path

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, QnnhardError
from instances.training.evaluate import evaluate
from qnnhard.certificates.drat import write_proof
from qnnhard.encoding.encode import TABLES, encode
from qnnhard.methods import external
from qnnhard.methods.external import ExternalMethod
from qnnhard.sat.cadical import solve_formula
from qnnhard.verdict import How, Verdict
from tests.qnnhard.methods.instances import easy_no, easy_yes, from_file


def script(folder: Path, body: str) -> str:
    """A command that runs a Python program on the formula's file."""
    path = folder / "solver.py"
    path.write_text("import sys\n" + textwrap.dedent(body))
    return f"{sys.executable} {path} {{cnf}}"


def test_a_real_solver_says_yes_and_no(kissat):
    for instance, verdict in ((easy_yes(), Verdict.YES), (easy_no(), Verdict.NO)):
        answer = ExternalMethod(f"'{kissat}' --quiet {{cnf}}").solve(instance, Deadline(60))
        assert answer.verdict is verdict
        assert answer.how is (How.EVALUATED if verdict is Verdict.YES else How.SOLVER)
        if answer.parameters is not None:
            assert evaluate(instance, answer.parameters).accepted


def test_the_program_gets_a_file_with_the_formula(tmp_path):
    copy = tmp_path / "copy.cnf"
    command = script(
        tmp_path,
        f"""
        import shutil
        shutil.copy(sys.argv[1], {str(copy)!r})
        print("s UNSATISFIABLE")
        """,
    )
    assert ExternalMethod(command).solve(easy_no(), Deadline()).verdict is Verdict.NO
    assert copy.read_text().startswith("p cnf ")


def test_a_result_file_is_read_where_the_program_writes_one(tmp_path):
    command = script(
        tmp_path,
        """
        open(sys.argv[2], "w").write("UNSAT")
        print("WARNING: s SATISFIABLE")
        """,
    )
    answer = ExternalMethod(command + " {result}").solve(easy_no(), Deadline())
    assert answer.verdict is Verdict.NO


def test_a_program_that_gives_up_is_an_unknown(tmp_path):
    answer = ExternalMethod(script(tmp_path, "print('s UNKNOWN')")).solve(easy_no(), Deadline())
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
    assert "gave up" in answer.detail


def test_a_wrong_model_is_never_an_answer(tmp_path):
    command = script(tmp_path, "print('s SATISFIABLE\\nv 0')")
    with pytest.raises(QnnhardError, match=r"external \(by .*\) gave .* above the bound"):
        ExternalMethod(command).solve(easy_no(), Deadline())


@pytest.mark.parametrize(
    "body",
    ["", "print('hello')", "sys.exit(3)", "print('s SATISFIABLE\\nv 1')",
     "sys.stdout.buffer.write(bytes(range(256)))"],
)  # fmt: skip
def test_output_that_makes_no_sense_is_refused(tmp_path, body):
    with pytest.raises(InputError, match="solver output"):
        ExternalMethod(script(tmp_path, body)).solve(easy_no(), Deadline())


def test_a_missing_program_is_refused_by_name():
    with pytest.raises(InputError, match=r"'no-such-solver' cannot be run .*on PATH"):
        ExternalMethod("no-such-solver {cnf}").solve(easy_no(), Deadline())


def test_a_file_that_is_no_program_is_refused(tmp_path):
    path = tmp_path / "data"
    path.write_text("no program")
    with pytest.raises(InputError, match="cannot be run"):
        ExternalMethod(f"{path} {{cnf}}").solve(easy_no(), Deadline())


@pytest.mark.parametrize(
    "command", ["", "kissat", "kissat {cnf", "kissat '{cnf}", "kissat { cnf }"]
)
def test_a_command_without_a_place_for_the_formula_is_refused(command):
    with pytest.raises(InputError, match="external solver"):
        ExternalMethod(command)


def test_a_program_and_its_children_end_with_the_time(tmp_path):
    alive = tmp_path / "alive"
    child = f"import time; time.sleep(2); open({str(alive)!r}, 'w')"
    command = script(
        tmp_path,
        f"""
        import subprocess
        subprocess.Popen([sys.executable, "-c", {child!r}]).wait()
        """,
    )
    answer = ExternalMethod(command).solve(easy_no(), Deadline(0.7))
    assert answer.verdict is Verdict.UNKNOWN
    time.sleep(2)
    assert not alive.exists()


@pytest.mark.parametrize("place", ["{prof}", "{}", "{CNF}", "--proof={drat}"])
def test_an_unknown_placeholder_is_refused(place):
    with pytest.raises(InputError, match=r"no placeholder \{.*\}; choose from \{cnf\}, \{result\}"):
        ExternalMethod(f"kissat {{cnf}} {place}")


def test_a_proof_is_checked_where_the_program_writes_one(tmp_path):
    pytest.importorskip("dratify")
    good = tmp_path / "good.drat"
    formula = encode(from_file("uuf50-01.cnf"), options=TABLES).formula
    write_proof(str(good), solve_formula(formula, Deadline(), proof=True).proof)
    command = script(
        tmp_path,
        f"""
        open(sys.argv[2], "w").write(open({str(good)!r}).read())
        print("s UNSATISFIABLE")
        sys.exit(20)
        """,
    )
    answer = ExternalMethod(f"{command} {{proof}}").solve(from_file("uuf50-01.cnf"), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.PROOF_CHECKED)
    assert "checked by" in answer.detail
    good.write_text("1 0\n0\n")
    with pytest.raises(QnnhardError, match="proof"):
        ExternalMethod(f"{command} {{proof}}").solve(from_file("uuf50-01.cnf"), Deadline(60))


def test_without_a_proof_file_a_no_is_the_programs_word(tmp_path):
    command = script(tmp_path, "print('s UNSATISFIABLE')")
    answer = ExternalMethod(f"{command} {{proof}}").solve(easy_no(), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.SOLVER)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("print('s UNSATISFIABLE'); sys.exit(10)", "exit status 10 contradicts"),
        ("print('s SATISFIABLE\\nv 0\\ns UNSATISFIABLE')", "status lines contradict"),
    ],
)
def test_a_program_that_contradicts_itself_gives_no_answer(tmp_path, body, why):
    answer = ExternalMethod(script(tmp_path, body)).solve(easy_no(), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
    assert why in answer.detail


@pytest.mark.parametrize(
    "body",
    ["while True: print('c ' + 'x' * 1000)", "open(sys.argv[2], 'w').write('x' * 200_000_0)"],
    ids=["printed", "result file"],
)
def test_a_program_that_writes_without_end_gives_no_answer(tmp_path, monkeypatch, body):
    monkeypatch.setattr(external, "MOST_OUTPUT", 1 << 20)
    command = script(tmp_path, body) + " {result}"
    answer = ExternalMethod(command).solve(easy_no(), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.UNKNOWN, How.LIMIT)
    assert "more than 1 MiB" in answer.detail


def test_a_program_that_writes_without_end_is_stopped_when_time_is_over(tmp_path):
    command = script(tmp_path, "import time\nwhile True: print('c', flush=True); time.sleep(0.01)")
    answer = ExternalMethod(command).solve(easy_no(), Deadline(0.5))
    assert (answer.verdict, answer.detail) == (Verdict.UNKNOWN, "time limit of 0.5 s")
