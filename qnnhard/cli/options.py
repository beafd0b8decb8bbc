"""Options that several verbs share, and what they stand for."""

import math
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.deadline import Deadline
    from qnnhard.verification.sources import NamedSource
    from reductions.chain import Chain

Verb = TypeVar("Verb", bound=Callable[..., Any])
Option = Callable[[Any], Any]


def together(*options: Option) -> Option:
    """Return several options and arguments as one decorator, in the order of the help."""
    return lambda verb: reduce(lambda made, option: option(made), reversed(options), verb)


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


def _writable(_context: click.Context, _parameter: click.Parameter, path: str | None) -> str | None:
    """Refuse a file that could not be written, before any work is done for it."""
    from instances.files import STANDARD, require_writable

    if path in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        return STANDARD
    if path is not None:
        require_writable(path)
    return path


def output_file(*names: str, **attributes: Any) -> Callable[[Verb], Verb]:
    """Return an option for a file that is to be written, which is tried beforehand."""
    return click.option(*names, metavar="FILE", callback=_writable, **attributes)


def output_folder(name: str, **attributes: Any) -> Callable[[Verb], Verb]:
    """Return an option for a folder to write to, made and tried where the user names it."""

    def usable(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
        from instances.files import require_folder

        source = context.get_parameter_source(parameter.name or "")
        if path is not None and source is not click.core.ParameterSource.DEFAULT:
            require_folder(path)
        return path

    return click.option(name, metavar="DIR", callback=usable, **attributes)


output = output_file("-o", "--output", default="-", help="Where to write; '-' is standard output.")
problem = click.option(
    "--problem", metavar="NAME", help="The source's problem, where the file does not tell."
)
MOST_SECONDS = 10**6
"""Longest time limit; the waiting functions of the system take no more than a few weeks."""


class _Seconds(click.FloatRange):
    """A time in seconds; what is not a number is none."""

    name = "seconds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is no number of seconds", param, ctx)
        return seconds


def _limited(
    context: click.Context, _parameter: click.Parameter, seconds: float | None
) -> "Deadline":
    """Return the deadline, and have the verb end with it; its error is that of a limit."""
    from instances.deadline import Deadline
    from qnnhard.cli.limit import end_in_time

    deadline = Deadline(seconds)
    code = end_in_time(deadline, context)
    if code is not None:
        context.exit(code)
    return deadline


def seconds_option(*names: str, words: str, **attributes: Any) -> Callable[[Verb], Verb]:
    """Return the option ``--timeout``, whose value is a finite time or ``None``."""
    seconds = _Seconds(0, MOST_SECONDS)
    return click.option("--timeout", *names, type=seconds, metavar="S", help=words, **attributes)


def time_limit(words: str = "Time limit in seconds.", **attributes: Any) -> Callable[[Verb], Verb]:
    """Return the option ``--timeout`` of a verb that ends with an error at its `deadline`."""
    return seconds_option("deadline", words=words, callback=_limited, **attributes)


timeout = time_limit()
timeout_of_all = time_limit(expose_value=False)
"""The same for verbs whose steps ask for no deadline."""

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


result_file = together(output, memory, as_json)
"""The options of a verb that writes one file and reports it; see `report_written`."""

of_source = together(click.argument("reduction"), click.argument("source"))
with_source = together(settings, problem, timeout_of_all, result_file)
"""The arguments and options of a verb that carries something across a reduction."""


def load_chain(
    reduction: str, source: str, problem: str | None, values: "Mapping[str, str]"
) -> "tuple[NamedSource, Chain]":
    """Return what `of_source` and `with_source` name: a source, and its chain to training."""
    from qnnhard.verification.sources import chain_from, load_source
    from reductions.registry import get_reduction

    chosen = get_reduction(reduction)
    loaded = load_source(source, chosen.source_problem, problem, values)
    return loaded, chain_from(loaded.problem, chosen)
