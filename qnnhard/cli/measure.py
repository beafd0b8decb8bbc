"""``qnnhard measure INSTANCE``."""

from typing import Any

import click

from qnnhard.cli.options import as_json, print_json

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
@as_json
def command(instance: str, restarts: int, seed: int, as_json: bool) -> None:
    """Print the structural parameters of INSTANCE."""
    from instances.training.files import read_instance
    from instances.training.measures import measure
    from instances.training.numbers import format_number
    from instances.training.treewidth import CORE_LIMIT, treewidth_bound

    loaded = read_instance(instance)
    values: dict[str, Any] = {
        name: None if value is None else format_number(value)
        for name, value in measure(loaded).as_dict().items()
    }
    bound = treewidth_bound(loaded.network, restarts, seed) if restarts else None
    if as_json:
        values["treewidth"] = bound and {"upper_bound": bound.width, "exact": bound.exact}
        print_json(values)
        return
    width = max(map(len, values))
    for name, value in values.items():
        shown = "none" if value is None else value
        click.echo(f"{name:{width}}  {shown!s:>10}  {_EXPLAINED[name]}")
    if bound:
        relation = "=" if bound.exact else "<="
        reason = "exact" if bound.exact else f"upper bound from {restarts} min-fill orders"
        click.echo(f"{'treewidth':{width}}  {f'{relation} {bound.width}':>10}  {reason}")
    elif restarts:
        text = f"more than {CORE_LIMIT} neurons of degree 2 and up"
        click.echo(f"{'treewidth':{width}}  {'unknown':>10}  not computed: {text}")
