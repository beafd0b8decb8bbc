"""``qnnhard push REDUCTION SOURCE WITNESS``."""

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
    "push", epilog="Example: qnnhard push two-inputs f.cnf witness.json -o parameters.json"
)
@click.argument("reduction")
@click.argument("source")
@click.argument("witness")
@settings
@problem
@timeout_of_all
@output
@memory
@as_json
def command(
    reduction: str,
    source: str,
    witness: str,
    values: dict[str, str],
    problem: str | None,
    output: str,
    as_json: bool,
) -> None:
    """Turn a witness of SOURCE into parameters of its training instance.

    The witness is checked first, and the parameters are evaluated before they are written.
    """
    from instances.errors import InputError
    from instances.files import read_text
    from instances.training.files import write_parameters
    from qnnhard.verification.sources import chain_from, load_source
    from reductions.registry import get_reduction

    refuse_mixed_output(as_json, output, source, witness)
    chosen = get_reduction(reduction)
    loaded = load_source(source, chosen.source_problem, problem, values)
    chain = chain_from(loaded.problem, chosen)
    try:
        found = loaded.problem.parse_witness(loaded.source, read_text(witness))
    except InputError as error:
        raise InputError(f"{witness}: {error}") from error
    built = chain.build(loaded.source)
    parameters = built.push(found)
    result = built.evaluate(parameters)
    if not result.accepted:
        raise InputError(
            f"{chosen.name}: push made parameters of loss {result.loss}, above the bound "
            f"{result.bound}: the reduction is at fault"
        )
    write_parameters(output, built.target, parameters)
    report_written(as_json, output, {"loss": int(result.loss)}, f"parameters of loss {result.loss}")
