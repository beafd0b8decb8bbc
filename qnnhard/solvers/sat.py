"""The SAT backend: encode, solve, decode, evaluate."""

from dataclasses import dataclass
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached
from instances.training.instance import TrainingInstance
from qnnhard.certificates.drat import available_checker, check_proof, write_proof
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import encode
from qnnhard.solvers.answer import Answer, Backend, How, Verdict, accepted
from qnnhard.solvers.cadical import UNPROVED, solve_formula


@dataclass(frozen=True)
class SatBackend(Backend):
    """CaDiCaL on the encoding of `qnnhard.encoding`.

    Parameters
    ----------
    proof : str or None
        Where to write a DRAT proof of a NO; the proof is checked if a checker is installed.
    tables : bool
        Whether neurons with small tables are encoded by their behaviours. A proof refutes the
        formula that was solved; without tables it refutes the plain encoding of the instance.
    conflicts : int or None
        Conflicts after which the answer is UNKNOWN.
    """

    name: ClassVar[str] = "sat"
    description: ClassVar[str] = "CaDiCaL 1.9.5 on a unary and binary encoding; proofs of NO"

    proof: str | None = None
    tables: bool = True
    conflicts: int | None = None

    def solve(self, instance: TrainingInstance, deadline: Deadline) -> Answer:
        """Decide `instance`; see `Backend.solve`."""
        sizes: dict[str, int] = {}
        try:
            encoding = encode(instance, deadline, tables=self.tables)
            formula = encoding.formula
            sizes = formula.sizes
            proof = self.proof is not None
            result = solve_formula(formula, deadline, proof, self.conflicts)
        except LimitReached as limit:
            spent = deadline.remaining <= 0
            detail = deadline.limit if spent else str(limit).removesuffix(" reached")
            return Answer(Verdict.UNKNOWN, How.LIMIT, detail=detail, sizes=sizes)
        if result.model is not None:
            parameters = accepted(instance, decode(encoding, result.model), "the SAT backend")
            return Answer(Verdict.YES, How.EVALUATED, parameters, sizes=sizes)
        if self.proof is None or result.proof is None:
            return Answer(Verdict.NO, How.SOLVER, detail=UNPROVED, sizes=sizes)
        kept, lost = f"proof in {self.proof}", ""
        try:
            write_proof(self.proof, result.proof)
        except InputError as error:
            kept, lost = "no proof is kept", str(error)
        how, detail = _check(formula, result.proof, deadline)
        return Answer(Verdict.NO, how, detail=f"{detail}; {kept}", sizes=sizes, lost=lost)


def _check(formula: Formula, proof: list[str], deadline: Deadline) -> tuple[How, str]:
    """Have the proof checked; without a checker or time the NO is only the solver's word."""
    if available_checker() is None:
        return How.SOLVER, "no proof checker is installed (pip install 'qnnhard[proofs]')"
    try:
        checker = check_proof(formula, proof, deadline)
    except LimitReached:
        return How.SOLVER, "the time limit passed before the proof was checked"
    return How.PROOF_CHECKED, f"{len(proof)} proof lines checked by {checker}"
