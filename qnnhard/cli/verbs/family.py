"""``qnnhard family NAME``."""

import click

from qnnhard.cli.options import result_file, seed, settings, timeout_of_all
from qnnhard.cli.output import command_line, print_json, refuse_mixed_output, report_instance
from qnnhard.cli.verbs.list import print_kind


@click.command(
    "family",
    epilog="Example: qnnhard family ladder --set size=1000 --set d=2 --seed 7 -o instance.json",
)
@click.argument("name", required=False)
@click.option("--list", "catalogue", is_flag=True, help="List the families and their parameters.")
@settings
@seed
@timeout_of_all
@result_file
def command(
    name: str | None, catalogue: bool, values: dict[str, str], seed: int, output: str, as_json: bool
) -> None:
    """Generate a training instance of the family NAME.

    Architectures of low treewidth with data of low dimension, fully connected networks, and
    small networks for labelled points of the plane.
    """
    if catalogue == (name is not None):
        raise click.UsageError("give the NAME of a family, or --list")
    if name is None:
        _list(as_json)
        return
    from dataclasses import replace

    from instances.families.registry import FAMILIES
    from instances.progress import stage
    from instances.training.files import write_instance
    from qnnhard import __version__

    refuse_mixed_output(as_json, output)
    with stage(f"generating {name}"):
        made = FAMILIES.get(name).generate(values, seed)
    made_by = {"version": __version__, "command": command_line()}
    instance = replace(made.instance, origin={**made_by, **made.instance.origin})
    write_instance(output, instance)
    width = made.treewidth
    words = "" if width is None else f", treewidth at most {width} without inputs"
    report_instance(as_json, output, instance, words, treewidth=width)


def _list(as_json: bool) -> None:
    """Print every family with its parameters and their defaults."""
    from instances.families.registry import FAMILIES

    entries = [
        {
            "name": family.name,
            "description": family.description,
            "parameters": {
                p.name: {"default": p.default, "help": p.help} for p in family.parameters
            },
        }
        for family in FAMILIES.all().values()
    ]
    if as_json:
        print_json(entries)
        return
    print_kind("families")
