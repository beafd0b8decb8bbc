"""``qnnhard show REDUCTION``."""

from typing import Any

import click

from instances.text.values import visible_lines
from qnnhard.cli.options import as_json
from qnnhard.cli.output import print_json


@click.command("show", epilog="Example: qnnhard show two-inputs")
@click.argument("reduction")
@as_json
def command(reduction: str, as_json: bool) -> None:
    """Show what a reduction states, how it works, what it claims, and an example.

    REDUCTION is a name from `qnnhard list`, or a Python file that defines one.
    """
    from instances.problems.registry import PROBLEMS
    from reductions.registry import get_reduction

    chosen = get_reduction(reduction)
    problem = PROBLEMS.get(chosen.source_problem)
    example = chosen.example()
    facts: dict[str, Any] = {
        "name": chosen.name,
        "source problem": f"{problem.name}: {problem.question}",
        "statement": chosen.statement,
        "small": chosen.small,
        "construction": chosen.construction,
        "provenance": chosen.provenance,
        "parsimonious": f"yes {chosen.parsimonious_where}".rstrip()
        if chosen.parsimonious
        else "no",
        "claims on the example": [str(claim) for claim in chosen.build(example).claims()],
        "example": problem.write(example),
    }
    if as_json:
        print_json(facts)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in facts.items():
        text = ", ".join(value) if isinstance(value, list) else value.rstrip()
        table.add_row(name, visible_lines(text))
    Console(highlight=False, markup=False).print(table)
