"""What other solvers print on exported formulas, with proofs and with weights."""

import json
import random
from fractions import Fraction
from pathlib import Path

import pytest

from instances.deadline import Deadline
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.files import read_instance, read_parameters, write_instance
from qnnhard.certificates.drat import write_proof
from qnnhard.encoding.encode import encode
from qnnhard.methods.sat import SatMethod
from qnnhard.sat.cadical import solve_formula
from tests.helpers import neuron_instance, random_instance
from tests.qnnhard.certificates.test_drat import binary
from tests.qnnhard.methods.instances import from_file


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- proofs ----------------------------------------------------------------------------------


def test_a_proof_of_the_exported_formula_is_checked(here, qnnhard):
    pytest.importorskip("dratify")
    instance = from_file("uuf50-01.cnf")
    write_instance("i.json", instance)
    proof = solve_formula(encode(instance).formula, Deadline(), proof=True).proof
    write_proof("text.drat", proof)
    Path("binary.drat").write_bytes(binary(proof))
    Path("out.txt").write_text("s UNSATISFIABLE\n")
    for name in ("text.drat", "binary.drat"):
        outcome = qnnhard("decode", "i.json", "out.txt", "--proof", name)
        assert outcome.code == 20
        assert f"accepted the proof ({len(proof)} proof lines checked by" in outcome.err
        outcome = qnnhard("decode", "i.json", "out.txt", "--proof", name, "--json", "-o", "p")
        assert json.loads(outcome.out)["how"] == "proof-checked"
    plain = qnnhard("decode", "i.json", "out.txt")
    assert (plain.code, "NO: the solver says so" in plain.err) == (20, True)


@pytest.mark.parametrize("content", ["0\n", "1 0\n0\n", "hello\n", ""])
def test_a_proof_that_does_not_hold_gives_no_answer(here, qnnhard, content):
    pytest.importorskip("dratify")
    write_instance("i.json", from_file("uuf50-01.cnf"))
    Path("out.txt").write_text("s UNSATISFIABLE\n")
    Path("p.drat").write_text(content)
    outcome = qnnhard("decode", "i.json", "out.txt", "--proof", "p.drat")
    assert outcome.code == 1
    assert "proof" in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_an_answer_that_contradicts_itself_is_refused(here, qnnhard):
    write_instance("i.json", from_file("uuf50-01.cnf"))
    Path("out.txt").write_text("s UNSATISFIABLE\ns SATISFIABLE\nv 0\n")
    outcome = qnnhard("decode", "i.json", "out.txt")
    assert outcome.code == 1
    assert "contradict each other" in outcome.err


# --- weights ---------------------------------------------------------------------------------


def optimum(path: str) -> tuple[int, list[int]]:
    """The least cost of a MaxSAT file, and a model of it."""
    rc2 = pytest.importorskip("pysat.examples.rc2")
    formula = pytest.importorskip("pysat.formula").WCNF(from_file=path)
    with rc2.RC2(formula) as solver:
        model = solver.compute()
        return solver.cost, model[: formula.nv]


def forms(model: list[int]) -> list[str]:
    literals = " ".join(map(str, model))
    return [f"{literals} 0", literals, "".join("01"[literal > 0] for literal in model)]


@pytest.mark.parametrize("seed", range(7000, 7006))
def test_an_optimum_becomes_parameters_of_least_loss(here, qnnhard, seed):
    instance = random_instance(random.Random(seed))
    write_instance("i.json", instance)
    assert qnnhard("export", "i.json", "--to", "wcnf", "-o", "f.wcnf").code == 0
    cost, model = optimum("f.wcnf")
    least = SatMethod().minimize(instance, Deadline(60)).loss
    for form in forms(model):
        Path("out.txt").write_text(f"c x\no {cost + 1}\no {cost}\ns OPTIMUM FOUND\nv {form}\n")
        outcome = qnnhard("decode", "i.json", "out.txt", "-o", "p.json", "--json")
        assert outcome.code == 0, outcome.err
        found = json.loads(outcome.out)
        assert (Fraction(found["loss"]), found["optimality"]) == (least, "solver")
        parameters = read_parameters("p.json", read_instance("i.json"))
        assert evaluate(instance, parameters).loss == least
        Path("p.json").unlink()
    Path("out.txt").write_text(f"o {cost + 1}\ns OPTIMUM FOUND\nv {form}\n")
    outcome = qnnhard("decode", "i.json", "out.txt", "-o", "p.json")
    assert (outcome.code, Path("p.json").exists()) == (1, False)
    assert f"its least cost {cost + 1} stands for a loss of" in outcome.err


def test_a_maxsat_solver_that_stopped_early_gives_parameters_and_no_claim(here, qnnhard):
    write_instance("i.json", neuron_instance(1, [((1,), (1,))]))
    qnnhard("export", "i.json", "--to", "wcnf", "-o", "f.wcnf")
    _, model = optimum("f.wcnf")
    Path("out.txt").write_text(f"o 9\ns SATISFIABLE\nv {forms(model)[0]}\n")
    outcome = qnnhard("decode", "i.json", "out.txt", "-o", "p.json")
    assert (outcome.code, "not said to be the least" in outcome.err) == (0, True)


def test_weights_that_maxsat_solvers_do_not_read_are_refused(here, qnnhard):
    for exponent, code in ((61, 0), (63, 1)):
        large = 1 << exponent
        instance = neuron_instance(
            1,
            [((1,), (large,))],
            Activation("identity"),
            loss="l1",
            weights=(0, large),
            biases=(0,),
        )
        write_instance("i.json", instance)
        outcome = qnnhard("export", "i.json", "--to", "wcnf", "-o", "f.wcnf")
        assert (outcome.code, Path("f.wcnf").exists()) == (code, code == 0)
        Path("f.wcnf").unlink(missing_ok=True)
    assert "below 2^63" in outcome.err


# --- and beside ------------------------------------------------------------------------------


def test_a_least_loss_is_certified_on_the_plain_encoding(here, qnnhard):
    pytest.importorskip("dratify")
    write_instance("i.json", from_file("uuf50-01.cnf"))
    sizes = {}
    for options in ((), ("--certify",)):
        outcome = qnnhard("solve", "i.json", "--minimize", "--proof", "p.drat", *options)
        assert "least loss 1: an independent checker" in outcome.out
        sizes[options] = Path("p.drat").read_text()
    assert sizes[()] != sizes["--certify",]


def test_a_claim_of_parsimony_says_where_it_holds(qnnhard):
    assert "yes where the universe is not empty" in qnnhard("show", "exact-cover").out
    assert json.loads(qnnhard("show", "two-inputs", "--json").out)["parsimonious"] == "no"
