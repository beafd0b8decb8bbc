"""``qnnhard list``."""

from typing import Any

import click

from qnnhard.cli.options import as_json, print_json


@click.command("list", epilog="Example: qnnhard list --json")
@as_json
def command(as_json: bool) -> None:
    """List reductions, bridges, source problems, backends and export formats."""
    catalogue = _catalogue()
    if as_json:
        print_json(catalogue)
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for kind, entries in catalogue.items():
        table = Table(title=kind.capitalize(), title_justify="left", expand=False)
        for column in entries[0]:
            table.add_column(column, overflow="fold")
        for entry in entries:
            table.add_row(*(_cell(value) for value in entry.values()))
        console.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}={default}" for name, default in value.items())
    return str(value)


def _catalogue() -> dict[str, list[dict[str, Any]]]:
    from instances.sources.registry import problems
    from qnnhard.export.registry import formats
    from qnnhard.solvers.registry import backends
    from reductions.registry import bridges, reductions

    return {
        "reductions": [
            {
                "name": r.name,
                "source problem": r.problem,
                "statement": r.statement,
                "small": r.small,
            }
            for r in reductions().values()
        ],
        "bridges": [
            {"name": b.name, "from": b.problem, "to": b.target} for b in bridges().values()
        ],
        "problems": [
            {
                "name": p.name,
                "question": p.question,
                "parameters": {q.name: q.default for q in p.parameters},
            }
            for p in problems().values()
        ],
        "backends": [
            {"name": name, "description": b.description} for name, b in backends().items()
        ],
        "formats": [{"name": f.name, "description": f.description} for f in formats().values()],
    }
