"""What goes into a bundle for one source: the instance, its formula, and parameters or a proof."""

from collections.abc import Callable
from dataclasses import dataclass, field

from instances.deadline import Deadline, enforced
from instances.errors import LimitReached, in_one_line
from instances.memory import OUT_OF_MEMORY, is_exhaustion
from instances.training.evaluate import evaluate
from instances.training.parameters import Parameters
from qnnhard.bundles.formula import encoded_instance, formula_parts, name_parts
from qnnhard.bundles.manifest import MapRecord
from qnnhard.bundles.maps import record_map
from qnnhard.certificates.drat import available_checker, certify
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import Encoding, encode
from qnnhard.methods.answer import require_accepted
from qnnhard.sat.cadical import solve_formula
from qnnhard.verdict import How, Verdict
from qnnhard.verification.outcome import Failure, Outcome
from qnnhard.verification.sources import NamedSource
from reductions.chain import Chain, ChainImage

NO_FORMULA = "the instance is not discrete, and simulates none that is"
"""Why there is no proof."""


@dataclass
class CaseEvidence:
    """What a bundle holds of one source.

    Parameters
    ----------
    source : NamedSource
    target : str
        The problem of the instance.
    chain : list of MapRecord
    outcome : Outcome
        Of the verification. A failure is added where the evidence contradicts it.
    how : How
        How the answer of the instance is known by what is in the bundle.
    files : dict of str to bytes
        The members by kind; see `manifest.FILES`.
    missing : str
        Why something is not among them.
    """

    source: NamedSource
    target: str
    chain: list[MapRecord]
    outcome: Outcome
    how: How = How.LIMIT
    files: dict[str, bytes] = field(default_factory=dict)
    missing: str = ""

    def add_witness(self) -> None:
        """Add the witness that the source's own solver found."""
        problem, source = self.source.problem, self.source.source
        problem.check(source, self.outcome.witness)
        self.files["witness"] = problem.write_witness(source, self.outcome.witness).encode()
        self.how = How.EVALUATED

    def add_parameters(self, built: ChainImage, deadline: Deadline) -> None:
        """Add the parameters that the verification found, or else those that push makes."""
        parameters, witness = self.outcome.parameters, self.outcome.witness
        if parameters is None and witness is None:
            witness = self.source.problem.solve(self.source.source, deadline)
        if parameters is None:
            parameters = built.push(witness)
        problem = built.problems[-1]
        problem.check(built.target, parameters)
        self.files["parameters"] = problem.write_witness(built.target, parameters).encode()
        self.how = How.EVALUATED

    def add_formula(self, encoding: Encoding) -> None:
        """Add a formula in DIMACS, and a line for the name of each variable."""
        formula, names = b"".join(formula_parts(encoding)), b"".join(name_parts(encoding))
        self.files |= {"formula": formula, "names": names}

    def add_proof(self, encoding: Encoding, deadline: Deadline) -> None:
        """Add a proof that a formula has no model, checked if time and a checker are there."""
        result = solve_formula(encoding.formula, deadline, proof=True)
        if result.model is not None:
            self.contradict(encoding, decode(encoding, result.model))
            return
        proof = result.proof or []
        try:
            if available_checker() is not None:
                certify(encoding, proof, deadline)
                self.how = How.PROOF_CHECKED
        except LimitReached:
            pass
        self.files["proof"] = "".join(line + "\n" for line in proof).encode()

    def contradict(self, encoding: Encoding, parameters: Parameters) -> None:
        """Note that a no is refuted by parameters, which have to be accepted."""
        require_accepted(lambda: evaluate(encoding.instance, parameters), "the decoder")
        self.missing = "the answer is no, yet the plain encoding has a solution"
        self.outcome.failures.append((Failure.BACKENDS_DISAGREE, self.missing))


def evidence_of(
    chain: Chain, source: NamedSource, outcome: Outcome, timeout: float | None = None
) -> CaseEvidence:
    """Return the evidence for the answer that a verification gave.

    Parameters
    ----------
    chain : Chain
    source : NamedSource
    outcome : Outcome
        Whose parameters are those of a yes, where it has any; else a witness is pushed.
    timeout : float or None
        Limit in seconds on making the instance, and on the formula with a yes or a no.

    Notes
    -----
    The proof of a no refutes the plain encoding, whatever the verification asked; see
    `encoded_instance`. Where the chain refuses the source since all parameters would be a solution,
    a witness of the source takes the place of instance and parameters. What cannot be had, for lack
    of time or memory or through a fault of a map, is said under `missing`.
    """
    maps = [record_map(each) for each in chain.maps]
    made = CaseEvidence(source, chain.last.target_problem, maps, outcome)
    made.files["source"] = source.problem.write(source.source).encode()
    answer = outcome.target_answer

    built: ChainImage | None = None

    def add_instance(_: Deadline) -> None:
        nonlocal built
        built = chain.build(source.source)
        made.files["instance"] = built.problems[-1].write(built.target).encode()

    def add_answer(deadline: Deadline) -> None:
        assert built is not None
        if answer is Verdict.YES:
            made.add_parameters(built, deadline)
        encoded = encoded_instance(built)
        if encoded is None:
            made.missing = NO_FORMULA if answer is Verdict.NO else ""
            return
        encoding = encode(encoded, deadline)
        made.add_formula(encoding)
        if answer is Verdict.NO:
            made.add_proof(encoding, deadline)
            if encoded is not built.target:
                # That no reals will do either is what the reduction proves, and nobody checked.
                made.how = How.SOLVER

    if answer is Verdict.NO:
        made.how = How.SOLVER
    made.missing = _attempt(add_instance, timeout)
    if not made.missing:
        reason = _attempt(add_answer, timeout)
        made.missing = made.missing or reason
    elif answer is Verdict.YES and outcome.witness is not None and outcome.parameters is None:
        made.missing = _attempt(lambda _: made.add_witness(), timeout) or made.missing
    if answer is Verdict.UNKNOWN:
        made.missing = made.missing or "the instance was not decided"
    return made


def _attempt(step: Callable[[Deadline], None], timeout: float | None) -> str:
    """Take a step; return in words why it was not taken to its end, or no text."""
    deadline = Deadline(timeout)
    try:
        with enforced(deadline):
            step(deadline)
    except LimitReached as error:
        return str(error)
    except (Exception, SystemExit) as error:
        # Maps of other authors may raise anything, which the verification has reported.
        return OUT_OF_MEMORY if is_exhaustion(error) else in_one_line(error)
    return ""
