"""``qnnhard recheck BUNDLE``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from qnnhard.cli.options import as_json, memory, timeout
from qnnhard.cli.output import note, print_json, print_table, say

if TYPE_CHECKING:
    from instances.deadline import Deadline
    from qnnhard.bundles.recheck import Rechecked

SHOWN = 40
"""Most sources that have a row each; of more only those are shown that are not certified."""


@click.command("recheck", epilog="Example: qnnhard recheck out.qnncert")
@click.argument("bundle")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FILE",
    help="The Python file of a map that is not part of an installed package. Repeatable.",
)
@timeout
@memory
@as_json
def command(bundle: str, maps: tuple[str, ...], deadline: "Deadline", as_json: bool) -> int:
    """Check the answers of a BUNDLE that `verify --bundle` wrote again, without a solver.

    Instance and formula are made again from the source and compared. Then the parameters of a
    YES are evaluated and pulled to a checked witness, and the proof of a NO is checked. Where a
    map is not known here, the instance is taken as given, which is said. Exits 0 only if all
    answers are certified; a bundle in which anything is wrong is refused.
    """
    from qnnhard.bundles.maps import given_maps
    from qnnhard.bundles.reader import opened_bundle
    from qnnhard.bundles.recheck import recheck

    given = given_maps(maps)
    with opened_bundle(bundle) as opened:
        made_by = opened.manifest.made_by
        found = list(recheck(opened, given, deadline))
    certified = all(each.certified for each in found)
    if as_json:
        print_json({"made_by": made_by, "certified": certified, "cases": [*map(_document, found)]})
    else:
        _print(found)
    return 0 if certified else 1


def _document(found: "Rechecked") -> dict[str, Any]:
    return {
        "source": found.name,
        "chain": found.chain,
        "answer": found.answer,
        "certified": found.certified,
        "known_by": found.known_by or None,
        "instance": "as given" if found.as_given else "made again",
        "reason": found.uncertified or found.as_given or None,
        "changed_maps": found.changed,
    }


def _print(found: "Sequence[Rechecked]") -> None:
    """Print a row for every source, and a line for what is left to be said of it."""
    shown = [
        (number, each)
        for number, each in enumerate(found, 1)
        if len(found) <= SHOWN or not each.certified
    ]
    if shown:
        rows = [
            (
                str(number),
                each.name,
                each.chain,
                each.answer,
                each.known_by,
                _word(each),
            )
            for number, each in shown
        ]
        print_table("", ("case", "source", "chain", "answer", "known by", "certified"), rows)
    for number, each in shown:
        if each.uncertified:
            say(f"NOT CERTIFIED case {number}: {each.uncertified}")
    for reason in dict.fromkeys(each.as_given for each in found if each.as_given):
        count = sum(each.as_given == reason for each in found)
        say(f"the instance is taken as given in {count} of {len(found)}: {reason}")
    for name in dict.fromkeys(name for each in found for name in each.changed):
        say(f"the map {name} is from another file than the one that made the bundle")
    kept = [each for each in found if each.certified]
    given = sum(bool(each.as_given) for each in kept)
    more = f", {given} of them for the instance as given" if given else ""
    note(f"{len(kept)} of {len(found)} certified{more}")


def _word(found: "Rechecked") -> str:
    if not found.certified:
        return "NO"
    return "as given" if found.as_given else "yes"
