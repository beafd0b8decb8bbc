"""``qnnhard solve INSTANCE``."""

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from qnnhard.cli.limit import end_in_time, speak
from qnnhard.cli.options import as_json, memory_option, output_file, seconds_option
from qnnhard.cli.output import note, print_json, refuse_mixed_output, say
from qnnhard.cli.streams import silence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.deadline import Deadline
    from instances.files import Stamp
    from instances.training.instance import TrainingInstance
    from qnnhard.methods.answer import Answer


@click.command(
    "solve", epilog="Example: qnnhard solve instance.json --proof proof.drat -o parameters.json"
)
@click.argument("instance")
@click.option("--backend", "using", show_default="auto", help="See `qnnhard list`.")
@click.option(
    "--external",
    metavar="COMMAND",
    help="Run a SAT solver binary, such as 'kissat {cnf} {proof}', instead of a backend.",
)
@seconds_option(words="Time limit in seconds.")
@output_file("--proof", help="Write and check a DRAT proof of a NO; without one there is no file.")
@click.option(
    "--certify", is_flag=True, help="Make --proof refute the plain encoding, without tables."
)
@click.option("--explain", is_flag=True, help="Say how SAT encodes the neurons, and which.")
@click.option(
    "--minimize",
    is_flag=True,
    help="Find the least loss, whatever the bound; with --proof, that none is smaller.",
)
@memory_option(exposed=True, more="; tables keep to it in advance, to 1024 by default")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Members of the portfolio that run at once.  [default: 1]",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Seed of the portfolio, of local search and of --minimize.  [default: 0]",
)
@click.option(
    "--decomposition",
    metavar="FILE",
    help="A tree decomposition for treewidth, in PACE's .td format (see `export --to gr`).",
)
@output_file(
    "-o", "--output", help="Where to write the parameters of a YES; without one there is no file."
)
@as_json
def command(
    instance: str,
    timeout: float | None,
    explain: bool,
    memory: int | None,
    output: str | None,
    as_json: bool,
    **asked: Any,
) -> int:
    """Decide whether the parameters of INSTANCE can be chosen with loss within the bound.

    Exits 10 for yes, 20 for no and 0 for unknown. A yes is printed only after the exact
    evaluator accepted the parameters; a no says how it is known.
    """
    from instances.deadline import Deadline
    from instances.errors import LimitReached
    from instances.files import stamp
    from instances.memory import OUT_OF_MEMORY
    from instances.training.files import read_instance
    from qnnhard.methods.answer import unknown
    from qnnhard.methods.request import OptionsClash, Request

    proof = asked["proof"]
    refuse_mixed_output(as_json, output, instance, asked["decomposition"])
    refuse_mixed_output(as_json, proof, instance, asked["decomposition"], output)
    try:
        request = Request(memory=memory and memory << 20, **asked)
    except OptionsClash as error:
        raise click.UsageError(str(error)) from error
    begin, deadline = time.perf_counter(), Deadline(timeout)
    loaded, older = None, proof and stamp(proof)
    try:
        code = end_in_time(deadline, click.get_current_context())
        if code is not None:
            return code
        loaded = read_instance(instance)
        if explain:
            _explain(loaded, deadline)
        answer = request.answer(loaded, deadline, announce=note)
    except LimitReached:
        answer = unknown(deadline.limit)
    except MemoryError:
        answer = unknown(OUT_OF_MEMORY)
    seconds = time.perf_counter() - begin
    speak()
    failures = [*filter(None, [answer.lost]), *_keep(answer, loaded, output, proof, older)]
    kept = None if answer.parameters is None or failures else output
    if as_json:
        print_json(_as_json(answer, loaded, seconds) | {"parameters": kept})
    else:
        say(str(answer), err=output == "-")
        sizes = "".join(f", {value} {key}" for key, value in answer.sizes.items())
        note(f"{seconds:.2f} s{sizes}")
    for failure in failures:
        note(f"qnnhard: {failure}")
    return 1 if failures else answer.verdict.value


def _as_json(
    answer: "Answer", instance: "TrainingInstance | None", seconds: float
) -> dict[str, Any]:
    """Return the machine-readable form of an answer, or of a least loss."""
    from instances.text.numbers import format_number

    if answer.lower is None or instance is None:
        return {
            "answer": str(answer.verdict),
            "how": str(answer.how),
            "detail": answer.detail,
            "seconds": round(seconds, 6),
            "sizes": answer.sizes,
        }
    return {
        "least_loss": None if answer.least is None else format_number(answer.least),
        "best_loss": None if answer.loss is None else format_number(answer.loss),
        "lower_bound": format_number(answer.lower),
        "bound": format_number(instance.bound),
        "optimality": str(answer.how),
        "detail": answer.detail,
        "sizes": answer.sizes,
    }


def _keep(
    answer: "Answer",
    instance: "TrainingInstance | None",
    output: str | None,
    proof: str | None,
    older: "Stamp | str | None",
) -> "Iterator[str]":
    """Write the parameters, remove what an earlier run left, and yield what went wrong.

    The verdict is worth more than its files: it is printed whatever happens to them.
    """
    from instances.errors import InputError
    from instances.files import discard, stamp
    from instances.training.files import write_parameters
    from qnnhard.verdict import Verdict

    refuted = answer.verdict is Verdict.NO or answer.least is not None
    try:
        if output is not None and instance is not None and answer.parameters is not None:
            write_parameters(output, instance, answer.parameters)
        elif output is not None:
            discard(output)
        if proof is not None and (not refuted or stamp(proof) == older):
            discard(proof)
    except InputError as error:
        yield str(error)
    except OSError as error:
        silence(sys.stdout.fileno())
        yield f"standard output: {error.strerror}"


def _explain(loaded: "TrainingInstance", deadline: "Deadline") -> None:
    """Print what the tables do; an instance that they are not made for has none."""
    from qnnhard.encoding.encode import TABLES, encode
    from qnnhard.encoding.explanation import explain

    explanation = explain(encode(loaded, deadline, TABLES))
    if explanation is None:
        note("tables: none; the bound, the data or the numbers leave nothing to tabulate")
        return
    for line in explanation.lines(loaded.network.names):
        note(line)
