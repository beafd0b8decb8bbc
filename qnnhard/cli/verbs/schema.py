"""``qnnhard schema``."""

import click

from qnnhard.cli.output import print_json


@click.command("schema", epilog="Example: qnnhard schema > qnnhard.schema.json")
def command() -> None:
    """Print the JSON Schema of training instances, continuous ones and parameters."""
    from instances.training.schema import json_schema

    print_json(json_schema())
