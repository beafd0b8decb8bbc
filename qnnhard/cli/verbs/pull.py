"""``qnnhard pull REDUCTION SOURCE PARAMETERS``."""

import click

from qnnhard.cli.options import (
    as_json,
    memory,
    output,
    problem,
    refuse_mixed_output,
    report_written,
    settings,
    timeout_of_all,
)


@click.command(
    "pull", epilog="Example: qnnhard pull two-inputs f.cnf parameters.json -o witness.json"
)
@click.argument("reduction")
@click.argument("source")
@click.argument("parameters")
@settings
@problem
@timeout_of_all
@output
@memory
@as_json
def command(
    reduction: str,
    source: str,
    parameters: str,
    values: dict[str, str],
    problem: str | None,
    output: str,
    as_json: bool,
) -> None:
    """Turn parameters that solve the training instance of SOURCE into a witness of SOURCE.

    The parameters are evaluated first, and the witness is checked before it is written.
    """
    from instances.errors import InputError
    from instances.files import write_text
    from instances.training.files import read_parameters
    from qnnhard.verification.sources import chain_from, load_source
    from reductions.registry import get_reduction

    refuse_mixed_output(as_json, output, source, parameters)
    chosen = get_reduction(reduction)
    loaded = load_source(source, chosen.source_problem, problem, values)
    chain = chain_from(loaded.problem, chosen)
    built = chain.build(loaded.source)
    given = read_parameters(parameters, built.target)
    result = built.evaluate(given)
    if not result.accepted:
        raise InputError(
            f"{parameters}: the parameters have loss {result.loss}, above the bound "
            f"{result.bound}: only a solution can be pulled"
        )
    witness = built.pull(given)
    write_text(output, loaded.problem.write_witness(loaded.source, witness))
    report_written(as_json, output, {"problem": loaded.problem.name}, "a checked witness")
