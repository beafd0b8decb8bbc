"""How the running time of dataset-dp grows with the numbers' magnitude, for |D| = 1, 2, 3.

One input, x = 1..n; hidden neuron j computes relu(x - b) with b in 0..n and has the frozen
output weight a_j, uniform in 1..M: the gadget of `bin-packing` with one more bias, n, that
leaves an item out. A table holds the loads of n bins, so it has up to (sum of a_j)^n rows, and
the time per instance grows as M^n once there are enough neurons to fill it. For each n a line
is fitted to log(seconds) and log(rows) over log(M); its slope is the exponent. Under ETH no
algorithm for `bin-packing` with unary numbers has an exponent in o(n / log n).

    python benchmarks/dataset_dp.py [--seeds 5] [--memory-mib 4096]
"""

import argparse
import platform
import random
import statistics
import time

import numpy as np

from instances.deadline import Deadline
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from instances.training.names import name_blocks
from instances.training.network import Network, sort_edges
from qnnhard import __version__
from qnnhard.algorithms.dataset_dp import best

NEURONS = {1: 40, 2: 28, 3: 24}
"""Enough for full tables: far more assignments than load vectors."""

MAGNITUDES = {
    1: [2**11, 2**12, 2**13, 2**14, 2**15, 2**16],
    2: [16, 32, 64, 128, 256],
    3: [6, 8, 12, 16, 24, 32],
}


def make(points: int, neurons: int, magnitude: int, seed: int) -> TrainingInstance:
    """Return the instance described above; the targets are those of a random assignment."""
    r = random.Random(f"{points} {neurons} {magnitude} {seed}")
    weights = [r.randint(1, magnitude) for _ in range(neurons)]
    biases = [r.randint(0, points) for _ in range(neurons)]
    xs = range(1, points + 1)
    targets = [[sum(a * max(x - b, 0) for a, b in zip(weights, biases, strict=True))] for x in xs]
    hidden = range(1, neurons + 1)
    sources = np.array([0] * neurons + list(hidden), dtype=np.int32)
    ends = np.array([*hidden, *[neurons + 1] * neurons], dtype=np.int32)
    order = sort_edges(sources, ends)
    used = sorted(set(weights) | {1})
    domains = [tuple(range(points + 1)), (0,), *[(value,) for value in used]]
    of_edge = [2 + used.index(1)] * neurons + [2 + used.index(a) for a in weights]
    network = Network(
        names=name_blocks("x", ("h", neurons), "y"),
        inputs=np.array([0], dtype=np.int32),
        outputs=np.array([neurons + 1], dtype=np.int32),
        sources=sources[order],
        targets=ends[order],
        activations=(Activation("relu"), Activation("identity")),
        activation=np.array([-1, *[0] * neurons, 1], dtype=np.int32),
    )
    return TrainingInstance(
        network=network,
        domains=tuple(domains),
        weight_domain=np.array(of_edge, dtype=np.int32)[order],
        bias_domain=np.array([-1, *[0] * neurons, 1], dtype=np.int32),
        inputs=np.array([[x] for x in xs]),
        targets=np.array(targets),
        loss="l1",
    )


def measure(instance: TrainingInstance, memory: int) -> tuple[float, int]:
    """Return the seconds and the rows of all tables."""
    start = time.perf_counter()
    optimum = best(instance, Deadline(), memory)
    if optimum.loss != 0:
        raise SystemExit("a planted instance has a positive least loss")
    return time.perf_counter() - start, optimum.rows


def slope(xs: list[int], ys: list[float]) -> float:
    """Return the exponent of the power law that fits best."""
    return float(np.polyfit(np.log(xs), np.log(ys), 1)[0])


def main() -> None:
    """Print Markdown tables of medians and of the fitted exponents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--memory-mib", type=int, default=4096)
    options = parser.parse_args()
    print(f"qnnhard {__version__}, Python {platform.python_version()}, {platform.machine()}")
    print(f"Seeds 0 to {options.seeds - 1}, medians\n")
    print("| points | neurons | M | rows | seconds |")
    print("|---|---|---|---|---|")
    fitted = []
    memory = options.memory_mib << 20
    measure(make(1, 4, 4, 0), memory)  # imports and first calls
    for points, magnitudes in MAGNITUDES.items():
        neurons = NEURONS[points]
        seconds, rows = [], []
        for magnitude in magnitudes:
            runs = [
                measure(make(points, neurons, magnitude, seed), memory)
                for seed in range(options.seeds)
            ]
            seconds.append(statistics.median(run[0] for run in runs))
            rows.append(statistics.median(run[1] for run in runs))
            shown = f"{rows[-1]:,.0f} | {seconds[-1]:.3f}"
            print(f"| {points} | {neurons} | {magnitude} | {shown} |", flush=True)
        fitted.append((points, slope(magnitudes, rows), slope(magnitudes, seconds)))
    print("\n| points | exponent of rows | exponent of seconds |")
    print("|---|---|---|")
    for points, of_rows, of_seconds in fitted:
        print(f"| {points} | {of_rows:.2f} | {of_seconds:.2f} |")


if __name__ == "__main__":
    main()
