"""Tables for people."""

import sys
from collections.abc import Iterable, Sequence

from instances.visible import visible
from qnnhard.cli.limit import speak


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on standard output; lines are folded only where a terminal limits them."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    speak()
    table = Table(
        title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    width = None if sys.stdout.isatty() else 200
    Console(highlight=False, soft_wrap=False, width=width).print(table)
