"""``qnnhard measure INSTANCE``."""

from typing import TYPE_CHECKING, Any

import click

from qnnhard.cli.options import as_json, memory, time_limit
from qnnhard.cli.output import print_json, say

if TYPE_CHECKING:
    from instances.deadline import Deadline
    from instances.training.network import Network

_EXPLAINED = {
    "alpha": "input neurons",
    "omega": "output neurons",
    "bound": "largest accepted loss",
    "points": "data points, with multiplicity",
    "distinct_inputs": "distinct inputs p",
    "depth": "hidden layers: longest input-output path minus one",
    "width": "largest hidden layer by longest-path level",
    "hidden": "hidden neurons",
    "edges": "edges",
    "parameters": "weights and biases with a choice",
    "d": "quantization levels, for d-QNNT",
    "max_in_degree": "largest in-degree",
    "max_out_degree": "largest out-degree",
    "input_out_degree": "largest out-degree of an input",
    "hidden_in_degree": "largest in-degree of a hidden neuron",
    "hidden_out_degree": "largest out-degree of a hidden neuron",
    "output_in_degree": "largest in-degree of an output",
}


EACH = 60.0
"""Seconds for each exact treewidth where there is no limit."""


@click.command("measure", epilog="Example: qnnhard measure instance.json --json")
@click.argument("instance")
@click.option(
    "--restarts",
    type=click.IntRange(min=0),
    default=8,
    show_default=True,
    help="Min-fill orders tried for the treewidth; 0 leaves it out.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Seed of the restarts.")
@click.option("--exact", is_flag=True, help="Compute treewidths exactly, or as far as time allows.")
@time_limit(
    "Time limit in seconds, after which the treewidths of --exact are intervals.  "
    "[default: none, and 60 s for each treewidth]"
)
@memory
@as_json
def command(
    instance: str, restarts: int, seed: int, exact: bool, deadline: "Deadline", as_json: bool
) -> None:
    """Print the structural parameters of INSTANCE.

    The treewidth is that of the undirected network. With --exact there is also the effective
    treewidth: inputs, and edges that leave outputs, removed.
    """
    from instances.progress import stage
    from instances.text.numbers import format_number
    from instances.training.files import read_instance
    from instances.training.measures import measure

    loaded = read_instance(instance)
    with stage("measuring"):
        values: dict[str, Any] = {
            name: None if value is None else format_number(value)
            for name, value in measure(loaded).items()
        }
    with stage("treewidth"):
        if exact:
            found = _exact(loaded.network, deadline)
        else:
            found = {"treewidth": _heuristic(loaded.network, restarts, seed)}
    if as_json:
        widths = {name: bounds for name, (bounds, _) in found.items()}
        print_json(values | widths)
        return
    width = max(map(len, [*values, *found]))
    for name, value in values.items():
        shown = "none" if value is None else value
        say(f"{name:{width}}  {shown!s:>10}  {_EXPLAINED[name]}")
    for name, (bounds, reason) in found.items():
        if reason:
            say(f"{name:{width}}  {_shown(bounds):>10}  {reason}")


Bounds = dict[str, int | bool]


def _shown(bounds: Bounds | None) -> str:
    if bounds is None:
        return "unknown"
    if bounds["exact"]:
        return f"= {bounds['upper_bound']}"
    least = bounds.get("lower_bound")
    return f"<= {bounds['upper_bound']}" if least is None else f"{least}..{bounds['upper_bound']}"


def _heuristic(network: "Network", restarts: int, seed: int) -> tuple[Bounds | None, str]:
    """Return an upper bound, if there is one, and words about it, if it was asked for."""
    from instances.graphs.treewidth import CORE_LIMIT, treewidth_bound
    from instances.training.neuron_graph import underlying_graph

    if not restarts:
        return None, ""
    bound = treewidth_bound(underlying_graph(network).graph, restarts, seed)
    if bound is None:
        return None, f"not computed: more than {CORE_LIMIT} neurons of degree 2 and up"
    reason = "exact" if bound.exact else f"upper bound from {restarts} min-fill orders"
    return {"upper_bound": bound.upper, "exact": bound.exact}, reason


def _exact(network: "Network", deadline: "Deadline") -> dict[str, tuple[Bounds | None, str]]:
    """Return bounds and words about them for the treewidth and the effective treewidth."""
    from instances.deadline import Deadline
    from instances.graphs.exact import treewidth
    from instances.training.neuron_graph import effective_graph, underlying_graph

    found: dict[str, tuple[Bounds | None, str]] = {}
    effective = effective_graph(network), "; without inputs and edges of outputs", 1.0
    graphs = {"treewidth": (underlying_graph(network), "", 0.5), "effective_treewidth": effective}
    for name, (graph, what, share) in graphs.items():
        seconds = EACH if deadline.seconds is None else share * deadline.remaining
        known = treewidth(graph.graph, Deadline(seconds))
        words = "exact" if known.exact else "interval: too large, or out of time"
        bounds: Bounds = {
            "lower_bound": known.lower,
            "upper_bound": known.upper,
            "exact": known.exact,
        }
        found[name] = bounds, words + what
    return found
