"""Bundles of honest runs: everything is certified again, and what is not known is said."""

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from instances.deadline import Deadline
from instances.problems.registry import PROBLEMS
from instances.training.files import instance_from_json
from qnnhard.bundles import evidence, packing, writer
from qnnhard.bundles.evidence import evidence_of
from qnnhard.bundles.writer import BundleWriter
from qnnhard.certificates import drat
from qnnhard.certificates.drat import check_proof
from qnnhard.encoding.encode import encode
from qnnhard.verdict import How, Verdict
from qnnhard.verification.outcome import Failure, Outcome
from qnnhard.verification.sources import NamedSource
from reductions.chain import Chain
from reductions.registry import MAPS, reductions
from tests.helpers import DATA, REPOSITORY, assert_one_line_error
from tests.qnnhard.bundles.forging import manifest, members

OWN = '''
"""Exact Cover as it is, under another name."""

from reductions.to_training.exact_cover import ExactCoverReduction


class Own(ExactCoverReduction):
    name = "own"
'''
SETS = '{"universe": 4, "sets": [[0, 1], [1, 2], [0, 3], [2, 3]]}'


def rechecked(qnnhard, *words):
    outcome = qnnhard("recheck", *words, "--json")
    return outcome.code, json.loads(outcome.out)


# --- what is right ---------------------------------------------------------------------------


def test_every_answer_of_every_reduction_is_certified_again(here, qnnhard):
    run = qnnhard("verify", "all", "--random", 12, "--seed", 3, "--bundle", "all.qnncert")
    assert run.code == 0
    code, document = rechecked(qnnhard, "all.qnncert")
    assert (code, document["certified"]) == (0, True)
    cases = document["cases"]
    assert len(cases) == 12 * len(reductions())
    for name in reductions():
        mine = [case for case in cases if case["chain"].endswith(name)]
        assert {case["answer"] for case in mine} == {"yes", "no"}
        assert all(case["instance"] == "made again" for case in mine)
    known = {case["known_by"].split(" checked by")[0].lstrip("0123456789 ") for case in cases}
    assert known == {
        "parameters evaluated, witness pulled and checked",
        "proof lines",
        "witness of the source checked; the map makes no instance of it",
    }


def test_a_chain_of_bridges_is_gone_through_again(here, qnnhard):
    words = ("verify", "exact-cover", DATA / "uf20-01.cnf", DATA / "uuf50-01.cnf")
    assert qnnhard(*words, "--bundle", "out.qnncert").code == 0
    code, document = rechecked(qnnhard, "out.qnncert")
    assert code == 0
    assert [case["answer"] for case in document["cases"]] == ["yes", "no"]
    assert all(case["chain"].count(" > ") == 3 for case in document["cases"])


def test_the_table_says_what_was_checked(honest, qnnhard):
    outcome = qnnhard("recheck", honest)
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0].split() == ["case", "source", "chain", "answer", "known", "by", "certified"]
    assert "witness pulled and checked" in lines[1]
    assert "checked by" in lines[2]
    assert outcome.err == "2 of 2 certified\n"


def test_the_same_command_gives_the_same_bytes(here, qnnhard):
    words = ("verify", "all", "--random", 2, "--seed", 5, "--bundle")
    for name in ("a.qnncert", "b.qnncert"):
        assert qnnhard(*words, name).code == 0
    assert Path("a.qnncert").read_bytes() == Path("b.qnncert").read_bytes()


def test_the_members_are_what_they_are_called(honest):
    content, told = members(honest), manifest(honest)
    assert list(content)[-1] == "manifest.json"
    assert (told["format"], told["version"]) == ("qnnhard-bundle", 1)
    assert set(told["made_by"]) == {"qnnhard", "solver", "python-sat"}
    yes, no = told["cases"]
    assert set(yes["files"]) == {"source", "instance", "formula", "names", "parameters"}
    assert set(no["files"]) == {"source", "instance", "formula", "names", "proof"}
    assert (yes["how"], no["how"]) == ("evaluated", "proof-checked")
    for case in (yes, no):
        files = {kind: content[record["path"]] for kind, record in case["files"].items()}
        encoding = encode(instance_from_json(files["instance"]))
        assert files["formula"] == b"".join(encoding.formula.dimacs())
        named = [line.split(" ", 1) for line in files["names"].decode().splitlines()]
        assert [int(number) for number, _ in named] == [*range(1, encoding.formula.variables + 1)]
        assert len({name for _, name in named}) == encoding.formula.variables
        assert any(name.startswith("w[i1,p1]") for _, name in named)
        if case is no:
            proof = files["proof"].decode().splitlines()
            assert check_proof(encoding.formula, proof, Deadline())


def test_other_programs_can_unpack_a_bundle(honest, tmp_path):
    with ZipFile(honest) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    assert (tmp_path / "cases" / "0002" / "proof.drat").stat().st_size > 0


def test_recheck_needs_no_solver(honest):
    program = (
        "import sys; sys.modules['pysat'] = None; sys.modules['pysat.solvers'] = None\n"
        f"from qnnhard.cli.main import run; code = run(['recheck', {str(honest)!r}])\n"
        "print(sorted(n for n in sys.modules if n.startswith(('qnnhard.sat', 'qnnhard.methods'))))"
        "\nsys.exit(code)"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=environment, check=True
    )
    assert run.stdout.decode().splitlines()[-1] == "[]"


def test_a_bundle_may_come_from_standard_input(honest):
    run = subprocess.run(
        [sys.executable, "-m", "qnnhard", "recheck", "-"],
        input=honest.read_bytes(),
        capture_output=True,
        cwd=REPOSITORY,
        check=True,
    )
    assert run.stderr == b"2 of 2 certified\n"


def test_a_bundle_of_many_sources_shows_what_is_not_certified_only(here, qnnhard):
    words = ("verify", "two-inputs", "--random", 41, "--bundle", "many.qnncert")
    assert qnnhard(*words).code == 0
    outcome = qnnhard("recheck", "many.qnncert")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "41 of 41 certified\n")


def test_a_bundle_without_cases_certifies_nothing_wrong(here, qnnhard):
    with BundleWriter() as empty:
        empty.write("empty.qnncert")
    code, document = rechecked(qnnhard, "empty.qnncert")
    assert (code, document["cases"]) == (0, [])


def test_names_and_reasons_from_outside_are_packed_safely(here, qnnhard):
    chain, source, outcome = three_sat("yes.cnf", Verdict.UNKNOWN)
    outcome.failures.append((Failure.UNDECIDED, "\udcff\x1b" * 5000))
    strange = NamedSource("\udcff\n\x1b" * 500, source.problem, source.source)
    with BundleWriter() as packed:
        packed.add(evidence_of(chain, strange, outcome))
        packed.write("out.qnncert")
    outcome = qnnhard("recheck", "out.qnncert")
    assert outcome.code == 1
    assert not {"\x1b", "\udcff"} & {*outcome.out}


# --- maps of the user ------------------------------------------------------------------------


@pytest.fixture
def own(here, qnnhard) -> Path:
    Path("own.py").write_text(OWN)
    Path("sets.json").write_text(SETS)
    words = ("verify", "./own.py", "sets.json", "--problem", "exact-cover")
    assert qnnhard(*words, "--bundle", "own.qnncert").code == 0
    return here


def test_without_its_file_a_map_is_not_run_and_the_instance_taken_as_given(own, qnnhard):
    outcome = qnnhard("recheck", "own.qnncert")
    assert outcome.code == 0
    assert "taken as given in 1 of 1: the map own is from a file: give it with --map" in outcome.out
    assert outcome.out.splitlines()[1].split()[-2:] == ["as", "given"]
    assert outcome.err == "1 of 1 certified, 1 of them for the instance as given\n"
    assert rechecked(qnnhard, "own.qnncert")[1]["cases"][0]["instance"] == "as given"


def test_with_its_file_the_instance_is_made_again(own, qnnhard):
    code, document = rechecked(qnnhard, "own.qnncert", "--map", "own.py")
    assert (code, document["cases"][0]["instance"]) == (0, "made again")
    assert document["cases"][0]["changed_maps"] == []


def test_another_file_of_the_map_is_named_and_has_to_make_the_same_instance(own, qnnhard):
    Path("own.py").write_text(OWN + "\n# changed\n")
    outcome = qnnhard("recheck", "own.qnncert", "--map", "own.py")
    assert outcome.code == 0
    assert "the map own is from another file" in outcome.out
    for body, words in (
        ("return replace(super().target, bound=1)", "the instance is not what own makes"),
        ("raise ValueError('no\\ntarget')", "own failed: ValueError: no target"),
    ):
        method = f"    @property\n    def target(self):\n        {body}\n"
        Path("own.py").write_text("from dataclasses import replace\n" + OWN + method)
        outcome = qnnhard("recheck", "own.qnncert", "--map", "own.py")
        assert_one_line_error(outcome, "own.qnncert: case 1", words)


def test_a_file_in_the_name_of_a_registered_map_is_not_that_map(here, qnnhard):
    Path("own.py").write_text(OWN.replace('"own"', '"exact-cover"'))
    Path("sets.json").write_text(SETS)
    words = ("verify", "./own.py", "sets.json", "--problem", "exact-cover")
    assert qnnhard(*words, "--bundle", "own.qnncert").code == 0
    assert "give it with --map" in qnnhard("recheck", "own.qnncert").out
    assert rechecked(qnnhard, "own.qnncert", "--map", "own.py")[0] == 0


def test_a_file_that_no_case_uses_is_refused(own, honest, qnnhard):
    outcome = qnnhard("recheck", honest, "--map", "own.py")
    assert_one_line_error(outcome, "own")


# --- what is not known -----------------------------------------------------------------------


def exact_cover(text: str, **facts: object) -> tuple[Chain, NamedSource, Outcome]:
    problem = PROBLEMS.get("exact-cover")
    source = NamedSource("sets.json", problem, problem.parse(text))
    return Chain((MAPS.get("exact-cover"),)), source, Outcome("exact-cover", "sets.json", **facts)


def three_sat(file: str, answer: Verdict) -> tuple[Chain, NamedSource, Outcome]:
    problem = PROBLEMS.get("3-sat")
    source = NamedSource(file, problem, problem.parse(Path(file).read_text()))
    outcome = Outcome("two-inputs", file, target_answer=answer)
    return Chain((MAPS.get("two-inputs"),)), source, outcome


def test_a_failed_verification_is_packed_and_not_certified(here, qnnhard):
    wrong = 'name = "own"\n\n    def pull(self, witness):\n        return ()'
    Path("wrong.py").write_text(OWN.replace('name = "own"', wrong))
    Path("sets.json").write_text(SETS)
    words = ("verify", "./wrong.py", "sets.json", "--problem", "exact-cover")
    assert qnnhard(*words, "--bundle", "out.qnncert").code == 1
    outcome = qnnhard("recheck", "out.qnncert")
    assert outcome.code == 1
    assert "NOT CERTIFIED case 1: the verification failed: pull-rejected" in outcome.out
    assert_one_line_error(qnnhard("recheck", "out.qnncert", "--map", "wrong.py"), "be pulled")


def test_an_undecided_source_is_packed_and_not_certified(here, qnnhard):
    with BundleWriter() as packed:
        packed.add(evidence_of(*exact_cover(SETS)))
        packed.write("out.qnncert")
    outcome = qnnhard("recheck", "out.qnncert")
    assert outcome.code == 1
    assert "NOT CERTIFIED case 1: the instance was not decided" in outcome.out
    assert outcome.err == "0 of 1 certified\n"


def test_a_limit_leaves_a_gap_and_never_a_verdict(here, qnnhard):
    chain, source, outcome = exact_cover(SETS, target_answer=Verdict.NO)
    made = evidence_of(chain, source, outcome, timeout=0)
    assert "time limit" in made.missing
    assert made.how is How.SOLVER
    assert "proof" not in made.files


def test_parameters_that_nobody_kept_are_pushed(here):
    made = evidence_of(*exact_cover(SETS, target_answer=Verdict.YES))
    assert (made.how, made.missing) == (How.EVALUATED, "")
    assert "parameters" in made.files


def test_a_no_that_the_plain_encoding_refutes_is_a_failure(here):
    chain, source, outcome = exact_cover(SETS, target_answer=Verdict.NO)
    made = evidence_of(chain, source, outcome)
    assert outcome.failure is Failure.BACKENDS_DISAGREE
    assert "proof" not in made.files
    assert "has a solution" in made.missing


def test_a_proof_that_the_checker_rejects_is_not_packed(here, monkeypatch):
    solve = evidence.solve_formula

    def without_steps(*words, **more):
        found = solve(*words, **more)
        return type(found)(found.model, found.proof and ["0"])

    monkeypatch.setattr(evidence, "solve_formula", without_steps)
    made = evidence_of(*three_sat("no.cnf", Verdict.NO))
    assert made.how is How.SOLVER
    assert made.missing
    assert "proof" not in made.files


def test_without_a_checker_nothing_is_called_checked(here, honest, qnnhard, monkeypatch):
    monkeypatch.setattr(evidence, "available_checker", lambda: None)
    made = evidence_of(*three_sat("no.cnf", Verdict.NO))
    assert made.how is How.SOLVER
    assert made.files["proof"]
    monkeypatch.setattr(drat, "available_checker", lambda: None)
    assert_one_line_error(qnnhard("recheck", honest), "case 2", "install qnnhard[proofs]")


def test_a_limit_ends_a_recheck_without_a_result(honest, qnnhard):
    assert_one_line_error(qnnhard("recheck", honest, "--timeout", "0"), "time limit of 0 s")


# --- writing ---------------------------------------------------------------------------------


def test_a_bundle_that_would_be_too_large_loses_no_answer(here, qnnhard, monkeypatch):
    monkeypatch.setattr(writer, "MOST_BYTES", 1000)
    Path("out.qnncert").write_bytes(b"older")
    outcome = qnnhard("verify", "two-inputs", "yes.cnf", "--bundle", "out.qnncert")
    assert outcome.code == 1
    assert "1 of 1 preserved" in outcome.err
    assert outcome.err.splitlines()[-1].startswith("qnnhard: out.qnncert: no bundle is written")
    assert Path("out.qnncert").read_bytes() == b"older"


def test_too_many_sources_are_refused_before_the_work(here, qnnhard, monkeypatch):
    monkeypatch.setattr(packing, "MOST_CASES", 3)
    outcome = qnnhard("verify", "two-inputs", "--random", 4, "--bundle", "out.qnncert")
    assert_one_line_error(outcome, "at most 3 sources")
    assert not Path("out.qnncert").exists()


def test_a_bundle_is_no_standard_output_and_no_input(here, qnnhard):
    assert qnnhard("verify", "two-inputs", "yes.cnf", "--bundle", "-").code == 2
    assert qnnhard("verify", "two-inputs", "yes.cnf", "--bundle", "yes.cnf").code == 2
    outcome = qnnhard("verify", "two-inputs", "yes.cnf", "--bundle", "none/out.qnncert")
    assert_one_line_error(outcome, "none/out.qnncert")


def test_verify_says_the_same_with_and_without_a_bundle(here, qnnhard):
    words = ("verify", "all", "--random", 2, "--json")
    plain, packed = (json.loads(qnnhard(*words, *more).out) for more in ((), ("--bundle", "b")))
    for result in (*plain["results"], *packed["results"]):
        del result["seconds"], result["stages"]
    assert plain == packed
