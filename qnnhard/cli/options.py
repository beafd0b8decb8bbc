"""Options and output helpers that several verbs share."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

Verb = TypeVar("Verb", bound=Callable[..., Any])


def _settings(
    _context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """Return ``k=v`` settings as a mapping."""
    values: dict[str, str] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"'{item}' is not of the form name=value")
        if name in values:
            raise click.BadParameter(f"'{name}' is given twice")
        values[name] = value
    return values


settings = click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_settings,
    help="A generator parameter, or a field of the source such as budget=3. Repeatable.",
)
seed = click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Seed of everything random.",
)
output = click.option(
    "-o", "--output", default="-", metavar="FILE", help="Where to write; '-' is standard output."
)
problem = click.option(
    "--problem", metavar="NAME", help="The source's problem, where the file does not tell."
)
timeout = click.option(
    "--timeout", type=click.FloatRange(min=0), metavar="S", help="Time limit in seconds."
)


LEAST_MEMORY = 64
"""Least budget in MiB, which the libraries alone may take."""


def _limit_memory(
    context: click.Context, _parameter: click.Parameter, mebibytes: int | None
) -> int | None:
    """Have the limit hold until the verb has ended."""
    from instances.memory import limited_memory

    context.with_resource(limited_memory(mebibytes and mebibytes << 20))
    return mebibytes


def memory_option(exposed: bool = False, more: str = "") -> Callable[[Verb], Verb]:
    """Return the option ``--memory``, which the verb is told only where `exposed`."""
    return click.option(
        "--memory",
        type=click.IntRange(min=LEAST_MEMORY),
        metavar="MIB",
        callback=_limit_memory,
        expose_value=exposed,
        help="Memory that the run, and each process that it starts, may take"
        f"{more}.  [default: 7/8 of what is free]",
    )


memory = memory_option()
as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print a machine-readable result on standard output."
)


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def note(text: str) -> None:
    """Print a line for people, on standard error."""
    sys.stdout.flush()
    click.echo(text, err=True)


def report_written(as_json: bool, output: str, summary: dict[str, Any], text: str) -> None:
    """Say what was written: as JSON, or as a line on standard error."""
    if as_json:
        print_json({"output": output, **summary})
    elif output != "-":
        note(f"{output}: {text}")


def refuse_mixed_output(as_json: bool, output: str) -> None:
    """Raise a usage error where result and summary would share standard output."""
    if as_json and output == "-":
        raise click.UsageError("--json prints the summary on standard output; give -o FILE")


def command_line() -> str:
    """Return the command as it was typed, for the headers of files."""
    import shlex

    return shlex.join(["qnnhard", *sys.argv[1:]])
