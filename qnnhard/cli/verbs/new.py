"""``qnnhard new reduction|problem NAME``."""

import click

from qnnhard.cli.options import as_json, memory, output_file, timeout_of_all
from qnnhard.cli.output import refuse_mixed_output, report_written


@click.command("new", epilog="Example: qnnhard new reduction my_idea --source 3-sat")
@click.argument("kind", metavar="reduction|problem", type=click.Choice(["reduction", "problem"]))
@click.argument("name")
@click.option(
    "--source",
    metavar="PROBLEM",
    help="The problem that the reduction starts from.  [default: subset-sum]",
)
@output_file("-o", "--output", help="Where to write, instead of NAME.py; '-' is standard output.")
@timeout_of_all
@memory
@as_json
def command(kind: str, name: str, source: str | None, output: str | None, as_json: bool) -> None:
    """Write a file NAME.py with a reduction, or a problem and a reduction from it, to begin with.

    It is true as it stands, and says what to replace. A file that is there is not overwritten.
    """
    from instances.files import write_new_text
    from qnnhard.starters.problem import problem_file
    from qnnhard.starters.reduction import DEFAULT_SOURCE, reduction_file

    refuse_mixed_output(as_json, output)
    if kind == "problem":
        if source is not None:
            raise click.UsageError("a new problem is its own source; leave out --source")
        text = problem_file(name)
    else:
        text = reduction_file(name, DEFAULT_SOURCE if source is None else source)
    path = f"{name}.py" if output is None else output
    write_new_text(path, text)
    following = f"qnnhard verify {_argument(path)} --random 200"
    summary = {"kind": kind, "next": following}
    report_written(as_json, path, summary, f"a {kind} to begin with; next: {following}")


def _argument(path: str) -> str:
    """Return how a file is given to a verb."""
    import shlex

    return shlex.quote(path if "/" in path else f"./{path}")
