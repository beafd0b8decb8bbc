"""Proofs are written, checked, and rejected when they prove nothing."""

import random
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached, QnnhardError
from qnnhard.certificates import drat
from qnnhard.certificates.drat import available_checker, check_proof, write_proof
from qnnhard.encoding.encode import Options, encode
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.encoding.formula.template import clause_blocks
from qnnhard.methods import sat
from qnnhard.methods.sat import SatMethod
from qnnhard.sat.cadical import solve_formula
from qnnhard.sat.output import read_proof
from qnnhard.verdict import How, Verdict
from tests.helpers import neuron_instance
from tests.qnnhard.methods.instances import easy_no, easy_yes, from_file

pytestmark = pytest.mark.skipif(available_checker() is None, reason="no proof checker")


def formula(*clauses: tuple[int, ...]) -> Formula:
    return Formula(max(abs(x) for c in clauses for x in c), clause_blocks(list(clauses)))


EVERY_SIGN = formula((1, 2), (1, -2), (-1, 2), (-1, -2))
SATISFIABLE = formula((1, 2), (1, -2), (-1, 2))


def refutation(of: Formula) -> list[str]:
    result = solve_formula(of, Deadline(), proof=True)
    assert result.model is None
    assert result.proof is not None
    return result.proof


@pytest.mark.parametrize("tables", [True, False])
def test_a_no_with_proof_is_written_and_checked(tmp_path, tables):
    path = tmp_path / "proof.drat"
    instance = from_file("uuf50-01.cnf")
    answer = SatMethod(str(path), tables).solve(instance, Deadline())
    assert (answer.verdict, answer.how) == (Verdict.NO, How.PROOF_CHECKED)
    assert str(path) in answer.detail
    assert available_checker() in answer.detail
    lines = path.read_text().splitlines()
    assert len(lines) > 10
    assert check_proof(encode(instance, options=Options(tables=tables)).formula, lines, Deadline())


def test_a_yes_writes_no_proof(tmp_path):
    path = tmp_path / "proof.drat"
    assert SatMethod(str(path)).solve(easy_yes(), Deadline()).verdict is Verdict.YES
    assert not path.exists()


@pytest.mark.parametrize(
    "instance",
    [
        neuron_instance(1, [((1,), (1,))], bound=-1),
        neuron_instance(1, [((1,), (0,)), ((1,), (1,))]),
        neuron_instance(1, [((1,), (5,))]),
        neuron_instance(1, [((0,), (1,))]),
        easy_no(),
    ],
    ids=["negative bound", "contradictory labels", "unreachable target", "no parameters", "xor"],
)
def test_trivial_refutations_have_checked_proofs_too(tmp_path, instance):
    answer = SatMethod(str(tmp_path / "p.drat")).solve(instance, Deadline())
    assert answer.how is How.PROOF_CHECKED
    assert (tmp_path / "p.drat").exists()


def test_a_proof_is_checked_under_a_time_limit_as_well():
    proof = refutation(EVERY_SIGN)
    assert check_proof(EVERY_SIGN, proof, Deadline(60)) == available_checker()
    with pytest.raises(LimitReached):
        check_proof(EVERY_SIGN, proof, Deadline(0))


@pytest.mark.parametrize("seconds", [None, 60], ids=["no limit", "limit"])
@pytest.mark.parametrize(
    ("of", "proof"),
    [
        (EVERY_SIGN, []),
        (EVERY_SIGN, ["0"]),
        (EVERY_SIGN, ["d 1 2 0", "1 0", "0"]),
        (SATISFIABLE, ["0"]),
        (SATISFIABLE, ["1 0", "2 0", "0"]),
        (SATISFIABLE, refutation(EVERY_SIGN)),
    ],
)
def test_a_proof_that_proves_nothing_is_rejected(of, proof, seconds):
    with pytest.raises(QnnhardError, match="proof"):
        check_proof(of, proof, Deadline(seconds))


def test_a_corrupted_proof_is_rejected():
    hard = encode(from_file("uuf50-01.cnf")).formula
    proof = refutation(hard)
    first_unit = next(i for i, line in enumerate(proof) if len(line.split()) == 2)
    for corrupted in (proof[:1], ["0", *proof], [*proof[: first_unit // 4], "0"]):
        with pytest.raises(QnnhardError):
            check_proof(hard, corrupted, Deadline())


@pytest.mark.parametrize("line", ["hello", "1 x 0"])
def test_a_proof_that_is_no_proof_is_rejected_without_another_exception(line):
    with pytest.raises(QnnhardError):
        check_proof(EVERY_SIGN, [line, *refutation(EVERY_SIGN)], Deadline())


def test_a_rejected_proof_of_the_solver_is_no_answer(tmp_path, monkeypatch):
    def with_false_proof(*arguments, **options):
        found = solve_formula(*arguments, **options)
        return type(found)(found.model, ["0"])

    monkeypatch.setattr(sat, "solve_formula", with_false_proof)
    with pytest.raises(QnnhardError, match=r"reject|not accept"):
        SatMethod(str(tmp_path / "p.drat")).solve(from_file("uuf50-01.cnf"), Deadline())


def test_without_a_checker_a_no_is_the_solvers_word(tmp_path, monkeypatch):
    monkeypatch.setattr(drat, "available_checker", lambda: None)
    monkeypatch.setattr(sat, "available_checker", lambda: None)
    answer = SatMethod(str(tmp_path / "p.drat")).solve(easy_no(), Deadline())
    assert (answer.verdict, answer.how) == (Verdict.NO, How.SOLVER)
    assert "no proof checker is installed" in answer.detail
    with pytest.raises(QnnhardError, match="no proof checker"):
        check_proof(EVERY_SIGN, ["1 0", "0"], Deadline())


def test_without_time_to_check_a_no_is_the_solvers_word(tmp_path, monkeypatch):
    def late(*_):
        raise LimitReached("late")

    monkeypatch.setattr(sat, "certify", late)
    answer = SatMethod(str(tmp_path / "p.drat")).solve(easy_no(), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.SOLVER)


def test_a_proof_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "p.drat"
    write_proof(str(path), ["1 0", "0"])
    assert path.read_text() == "1 0\n0\n"
    with pytest.raises(InputError, match="cannot be written"):
        write_proof(str(tmp_path / "missing" / "p.drat"), ["0"])
    assert [p.name for p in Path(tmp_path).iterdir()] == ["p.drat"]


# --- deletions -------------------------------------------------------------------------------

VACUOUS = (formula((-2,), (2, -1)), ["d 2 -1 0", "1 0", "0"])
"""A step that is RAT only where what a deleted clause had forced is kept."""


@pytest.fixture(params=["compiled", "plain", "drat-trim"])
def checker(request, monkeypatch) -> str:
    """Every checker that may be offered; the compiled one stands in for dratify's own."""
    if request.param == "drat-trim":
        if available_checker() != "drat-trim":
            pytest.skip("drat-trim is not on PATH")
        return "drat-trim"
    dratify = pytest.importorskip("dratify")
    pytest.importorskip("cdclkit")
    if request.param == "plain":
        monkeypatch.setattr("dratify.proof._registered_native", None)
    assert (dratify.native_implementation() is None) == (request.param == "plain")
    return "dratify"


def clauses_of(r: random.Random, variables: int, count: int, most: int) -> list[tuple[int, ...]]:
    names = range(1, variables + 1)
    return [
        tuple(r.choice((1, -1)) * name for name in r.sample(names, r.randint(1, most)))
        for _ in range(count)
    ]


def non_proof(seed: int) -> tuple[Formula, list[str]] | None:
    """A satisfiable formula with steps that end in the empty clause, many of them deletions."""
    r = random.Random(seed)
    variables = r.randint(2, 4)
    live = clauses_of(r, variables, r.randint(2, 6), min(3, variables))
    of = formula(*live)
    models = (np.array([False, *row]) for row in product((False, True), repeat=of.variables))
    if not any(of.satisfied_by(model) for model in models):
        return None
    steps = []
    for _ in range(r.randint(1, 6)):
        if live and r.random() < 0.5:
            clause = live.pop(r.randrange(len(live)))
            steps.append(" ".join(map(str, ["d", *r.sample(clause, len(clause)), 0])))
        else:
            (clause,) = clauses_of(r, variables, 1, 2)
            live.append(clause)
            steps.append(" ".join(map(str, [*clause, 0])))
    return of, [*steps, "0"]


def test_a_step_that_rests_on_a_deleted_clause_is_rejected(checker):
    with pytest.raises(QnnhardError, match="proof"):
        check_proof(*VACUOUS, Deadline(), checker)


def assert_all_rejected(checker: str, seeds: range) -> int:
    tried = [found for found in map(non_proof, seeds) if found is not None]
    for of, steps in tried:
        with pytest.raises(QnnhardError, match=r"reject|not accept"):
            check_proof(of, steps, Deadline(), checker)
    return len(tried)


def test_random_non_proofs_with_deletions_are_rejected(checker):
    assert assert_all_rejected(checker, range(40 if checker == "drat-trim" else 700)) > 20


@pytest.mark.long
def test_many_random_non_proofs_with_deletions_are_rejected(checker):
    assert assert_all_rejected(checker, range(7000, 7000 + 20_000)) > 10_000


def test_a_proof_that_deletes_clauses_is_accepted(checker):
    proof = ["1 0", "d 1 2 0", "d 1 -2 0", "2 0", "d -1 2 0", "0"]
    assert check_proof(EVERY_SIGN, proof, Deadline(), checker) == checker
    hard = encode(from_file("uuf50-01.cnf")).formula
    found = refutation(hard)
    assert any(line.startswith("d ") for line in found)
    assert check_proof(hard, found, Deadline(), checker) == checker


@pytest.mark.parametrize(
    ("body", "accepts"),
    [
        ("print('s VERIFIED')", True),
        ("print('c 1 of 1\\rs VERIFIED\\nc time 1')", True),
        ("print('s VERIFIED'); sys.exit(1)", False),
        ("print('c not s VERIFIED at all')", False),
        ("print('c s VERIFIED')", False),
        ("print('s VERIFIED not')", False),
        ("print('s NOT VERIFIED'); print('s VERIFIED')", False),
        ("print('s DERIVATION')", False),
        ("pass", False),
    ],
)
def test_the_verdict_of_drat_trim_is_a_whole_line(tmp_path, monkeypatch, body, accepts):
    program = tmp_path / "drat-trim"
    program.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert available_checker() == "drat-trim"
    if accepts:
        assert check_proof(EVERY_SIGN, ["0"], Deadline()) == "drat-trim"
    else:
        with pytest.raises(QnnhardError, match="drat-trim does not accept the proof"):
            check_proof(EVERY_SIGN, ["0"], Deadline())


# --- files -----------------------------------------------------------------------------------


def binary(lines: list[str]) -> bytes:
    """The binary form of a proof, written apart from what reads it."""
    content = bytearray()
    for line in lines:
        words = line.split()
        content += b"d" if words[0] == "d" else b"a"
        for literal in (int(word) for word in words if word != "d"):
            number = 2 * abs(literal) + (literal < 0)
            while number > 127:
                content.append(number % 128 + 128)
                number //= 128
            content.append(number)
    return bytes(content)


def test_a_proof_is_read_from_text_and_from_the_binary_form(tmp_path):
    path = tmp_path / "p.drat"
    found = ["-1 2 0", "d 63 -64 16383 0", "d 16 0", "-2000000000 0", "0"]
    path.write_text("\n".join(found) + "\n")
    assert read_proof(str(path)) == found
    path.write_bytes(binary(found))
    assert read_proof(str(path)) == found
    path.write_bytes(b"")
    assert read_proof(str(path)) == []


@pytest.mark.parametrize(
    "content",
    [
        b"x\x02\x00",
        b"a\x01\x00",
        b"a\xff\xff\xff\xff\xff\xff\x00",
        b"a\x00a",
        b"1 \xff 0",
    ],
)
def test_a_broken_proof_file_is_refused(tmp_path, content):
    path = tmp_path / "p.drat"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"p\.drat: no DRAT proof"):
        read_proof(str(path))
