"""``qnnhard sparsify INSTANCE PARAMETERS``."""

from typing import TYPE_CHECKING, Literal

import click

from qnnhard.cli.options import result_file, time_limit
from qnnhard.cli.output import note, print_json, refuse_mixed_output, report_written

if TYPE_CHECKING:
    from instances.deadline import Deadline

PROGRAMS = 60.0
"""Seconds for the integer programs where there is no limit."""


@click.command(
    "sparsify", epilog="Example: qnnhard sparsify instance.json parameters.json -o sparse.json"
)
@click.argument("instance")
@click.argument("parameters")
@click.option(
    "--method",
    type=click.Choice(["minimum", "steinitz"]),
    default="minimum",
    show_default=True,
    help="The fewest edges at every neuron, or few by the Steinitz lemma.",
)
@time_limit(
    "Time limit in seconds, of which the integer programs of the minimum take half; then the "
    "lemma takes over.  [default: none, and 60 s for the programs]"
)
@result_file
def command(
    instance: str,
    parameters: str,
    method: Literal["minimum", "steinitz"],
    deadline: "Deadline",
    output: str,
    as_json: bool,
) -> None:
    """Set weights to 0 so that every neuron of INSTANCE keeps its values on the data.

    Values are compared exactly, and the in-degree that is left with the bound of the Steinitz
    argument ([LD] Lemma 1), which --json gives for every neuron.
    """
    from collections import Counter
    from dataclasses import asdict

    from instances.deadline import Deadline
    from instances.training.files import read_instance, read_parameters, write_parameters
    from qnnhard.sparsify.sparsify import sparsify

    refuse_mixed_output(as_json, output, instance)
    loaded = read_instance(instance)
    before = read_parameters(parameters, loaded)
    seconds = PROGRAMS if deadline.seconds is None else deadline.remaining / 2
    limit = deadline if method == "steinitz" else Deadline(seconds)
    result = sparsify(loaded, before, method, limit)
    write_parameters(output, loaded, result.parameters)
    neurons = result.neurons
    edges = sum(n.before for n in neurons), sum(n.after for n in neurons)
    degree = max((n.before for n in neurons), default=0), max((n.after for n in neurons), default=0)
    names = loaded.network.names
    if as_json:
        print_json(
            {
                "output": output,
                "method": method,
                "edges": {"before": edges[0], "after": edges[1]},
                "max_in_degree": {"before": degree[0], "after": degree[1]},
                "neurons": [asdict(n) | {"neuron": names[n.neuron]} for n in neurons],
            }
        )
        return
    report_written(False, output, {}, f"{edges[0]} non-zero weights, now {edges[1]}")
    note("checked: every neuron has the same value on every data point")
    if neurons:
        largest = max(neurons, key=lambda n: (n.after, -n.bound))
        note(
            f"largest non-zero in-degree: {degree[0]}, now {degree[1]} "
            f"(neuron {names[largest.neuron]}: Steinitz bound {largest.bound})"
        )
        note(f"checked: all {len(neurons)} neurons with non-zero in-edges are within their bound")
    if method == "minimum":
        found = Counter(n.found for n in neurons)
        note(
            f"fewest edges: all choices tried at {found['enumerated']} neurons, the word of HiGHS "
            f"at {found['solver']}, not known at {found['bounded']}"
        )
