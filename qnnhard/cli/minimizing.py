"""``qnnhard solve --minimize``: print a least loss and how it is known."""

from typing import TYPE_CHECKING

from qnnhard.cli.limit import speak
from qnnhard.cli.options import print_json, say

if TYPE_CHECKING:
    from instances.deadline import Deadline
    from instances.training.instance import TrainingInstance
    from qnnhard.solvers.answer import Backend


def minimize(
    loaded: "TrainingInstance",
    chosen: "Backend",
    proof: str | None,
    certify: bool,
    deadline: "Deadline",
    output: str | None,
    as_json: bool,
) -> int:
    """Print the least loss; exit 10 if it is within the bound, 20 if not, 0 if it is unknown."""
    from instances.errors import InputError
    from instances.training.files import write_parameters
    from instances.training.numbers import format_number, show_number
    from qnnhard.solvers import minimize as by_sat
    from qnnhard.solvers.answer import How
    from qnnhard.solvers.dataset_dp import DatasetDpBackend
    from qnnhard.solvers.local_search import LocalSearchBackend
    from qnnhard.solvers.sat import SatBackend
    from qnnhard.solvers.treewidth import TreewidthBackend

    if isinstance(chosen, DatasetDpBackend | LocalSearchBackend | TreewidthBackend):
        found = chosen.minimize(loaded, deadline)
    elif isinstance(chosen, SatBackend):
        found = by_sat.minimize(loaded, deadline, proof, tables=not certify)
    else:
        raise InputError("--minimize needs --backend sat, treewidth, dataset-dp or local-search")
    speak()
    if found.parameters is not None and output is not None:
        write_parameters(output, loaded, found.parameters)
    least = None if found.how is How.LIMIT else found.loss
    if as_json:
        print_json(
            {
                "least_loss": None if least is None else format_number(least),
                "bound": format_number(loaded.bound),
                "optimality": str(found.how),
                "detail": found.detail,
                "sizes": found.sizes,
                "parameters": output if found.parameters is not None else None,
            }
        )
    else:
        text = f"UNKNOWN: {found.detail}"
        if least is not None:
            text = f"least loss {show_number(least)}: {found.how.explanation} ({found.detail})"
        say(text, err=output == "-")
    if least is None:
        return 0
    return 10 if least <= loaded.bound else 20
