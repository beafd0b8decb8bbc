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
from qnnhard.encoding.cnf import Formula
from qnnhard.solvers.child import call_in_child

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
        result = dratify.check_proof(dratify.parse_dimacs(formula, strict=True), proof)
    except ValueError as error:
        raise QnnhardError(f"dratify cannot read the proof: {error}") from error
    if not (result.ok and result.reached_empty):
        raise QnnhardError(f"dratify rejects the proof: {result.reason}")


def _run_drat_trim(formula: Formula, proof: list[str], deadline: Deadline) -> None:
    with tempfile.TemporaryDirectory(prefix="qnnhard-") as folder:
        cnf, drat = Path(folder, "formula.cnf"), Path(folder, "proof.drat")
        write_parts(str(cnf), formula.dimacs())
        write_proof(str(drat), proof)
        limit = 10**6 if deadline.seconds is None else deadline.remaining
        try:
            run = subprocess.run(
                ["drat-trim", str(cnf), str(drat), "-t", str(int(limit) + 1)],
                capture_output=True,
                text=True,
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise LimitReached("time limit reached while the proof was checked") from None
    if "s VERIFIED" not in run.stdout:
        last = (run.stdout.strip().splitlines() or ["no output"])[-1]
        raise QnnhardError(f"drat-trim does not accept the proof: {last}")
