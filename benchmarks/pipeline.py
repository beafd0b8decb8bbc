"""What a training instance made from a formula costs, against the formula itself.

For random 3-SAT at the threshold ratio 4.26, in one process: seconds to build, to encode and to
solve the training instance, and the ratio of the three together to CaDiCaL on the formula.

    python benchmarks/pipeline.py [--reduction two-inputs] [--sizes 100 150] [--seeds 10]
"""

import argparse
import platform
import statistics
import time
from itertools import pairwise

from instances.deadline import Deadline
from instances.sources.registry import get_problem
from qnnhard import __version__
from qnnhard.encoding.encode import encode
from qnnhard.solvers.cadical import solve_formula
from reductions.registry import get_reduction


def measure(reduction: str, variables: int, seed: int) -> dict[str, float]:
    """Return the seconds of every stage, and of the direct solve."""
    problem, chosen = get_problem("3-sat"), get_reduction(reduction)
    source = problem.generate({"variables": str(variables)}, seed)
    times = [time.perf_counter()]
    witness = problem.solve(source, Deadline())
    times.append(time.perf_counter())
    instance = chosen.build(source)
    times.append(time.perf_counter())
    encoding = encode(instance)
    times.append(time.perf_counter())
    result = solve_formula(encoding.formula, Deadline())
    times.append(time.perf_counter())
    if (witness is not None) != result.satisfiable:
        raise SystemExit(f"answers differ: {reduction}, {variables} variables, seed {seed}")
    spent = [after - before for before, after in pairwise(times)]
    return dict(zip(("direct", "build", "encode", "solve"), spent, strict=True))


def main() -> None:
    """Print a Markdown table of medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reduction", default="two-inputs")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 150, 200])
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    print(f"qnnhard {__version__}, Python {platform.python_version()}, {platform.machine()}")
    print(f"`{options.reduction}`, 3-SAT at ratio 4.26, seeds 0 to {options.seeds - 1}, medians\n")
    print("| variables | direct s | build s | encode s | solve s | total / direct |")
    print("|---|---|---|---|---|---|")
    for variables in options.sizes:
        runs = [measure(options.reduction, variables, seed) for seed in range(options.seeds)]
        cells = [statistics.median(run[stage] for run in runs) for stage in runs[0]]
        ratio = statistics.median(
            (sum(run.values()) - run["direct"]) / run["direct"] for run in runs
        )
        shown = " | ".join(f"{cell:.3f}" for cell in cells)
        print(f"| {variables} | {shown} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
