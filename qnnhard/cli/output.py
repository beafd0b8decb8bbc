"""What verbs print: results on standard output, words for people on standard error."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from instances.text.values import visible, visible_lines
from qnnhard.cli.limit import speak
from qnnhard.cli.streams import to_stderr

if TYPE_CHECKING:
    from instances.continuous.instance import ContinuousInstance
    from instances.training.instance import TrainingInstance


def print_json(value: Any) -> None:
    """Print one JSON document on standard output, with all that is not printable ASCII escaped."""
    import json

    say(json.dumps(value, indent=2).replace("\x7f", "\\u007f"))


def say(text: str = "", err: bool = False) -> None:
    """Print a result, on standard output unless `err`; what does not print is escaped."""
    speak()
    if err:
        note(text)
    else:
        click.echo(visible_lines(text))


def note(text: str) -> None:
    """Print a line for people, on standard error."""
    sys.stdout.flush()
    to_stderr(visible_lines(text))


def report_written(as_json: bool, output: str, summary: dict[str, Any], text: str) -> None:
    """Say what was written: as JSON, or as a line on standard error."""
    if as_json:
        print_json({"output": output, **summary})
    elif output != "-":
        note(f"{output}: {text}")


def report_instance(
    as_json: bool,
    output: str,
    instance: "TrainingInstance | ContinuousInstance",
    words: str = "",
    **measures: Any,
) -> None:
    """Say which training instance was written; `words` and `measures` are more about it."""
    network = instance.network
    sizes = {"neurons": network.size, "edges": network.edges, "points": instance.points}
    identity = {"instance": instance.fingerprint, "origin": dict(instance.origin)}
    text = f"{network.size} neurons, {network.edges} edges, {instance.points} data points{words}"
    report_written(as_json, output, sizes | measures | identity, text)


def refuse_mixed_output(as_json: bool, output: str | None, *inputs: str | None) -> None:
    """Raise a usage error where the result would share its place with anything else.

    That is standard output, where the summary is printed, or the file of an input.
    """
    import os

    if as_json and output == "-":
        raise click.UsageError("--json prints the summary on standard output; give a FILE")
    for path in inputs:
        if output not in (None, "-") and path not in (None, "-"):
            assert output is not None
            assert path is not None
            if os.path.exists(output) and os.path.exists(path) and os.path.samefile(output, path):
                raise click.UsageError(f"'{output}' is an input of this command; give another -o")


def command_line() -> str:
    """Return the command as it was typed, for the headers of files."""
    import shlex

    return visible(shlex.join(["qnnhard", *sys.argv[1:]]))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on standard output; lines are folded only where a terminal limits them."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    speak()
    table = Table(
        title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    width = None if sys.stdout.isatty() else 200
    Console(highlight=False, soft_wrap=False, width=width).print(table)
