"""Proofs are written, checked, and rejected when they prove nothing."""

from pathlib import Path

import pytest

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached, QnnhardError
from qnnhard.certificates import drat
from qnnhard.certificates.drat import available_checker, check_proof, write_proof
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.encode import encode
from qnnhard.encoding.template import clause_blocks
from qnnhard.solvers import sat
from qnnhard.solvers.answer import How, Verdict
from qnnhard.solvers.cadical import solve_formula
from qnnhard.solvers.sat import SatBackend
from tests.helpers import neuron_instance
from tests.qnnhard.solvers.instances import easy_no, easy_yes, from_file

pytestmark = pytest.mark.skipif(available_checker() is None, reason="no proof checker")


def formula(*clauses: tuple[int, ...]) -> Formula:
    return Formula(max(abs(x) for c in clauses for x in c), clause_blocks(list(clauses)))


EVERY_SIGN = formula((1, 2), (1, -2), (-1, 2), (-1, -2))
SATISFIABLE = formula((1, 2), (1, -2), (-1, 2))


def refutation(of: Formula) -> list[str]:
    result = solve_formula(of, Deadline(), proof=True)
    assert not result.satisfiable
    assert result.proof is not None
    return result.proof


@pytest.mark.parametrize("tables", [True, False])
def test_a_no_with_proof_is_written_and_checked(tmp_path, tables):
    path = tmp_path / "proof.drat"
    instance = from_file("uuf50-01.cnf")
    answer = SatBackend(str(path), tables).solve(instance, Deadline())
    assert (answer.verdict, answer.how) == (Verdict.NO, How.PROOF_CHECKED)
    assert str(path) in answer.detail
    assert available_checker() in answer.detail
    lines = path.read_text().splitlines()
    assert len(lines) > 10
    assert check_proof(encode(instance, tables=tables).formula, lines, Deadline())


def test_a_yes_writes_no_proof(tmp_path):
    path = tmp_path / "proof.drat"
    assert SatBackend(str(path)).solve(easy_yes(), Deadline()).verdict is Verdict.YES
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
    answer = SatBackend(str(tmp_path / "p.drat")).solve(instance, Deadline())
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
        SatBackend(str(tmp_path / "p.drat")).solve(from_file("uuf50-01.cnf"), Deadline())


def test_without_a_checker_a_no_is_the_solvers_word(tmp_path, monkeypatch):
    monkeypatch.setattr(drat, "available_checker", lambda: None)
    monkeypatch.setattr(sat, "available_checker", lambda: None)
    answer = SatBackend(str(tmp_path / "p.drat")).solve(easy_no(), Deadline())
    assert (answer.verdict, answer.how) == (Verdict.NO, How.SOLVER)
    assert "no proof checker is installed" in answer.detail
    with pytest.raises(QnnhardError, match="no proof checker"):
        check_proof(EVERY_SIGN, ["1 0", "0"], Deadline())


def test_without_time_to_check_a_no_is_the_solvers_word(tmp_path, monkeypatch):
    def late(*_):
        raise LimitReached("late")

    monkeypatch.setattr(sat, "check_proof", late)
    answer = SatBackend(str(tmp_path / "p.drat")).solve(easy_no(), Deadline(60))
    assert (answer.verdict, answer.how) == (Verdict.NO, How.SOLVER)


def test_a_proof_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "p.drat"
    write_proof(str(path), ["1 0", "0"])
    assert path.read_text() == "1 0\n0\n"
    with pytest.raises(InputError, match="cannot be written"):
        write_proof(str(tmp_path / "missing" / "p.drat"), ["0"])
    assert [p.name for p in Path(tmp_path).iterdir()] == ["p.drat"]
