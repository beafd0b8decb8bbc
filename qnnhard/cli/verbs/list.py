"""``qnnhard list``."""

from collections.abc import Iterable
from typing import Any

import click

from qnnhard.cli.options import as_json
from qnnhard.cli.output import print_json, print_table, say

_FIELDS = {
    "reductions": ("name", "source problem", "statement", "small"),
    "bridges": ("name", "from", "to"),
    "problems": ("name", "question", "parameters"),
    "families": ("name", "description", "parameters"),
    "backends": ("name", "description"),
    "formats": ("name", "description"),
}
_ATTRIBUTES = {
    "source problem": "source_problem",
    "from": "source_problem",
    "to": "target_problem",
}
"""The attributes of other names than the fields that show them."""

_LONG = ("statement", "question")
"""Fields that are too long for tables."""


@click.command("list", epilog="Example: qnnhard list --json")
@as_json
def command(as_json: bool) -> None:
    """List reductions, bridges, source problems, families, backends and export formats."""
    if as_json:
        print_json({kind: _entries(kind) for kind in _FIELDS})
        return
    for kind in _FIELDS:
        print_kind(kind)
        say()


def print_kind(kind: str) -> None:
    """Print a table of all that there is of a kind."""
    columns = [field for field in _FIELDS[kind] if field not in _LONG]
    rows = [[_cell(entry[column]) for column in columns] for entry in _entries(kind)]
    print_table(kind.capitalize(), columns, rows)


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={default}" for name, default in value.items())
    return str(value)


def _entries(kind: str) -> list[dict[str, Any]]:
    """Return the fields of all that there is of a kind."""
    return [{field: _field(one, field) for field in _FIELDS[kind]} for one in _every(kind)]


def _field(one: Any, field: str) -> Any:
    value = getattr(one, _ATTRIBUTES.get(field, field))
    return {p.name: p.default for p in value} if field == "parameters" else value


def _every(kind: str) -> Iterable[Any]:
    from instances.families.registry import FAMILIES
    from instances.problems.registry import PROBLEMS
    from qnnhard.export.registry import FORMATS
    from qnnhard.methods.registry import METHODS
    from reductions.registry import bridges, reductions

    every: dict[str, dict[str, Any]] = {
        "reductions": reductions(),
        "bridges": bridges(),
        "problems": PROBLEMS.all(),
        "families": FAMILIES.all(),
        "backends": METHODS.all(),
        "formats": FORMATS.all(),
    }
    return every[kind].values()
