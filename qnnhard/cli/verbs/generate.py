"""``qnnhard generate REDUCTION [SOURCE]``."""

from typing import Any

import click

from qnnhard.cli.options import problem, result_file, seed, settings, timeout
from qnnhard.cli.output import command_line, refuse_mixed_output, report_instance


@click.command("generate", epilog="Example: qnnhard generate two-inputs f.cnf -o instance.json")
@click.argument("reduction")
@click.argument("path", metavar="[SOURCE]", required=False)
@settings
@seed
@problem
@click.option(
    "--solve-source",
    is_flag=True,
    help="Solve the source as well and record the expected answer in the instance.",
)
@timeout
@result_file
def command(output: str, as_json: bool, **asked: Any) -> None:
    """Build the training instance of SOURCE, or of a generated source.

    A source of another problem passes through bridges. Without SOURCE the reduction's own
    source problem (or --problem) generates one from --set and --seed. The reduction
    `continuous` gives an instance over the reals.
    """
    from instances.continuous.files import write_continuous
    from instances.continuous.instance import ContinuousInstance
    from instances.training.files import write_instance
    from qnnhard.verification.building import build_instance

    refuse_mixed_output(as_json, output, asked["path"])
    instance = build_instance(command=command_line(), **asked)
    if isinstance(instance, ContinuousInstance):
        write_continuous(output, instance)
    else:
        write_instance(output, instance)
    report_instance(as_json, output, instance)
