"""Bundles whole in form but not in what they say: every change is seen, with its case."""

import json
from pathlib import Path

import pytest

from tests.helpers import assert_one_line_error
from tests.qnnhard.bundles.forging import forge, manifest, members, remake


def refused(qnnhard, *words: str) -> None:
    assert_one_line_error(qnnhard("recheck", "forged.qnncert"), "forged.qnncert", *words)


def file(path: Path, case: int, kind: str) -> bytes:
    return members(path)[manifest(path)["cases"][case - 1]["files"][kind]["path"]]


def test_a_bundle_that_is_put_together_again_is_accepted(here, honest, qnnhard):
    forge(honest, Path("forged.qnncert"))
    assert qnnhard("recheck", "forged.qnncert").code == 0


@pytest.mark.parametrize("case", [1, 2])
def test_another_source(here, honest, qnnhard, case):
    text = file(honest, case, "source") + b"-1 2 0\n"
    text = text.replace(b"p cnf 3 3", b"p cnf 3 4").replace(b"p cnf 2 4", b"p cnf 2 5")
    forge(honest, Path("forged.qnncert"), case, source=text)
    refused(qnnhard, f"case {case}", "two-inputs makes of the source")


def test_a_source_that_is_none(here, honest, qnnhard):
    for text in (b"", b"\xff", b"p cnf 3 3\n", b"p cnf 1000000000 1000000000\n", b"{}"):
        forge(honest, Path("forged.qnncert"), source=text)
        refused(qnnhard, "case" if text != b"\xff" else "UTF-8")


@pytest.mark.parametrize("case", [1, 2])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"d": 2', b'"bound": 1, "d": 2'),
        (b'"d": 2', b'"d": 3'),
        (b'"origin": {', b'"origin": {"expected":"yes",'),
        (b'"format"', b' "format"'),
    ],
)
def test_another_instance(here, honest, qnnhard, case, old, new):
    text = file(honest, case, "instance")
    assert old in text
    forge(honest, Path("forged.qnncert"), case, instance=text.replace(old, new))
    refused(qnnhard, f"case {case}", "the instance is not what")


def test_a_source_with_a_far_larger_instance_is_not_mapped(here, honest, qnnhard):
    clauses = "".join(f"{n} {n + 1} {n + 2} 0\n" for n in range(1, 200_001))
    text = f"p cnf 200002 200000\n{clauses}".encode()
    forge(honest, Path("forged.qnncert"), source=text)
    refused(qnnhard, "case 1", "the instance is not what")


@pytest.mark.parametrize("case", [1, 2])
def test_another_formula(here, honest, qnnhard, case):
    lines = file(honest, case, "formula").splitlines(keepends=True)
    for text in (
        lines[:-1],
        [*lines, lines[-1]],
        [*lines[:-2], lines[-1], lines[-2]],
        [],
        lines[1:],
    ):
        forge(honest, Path("forged.qnncert"), case, formula=b"".join(text))
        refused(qnnhard, f"case {case}", "the formula is not the plain encoding")


@pytest.mark.parametrize("case", [1, 2])
def test_other_names(here, honest, qnnhard, case):
    text = file(honest, case, "names")
    for other in (text.replace(b"=1", b"=2"), text[:-1], text + b"\n", b""):
        forge(honest, Path("forged.qnncert"), case, names=other)
        refused(qnnhard, f"case {case}", "the names are not those of the formula's variables")


def test_another_proof(here, honest, qnnhard):
    proof = file(honest, 2, "proof")
    steps = proof.count(b"\n")
    variables = int(file(honest, 2, "formula").split()[2])
    for other, words in (
        (b"0\n", "rejects the proof"),
        (b"d 1 0\n" + b"0\n", "proof"),
        (b"", "proof"),
        (b"%d 0\n" % (variables + 1) + proof, "line 1 of the proof is about variables"),
        (b"-2000000000 0\n" + proof, "line 1 of the proof is about variables"),
        (b"99999999999999999999 0\n" + proof, "line 1 of the proof is no step"),
        (proof + b"1 2\n", f"line {steps + 1} of the proof is no step"),
        (proof[:-1], "does not end with a line end"),
        (b"\n" + proof, "line 1 of the proof is no step"),
        (b"a\x02\x00", "line end"),
        (b"\xff\n", "no text"),
    ):
        forge(honest, Path("forged.qnncert"), 2, proof=other)
        refused(qnnhard, "case 2", words)


def test_the_proof_of_another_formula(here, honest, qnnhard):
    """The instance of case 1 has solutions, and a proof of a contradiction is none of it."""
    proof = file(honest, 2, "proof")

    def told(entry):
        entry |= {"answer": "no", "source_answer": "no", "how": "proof-checked"}

    forge(honest, Path("forged.qnncert"), 1, told, parameters=None, proof=proof)
    refused(qnnhard, "case 1", "proof")


def test_other_parameters(here, honest, qnnhard):
    text = file(honest, 1, "parameters")
    given = json.loads(text)
    zeros = [0] * len(given["weights"])
    for change, words in (
        ({"weights": zeros}, "above the bound"),
        ({"weights": given["weights"][:-1]}, "case 1"),
        ({"weights": [2, *given["weights"][1:]]}, "case 1"),
        ({"weights": ["x", *given["weights"][1:]]}, "case 1"),
        ({"instance": "0" * 64}, "belong to another instance"),
        ({"version": 2}, "version 2 is not known"),
    ):
        forge(honest, Path("forged.qnncert"), parameters=json.dumps(given | change).encode())
        refused(qnnhard, words)
    for other in (b"", b"[" * 100_000, b"\xff", file(honest, 1, "instance")):
        forge(honest, Path("forged.qnncert"), parameters=other)
        refused(qnnhard)


def test_parameters_for_the_no(here, honest, qnnhard):
    given = json.loads(file(honest, 2, "instance"))
    weights = [0] * len(given["edges"]["sources"])
    size = sum(block.get("count", 1) for block in given["neurons"])
    parameters = {"format": "qnnhard-parameters", "version": 1, "weights": weights}
    text = json.dumps(parameters | {"biases": [0] * size}).encode()

    def told(entry):
        entry |= {"answer": "yes", "source_answer": "yes"}

    forge(honest, Path("forged.qnncert"), 2, told, proof=None, parameters=text)
    refused(qnnhard, "case 2", "above the bound")


def test_another_chain(here, honest, qnnhard):
    for chain, words in (
        (["sat-to-3-sat", "bounded-degree"], "bounded-degree makes of the source"),
        (["bounded-degree"], "bounded-degree does not lead from sat"),
        (["exact-cover"], "exact-cover does not lead from"),
        (["two-inputs", "two-inputs"], "does not lead from"),
        (["sat-to-3-sat"], "does not lead from"),
    ):
        remake(
            honest,
            Path("forged.qnncert"),
            lambda told: told["cases"][0].update(chain=[{"name": name} for name in chain]),  # noqa: B023
        )
        refused(qnnhard, "case 1", words)


def test_a_map_that_nobody_has_is_said_and_certifies_the_instance_only(here, honest, qnnhard):
    chain = [{"name": "no-such-map"}]
    remake(honest, Path("forged.qnncert"), lambda told: told["cases"][0].update(chain=chain))
    outcome = qnnhard("recheck", "forged.qnncert")
    assert outcome.code == 0
    assert "as given in 1 of 2: no map no-such-map is installed" in outcome.out
    text = file(honest, 1, "instance").replace(b'"d": 2', b'"d": 2, "bound": -1')
    forge(Path("forged.qnncert"), Path("worse.qnncert"), instance=text)
    outcome = qnnhard("recheck", "worse.qnncert")
    assert_one_line_error(outcome, "case 1", "the formula is not the plain encoding")


def test_answers_that_the_evidence_does_not_carry(here, honest, qnnhard):
    for change, words in (
        ({"source_answer": "no"}, "the source's own solver said 'no'"),
        ({"failures": ["claim-violated: alpha"]}, "the verification failed: claim-violated"),
    ):
        remake(honest, Path("forged.qnncert"), lambda told: told["cases"][0].update(change))  # noqa: B023
        outcome = qnnhard("recheck", "forged.qnncert")
        assert outcome.code == 1
        assert f"NOT CERTIFIED case 1: {words}" in outcome.out
    forge(honest, Path("forged.qnncert"), 2, proof=None)
    outcome = qnnhard("recheck", "forged.qnncert")
    assert (outcome.code, outcome.err) == (1, "1 of 2 certified\n")
    assert "NOT CERTIFIED case 2: there is no evidence" in outcome.out


def test_a_witness_in_place_of_an_instance_that_exists(here, honest, qnnhard):
    witness = b'{"assignment": [1, 2, -3]}'
    gone = dict.fromkeys(("instance", "formula", "names", "parameters"))
    forge(honest, Path("forged.qnncert"), witness=witness, **gone)
    refused(qnnhard, "case 1", "makes an instance of the source, which is missing")


def test_the_version_that_made_another_instance_is_named(here, honest, qnnhard):
    text = file(honest, 1, "instance") + b" "
    forge(honest, Path("forged.qnncert"), instance=text)
    remake(
        Path("forged.qnncert"),
        Path("older.qnncert"),
        lambda told: told["made_by"].update(qnnhard="0.0.1"),
    )
    outcome = qnnhard("recheck", "older.qnncert")
    assert_one_line_error(outcome, "made by qnnhard '0.0.1', this is")


def test_text_from_outside_is_shown_escaped(here, honest, qnnhard):
    remake(
        honest,
        Path("forged.qnncert"),
        lambda told: told["cases"][0].update(name="\x1b[31m\ny" * 99),
    )
    outcome = qnnhard("recheck", "forged.qnncert")
    assert "\x1b" not in outcome.out
    forge(Path("forged.qnncert"), Path("worse.qnncert"), names=b"")
    outcome = qnnhard("recheck", "worse.qnncert")
    assert_one_line_error(outcome)
    assert "\x1b" not in outcome.err
