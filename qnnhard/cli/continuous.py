"""``qnnhard continuous INSTANCE``."""

import click

from qnnhard.cli.options import as_json, memory, note, print_json, timeout


@click.command(
    "continuous", epilog="Example: qnnhard continuous instance.json --check -o real.json"
)
@click.argument("instance")
@click.option("-o", "--output", metavar="FILE", help="Where to write the continuous instance.")
@click.option(
    "--check", is_flag=True, help="Carry every discrete solution across, and refuse the others."
)
@click.option("--smt", is_flag=True, help="With --check: also ask z3 over the reals.")
@timeout
@memory
@as_json
def command(
    instance: str,
    output: str | None,
    check: bool,
    smt: bool,
    timeout: float | None,
    as_json: bool,
) -> int:
    """Turn a discrete training instance into one over the reals with the same solutions.

    [DT]'s simulation of D-NNT by C-NNT: a real weight is forced into its finite domain by an
    output that computes the product of its distances to the domain's values.
    """
    from instances.continuous.files import write_continuous
    from instances.deadline import Deadline
    from instances.training.files import read_instance
    from qnnhard.verification.continuous import check_continuous
    from reductions.continuous import ContinuousReduction

    loaded = read_instance(instance)
    built = ContinuousReduction().build(loaded)
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
    report = check_continuous(loaded, Deadline(timeout), smt=smt)
    if as_json:
        print_json({**facts, "preserved": report.preserved, "failures": list(report.failures)})
    else:
        click.echo("preserved" if report.preserved else "NOT preserved")
        for failure in report.failures:
            click.echo(f"  {failure}")
    return 0 if report.preserved else 1
