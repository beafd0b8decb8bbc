"""``qnnhard export INSTANCE``."""

import click

from qnnhard.cli.options import result_file, timeout_of_all
from qnnhard.cli.output import command_line, refuse_mixed_output, report_written


@click.command("export", epilog="Example: qnnhard export instance.json --to cnf -o f.cnf")
@click.argument("instance")
@click.option("--to", "name", default="cnf", show_default=True, help="The format.")
@click.option("--names/--no-names", default=True, help="Write a name for every variable.")
@timeout_of_all
@result_file
def command(instance: str, name: str, names: bool, output: str, as_json: bool) -> None:
    """Write INSTANCE in the format of other solvers.

    The same command on the same instance gives the same bytes.
    """
    from instances.files import write_parts
    from instances.training.files import read_instance
    from qnnhard.export.cnf import ExportOptions
    from qnnhard.export.registry import FORMATS

    refuse_mixed_output(as_json, output, instance)
    chosen = FORMATS.get(name)
    options = ExportOptions(command=command_line(), names=names)
    size = write_parts(output, chosen.write(read_instance(instance), options))
    report_written(as_json, output, {"format": name, "bytes": size}, f"{size} bytes")
