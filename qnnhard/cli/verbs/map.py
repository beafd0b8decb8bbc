"""``qnnhard map [INSTANCE]``."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from qnnhard.cli.options import as_json, memory, timeout
from qnnhard.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from instances.deadline import Deadline


@click.command("map", epilog="Example: qnnhard map instance.json")
@click.argument("instance", required=False)
@click.option(
    "--small",
    metavar="NAMES",
    help="What is known of 2-QNNT where these are small together, such as alpha,treewidth.",
)
@timeout
@memory
@as_json
def command(instance: str | None, small: str | None, deadline: "Deadline", as_json: bool) -> None:
    """Show the complexity map: what is hard, what is easy, and the evidence for each.

    With INSTANCE, show where it lies: which algorithms apply at which cost, and which hardness
    results speak about it or about its neighborhood.
    """
    if instance is not None and small is not None:
        raise click.UsageError("give INSTANCE or --small, not both")
    if instance is not None:
        _show_place(instance, deadline, as_json)
    elif small is not None:
        _show_combination(small, as_json)
    else:
        _show_map(as_json)


def _show_map(as_json: bool) -> None:
    from qnnhard.complexity.results import results

    found = results()
    if as_json:
        print_json(
            [
                {
                    "name": result.name,
                    "status": str(result.status),
                    "statement": result.statement,
                    "source problem": result.source,
                    "small": result.small,
                    "evidence": [asdict(evidence) for evidence in result.evidence],
                }
                for result in found
            ]
        )
        return
    print_table(
        "Results (constructions and proofs: qnnhard)",
        ("id", "status", "what stays small", "statement", "from"),
        [[r.name, str(r.status), r.small, r.statement, r.source] for r in found],
    )
    say()
    print_table(
        "Evidence",
        ("id", "what", "command"),
        [[r.name, e.what, e.command] for r in found for e in r.evidence],
    )
    say("\nCombinations: qnnhard map --small alpha,treewidth")


def _show_combination(small: str, as_json: bool) -> None:
    from qnnhard.complexity.results import known

    names = [name.strip() for name in small.split(",") if name.strip()]
    verdict = known(names)
    if as_json:
        print_json(
            {"small": names, "status": str(verdict.status), "results": list(verdict.results)}
        )
        return
    by = ", ".join(verdict.results)
    reason = f"by {by}" if by else "neither the papers, as far as known here, nor qnnhard say"
    say(f"2-QNNT with small {', '.join(names) or 'nothing'}: {verdict.status} ({reason})")


def _show_place(path: str, deadline: "Deadline", as_json: bool) -> None:
    from instances.text.numbers import format_number
    from instances.training.files import read_instance
    from qnnhard.complexity.place import place
    from reductions.status import SMALL

    found = place(read_instance(path), deadline)
    values = {
        name: None if value is None else format_number(value) for name, value in found.parameters
    }
    if as_json:
        print_json(
            {
                "parameters": values,
                "small": list(found.small),
                "algorithms": [asdict(fit) for fit in found.algorithms],
                "hardness": [
                    {
                        "name": neighbor.result.name,
                        "status": str(neighbor.result.status),
                        "inside": neighbor.inside,
                        "missing": list(neighbor.missing),
                    }
                    for neighbor in found.neighbors
                ],
            }
        )
        return
    print_table(
        "Parameters",
        ("parameter", "value", f"at most {SMALL}"),
        [
            [name, str(value), "yes" if name in found.small else ""]
            for name, value in values.items()
        ],
    )
    say()
    print_table(
        "Algorithms",
        ("backend", "applies", "predicted cost, or why not"),
        [[fit.backend, "yes" if fit.applies else "no", fit.cost] for fit in found.algorithms],
    )
    say()
    print_table(
        "Hardness here and nearby",
        ("id", "status", "what stays small", "what keeps this instance out"),
        [
            [
                neighbor.result.name,
                str(neighbor.result.status),
                neighbor.result.small,
                ", ".join(neighbor.missing) or "nothing: it is of this kind",
            ]
            for neighbor in found.neighbors
        ],
    )
