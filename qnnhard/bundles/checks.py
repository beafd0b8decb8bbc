"""The checks of what a bundle holds as evidence: parameters, proofs, witnesses."""

import re

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness, QnnhardError, Unsupported
from qnnhard.bundles.manifest import CaseRecord
from qnnhard.bundles.reader import Bundle
from qnnhard.bundles.remaking import Remade, by_map, source_of
from qnnhard.certificates.drat import check_proof
from qnnhard.encoding.encode import Encoding
from reductions.chain import Chain

_STEP = re.compile(r"(?:d )?(?:-?[1-9][0-9]{0,9} )*0")


def check_answer(bundle: Bundle, case: CaseRecord, remade: Remade, deadline: Deadline) -> str:
    """Check parameters or proof of a case; return in words how its answer is known, or no text.

    Raises
    ------
    InputError
        Where the evidence does not hold.
    """
    files, encoding = case.files, remade.encoding
    if files.parameters is not None:
        return _check_parameters(bundle.read_text(files.parameters), remade)
    if files.proof is not None and encoding is not None:
        known_by = _check_steps(bundle.read(files.proof), encoding, deadline)
        other = encoding.instance is not remade.instance
        return f"{known_by}, of the discrete instance" if other else known_by
    return ""


def check_witness(bundle: Bundle, case: CaseRecord, chain: Chain) -> str:
    """Check a witness of the source, of which the chain has to make no instance."""
    assert case.files.witness is not None
    problem, source = source_of(bundle, case)
    problem.check(source, problem.parse_witness(source, bundle.read_text(case.files.witness)))
    try:
        _ = by_map(chain, lambda: chain.build(source).target)
    except Unsupported:
        return "witness of the source checked; the map makes no instance of it"
    raise InputError(f"{chain.name} makes an instance of the source, which is missing")


def _check_parameters(text: str, remade: Remade) -> str:
    problem, built = remade.problem, remade.built
    parameters = problem.parse_witness(remade.instance, text)
    problem.check(remade.instance, parameters)
    if built is None:
        return "parameters evaluated"
    try:
        by_map(built.chain, lambda: built.pull(parameters))
    except InvalidWitness as error:
        raise InputError(f"no witness can be pulled from the parameters: {error}") from error
    return "parameters evaluated, witness pulled and checked"


def _check_steps(content: bytes, encoding: Encoding, deadline: Deadline) -> str:
    steps = proof_steps(content, encoding.formula.variables)
    try:
        checker = check_proof(encoding.formula, steps, deadline)
    except QnnhardError as error:
        if type(error) is not QnnhardError:
            # A limit, or a checker that died: nothing is shown either way.
            raise
        raise InputError(str(error)) from error
    return f"{len(steps)} proof lines checked by {checker}"


def proof_steps(content: bytes, variables: int) -> list[str]:
    """Return the lines of a proof about a formula of so many variables.

    Raises `InputError` for what is no proof, or speaks of other variables: a checker may take
    memory for every variable that it meets.
    """
    try:
        lines = content.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"the proof is no text: byte {error.start}") from error
    if lines.pop():
        raise InputError("the proof does not end with a line end")
    for number, line in enumerate(lines, 1):
        if not _STEP.fullmatch(line):
            raise InputError(f"line {number} of the proof is no step")
        if any(abs(int(word)) > variables for word in line.removeprefix("d ").split()):
            raise InputError(
                f"line {number} of the proof is about variables that the formula does not have"
            )
    return lines
