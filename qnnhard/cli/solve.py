"""``qnnhard solve INSTANCE``."""

import sys
import time
from typing import TYPE_CHECKING

import click

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
@click.option("--backend", "name", default="sat", show_default=True, help="See `qnnhard list`.")
@click.option(
    "--external",
    metavar="COMMAND",
    help="Run a SAT solver binary, such as 'kissat {cnf}', instead of a backend.",
)
@timeout
@click.option("--proof", metavar="FILE", help="Write and check a DRAT proof of a NO.")
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
    help="Memory budget of dataset-dp's tables [default: 1024], or of each child of portfolio.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Members of portfolio that run at once.  [default: 1]",
)
@click.option(
    "--seed", type=click.IntRange(min=0), help="Seed of portfolio and local-search.  [default: 0]"
)
@click.option("-o", "--output", metavar="FILE", help="Where to write the parameters of a YES.")
@as_json
def command(
    instance: str,
    name: str,
    external: str | None,
    timeout: float | None,
    proof: str | None,
    least: bool,
    memory: int | None,
    jobs: int | None,
    seed: int | None,
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

    if external and proof:
        raise click.UsageError("--proof needs --backend sat; an external solver's is not read")
    if external and (jobs or seed is not None):
        raise click.UsageError("--jobs and --seed are for backends, not for external solvers")
    if as_json and output == "-":
        raise click.UsageError("--json and the parameters cannot share standard output")
    chosen = (
        ExternalBackend(external)
        if external
        else backend(name, proof, memory and memory << 20, jobs, seed)
    )
    begin, deadline = time.perf_counter(), Deadline(timeout)
    loaded = read_instance(instance)
    if least:
        return _minimize(loaded, chosen, proof, deadline, output, as_json)
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


def _minimize(
    loaded: "TrainingInstance",
    chosen: "Backend",
    proof: str | None,
    deadline: "Deadline",
    output: str | None,
    as_json: bool,
) -> int:
    """Print the least loss and how it is known; exit 10 if it is within the bound, 20 if not."""
    from instances.errors import InputError
    from instances.training.files import write_parameters
    from instances.training.numbers import format_number, show_number
    from qnnhard.solvers.dataset_dp import DatasetDpBackend
    from qnnhard.solvers.local_search import LocalSearchBackend
    from qnnhard.solvers.minimize import minimize
    from qnnhard.solvers.sat import SatBackend

    if isinstance(chosen, DatasetDpBackend | LocalSearchBackend):
        found = chosen.minimize(loaded, deadline)
    elif isinstance(chosen, SatBackend):
        found = minimize(loaded, deadline, proof)
    else:
        raise InputError("--minimize needs --backend sat, dataset-dp or local-search")
    if found.parameters is not None and output is not None:
        write_parameters(output, loaded, found.parameters)
    if as_json:
        print_json(
            {
                "least_loss": None if found.loss is None else format_number(found.loss),
                "bound": format_number(loaded.bound),
                "optimality": str(found.how),
                "detail": found.detail,
                "sizes": found.sizes,
                "parameters": output if found.parameters is not None else None,
            }
        )
    elif found.loss is None:
        click.echo(f"UNKNOWN: {found.detail}")
    else:
        text = f"least loss {show_number(found.loss)}: {found.how.explanation} ({found.detail})"
        click.echo(text, file=sys.stderr if output == "-" else sys.stdout)
    if found.loss is None:
        return 0
    return 10 if found.loss <= loaded.bound else 20
