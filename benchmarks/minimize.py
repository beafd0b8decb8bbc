"""Least losses of small nets, side by side: this program, an older one, and two peers.

For every instance all peers run one after the other, each in a process that has imported what it
needs: `rc2`, PySAT's core-guided solver on the weighted formula that `export --to wcnf` writes;
`descent` and `descent-minisat`, a local search of 100 steps and then CaDiCaL or MiniSat on the same
formula, asked for less loss until there is none; and `before`, the program of another checkout.
Seconds are of processor time, with those of child processes, from the instance on, as the machine
may be shared; a run beyond the limit counts as the limit. Peers that disagree stop the run.

    python benchmarks/minimize.py --before ../older > benchmarks/minimize.md
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from math import exp, log
from pathlib import Path
from queue import Empty, SimpleQueue
from statistics import median, quantiles
from threading import Thread
from typing import Any

HERE = Path(__file__).parent
FIRST_SEED = 7000
SHORT = 0.05
"""Instances whose best peer is faster than this say little about ratios."""

FAMILIES: tuple[tuple[str, int, int, int | None, str], ...] = (
    ("10-1", 2, 64, None, "mismatch"),
    ("8-1", 3, 48, None, "mismatch"),
    ("5-1", 4, 64, None, "mismatch"),
    ("6-1", 3, 64, None, "l1"),
    ("5-1", 4, 48, None, "l2"),
    ("6-3-1", 2, 48, None, "mismatch"),
    ("8-4-1", 2, 64, 6, "mismatch"),
    ("4-2-1", 3, 48, None, "mismatch"),
    ("5-3-1", 3, 32, 4, "mismatch"),
    ("3-2-1", 4, 24, None, "mismatch"),
)
"""Widths, d, data points, flipped targets of a teacher or none for random ones, and loss."""


def make(family: int, seed: int) -> Any:
    """Return an instance of a family."""
    from instances.families.registry import FAMILIES

    widths, d, points, flips, loss = FAMILIES[family]
    values = {"widths": widths, "d": d, "points": points, "flips": flips or 0}
    texts = {name: str(value) for name, value in values.items()}
    texts["planted"] = "no" if flips is None else "yes"
    instance = FAMILIES.get("dense").generate(texts, seed).instance
    return instance if loss == "mismatch" else replace(instance, loss=loss, d=None)


def by_qnnhard(instance: Any) -> Any:
    """Return the least loss by this program, or by the one that PYTHONPATH leads to."""
    from instances.deadline import Deadline
    from qnnhard.methods.sat import SatMethod

    return SatMethod().minimize(instance, Deadline()).loss


def by_rc2(instance: Any) -> Any:
    """Return the least loss by RC2 with its default solver."""
    from pysat.examples.rc2 import RC2
    from pysat.formula import WCNF

    from qnnhard.encoding.wcnf import encode_loss

    weighted = encode_loss(instance)
    formula = WCNF()
    formula.hard = [clause for chunk in weighted.encoding.formula.chunks() for clause in chunk]
    formula.nv = weighted.encoding.formula.variables
    formula.soft = [[literal] for _, literal in weighted.soft]
    formula.wght = [weight for weight, _ in weighted.soft]
    with RC2(formula) as rc2:
        rc2.compute()
        return weighted.loss(rc2.cost)


def by_descent(kind: str) -> Callable[[Any], Any]:
    """Return a descent from local search with a solver of PySAT."""

    def descend(instance: Any) -> Any:
        from pysat.solvers import Solver

        from instances.deadline import Deadline
        from instances.training.evaluate import evaluate
        from qnnhard.encoding.decode import decode
        from qnnhard.encoding.encode import Options, encode
        from qnnhard.encoding.objective import count_loss
        from qnnhard.methods.local_search.search import LocalSearch
        from qnnhard.sat.cadical import load, read_model

        search = LocalSearch(instance, minimize=True)
        search.run(Deadline(), 100)
        best: Any = search.best_mismatch
        encoding = encode(instance, options=Options(minimize=True))
        counted = count_loss(encoding, best - 1)
        assert counted is not None
        with Solver(kind) as solver:
            load(solver, counted.formula, Deadline())
            while best:
                below = counted.below(best)
                solver.add_clause([] if below is None else [below])
                if not solver.solve():
                    break
                model = read_model(solver, counted.formula)
                best = evaluate(instance, decode(encoding, model)).loss
        return best

    return descend


PEERS: dict[str, Callable[[Any], Any]] = {
    "qnnhard": by_qnnhard,
    "before": by_qnnhard,
    "rc2": by_rc2,
    "descent": by_descent("cadical195"),
    "descent-minisat": by_descent("minisat22"),
}


def work(peer: str) -> None:
    """Solve one instance a line of standard input."""
    # Whatever is imported late must not count for the first instance.
    PEERS[peer](make(len(FAMILIES) - 1, 1))
    for line in sys.stdin:
        instance = make(*json.loads(line))
        begin = used()
        loss = PEERS[peer](instance)
        print(json.dumps([str(loss), used() - begin]), flush=True)


def used() -> float:
    """Return the seconds of processor time of this process and of children that have ended."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


class Worker:
    """A process that solves instances with one peer, started anew after one beyond the limit."""

    def __init__(self, peer: str, path: Path, limit: float) -> None:
        self.peer, self.path, self.limit = peer, path, limit
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--worker", self.peer],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(self.path)},
        )

    def solve(self, family: int, seed: int) -> tuple[str | None, float]:
        """Return the least loss and the seconds, or none and the limit."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        lines: SimpleQueue[str] = SimpleQueue()
        output = self.process.stdout
        Thread(target=lambda: lines.put(output.readline()), daemon=True).start()
        self.process.stdin.write(json.dumps([family, seed]) + "\n")
        self.process.stdin.flush()
        try:
            # Wall-clock time may pass several times as fast on a shared machine.
            loss, seconds = json.loads(lines.get(timeout=4 * self.limit))
        except Empty:
            self.end()
            self._start()
            return None, self.limit
        return (loss, seconds) if seconds < self.limit else (None, self.limit)

    def end(self) -> None:
        """Stop the process."""
        self.process.kill()
        self.process.wait()


def mean(ratios: list[float]) -> float:
    """Return the geometric mean."""
    return exp(sum(map(log, ratios)) / len(ratios))


def report(runs: list[tuple[int, dict[str, tuple[str | None, float]]]]) -> None:
    """Print the table and what follows from it."""
    peers = list(runs[0][1])
    print("| net | d | points | targets | loss |" + "".join(f" {peer} |" for peer in peers))
    print("|---|---|---|---|---|" + "---|" * len(peers))
    for number, (widths, d, points, flips, loss) in enumerate(FAMILIES):
        mine = [found for family, found in runs if family == number]
        targets = "random" if flips is None else f"teacher, {flips} flipped"
        cells = [f"{median(found[peer][1] for found in mine):.3f}" for peer in peers]
        print(f"| {widths} | {d} | {points} | {targets} | {loss} | {' | '.join(cells)} |")
    for peer in peers[1:]:
        solved = sum(found[peer][0] is not None for _, found in runs)
        ratio = mean([found[peer][1] / found["qnnhard"][1] for _, found in runs])
        print(f"\nThe seconds of `{peer}` to those of `qnnhard`, geometric mean: {ratio:.2f}")
        print(f"({solved} of {len(runs)} solved).")
    others = [peer for peer in peers if peer not in ("qnnhard", "before")]
    ratios = []
    for _, found in runs:
        best = min(found[peer][1] for peer in others)
        if best >= SHORT:
            ratios.append(found["qnnhard"][1] / best)
    if len(ratios) > 1:
        print("\nThe seconds of `qnnhard` to those of the fastest peer but `before`, instance by")
        print(f"instance, on {len(ratios)} that it takes {SHORT:g} s or more: median")
        print(f"{median(ratios):.2f}, 95th percentile {quantiles(ratios, n=20)[-1]:.2f}.")


def main() -> None:
    """Run all peers on all families and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=20.0, help="seconds a run")
    parser.add_argument("--before", type=Path, help="another checkout of this program")
    parser.add_argument("--worker", choices=PEERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker)
        return
    paths = dict.fromkeys(PEERS, HERE.parent) | {"before": options.before}
    workers = [
        Worker(peer, path.resolve(), options.limit)
        for peer, path in paths.items()
        if path is not None
    ]
    runs = []
    try:
        for family in range(len(FAMILIES)):
            for seed in range(FIRST_SEED, FIRST_SEED + options.seeds):
                found = {worker.peer: worker.solve(family, seed) for worker in workers}
                if len({loss for loss, _ in found.values()} - {None}) > 1:
                    raise SystemExit(f"losses differ: {FAMILIES[family]}, seed {seed}: {found}")
                print(FAMILIES[family], seed, found, file=sys.stderr)
                runs.append((family, found))
    finally:
        for worker in workers:
            worker.end()
    print("# Least losses\n")
    last = FIRST_SEED + options.seeds - 1
    print(f"Seeds {FIRST_SEED} to {last}, limit {options.limit:g} s a run;")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores.")
    print("Medians, in seconds of processor time with those of child processes.\n")
    report(runs)


if __name__ == "__main__":
    main()
