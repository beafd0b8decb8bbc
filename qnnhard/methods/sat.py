"""SAT: encode, solve, decode."""

from dataclasses import dataclass, field, replace

from instances.deadline import Deadline
from instances.errors import InputError, LimitReached
from instances.training.instance import TrainingInstance
from qnnhard.certificates.drat import available_checker, certify, write_proof
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Encoding, Options, encode
from qnnhard.methods.answer import Found
from qnnhard.methods.method import DECIDING, MINIMIZING, Method, Sizes
from qnnhard.sat.cadical import UNPROVED, solve_formula
from qnnhard.verdict import How


@dataclass(frozen=True)
class SatMethod(Method):
    """CaDiCaL on the encoding of `qnnhard.encoding`.

    Parameters
    ----------
    proof : str or None
        Where to write a DRAT proof of a NO, or that no loss is less; it is checked if a checker
        is installed.
    tables : bool
        Whether neurons with small tables are encoded by their behaviours. A proof refutes the
        formula that was solved; without tables it refutes the plain encoding of the instance.
    conflicts : int or None
        Conflicts after which nothing was found.
    seed : int
        Of the local search on the way to the least loss.
    """

    name = "sat"
    description = "CaDiCaL 1.9.5 on a unary and binary encoding; proofs of NO"

    proof: str | None = None
    tables: bool = True
    conflicts: int | None = field(default=None, metadata=DECIDING)
    seed: int = field(default=0, metadata=MINIMIZING)

    def search(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Decide the formula of `instance`."""
        encoding = encode(instance, deadline, Options(tables=self.tables))
        sizes.update(encoding.formula.sizes)
        proof = self.proof is not None
        result = solve_formula(encoding.formula, deadline, proof, self.conflicts)
        if result.model is not None:
            return Found(decode(encoding, result.model))
        if self.proof is None or result.proof is None:
            return Found(refutation=How.SOLVER, detail=UNPROVED)
        kept, lost = f"proof in {self.proof}", ""
        try:
            write_proof(self.proof, result.proof)
        except InputError as error:
            kept, lost = "no proof is kept", str(error)
        found = refuted(encoding, result.proof, deadline)
        return replace(found, detail=f"{found.detail}; {kept}", lost=lost)

    def least(self, instance: TrainingInstance, deadline: Deadline, sizes: Sizes) -> Found:
        """Find the least loss by local search, cores and descent; see `minimize.schedule`."""
        from qnnhard.methods.minimize.schedule import find_least

        prover = None if self.proof is None else self
        return find_least(instance, deadline, sizes, self.seed, prover)


def refuted(encoding: Encoding, proof: list[str], deadline: Deadline) -> Found:
    """Return the refutation for which there is a proof, which is checked.

    Without a checker or time it is only the solver's word; raise as `certify` does for a proof
    that is rejected.
    """
    if available_checker() is None:
        why = "no proof checker is installed (pip install 'qnnhard[proofs]')"
        return Found(refutation=How.SOLVER, detail=why)
    try:
        found = certify(encoding, proof, deadline)
    except LimitReached:
        why = "the time limit passed before the proof was checked"
        return Found(refutation=How.SOLVER, detail=why)
    return Found(refutation=found, detail=f"{len(proof)} proof lines checked by {found.checker}")
