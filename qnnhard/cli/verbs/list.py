"""``qnnhard list``."""

from typing import Any

import click

from qnnhard.cli.options import as_json, print_json, say
from qnnhard.cli.tables import print_table

_COLUMNS = {
    "reductions": ("name", "source problem", "small"),
    "bridges": ("name", "from", "to"),
    "problems": ("name", "parameters"),
    "families": ("name", "description", "parameters"),
    "backends": ("name", "description"),
    "formats": ("name", "description"),
}


@click.command("list", epilog="Example: qnnhard list --json")
@as_json
def command(as_json: bool) -> None:
    """List reductions, bridges, source problems, families, backends and export formats."""
    catalogue = _catalogue()
    if as_json:
        print_json(catalogue)
        return
    for kind, columns in _COLUMNS.items():
        rows = [[_cell(entry[column]) for column in columns] for entry in catalogue[kind]]
        print_table(kind.capitalize(), columns, rows)
        say()


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={default}" for name, default in value.items())
    return str(value)


def _catalogue() -> dict[str, list[dict[str, Any]]]:
    from instances.families.registry import families
    from instances.problems.registry import PROBLEMS
    from qnnhard.export.registry import FORMATS
    from qnnhard.methods.registry import METHODS
    from reductions.registry import bridges, reductions

    return {
        "reductions": [
            {
                "name": r.name,
                "source problem": r.source_problem,
                "statement": r.statement,
                "small": r.small,
            }
            for r in reductions().values()
        ],
        "bridges": [
            {"name": b.name, "from": b.source_problem, "to": b.target_problem}
            for b in bridges().values()
        ],
        "problems": [
            {
                "name": p.name,
                "question": p.question,
                "parameters": {q.name: q.default for q in p.parameters},
            }
            for p in PROBLEMS.all().values()
        ],
        "families": [
            {
                "name": f.name,
                "description": f.description,
                "parameters": {q.name: q.default for q in f.parameters},
            }
            for f in families().values()
        ],
        "backends": [
            {"name": name, "description": b.description} for name, b in METHODS.all().items()
        ],
        "formats": [{"name": f.name, "description": f.description} for f in FORMATS.all().values()],
    }
