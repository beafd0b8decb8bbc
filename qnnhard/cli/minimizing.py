"""``qnnhard solve --minimize``: print a least loss and how it is known."""

from typing import TYPE_CHECKING

import click

from qnnhard.cli.limit import speak
from qnnhard.cli.options import print_json, say

if TYPE_CHECKING:
    from instances.deadline import Deadline
    from instances.files import Stamp
    from instances.training.instance import TrainingInstance
    from qnnhard.solvers.answer import Backend


def refuse_ignored(name: str, jobs: int | None, seed: int | None) -> None:
    """Raise a usage error for options that no search for the least loss would read."""
    if name in ("auto", "sat"):
        if jobs:
            raise click.UsageError("--jobs is not for --minimize by SAT, which runs one search")
    elif seed is not None and name != "local-search":
        raise click.UsageError(f"--seed is not for --minimize with --backend {name}")


def minimize(
    loaded: "TrainingInstance",
    chosen: "Backend",
    proof: str | None,
    older: "Stamp | str | None",
    seed: int,
    deadline: "Deadline",
    output: str | None,
    as_json: bool,
) -> int:
    """Print the least loss; exit 10 if it is within the bound, 20 if not, 0 if it is unknown."""
    from instances.errors import InputError
    from instances.files import discard, stamp
    from instances.text.numbers import format_number
    from instances.training.files import write_parameters
    from qnnhard.solvers.dataset_dp import DatasetDpBackend
    from qnnhard.solvers.local_search import LocalSearchBackend
    from qnnhard.solvers.minimize import minimize as by_sat
    from qnnhard.solvers.sat import SatBackend
    from qnnhard.solvers.treewidth import TreewidthBackend

    if isinstance(chosen, DatasetDpBackend | LocalSearchBackend | TreewidthBackend):
        found = chosen.minimize(loaded, deadline)
    elif isinstance(chosen, SatBackend):
        found = by_sat(loaded, deadline, proof, seed, chosen.tables)
    else:
        raise InputError("--minimize needs --backend sat, treewidth, dataset-dp or local-search")
    speak()
    if found.parameters is not None and output is not None:
        write_parameters(output, loaded, found.parameters)
    elif output is not None:
        discard(output)
    if proof is not None and stamp(proof) == older:
        discard(proof)
    if as_json:
        print_json(
            {
                "least_loss": None if found.least is None else format_number(found.least),
                "best_loss": None if found.loss is None else format_number(found.loss),
                "lower_bound": format_number(found.lower_bound),
                "bound": format_number(loaded.bound),
                "optimality": str(found.how),
                "detail": found.detail,
                "sizes": found.sizes,
                "parameters": output if found.parameters is not None else None,
            }
        )
    else:
        say(str(found), err=output == "-")
    if found.least is None:
        return 0
    return 10 if found.least <= loaded.bound else 20
