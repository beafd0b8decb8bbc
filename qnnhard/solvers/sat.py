"""The SAT backend: encode, solve, decode, evaluate."""

from dataclasses import dataclass, replace
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached
from instances.training.instance import TrainingInstance
from qnnhard.certificates.drat import available_checker, certify, write_proof
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Encoding, encode
from qnnhard.solvers.answer import Answer, Backend, How, Verdict
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
            parameters = decode(encoding, result.model)
            return Answer(Verdict.YES, How.EVALUATED, parameters, sizes=sizes)
        if self.proof is None or result.proof is None:
            return Answer(Verdict.NO, How.SOLVER, detail=UNPROVED, sizes=sizes)
        kept, lost = f"proof in {self.proof}", ""
        try:
            write_proof(self.proof, result.proof)
        except InputError as error:
            kept, lost = "no proof is kept", str(error)
        answer = refuted(encoding, result.proof, deadline)
        return replace(answer, detail=f"{answer.detail}; {kept}", lost=lost)


def refuted(encoding: Encoding, proof: list[str], deadline: Deadline) -> Answer:
    """Return a NO for which there is a proof, which is checked.

    Without a checker or time the NO is only the solver's word; raise as `certify` does for a
    proof that is rejected.
    """
    sizes = encoding.formula.sizes

    def unchecked(why: str) -> Answer:
        return Answer(Verdict.NO, How.SOLVER, detail=why, sizes=sizes)

    if available_checker() is None:
        return unchecked("no proof checker is installed (pip install 'qnnhard[proofs]')")
    try:
        found = certify(encoding, proof, deadline)
    except LimitReached:
        return unchecked("the time limit passed before the proof was checked")
    detail = f"{len(proof)} proof lines checked by {found.checker}"
    return Answer(Verdict.NO, How.PROOF_CHECKED, None, detail, sizes, found)
