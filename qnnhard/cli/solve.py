"""``qnnhard solve INSTANCE``."""

import sys
import time
from typing import TYPE_CHECKING

import click

from qnnhard.cli.limit import end_in_time, speak
from qnnhard.cli.minimizing import minimize, refuse_ignored
from qnnhard.cli.options import (
    as_json,
    memory_option,
    note,
    output_file,
    print_json,
    refuse_mixed_output,
    say,
    seconds_option,
)
from qnnhard.cli.streams import silence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.deadline import Deadline
    from instances.files import Stamp
    from instances.training.instance import TrainingInstance
    from qnnhard.solvers.answer import Answer, Backend

_NOT_EXTERNAL = ("name", "proof", "certify", "least", "jobs", "seed", "decomposition")
"""The parameters that say nothing to an external solver."""


@click.command(
    "solve",
    epilog="Example: qnnhard solve instance.json --proof proof.drat -o parameters.json",
)
@click.argument("instance")
@click.option("--backend", "name", default="auto", show_default=True, help="See `qnnhard list`.")
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
    "least",
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
    name: str,
    external: str | None,
    timeout: float | None,
    proof: str | None,
    certify: bool,
    explain: bool,
    least: bool,
    memory: int | None,
    jobs: int | None,
    seed: int | None,
    decomposition: str | None,
    output: str | None,
    as_json: bool,
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
    from qnnhard.solvers.answer import Answer, How, Verdict
    from qnnhard.solvers.boundary import ask

    refuse_mixed_output(as_json, output, instance, decomposition)
    refuse_mixed_output(as_json, proof, instance, decomposition, output)
    chosen = _choose(name, external, proof, certify, least, memory, jobs, seed)
    begin, deadline = time.perf_counter(), Deadline(timeout)
    loaded, older = None, proof and stamp(proof)
    try:
        code = end_in_time(deadline, click.get_current_context())
        if code is not None:
            return code
        loaded = read_instance(instance)
        chosen = _prepared(chosen, loaded, decomposition)
        if explain:
            _explain(loaded, deadline)
        if least:
            return minimize(loaded, chosen, proof, older, seed or 0, deadline, output, as_json)
        answer: Answer = ask(chosen, loaded, deadline)
    except LimitReached:
        answer = Answer(Verdict.UNKNOWN, How.LIMIT, detail=deadline.limit)
    except MemoryError:
        answer = Answer(Verdict.UNKNOWN, How.LIMIT, detail=OUT_OF_MEMORY)
    seconds = time.perf_counter() - begin
    speak()
    failures = [*filter(None, [answer.lost]), *_keep(answer, loaded, output, proof, older)]
    if as_json:
        print_json(
            {
                "answer": str(answer.verdict),
                "how": str(answer.how),
                "detail": answer.detail,
                "seconds": round(seconds, 6),
                "sizes": answer.sizes,
                "parameters": None if answer.parameters is None or failures else output,
            }
        )
    else:
        text = f"{str(answer.verdict).upper()}: {answer.how.explanation}"
        line = f"{text} ({answer.detail})" if answer.detail else text
        say(line, err=output == "-")
        sizes = "".join(f", {value} {key}" for key, value in answer.sizes.items())
        note(f"{seconds:.2f} s{sizes}")
    for failure in failures:
        note(f"qnnhard: {failure}")
    return 1 if failures else answer.verdict.value


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
    from qnnhard.solvers.answer import Verdict

    try:
        if output is not None and instance is not None and answer.parameters is not None:
            write_parameters(output, instance, answer.parameters)
        elif output is not None:
            discard(output)
        if proof is not None and (answer.verdict is not Verdict.NO or stamp(proof) == older):
            discard(proof)
    except InputError as error:
        yield str(error)
    except OSError as error:
        silence(sys.stdout.fileno())
        yield f"standard output: {error.strerror}"


def _choose(
    name: str,
    external: str | None,
    proof: str | None,
    certify: bool,
    least: bool,
    memory: int | None,
    jobs: int | None,
    seed: int | None,
) -> "Backend":
    """Return the backend that the options ask for; a usage error for those that do not fit it."""
    from qnnhard.solvers.external import ExternalBackend
    from qnnhard.solvers.registry import backend
    from qnnhard.solvers.sat import SatBackend

    if external:
        _refuse_ignored()
        return ExternalBackend(external)
    if certify and not proof:
        raise click.UsageError("--certify needs --proof FILE")
    if certify and (name not in ("auto", "sat") or jobs or (seed is not None and not least)):
        raise click.UsageError("--certify is for --backend sat alone")
    if least:
        refuse_ignored(name, jobs, seed)
    if certify or (least and name in ("auto", "sat")):
        return SatBackend(proof, tables=not certify)
    given = {"proof": proof, "memory": memory and memory << 20, "jobs": jobs, "seed": seed}
    return backend(name, **given)


def _refuse_ignored() -> None:
    """Raise a usage error for options that an external solver would not follow."""
    from click.core import ParameterSource

    context = click.get_current_context()
    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name in _NOT_EXTERNAL
        and context.get_parameter_source(parameter.name) is not ParameterSource.DEFAULT
    ]
    if given:
        raise click.UsageError(f"--external takes no {' and no '.join(given)}")


def _prepared(
    chosen: "Backend", loaded: "TrainingInstance", decomposition: str | None
) -> "Backend":
    """Return the backend with what depends on the instance, and with a voice."""
    from dataclasses import replace

    from instances.errors import InputError
    from instances.training.neuron_graph import read_elimination_order
    from qnnhard.solvers.auto import AutoBackend
    from qnnhard.solvers.treewidth import TreewidthBackend

    if isinstance(chosen, AutoBackend):
        chosen = replace(chosen, announce=note)
    if decomposition is None:
        return chosen
    if not isinstance(chosen, TreewidthBackend):
        raise InputError("--decomposition needs --backend treewidth")
    order = read_elimination_order(decomposition, loaded.network)
    return replace(chosen, order=order.tolist())


def _explain(loaded: "TrainingInstance", deadline: "Deadline") -> None:
    """Print what the tables do; an instance that they are not made for has none."""
    from qnnhard.encoding.encode import encode

    explanation = encode(loaded, deadline, tables=True).explanation
    if explanation is None:
        note("tables: none; the bound, the data or the numbers leave nothing to tabulate")
        return
    for line in explanation.lines(loaded.network.names):
        note(line)
