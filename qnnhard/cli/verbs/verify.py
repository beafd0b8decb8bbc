"""``qnnhard verify REDUCTION|all [SOURCE ...]``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from qnnhard.cli.options import (
    as_json,
    memory_option,
    output_file,
    output_folder,
    problem,
    seconds_option,
    seed,
    settings,
)
from qnnhard.cli.output import note, print_json, print_table, refuse_mixed_output, say

if TYPE_CHECKING:
    from qnnhard.verification.outcome import Outcome


@click.command("verify", epilog="Example: qnnhard verify exact-cover file.cnf --proof-dir proofs")
@click.argument("reduction")
@click.argument("paths", metavar="[SOURCES]...", nargs=-1)
@settings
@click.option(
    "--random", type=click.IntRange(min=0), default=0, help="Number of random sources each."
)
@click.option(
    "--exhaustive",
    metavar="SIZE",
    help="Take all sources up to a size, such as universe=4,sets=3, or a number.",
)
@seed
@problem
@click.option("--backend", "using", default="sat", show_default=True, help="See `qnnhard list`.")
@seconds_option(words="Time limit in seconds for reading each source and for each step on it.")
@output_folder("--proof-dir", help="Write a proof of every NO there, and check it.")
@output_folder(
    "--failures-dir",
    default=".",
    show_default=True,
    help="Where the sources of failures are saved.",
)
@click.option(
    "--cross-check", is_flag=True, help="Demand that all available backends agree where they can."
)
@click.option(
    "--solutions",
    type=click.IntRange(min=1),
    metavar="N",
    help="Pull all solutions where there are at most N, else N diverse ones.  "
    "[default: 64; with --exhaustive 4096]",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Sources that are verified at the same time, each in a process of its own.",
)
@output_file("--jsonl", help="Write the result of every source there as soon as it is known.")
@click.option("--resume", is_flag=True, help="Go on with the --jsonl file of a run that was ended.")
@output_file(
    "--bundle", help="Write all that `qnnhard recheck` needs to check the answers again there."
)
@memory_option(exposed=True)
@as_json
def command(
    as_json: bool,
    jobs: int,
    jsonl: str | None,
    resume: bool,
    bundle: str | None,
    memory: int | None,
    solutions: int | None,
    **asked: Any,
) -> int:
    """Check that REDUCTION (or `all`) preserves answers in both directions.

    Every source is answered by its own solver and by training; witnesses are pushed and
    pulled and checked, and so are all other solutions, or many; claims are measured. Without
    sources the reduction's example is taken, and with --exhaustive all sources up to a size,
    each once up to isomorphism. The time limit holds for reading each source, and
    then for each step: building, the two answers, push, pull. Exits 0 only if all is preserved.
    """
    from qnnhard import __version__
    from qnnhard.campaign.run import run
    from qnnhard.verification.outcome import Outcome
    from qnnhard.verification.plan import Plan, cases, scopes
    from qnnhard.verification.tasks import verification, verified
    from qnnhard.verification.verify import EXHAUSTIVE_SOLUTIONS, SOLUTIONS

    if resume and jsonl is None:
        raise click.UsageError("--resume goes on with the file of --jsonl; give its name")
    if bundle == "-":
        raise click.UsageError("the result is printed on standard output; give --bundle a FILE")
    if bundle is not None and (jobs > 1 or jsonl is not None):
        raise click.UsageError("--bundle goes with one job and without --jsonl")
    refuse_mixed_output(as_json, bundle, *asked["paths"])
    usual = SOLUTIONS if asked["exhaustive"] is None else EXHAUSTIVE_SOLUTIONS
    plan = Plan(memory=memory, solutions=solutions or usual, **asked)
    planned, lost = cases(plan, note), ""
    campaign = verification(plan, planned)
    if bundle is None:
        outcomes = list(map(Outcome.of_record, run(campaign, jobs, jsonl, resume)))
    else:
        from qnnhard.bundles.packing import packing

        with packing(bundle, plan.timeout, len(planned)) as packs:
            outcomes = list(packs.packed(planned, verified(campaign)))
            lost = packs.write()
    preserved = all(outcome.preserved for outcome in outcomes)
    if as_json:
        results = [outcome.as_dict() for outcome in outcomes]
        told = {"version": __version__, "seed": plan.seed, "preserved": preserved}
        if plan.exhaustive is not None:
            told["exhaustive"] = [
                {"reduction": reduction, "problem": problem, "scope": scope, "sources": count}
                for (reduction, problem, scope), count in scopes(planned).items()
            ]
        print_json(told | {"results": results})
    else:
        _print_table(outcomes)
        for (reduction, problem, scope), count in scopes(planned).items():
            say(
                f"{reduction}: verified {count:,} sources, all of {problem} up to {scope}, "
                "up to isomorphism"
            )
    if lost:
        note(f"qnnhard: {lost}")
    return 0 if preserved and not lost else 1


def _print_table(outcomes: "Sequence[Outcome]") -> None:
    """Print a row for every source, or for every reduction where there are many sources."""
    if len(outcomes) > 40:
        rows = _summary_rows(outcomes)
        shown = "reduction sources yes no undecided solutions complete preserved seconds"
    else:
        rows = [_row(outcome) for outcome in outcomes]
        shown = "reduction source answer training how solutions preserved seconds"
    print_table("", shown.split(), rows)
    for outcome in outcomes:
        for kind, detail in outcome.failures:
            say(f"FAILED {outcome.reduction}: {outcome.source}: {kind}: {detail}")
        if outcome.saved:
            say(f"       the source (--problem {outcome.problem}) is saved in {outcome.saved}")
        elif not outcome.preserved:
            say(f"       {outcome.detail}")
    kept = sum(outcome.preserved for outcome in outcomes)
    note(f"{kept} of {len(outcomes)} preserved")


def _row(outcome: "Outcome") -> tuple[str, ...]:
    return (
        outcome.reduction,
        outcome.source,
        str(outcome.source_answer),
        str(outcome.target_answer),
        str(outcome.how),
        outcome.covered,
        "yes" if outcome.preserved else f"NO: {outcome.failure}",
        f"{outcome.total_seconds:.2f}",
    )


def _summary_rows(outcomes: "Sequence[Outcome]") -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name in dict.fromkeys(outcome.reduction for outcome in outcomes):
        of_this = [outcome for outcome in outcomes if outcome.reduction == name]
        answers = [str(outcome.target_answer) for outcome in of_this]
        rows.append(
            (
                name,
                str(len(of_this)),
                str(answers.count("yes")),
                str(answers.count("no")),
                str(answers.count("unknown")),
                f"{sum(outcome.solutions for outcome in of_this):,}",
                f"{sum(outcome.complete for outcome in of_this)} of {answers.count('yes')}",
                f"{sum(outcome.preserved for outcome in of_this)} of {len(of_this)}",
                f"{sum(outcome.total_seconds for outcome in of_this):.2f}",
            )
        )
    return rows
