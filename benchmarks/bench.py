"""Measure qnnhard and its peers side by side, and write a Markdown table and JSON.

    python benchmarks/bench.py [--seeds 10] [--limit 60] [--only formulas covers nets scale]

Every peer runs on every case in a process of its own; for one seed all peers run one after the
other, so that ratios compare like with like on a machine that others use. A run beyond the
limit counts as the limit in medians and as unsolved. Peers that disagree stop the run. The
files are written anew after every row of the table.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from cases import Case, cover, formula, net
from peers import installed
from report import Run, write
from scale import scale

HERE = Path(__file__).parent
SLACK = 30


@dataclass(frozen=True)
class Experiment:
    """A row of the table: cases by seed, and the peers that run on them."""

    group: str
    name: str
    peers: tuple[str, ...]
    reference: str
    make: object

    def case(self, seed: int) -> Case:
        """Return the case of a seed."""
        made: Case = self.make(seed)  # type: ignore[operator]
        return made


ALL = ("qnnhard", "sat", "cp-sat", "exact", "z3", "naive")
OURS = ("qnnhard", "sat")


def experiments() -> list[Experiment]:
    """Return all experiments in the order of the table."""
    found = []
    for reduction in ("two-inputs", "bounded-degree", "bounded-degree-deep"):
        for size in (50, 100, 150, 200, 250):
            peers = ALL if reduction == "two-inputs" and size <= 200 else OURS
            found.append(
                Experiment(
                    "formulas",
                    f"{reduction}, n={size}",
                    ("direct", *peers),
                    "direct",
                    lambda seed, r=reduction, n=size: formula(r, n, seed),
                )
            )
    for sets in (30, 100, 200, 300):
        peers = ALL if sets <= 100 else OURS
        found.append(
            Experiment(
                "covers",
                f"exact-cover, {sets} sets",
                ("direct", *peers),
                "direct",
                lambda seed, n=sets: cover(n, seed),
            )
        )
    for widths, d, points, planted, bound in NETS:
        found.append(
            Experiment(
                "nets",
                f"{widths}:{d}:{points}, {'teacher' if planted else 'random'} labels, "
                f"bound {bound}",
                (*ALL, *["local-search"] * planted, *["lazy"] * (d == 2)),
                "qnnhard",
                lambda seed, c=(widths, d, points, planted, bound): net(*c, seed),
            )
        )
    return found


NETS = (
    ("8-6-1", 3, 64, True, 0),
    ("10-8-1", 3, 64, True, 0),
    ("8-6-1", 4, 48, True, 0),
    ("6-4-2", 3, 32, True, 0),
    ("8-5-1", 2, 48, True, 0),
    ("6-4-2", 3, 32, True, 2),
    ("6-4-2", 3, 32, False, 0),
    ("5-3-1", 4, 24, False, 0),
    ("12-10-1", 2, 40, False, 0),
    ("4-3-1", 3, 16, False, 2),
)


def run(case: Case, peer: str, limit: float) -> Run:
    """Run one peer on one case in a process of its own."""
    request = json.dumps({"peer": peer, "limit": limit, "case": asdict(case)})
    try:
        done = subprocess.run(
            [sys.executable, str(HERE / "run_peer.py")],
            input=request,
            capture_output=True,
            text=True,
            timeout=limit + SLACK,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return Run(peer, case.seed, None, limit, None)
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or [f"status {error.returncode}"])[-1]
        return Run(peer, case.seed, None, limit, None, last)
    found = json.loads(done.stdout.splitlines()[-1])
    seconds = limit if found["answer"] is None else found["seconds"]
    return Run(peer, case.seed, found["answer"], seconds, found["mib"])


def main() -> None:
    """Run what is asked for and write ``bench.md`` and ``bench.json``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds a run")
    groups = ("formulas", "covers", "nets", "scale")
    parser.add_argument("--only", nargs="+", choices=groups, default=groups)
    parser.add_argument(
        "--match", nargs="+", help="only experiments whose name contains one of these"
    )
    parser.add_argument("--output", type=Path, default=HERE / "bench")
    options = parser.parse_args()
    table: list[tuple[str, str, str, list[Run]]] = []
    for experiment in experiments():
        if experiment.group not in options.only:
            continue
        if options.match and not any(text in experiment.name for text in options.match):
            continue
        runs = []
        for seed in range(options.seeds):
            case = experiment.case(seed)
            at_once = [
                run(case, peer, options.limit) for peer in experiment.peers if installed(peer)
            ]
            for found in at_once:
                if found.error:
                    raise SystemExit(f"{found.peer} failed on {case}: {found.error}")
            answers = {found.answer for found in at_once} - {None}
            if len(answers) > 1:
                raise SystemExit(f"answers differ: {case}: {at_once}")
            runs += at_once
        print(f"{experiment.group}: {experiment.name}", file=sys.stderr)
        table.append((experiment.group, experiment.name, experiment.reference, runs))
        write(options.output, table, [], options.seeds, options.limit)
    stages = scale() if "scale" in options.only and not options.match else []
    write(options.output, table, stages, options.seeds, options.limit)


if __name__ == "__main__":
    main()
