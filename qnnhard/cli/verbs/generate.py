"""``qnnhard generate REDUCTION [SOURCE]``."""

from typing import TYPE_CHECKING

import click

from qnnhard.cli.options import (
    as_json,
    command_line,
    memory,
    output,
    problem,
    refuse_mixed_output,
    report_written,
    seed,
    settings,
    timeout,
)

if TYPE_CHECKING:
    from instances.deadline import Deadline


@click.command("generate", epilog="Example: qnnhard generate two-inputs f.cnf -o instance.json")
@click.argument("reduction")
@click.argument("source", required=False)
@settings
@seed
@problem
@click.option(
    "--solve-source",
    is_flag=True,
    help="Solve the source as well and record the expected answer in the instance.",
)
@timeout
@output
@memory
@as_json
def command(
    reduction: str,
    source: str | None,
    values: dict[str, str],
    seed: int,
    problem: str | None,
    solve_source: bool,
    deadline: "Deadline",
    output: str,
    as_json: bool,
) -> None:
    """Build the training instance of SOURCE, or of a generated source.

    A source of another problem passes through bridges. Without SOURCE the reduction's own
    source problem (or --problem) generates one from --set and --seed. The reduction
    `continuous` gives an instance over the reals.
    """
    from instances.continuous.files import write_continuous
    from instances.continuous.instance import ContinuousInstance
    from instances.training.files import write_instance
    from qnnhard.verification.building import build_instance

    refuse_mixed_output(as_json, output, source)
    instance = build_instance(
        reduction, source, problem, values, seed, solve_source, command_line(), deadline
    )
    if isinstance(instance, ContinuousInstance):
        write_continuous(output, instance)
    else:
        write_instance(output, instance)
    network = instance.network
    summary = {
        "neurons": network.size,
        "edges": network.edges,
        "points": instance.points,
        "instance": instance.fingerprint,
        "origin": dict(instance.origin),
    }
    text = f"{network.size} neurons, {network.edges} edges, {instance.points} data points"
    report_written(as_json, output, summary, text)
