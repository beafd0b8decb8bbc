"""``qnnhard decode INSTANCE SOLVER_OUTPUT``."""

from typing import TYPE_CHECKING

import click

from qnnhard.cli.options import (
    as_json,
    note,
    output,
    print_json,
    refuse_mixed_output,
    report_written,
    timeout,
)

if TYPE_CHECKING:
    from instances.deadline import Deadline


@click.command(
    "decode",
    epilog="Example: kissat f.cnf > out.txt; qnnhard decode instance.json out.txt -o p.json",
)
@click.argument("instance")
@click.argument("solver_output")
@timeout
@output
@as_json
def command(
    instance: str, solver_output: str, deadline: "Deadline", output: str, as_json: bool
) -> int:
    """Turn what an external solver printed on the exported CNF into parameters of INSTANCE.

    Reads `s` and `v` lines, or MiniSat's result file. The parameters are evaluated before they
    are written: exit 0. Where the solver says UNSATISFIABLE nothing is written: exit 20.
    """
    from instances.errors import InputError
    from instances.files import discard, read_text
    from instances.training.files import read_instance, write_parameters
    from qnnhard.encoding.decode import decode
    from qnnhard.encoding.encode import encode
    from qnnhard.solvers.answer import Verdict, accepted
    from qnnhard.solvers.output import parse_output

    refuse_mixed_output(as_json, output, instance, solver_output)
    loaded = read_instance(instance)
    encoding = encode(loaded, deadline)
    text = read_text(solver_output)
    try:
        result = parse_output(text, encoding.formula.variables)
    except InputError as error:
        raise InputError(f"{solver_output}: {error}") from error
    if result.model is None:
        if result.verdict is Verdict.UNKNOWN:
            raise InputError(f"{solver_output}: the solver gave no answer")
        discard(output)
        if as_json:
            print_json({"answer": "no", "how": "solver", "output": None})
        else:
            note("NO: the solver says so")
        return Verdict.NO.value
    if not encoding.formula.satisfied_by(result.model):
        raise InputError(
            f"{solver_output}: the model does not satisfy the formula of {instance}; "
            "was another instance exported?"
        )
    parameters = accepted(loaded, decode(encoding, result.model), "the decoder")
    write_parameters(output, loaded, parameters)
    summary = {"answer": "yes", "how": "evaluated"}
    report_written(as_json, output, summary, "parameters that the exact evaluator accepted")
    return 0
