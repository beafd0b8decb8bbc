"""The command line: finds the verb, and turns errors into one line and an exit code."""

import io
import sys
from importlib import import_module

import click

from instances.errors import QnnhardError
from instances.text.values import visible, visible_lines
from qnnhard import __version__
from qnnhard.cli.limit import leave, speak
from qnnhard.cli.progress import progress_bars
from qnnhard.cli.streams import silence, to_stderr

VERBS = {
    "list": "List reductions, bridges, problems, families and backends.",
    "show": "Show a reduction: statement, construction, claims, example.",
    "source": "Generate a source instance of a problem.",
    "generate": "Build the training instance of a source.",
    "family": "Generate a training instance of a family, such as a ladder.",
    "solve": "Decide a training instance (exit 10 yes, 20 no, 0 unknown).",
    "check": "Evaluate parameters on a training instance.",
    "map": "Show the complexity map, or where an instance lies on it.",
    "measure": "Print the structural parameters of a training instance.",
    "sparsify": "Set weights to 0 without changing a value on the data.",
    "push": "Turn a witness of a source into parameters.",
    "pull": "Turn parameters into a witness of a source.",
    "verify": "Check that reductions preserve answers in both directions.",
    "recheck": "Check a bundle of verified answers again, without a solver.",
    "new": "Write a file with a reduction or problem of your own to begin with.",
    "continuous": "Turn a training instance into one over the reals.",
    "growth": "Print the bit lengths of a straight-line program's values.",
    "export": "Write a training instance in the format of other solvers.",
    "decode": "Turn an external solver's output into parameters.",
    "schema": "Print the JSON Schema of the file formats.",
}

MOST_DIGITS = 100_000
"""Longest numbers that are read and printed; conversion takes quadratic time."""


class _Verbs(click.Group):
    """A group that imports a verb's module only when the verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"qnnhard.cli.verbs.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in VERBS and not args[0].startswith("-"):
            from instances.text.values import unknown

            raise click.UsageError(unknown("verb", args[0], VERBS), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.command(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Files may be '-' for standard input or output; names ending in .gz are compressed.",
)
@click.version_option(__version__, "-V", "--version", prog_name="qnnhard")
def cli() -> None:
    """Workbench for the hardness of training quantized neural networks."""


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; no bad input causes a traceback."""
    sys.set_int_max_str_digits(MOST_DIGITS)
    try:
        with progress_bars():
            result = cli.main(arguments, prog_name="qnnhard", standalone_mode=False)
        sys.stdout.flush()
        return leave(int(result or 0))
    except click.ClickException as error:
        return _failed(error)
    except QnnhardError as error:
        return _ended(str(error), 1)
    except (click.Abort, KeyboardInterrupt):
        return _ended("interrupted", 130)
    except Exception as error:
        return _unforeseen(error)


def _unforeseen(error: Exception) -> int:
    """Say what the system or a user's file did, and return the code; raise a defect again."""
    from instances.errors import in_one_line
    from instances.memory import OUT_OF_MEMORY, is_exhaustion

    if is_exhaustion(error):
        return _ended(OUT_OF_MEMORY, 1)
    # What loads a user's file is imported by then, or there is none.
    plugins = sys.modules.get("reductions.plugins")
    place = plugins and plugins.users_place(error)
    if place:
        return _ended(f"{place}: {in_one_line(error)}", 1)
    if not isinstance(error, OSError):
        raise error
    # Output went nowhere: the reader is gone, or the device is full. What is still buffered
    # must not make the interpreter complain at shutdown.
    silence(sys.stdout.fileno())
    gone = isinstance(error, BrokenPipeError)
    return leave(1) if gone else _ended(f"standard output: {error.strerror}", 1)


def _ended(reason: str, code: int) -> int:
    """Say in a line why a command ended without its result, and return its exit code."""
    speak()
    to_stderr(visible(f"qnnhard: {' '.join(reason.split())}"))
    return leave(code)


def _failed(error: click.ClickException) -> int:
    """Say what is wrong with the command line, and return the exit code."""
    speak()
    words = io.StringIO()
    error.show(words)
    to_stderr(visible_lines(words.getvalue().rstrip("\n")))
    return leave(error.exit_code)
