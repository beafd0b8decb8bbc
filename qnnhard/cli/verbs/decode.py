"""``qnnhard decode INSTANCE SOLVER_OUTPUT``."""

from typing import TYPE_CHECKING

import click

from qnnhard.cli.options import result_file, timeout
from qnnhard.cli.output import note, print_json, refuse_mixed_output, report_written

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from instances.deadline import Deadline
    from qnnhard.encoding.encode import Encoding
    from qnnhard.encoding.wcnf import WeightedFormula
    from qnnhard.sat.output import SolverOutput


@click.command(
    "decode",
    epilog="Example: kissat f.cnf f.drat > out.txt; "
    "qnnhard decode instance.json out.txt --proof f.drat -o p.json",
)
@click.argument("instance")
@click.argument("solver_output")
@click.option(
    "--proof", metavar="FILE", help="A DRAT proof, text or binary, that is checked for UNSAT."
)
@timeout
@result_file
def command(
    instance: str,
    solver_output: str,
    proof: str | None,
    deadline: "Deadline",
    output: str,
    as_json: bool,
) -> int:
    """Turn what an external solver printed on an exported formula into parameters of INSTANCE.

    Reads `s` and `v` lines, or MiniSat's result file, for `export --to cnf`; and what MaxSAT
    solvers print for `export --to wcnf`. The parameters are evaluated before they are written:
    exit 0. Where the solver says UNSATISFIABLE nothing is written: exit 20.
    """
    from instances.errors import InputError
    from instances.files import discard, read_text
    from instances.training.files import read_instance
    from qnnhard.encoding.encode import encode
    from qnnhard.encoding.wcnf import encode_loss
    from qnnhard.sat.output import is_maxsat, parse_output
    from qnnhard.verdict import Verdict

    refuse_mixed_output(as_json, output, instance, solver_output, proof)
    loaded = read_instance(instance)
    text = read_text(solver_output)
    try:
        weighted = encode_loss(loaded, deadline) if is_maxsat(text) else None
        encoding = encode(loaded, deadline) if weighted is None else weighted.encoding
        result = parse_output(text, encoding.formula.variables)
    except InputError as error:
        raise InputError(f"{solver_output}: {error}") from error
    if result.verdict is Verdict.UNKNOWN or (weighted and result.model is None):
        why = result.contradiction or "the solver gave no answer"
        raise InputError(f"{solver_output}: {why}")
    if result.model is None:
        discard(output)
        return _print_no(encoding, proof, deadline, as_json)
    if not encoding.formula.satisfied_by(result.model):
        raise InputError(
            f"{solver_output}: the model does not satisfy the formula of {instance}; "
            "was another instance exported?"
        )
    if weighted is None:
        _write_solution(encoding, result.model, output, as_json)
    else:
        _write_least(weighted, result, solver_output, output, as_json)
    return 0


def _print_no(encoding: "Encoding", proof: str | None, deadline: "Deadline", as_json: bool) -> int:
    """Say how a NO is known, after checking its proof where there is one."""
    from qnnhard.methods.answer import Found, judge
    from qnnhard.methods.sat import refuted
    from qnnhard.sat.output import read_proof
    from qnnhard.verdict import How

    said = Found(refutation=How.SOLVER)
    if proof is not None:
        said = refuted(encoding, read_proof(proof), deadline)
    answer = judge(said, encoding.instance, "the decoder", ours=True)
    if as_json:
        print_json(
            {"answer": "no", "how": str(answer.how), "detail": answer.detail, "output": None}
        )
    else:
        detail = f" ({answer.detail})" if answer.detail else ""
        note(f"NO: {answer.how.explanation}{detail}")
    return answer.verdict.value


def _write_solution(
    encoding: "Encoding", model: "NDArray[np.bool_]", output: str, as_json: bool
) -> None:
    """Write the parameters of a model of the exported CNF."""
    from instances.training.files import write_parameters
    from qnnhard.encoding.decode import decode
    from qnnhard.methods.answer import Found, judge

    parameters = decode(encoding, model)
    answer = judge(Found(parameters), encoding.instance, "the decoder", ours=True)
    write_parameters(output, encoding.instance, parameters)
    summary = {"answer": "yes", "how": str(answer.how)}
    report_written(as_json, output, summary, "parameters that the exact evaluator accepted")


def _write_least(
    weighted: "WeightedFormula", result: "SolverOutput", name: str, output: str, as_json: bool
) -> None:
    """Write the parameters of a MaxSAT solver's model, whatever their loss."""
    from instances.errors import InputError
    from instances.text.numbers import format_number, show_number
    from instances.training.evaluate import evaluate
    from instances.training.files import write_parameters
    from qnnhard.encoding.decode import decode

    assert result.model is not None
    instance = weighted.encoding.instance
    parameters = decode(weighted.encoding, result.model)
    loss = evaluate(instance, parameters).loss
    least = None if result.cost is None else weighted.loss(result.cost)
    if result.optimal and least is not None and loss != least:
        raise InputError(
            f"{name}: its least cost {result.cost} stands for a loss of {show_number(least)}, but "
            f"its parameters have {show_number(loss)}; was another instance exported?"
        )
    write_parameters(output, instance, parameters)
    summary = {
        "loss": format_number(loss),
        "bound": format_number(instance.bound),
        "optimality": "solver" if result.optimal else "limit",
    }
    claim = "the least, as the solver says" if result.optimal else "not said to be the least"
    report_written(as_json, output, summary, f"parameters of loss {show_number(loss)}, {claim}")
