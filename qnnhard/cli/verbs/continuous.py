"""``qnnhard continuous INSTANCE``."""

from typing import TYPE_CHECKING

import click

from qnnhard.cli.options import as_json, memory, output_file, timeout
from qnnhard.cli.output import note, print_json, refuse_mixed_output, say

if TYPE_CHECKING:
    from instances.deadline import Deadline


@click.command(
    "continuous", epilog="Example: qnnhard continuous instance.json --check -o real.json"
)
@click.argument("instance")
@output_file("-o", "--output", help="Where to write the continuous instance.")
@click.option(
    "--check", is_flag=True, help="Carry every discrete solution across, and refuse the others."
)
@click.option("--smt", is_flag=True, help="With --check: also ask z3 over the reals.")
@timeout
@memory
@as_json
def command(
    instance: str, output: str | None, check: bool, smt: bool, deadline: "Deadline", as_json: bool
) -> int:
    """Turn a discrete training instance into one over the reals with the same solutions.

    [DT]'s simulation of D-NNT by C-NNT: a real weight is forced into its finite domain by an
    output that computes the product of its distances to the domain's values.
    """
    from instances.continuous.files import write_continuous
    from instances.training.files import read_instance
    from qnnhard.verification.continuous import check_continuous
    from reductions.to_reals.continuous import ContinuousReduction

    refuse_mixed_output(as_json, output, instance)
    loaded = read_instance(instance)
    built = ContinuousReduction.build(loaded).target
    if output is not None:
        write_continuous(output, built)
    facts = {
        "neurons": built.network.size,
        "edges": built.network.edges,
        "outputs": len(built.network.outputs),
    }
    if not check:
        if as_json:
            print_json({**facts, "output": output})
        else:
            note(", ".join(f"{value} {name}" for name, value in facts.items()))
        return 0
    report = check_continuous(loaded, deadline, smt=smt)
    if as_json:
        print_json({**facts, "preserved": report.preserved, "failures": list(report.failures)})
    else:
        say("preserved" if report.preserved else "NOT preserved")
        for failure in report.failures:
            say(f"  {failure}")
    return 0 if report.preserved else 1
