"""DRAT proofs: writing them, and having an independent checker accept them."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from instances.deadline import Deadline
from instances.errors import LimitReached, QnnhardError
from instances.files import write_parts
from instances.progress import stage
from qnnhard.certificates.certificate import Certificate
from qnnhard.encoding.encode import Encoding
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.processes.child import call_in_child
from qnnhard.processes.programs import program

_CHUNK = 1 << 12


def write_proof(path: str, proof: Iterable[str]) -> None:
    """Write the lines of a DRAT proof in text form, whole or not at all."""
    lines = iter(proof)
    parts = iter(lambda: list(islice(lines, _CHUNK)), [])
    write_parts(path, ("".join(line + "\n" for line in part).encode() for part in parts))


def available_checker() -> str | None:
    """Return the checker that `check_proof` takes: ``drat-trim`` before ``dratify``, or none."""
    if shutil.which("drat-trim"):
        return "drat-trim"
    return "dratify" if find_spec("dratify") else None


def check_proof(
    formula: Formula, proof: list[str], deadline: Deadline, checker: str | None = None
) -> str:
    """Check that `proof` refutes `formula`, and return the name of the checker that accepted it.

    Raises
    ------
    QnnhardError
        Where no checker is installed, or the checker rejects the proof.
    LimitReached
        When the deadline passes before the check ends.

    Notes
    -----
    ``dratify`` is asked for RUP steps only, which follow from the clauses before them whatever
    was deleted. It keeps what it propagated after the clause that was the reason is deleted, so
    that its RAT steps could pass vacuously. ``drat-trim`` takes RAT steps as well: it ignores
    the deletion of reasons, so that they still count where a RAT step is checked.
    """
    checker = checker or available_checker()
    if checker is None:
        raise QnnhardError(
            "no proof checker found: install qnnhard[proofs], or put drat-trim on PATH"
        )
    with stage(checker):
        if checker == "drat-trim":
            _run_drat_trim(formula, proof, deadline)
        else:
            _check_by_dratify(formula, proof, deadline)
    return checker


def certify(encoding: Encoding, proof: list[str], deadline: Deadline) -> Certificate:
    """Check that `proof` refutes the formula of `encoding`; raise as `check_proof` does."""
    return Certificate(encoding.instance, check_proof(encoding.formula, proof, deadline))


def _check_by_dratify(formula: Formula, proof: list[str], deadline: Deadline) -> None:
    arguments = (b"".join(formula.dimacs()).decode(), "\n".join(proof))
    if deadline.seconds is None:
        _run_dratify(*arguments)
    else:
        call_in_child(deadline, _run_dratify, *arguments)


def _run_dratify(formula: str, proof: str) -> None:
    import dratify

    if find_spec("cdclkit"):
        import cdclkit  # noqa: F401  (registers its compiled checker with dratify)

    try:
        clauses = dratify.parse_dimacs(formula, strict=True)
        result = dratify.check_proof(clauses, proof, check_rat=False)
    except ValueError as error:
        raise QnnhardError(f"dratify cannot read the proof: {error}") from error
    if not (result.ok and result.reached_empty):
        reason = result.reason
        if not result.ok and result.failed_step > 0:
            reason = f"step {result.failed_step} is not RUP, and only drat-trim checks RAT"
        raise QnnhardError(f"dratify rejects the proof: {reason}")


def _run_drat_trim(formula: Formula, proof: list[str], deadline: Deadline) -> None:
    with tempfile.TemporaryDirectory(prefix="qnnhard-") as folder:
        cnf, drat = Path(folder, "formula.cnf"), Path(folder, "proof.drat")
        write_parts(str(cnf), formula.dimacs())
        write_proof(str(drat), proof)
        limit = 10**6 if deadline.seconds is None else deadline.remaining
        words = ["drat-trim", str(cnf), str(drat), "-t", str(int(limit) + 1)]
        try:
            with program(words) as process:
                printed = process.communicate(timeout=limit)[0].decode(errors="replace")
                status = process.returncode
        except subprocess.TimeoutExpired:
            raise LimitReached("time limit reached while the proof was checked") from None
    lines = printed.splitlines()
    said = [line.strip() for line in lines if line.startswith("s ")]
    if said != ["s VERIFIED"] or status:
        last = said[-1] if said else (lines or ["no output"])[-1]
        raise QnnhardError(f"drat-trim does not accept the proof: {last} (exit status {status})")
