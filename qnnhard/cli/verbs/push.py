"""``qnnhard push REDUCTION SOURCE WITNESS``."""

from typing import Any

import click

from qnnhard.cli.options import load_chain, of_source, with_source
from qnnhard.cli.output import refuse_mixed_output, report_written


@click.command(
    "push", epilog="Example: qnnhard push two-inputs f.cnf witness.json -o parameters.json"
)
@of_source
@click.argument("witness")
@with_source
def command(witness: str, output: str, as_json: bool, **given: Any) -> None:
    """Turn a witness of SOURCE into parameters of its training instance.

    The witness is checked first, and the parameters are evaluated before they are written.
    """
    from instances.errors import InputError
    from instances.files import read_text
    from instances.training.files import write_parameters

    refuse_mixed_output(as_json, output, given["source"], witness)
    loaded, chain = load_chain(**given)
    try:
        found = loaded.problem.parse_witness(loaded.source, read_text(witness))
    except InputError as error:
        raise InputError(f"{witness}: {error}") from error
    built = chain.build(loaded.source)
    parameters = built.push(found)
    result = built.evaluate(parameters)
    if not result.accepted:
        raise InputError(
            f"{chain.last.name}: push made parameters of loss {result.loss}, above the bound "
            f"{result.bound}: the reduction is at fault"
        )
    write_parameters(output, built.target, parameters)
    report_written(as_json, output, {"loss": int(result.loss)}, f"parameters of loss {result.loss}")
