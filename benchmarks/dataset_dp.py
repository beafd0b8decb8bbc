"""How the running time of dataset-dp grows with the numbers' magnitude, for |D| = 1, 2, 3.

One input, x = 1..n; hidden neuron j computes relu(x - b) with b in 0..n and has the frozen
output weight a_j, uniform in 1..M: the gadget of `bin-packing` with one more bias, n, that
leaves an item out. A table holds the loads of n bins, so it has up to (sum of a_j)^n rows, and
the time per instance grows as M^n once there are enough neurons to fill it. For each n a line
is fitted to log(seconds) and log(rows) over log(M); its slope is the exponent.

Jansen, Kratsch, Marx and Schlotter (2013): unless ETH fails, no algorithm solves Bin Packing with
unary numbers and n bins in time f(n) * size^o(n / log n). So some exponent that grows with n is
due; the bound says nothing about its constant, and is drawn by its shape.

    python benchmarks/dataset_dp.py > benchmarks/dataset_dp.md

writes the plot to dataset_dp.svg beside this file.
"""

import argparse
import os
import platform
import random
import statistics
import time
from math import log2
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from instances.deadline import Deadline
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from instances.training.names import name_blocks
from instances.training.network import Network, sort_edges
from qnnhard import __version__
from qnnhard.methods.dataset_dp.optimum import best
from qnnhard.report.growth import save

NEURONS = {1: 40, 2: 28, 3: 24}
"""Enough for full tables: far more assignments than load vectors."""

MAGNITUDES = {
    1: [2**11, 2**12, 2**13, 2**14, 2**15, 2**16],
    2: [16, 32, 64, 128, 256],
    3: [6, 8, 12, 16, 24, 32],
}

NOTE = """\
A table of |D| loads has at most (sum of the numbers)^|D| rows, so the exponent is at most |D|.
Under ETH no algorithm for `bin-packing` with unary numbers has an exponent in o(|D| / log |D|)
(Jansen, Kratsch, Marx and Schlotter, 2013): a degree that grows with |D| is what can be
expected. That bound has no constant; the plot shows its shape."""


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
    """Return the seconds of processor time and the rows of all tables."""
    start = time.process_time()
    optimum = best(instance, Deadline(), memory)
    if optimum.loss != 0:
        raise SystemExit("a planted instance has a positive least loss")
    return time.process_time() - start, optimum.rows


def power_law(xs: list[int], ys: list[float]) -> tuple[float, float]:
    """Return exponent and factor of the power law that fits best."""
    exponent, offset = np.polyfit(np.log(xs), np.log(ys), 1)
    return float(exponent), float(np.exp(offset))


def plot(
    path: str, seconds: dict[int, list[float]], exponents: dict[int, tuple[float, float]]
) -> None:
    """Draw the seconds over the magnitude, and the exponents beside the bounds."""
    figure = Figure(figsize=(9.6, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    for points, measured in seconds.items():
        magnitudes = MAGNITUDES[points]
        exponent, factor = power_law(magnitudes, measured)
        label = f"|D| = {points}: $M^{{{exponent:.2f}}}$"
        marks = left.plot(magnitudes, measured, "o", label=label)
        fitted = [factor * magnitude**exponent for magnitude in magnitudes]
        left.plot(magnitudes, fitted, "-", color=marks[0].get_color(), linewidth=1)
    left.set(
        xscale="log",
        yscale="log",
        xlabel="magnitude M of the numbers",
        ylabel="seconds of processor time",
    )
    left.legend()
    points = list(exponents)
    right.plot(points, points, "-", color="0.55", label="tables: at most |D|")
    right.plot(points, [exponents[n][0] for n in points], "s", label="measured, rows")
    right.plot(points, [exponents[n][1] for n in points], "o", label="measured, seconds")
    shape = [n / log2(n + 1) for n in points]
    label = "ETH: not o(|D| / log |D|); drawn |D| / log$_2$(|D| + 1)"
    right.plot(points, shape, "--", color="0.55", label=label)
    right.set(xlabel="|D|", ylabel="exponent of M", xticks=points, ylim=(0, 1.6 * max(points)))
    right.legend(loc="upper left")
    save(figure, path)


def main() -> None:
    """Print Markdown tables of medians and of the fitted exponents; draw both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--memory-mib", type=int, default=4096)
    parser.add_argument("--plot", default=str(Path(__file__).with_suffix(".svg")))
    options = parser.parse_args()
    print("# Growth of `dataset-dp` with the numbers' magnitude\n")
    print(f"qnnhard {__version__}, Python {platform.python_version()}, NumPy {np.__version__},")
    print(f"matplotlib {matplotlib.__version__}, {platform.machine()}, {os.cpu_count()} cores.")
    print(f"Seeds 0 to {options.seeds - 1}, medians; seconds of processor time.\n")
    print("| points | neurons | M | rows | seconds |")
    print("|---|---|---|---|---|")
    seconds: dict[int, list[float]] = {}
    exponents: dict[int, tuple[float, float]] = {}
    memory = options.memory_mib << 20
    measure(make(1, 4, 4, 0), memory)  # imports and first calls
    for points, magnitudes in MAGNITUDES.items():
        neurons = NEURONS[points]
        rows = []
        seconds[points] = []
        for magnitude in magnitudes:
            runs = [
                measure(make(points, neurons, magnitude, seed), memory)
                for seed in range(options.seeds)
            ]
            seconds[points].append(statistics.median(run[0] for run in runs))
            rows.append(statistics.median(run[1] for run in runs))
            shown = f"{rows[-1]:,.0f} | {seconds[points][-1]:.3f}"
            print(f"| {points} | {neurons} | {magnitude} | {shown} |", flush=True)
        exponents[points] = tuple(power_law(magnitudes, of)[0] for of in (rows, seconds[points]))
    print("\n| points | exponent of rows | exponent of seconds |")
    print("|---|---|---|")
    for points, (of_rows, of_seconds) in exponents.items():
        print(f"| {points} | {of_rows:.2f} | {of_seconds:.2f} |")
    plot(options.plot, seconds, exponents)
    print("\n![Seconds over magnitude, and exponents over |D|](dataset_dp.svg)\n")
    print(NOTE)


if __name__ == "__main__":
    main()
