"""Whether `auto` is ever much worse than `sat`.

Random instances of every reduction to training, of sizes at which `sat` takes a millisecond to
a few seconds, and the families of `cases.py` and `treewidth.py`. All runs are in one process,
`sat` and `auto` alternating, and count the processor's seconds of this process and its
children; what takes less than a fifth of a second is run three times, and the least counts.
Before the first instance of a group both run once in vain, which loads what they need.

Of every instance the ratio is that of `auto`, less ten milliseconds, to `sat`. The table gives
its median and 95th percentile over all instances that `sat` decides within the limit, then over
those of them where `sat` is the faster one.

    python benchmarks/auto.py [--seeds 200] [--first 7000] [--limit 10] [--only hitting-set ...]
"""

import argparse
import json
import platform
import resource
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path
from random import Random

import numpy as np
from bench import NETS
from cases import cover, formula, net
from treewidth import ROUTING, SETTINGS

from instances.deadline import Deadline
from instances.families.registry import FAMILIES
from instances.problems.registry import PROBLEMS
from instances.training.instance import TrainingInstance
from qnnhard import __version__
from qnnhard.methods.method import Method
from qnnhard.methods.request import Request
from qnnhard.verdict import Verdict
from reductions.registry import get_reduction

FORMULAS = {"variables": (10, 20, 50, 100, 150), "ratio": ("3.5", "4.26", "5")}
NUMBERS = {"size": (6, 8, 10, 12), "bits": (8, 12, 16), "planted": ("yes", "no")}
REDUCTIONS: dict[str, dict[str, tuple[object, ...]]] = {
    "exact-cover": {"universe": (12, 18, 24), "sets": (20, 40, 60), "planted": ("yes", "no")},
    "bounded-degree": FORMULAS,
    "bounded-degree-deep": FORMULAS,
    "hitting-set": {"universe": (8, 10, 12), "sets": (12, 20, 30), "budget": (3, 4, 5)},
    "two-inputs": FORMULAS,
    "disjoint-paths": {"vertices": (12, 20, 40), "edges": (40, 50, 60), "pairs": (2, 3)},
    "subset-sum-neurons": NUMBERS,
    "subset-sum-inputs": NUMBERS,
    "one-in-three": {"variables": (12, 20, 40), "clauses": (8, 20), "planted": ("yes", "no")},
    "three-partition": {"bins": (2, 3), "capacity": (20, 50, 100), "planted": ("yes", "no")},
    "bin-packing": {"size": (8, 10, 12), "bins": (2, 3), "capacity": (30, 40)},
    "posslp": {"size": (16, 30, 60), "depth": (6, 10), "planted": ("yes", "no")},
}
"""Every reduction with the settings of which one is drawn for every seed."""

SIZES = (30, 100, 1000)
"""Of the families of low treewidth."""

SHORT, REPEATS = 0.2, 3
ALLOWED = 0.01
"""Seconds that `auto` may always take more than `sat`."""


@dataclass(frozen=True)
class Pair:
    """One instance: the seconds of both backends, and where it came from."""

    name: str
    sat: float
    auto: float

    @property
    def ratio(self) -> float:
        """What is to be small."""
        return max(0.0, self.auto - ALLOWED) / self.sat


def drawn(reduction: str, seed: int) -> tuple[str, TrainingInstance]:
    """Return a random instance of a reduction, and its settings."""
    r = Random(f"{reduction}:{seed}")
    values = {name: str(r.choice(among)) for name, among in REDUCTIONS[reduction].items()}
    made = get_reduction(reduction)
    source = PROBLEMS.get(made.source).generate(values, seed)
    return f"{values} seed {seed}", made.build(source).target


def family(name: str, seed: int) -> tuple[str, TrainingInstance]:
    """Return an instance of a family of low treewidth, of one of the sizes."""
    size = str(SIZES[seed % len(SIZES)])
    if name == "routing":
        source = PROBLEMS.get("disjoint-paths").generate({**ROUTING, "layers": size}, seed)
        return f"{size} layers seed {seed}", get_reduction("disjoint-paths").build(source).target
    made = FAMILIES.get(name).generate({"size": size, **SETTINGS[name]}, seed)
    return f"size {size} seed {seed}", made.instance


def case(name: str, seed: int) -> tuple[str, TrainingInstance]:
    """Return a case of the main benchmark, at one of its smaller sizes."""
    match name:
        case "formulas":
            size = (50, 100, 150)[seed % 3]
            reduction = ("two-inputs", "bounded-degree", "bounded-degree-deep")[seed // 3 % 3]
            made = formula(reduction, size, seed)
        case "covers":
            made = cover((30, 100)[seed % 2], seed)
        case _:
            made = net(*NETS[seed % len(NETS)], seed)
    return f"{made.kind} {dict(made.settings)} seed {seed}", made.build()


GROUPS: dict[str, Callable[[str, int], tuple[str, TrainingInstance]]] = {
    **dict.fromkeys(REDUCTIONS, drawn),
    **dict.fromkeys(("formulas", "covers", "nets"), case),
    **dict.fromkeys((*SETTINGS, "routing"), family),
}


def seconds(solver: Method, instance: TrainingInstance, limit: float) -> tuple[float, Verdict]:
    """Return the processor's seconds of one run, and the verdict."""
    begin = _spent()
    verdict = solver.solve(instance, Deadline(limit)).verdict
    return _spent() - begin, verdict


def _spent() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def pairs(group: str, seeds: range, limit: float) -> Iterator[Pair]:
    """Run both backends on the instances of a group; those that `sat` leaves open do not count."""
    _, instance = GROUPS[group](group, seeds[0])
    for solver in ("sat", "auto"):
        seconds(Request(solver).method(), instance, limit)
    for seed in seeds:
        name, instance = GROUPS[group](group, seed)
        least = dict.fromkeys(("sat", "auto"), inf)
        for _ in range(REPEATS):
            took, expected = seconds(Request("sat").method(), instance, limit)
            if expected is Verdict.UNKNOWN:
                break
            least["sat"] = min(least["sat"], took)
            took, verdict = seconds(Request("auto").method(), instance, limit)
            if verdict not in (expected, Verdict.UNKNOWN):
                raise SystemExit(f"answers differ: {group} {name}")
            least["auto"] = min(least["auto"], took)
            if max(least.values()) > SHORT:
                break
        if expected is not Verdict.UNKNOWN:
            yield Pair(name, least["sat"], least["auto"])


def row(group: str, found: list[Pair]) -> str:
    """Return the row of a group."""
    if not found:
        return f"| {group} | 0 | - | - | - | - | - |"
    best = [pair.ratio for pair in found if pair.sat <= pair.auto] or [0.0]
    every = [pair.ratio for pair in found]
    median = float(np.median([pair.sat for pair in found]))
    worst = max(found, key=lambda pair: pair.ratio)
    cells = (f"{np.median(r):.2f} | {np.percentile(r, 95):.2f}" for r in (every, best))
    last = f"{worst.ratio:.2f}: {worst.sat:.3f} s, {worst.auto:.3f} s: {worst.name}"
    return f"| {group} | {len(found)} | {median:.3f} | {' | '.join(cells)} | {last} |"


def main() -> None:
    """Print a Markdown table, a row a group as soon as it is measured, and write all pairs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=7000)
    parser.add_argument("--limit", type=float, default=10, help="seconds a run")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS))
    parser.add_argument("--output", type=Path, help="where to write all seconds, as JSON")
    options = parser.parse_args()
    print(f"qnnhard {__version__}, Python {platform.python_version()}, {platform.machine()}")
    print(f"Seeds {options.first} to {options.first + options.seeds - 1}; limit {options.limit} s")
    print("\n| group | n | sat, s | median | p95 | median, sat best | p95, sat best | worst |")
    print("|---|---|---|---|---|---|---|---|")
    every: dict[str, list[Pair]] = {}
    for group in options.only:
        seeds = range(options.first, options.first + options.seeds)
        every[group] = list(pairs(group, seeds, options.limit))
        print(row(group, every[group]), flush=True)
    print(row("all", [pair for found in every.values() for pair in found]))
    if options.output is not None:
        listed = {g: [vars(pair) for pair in found] for g, found in every.items()}
        options.output.write_text(json.dumps(listed, indent=1))


if __name__ == "__main__":
    main()
