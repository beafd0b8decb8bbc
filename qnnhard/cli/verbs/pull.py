"""``qnnhard pull REDUCTION SOURCE PARAMETERS``."""

from typing import Any

import click

from qnnhard.cli.options import load_chain, of_source, with_source
from qnnhard.cli.output import refuse_mixed_output, report_written


@click.command(
    "pull", epilog="Example: qnnhard pull two-inputs f.cnf parameters.json -o witness.json"
)
@of_source
@click.argument("parameters")
@with_source
def command(parameters: str, output: str, as_json: bool, **given: Any) -> None:
    """Turn parameters that solve the training instance of SOURCE into a witness of SOURCE.

    The parameters are evaluated first, and the witness is checked before it is written.
    """
    from instances.errors import InputError
    from instances.files import write_text
    from instances.training.files import read_parameters

    refuse_mixed_output(as_json, output, given["source"], parameters)
    loaded, chain = load_chain(**given)
    built = chain.build(loaded.source)
    found = read_parameters(parameters, built.target)
    result = built.evaluate(found)
    if not result.accepted:
        raise InputError(
            f"{parameters}: the parameters have loss {result.loss}, above the bound "
            f"{result.bound}: only a solution can be pulled"
        )
    witness = built.pull(found)
    write_text(output, loaded.problem.write_witness(loaded.source, witness))
    report_written(as_json, output, {"problem": loaded.problem.name}, "a checked witness")
