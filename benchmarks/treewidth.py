"""What `treewidth` takes where it is made for, and where it loses to `sat`.

Three tables, each row measured in a process of its own:

- families of low treewidth (d=2, two inputs, four distinct inputs, an output at every fifth
  hidden neuron, a teacher's targets) by size;
- routing: the instances of `disjoint-paths` for three pairs of terminals that cross in complete
  layers of width 3, of width 5 themselves;
- complete layers of growing width, loose enough for `sat`: the crossover.

Seconds are those of the whole answer, from an instance in memory to evaluated parameters;
making the instance is a column of its own. Peak memory is that of the process, making the
instance included.

    python benchmarks/treewidth.py [--seeds 3] [--sizes 1000,10000,100000] [--time-limit 60]
"""

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

from instances.deadline import Deadline
from instances.families.registry import FAMILIES
from instances.problems.registry import PROBLEMS
from instances.training.instance import TrainingInstance
from qnnhard import __version__
from qnnhard.methods.request import Request
from qnnhard.methods.treewidth.estimate import estimate
from reductions.registry import get_reduction

SETTINGS = {
    "chain": {},
    "ladder": {},
    "layers": {"width": "3"},
    "k-tree": {"k": "2"},
}
ROUTING = {"pairs": "3", "width": "3", "crossed": "yes"}
LAYERS = (10, 30, 100, 200, 1000, 10_000)
SAT_LAYERS = 10_000
"""The `sat` backend is not asked beyond this many layers."""

WIDTHS = (1, 2, 3, 4, 5, 6)
LOOSE = 60
"""Hidden neurons of the networks of growing width."""


def make(task: dict[str, Any]) -> TrainingInstance:
    """Return the instance of a row."""
    if task["family"] == "routing":
        source = PROBLEMS.get("disjoint-paths").generate(
            {**ROUTING, "layers": str(task["size"])}, 0
        )
        return get_reduction("disjoint-paths").build(source).target
    settings = {"size": str(task["size"]), **task["settings"]}
    return FAMILIES.get(task["family"]).generate(settings, task["seed"]).instance


def run(task: dict[str, Any]) -> dict[str, Any]:
    """Make and solve one instance in this process."""
    begin = time.perf_counter()
    instance = make(task)
    made = time.perf_counter()
    answer = Request(task["backend"]).method().solve(instance, Deadline(task["limit"]))
    solved = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "verdict": str(answer.verdict),
        "detail": answer.detail,
        "make": made - begin,
        "solve": solved - made,
        "peak": peak,
        "neurons": instance.network.size,
        "rows": answer.sizes.get("rows", 0),
        "bits": estimate(instance).bits if task.get("estimate") else None,
    }


def measured(**task: Any) -> dict[str, Any]:
    """Run one task in a child process."""
    command = [sys.executable, __file__, "--task", json.dumps(task)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def median(runs: list[dict[str, Any]], key: str) -> float:
    return float(statistics.median(run[key] for run in runs))


def families(seeds: int, sizes: list[int], limit: float) -> None:
    print(
        "\n| family | hidden | answers | s | us a neuron | peak MiB | rows | making it, s "
        "| auto, s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, settings in SETTINGS.items():
        for size in sizes:
            common = {"family": name, "size": size, "settings": settings, "limit": limit}
            runs, chosen = [], []
            for seed in range(seeds):
                runs.append(measured(backend="treewidth", seed=seed, **common))
                chosen.append(measured(backend="auto", seed=seed, **common))
            seconds = median(runs, "solve")
            each = 1e6 * seconds / median(runs, "neurons")
            answers = " ".join(sorted({run["verdict"] for run in runs}))
            print(
                f"| {name} | {size:,} | {answers} | {seconds:.2f} | {each:.0f} | "
                f"{median(runs, 'peak'):.0f} | {median(runs, 'rows'):.0f} | "
                f"{median(runs, 'make'):.1f} | {median(chosen, 'solve'):.2f} |",
                flush=True,
            )


def against_sat(title: str, family: str, tasks: list[dict[str, Any]], limit: float) -> None:
    print(f"\n| {title} | treewidth, s | rows | estimated | sat, s | auto, s |")
    print("|---|---|---|---|---|---|")
    for task in tasks:
        shown = task.pop("shown")
        ask_sat = task.pop("ask_sat")
        common = {"family": family, "limit": limit, **task}
        found = measured(backend="treewidth", estimate=True, **common)
        bits = "-" if found["bits"] is None else f"2^{found['bits']:.1f}"
        row = f"| {shown} | {_time(found)} | {found['rows']} | {bits} "
        sat = _time(measured(backend="sat", **common)) if ask_sat else "-"
        auto = _time(measured(backend="auto", **common))
        print(f"{row}| {sat} | {auto} |", flush=True)


def _time(found: dict[str, Any]) -> str:
    return f"{found['solve']:.2f} ({found['verdict']})"


def main() -> None:
    """Print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--time-limit", type=float, default=60)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        print(json.dumps(run(json.loads(options.task))))
        return
    print(f"qnnhard {__version__}, Python {platform.python_version()}, {platform.machine()}")
    print(f"Seeds 0 to {options.seeds - 1}, medians; time limit {options.time_limit:g} s")
    families(options.seeds, [int(size) for size in options.sizes.split(",")], 600)
    against_sat(
        "layers of width 3, routed",
        "routing",
        [{"size": n, "shown": f"{n:,}", "ask_sat": n <= SAT_LAYERS} for n in LAYERS],
        options.time_limit,
    )
    against_sat(
        f"width of complete layers, {LOOSE} hidden neurons",
        "layers",
        [
            {
                "size": LOOSE,
                "settings": {"width": str(width)},
                "seed": 0,
                "shown": str(width),
                "ask_sat": True,
            }
            for width in WIDTHS
        ],
        options.time_limit,
    )


if __name__ == "__main__":
    main()
