"""``qnnhard growth SOURCE``."""

import click

from qnnhard.cli.options import as_json, print_json
from qnnhard.cli.tables import print_table


@click.command("growth", epilog="Example: qnnhard growth program.slp --max-bits 1048576")
@click.argument("source")
@click.option(
    "--max-bits",
    type=click.IntRange(min=1),
    default=1 << 22,
    show_default=True,
    help="Stop at the first value that is longer.",
)
@as_json
def command(source: str, max_bits: int, as_json: bool) -> None:
    """Print the bit length of every gate of a straight-line program.

    The values are those of the neurons of the reduction `posslp`: why its empty certificate
    cannot simply be checked.
    """
    from instances.deadline import Deadline
    from instances.sources.straight_line import bit_lengths
    from qnnhard.verification.sources import load_source

    program = load_source(source, "posslp", "posslp").source
    lengths: list[int] = []
    try:
        lengths.extend(bit_lengths(program, Deadline(), max_bits))
    finally:
        # Past the budget the lengths so far are still worth their table.
        if as_json:
            print_json({"source": source, "max_bits": max_bits, "bit_lengths": lengths})
        else:
            rows = [(f"g{gate}", str(bits)) for gate, bits in enumerate(lengths)]
            print_table("", ("gate", "bits"), rows)
