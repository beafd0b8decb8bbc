"""``qnnhard growth SOURCE``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from instances.text.values import visible
from qnnhard.cli.options import as_json, memory, output_file, timeout
from qnnhard.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from instances.deadline import Deadline


@click.command(
    "growth", epilog="Example: qnnhard growth program.slp --max-bits 1048576 --plot growth.svg"
)
@click.argument("source")
@click.option(
    "--max-bits",
    type=click.IntRange(1, 10**9),
    default=1 << 22,
    show_default=True,
    help="Stop at the first value that is longer, or where all values still needed have 1024 "
    "times as many bits (at least 2^26, at most 2^34).",
)
@output_file("--plot", help="Draw the bits per layer into a .png, .svg or .pdf file.")
@timeout
@memory
@as_json
def command(
    source: str, max_bits: int, plot: str | None, deadline: "Deadline", as_json: bool
) -> None:
    """Print the bit length of every gate of a straight-line program.

    The values are those of the neurons of the reduction `posslp`, with their layers: why its
    empty certificate cannot simply be checked.
    """
    from instances.errors import LimitReached
    from instances.progress import stage
    from instances.sources.straight_line import bit_lengths
    from qnnhard.report.growth import growth, plot_growth, require_plots
    from qnnhard.verification.sources import load_source

    if plot is not None:
        require_plots(plot)
    loaded = load_source(source, "posslp", "posslp")
    lengths: list[int] = []
    past: LimitReached | None = None
    try:
        with stage("growth", "gates", len(loaded.source.gates) + 1) as progress:
            for length in bit_lengths(loaded.source, deadline, max_bits):
                lengths.append(length)
                progress.done += 1
    except LimitReached as error:
        if deadline.remaining <= 0:
            raise
        # Past the budget the lengths so far are still worth their table.
        past = error
    found = growth(loaded.source, lengths)
    if as_json:
        print_json(
            {"source": source, "max_bits": max_bits, "bit_lengths": lengths, "layers": found.layers}
        )
    else:
        rows = [
            (f"g{gate}", str(layer), str(bits))
            for gate, (layer, bits) in enumerate(zip(found.layers, lengths, strict=True))
        ]
        print_table("", ("gate", "layer", "bits"), rows)
    if plot is not None:
        plot_growth(plot, visible(Path(source).name), found)
        note(f"{plot}: bits per layer")
    if past is not None:
        raise past
