"""The table and the JSON of a benchmark run, with versions, seeds and machine."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from math import exp, log
from pathlib import Path
from statistics import median

PACKAGES = ("qnnhard", "python-sat", "numpy", "ortools", "z3-solver", "exact")
Group = tuple[str, str, str, "list[Run]"]


@dataclass(frozen=True)
class Run:
    """One peer on one case; `seconds` is the limit where there is no answer."""

    peer: str
    seed: int
    answer: bool | None
    seconds: float
    mib: int | None
    error: str | None = None


def write(
    output: Path,
    groups: list[Group],
    stages: list[dict[str, object]],
    seeds: int,
    limit: float,
) -> None:
    """Write ``output.md`` and ``output.json``."""
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
        "seeds": f"0 to {seeds - 1}",
        "limit": limit,
    }
    document = {
        **machine,
        "experiments": [
            {
                "group": group,
                "name": name,
                "reference": reference,
                "runs": [asdict(r) for r in runs],
            }
            for group, name, reference, runs in groups
        ],
        "scale": stages,
    }
    output.with_suffix(".json").write_text(json.dumps(document, indent=1) + "\n")
    versions = ", ".join(f"{name} {found}" for name, found in machine["versions"].items())
    lines = [
        "# Benchmarks",
        "",
        f"Seeds {machine['seeds']}, limit {limit:g} s a run; Python {machine['python']}, "
        f"{machine['system']} {machine['machine']}, {machine['cores']} cores; {versions}.",
        "",
        "Seconds are medians from the source on: build, encode, load and solve; an unsolved run "
        "counts as the limit. The ratio is the geometric mean, over the seeds, of a peer's "
        "seconds to the reference's; `>=` where a run of the peer was not solved. Runs under "
        "10 ms say little.",
        "",
        "| case | peer | solved | yes | no | median s | ratio | reference |",
        "|---|---|---|---|---|---|---|---|",
        *(line for _, name, reference, runs in groups for line in _rows(name, reference, runs)),
    ]
    if stages:
        lines += ["", "| scale | stage | seconds | most MiB so far |", "|---|---|---|---|"]
        lines += [f"| {s['case']} | {s['stage']} | {s['seconds']} | {s['mib']} |" for s in stages]
    output.with_suffix(".md").write_text("\n".join(lines) + "\n")


def _rows(name: str, reference: str, runs: list[Run]) -> list[str]:
    base = {run.seed: run.seconds for run in runs if run.peer == reference}
    rows = []
    for peer in dict.fromkeys(run.peer for run in runs):
        mine = [run for run in runs if run.peer == peer]
        solved = [run.answer for run in mine if run.answer is not None]
        ratio = exp(sum(log(run.seconds / base[run.seed]) for run in mine) / len(mine))
        mark = "" if len(solved) == len(mine) else ">= "
        middle = median(run.seconds for run in mine)
        rows.append(
            f"| {name} | {peer} | {len(solved)} of {len(mine)} | {sum(solved)} | "
            f"{len(solved) - sum(solved)} | {middle:.3f} | {mark}{ratio:.2f} | {reference} |"
        )
    return rows


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
