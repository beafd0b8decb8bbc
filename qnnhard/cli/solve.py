"""``qnnhard solve INSTANCE``."""

import sys
import time
from typing import TYPE_CHECKING

import click

from qnnhard.cli.minimizing import minimize, refuse_ignored
from qnnhard.cli.options import as_json, note, print_json, timeout

if TYPE_CHECKING:
    from instances.deadline import Deadline
    from instances.training.instance import TrainingInstance
    from qnnhard.solvers.answer import Backend


@click.command(
    "solve",
    epilog="Example: qnnhard solve instance.json --proof proof.drat -o parameters.json",
)
@click.argument("instance")
@click.option("--backend", "name", default="auto", show_default=True, help="See `qnnhard list`.")
@click.option(
    "--external",
    metavar="COMMAND",
    help="Run a SAT solver binary, such as 'kissat {cnf}', instead of a backend.",
)
@timeout
@click.option("--proof", metavar="FILE", help="Write and check a DRAT proof of a NO.")
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
@click.option(
    "--memory",
    type=click.IntRange(min=1),
    metavar="MIB",
    help="Memory budget of tables [default: 1024], or of each child of the portfolio.",
)
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
@click.option("-o", "--output", metavar="FILE", help="Where to write the parameters of a YES.")
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
    from instances.training.files import read_instance, write_parameters
    from qnnhard.solvers.external import ExternalBackend
    from qnnhard.solvers.registry import backend
    from qnnhard.solvers.sat import SatBackend

    if external and (proof or jobs or seed is not None):
        raise click.UsageError("--proof, --jobs and --seed are not for external solvers")
    if as_json and output == "-":
        raise click.UsageError("--json and the parameters cannot share standard output")
    if certify and not proof:
        raise click.UsageError("--certify needs --proof FILE")
    if certify and (name not in ("auto", "sat") or jobs or (seed is not None and not least)):
        raise click.UsageError("--certify is for --backend sat alone")
    if least:
        refuse_ignored(name, external, memory, jobs, seed)
    chosen: Backend
    if external:
        chosen = ExternalBackend(external)
    elif certify or (least and name in ("auto", "sat")):
        chosen = SatBackend(proof, tables=not certify)
    else:
        given = {"proof": proof, "memory": memory and memory << 20, "jobs": jobs, "seed": seed}
        chosen = backend(name, **given)
    begin, deadline = time.perf_counter(), Deadline(timeout)
    loaded = read_instance(instance)
    chosen = _prepared(chosen, loaded, decomposition)
    if explain:
        _explain(loaded, deadline)
    if least:
        return minimize(loaded, chosen, proof, seed or 0, deadline, output, as_json)
    answer = chosen.solve(loaded, deadline)
    seconds = time.perf_counter() - begin
    if answer.parameters is not None and output is not None:
        write_parameters(output, loaded, answer.parameters)
    if as_json:
        print_json(
            {
                "answer": str(answer.verdict),
                "how": str(answer.how),
                "detail": answer.detail,
                "seconds": round(seconds, 6),
                "sizes": answer.sizes,
                "parameters": output if answer.parameters is not None else None,
            }
        )
    else:
        text = f"{str(answer.verdict).upper()}: {answer.how.explanation}"
        line = f"{text} ({answer.detail})" if answer.detail else text
        click.echo(line, file=sys.stderr if output == "-" else sys.stdout)
        sizes = "".join(f", {value} {key}" for key, value in answer.sizes.items())
        note(f"{seconds:.2f} s{sizes}")
    return answer.verdict.value


def _prepared(
    chosen: "Backend", loaded: "TrainingInstance", decomposition: str | None
) -> "Backend":
    """Return the backend with what depends on the instance, and with a voice."""
    from dataclasses import replace

    from instances.errors import InputError
    from instances.training.pace import read_elimination_order
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
