"""How the values of a straight-line program grow, layer by layer, and plots of that.

Plots are made with matplotlib: the same data make the same bytes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from instances.errors import InputError
from instances.files import write_parts
from instances.sources.straight_line import StraightLineProgram
from reductions.to_training.posslp import gate_layers

_MOST_DOUBLINGS = 1000
"""Bounds do not grow beyond: no value that was computed has nearly 2^1000 bits."""


@dataclass(frozen=True)
class BitGrowth:
    """The bit lengths of the first gates of a program, from g0.

    Parameters
    ----------
    lengths : sequence of int
        Per gate.
    layers : sequence of int
        Per gate its layer in the network of the reduction `posslp`, where a sum is one layer
        after its operands and a product two; g0 is in layer 0.
    bounds : sequence of int
        Per gate the bound (1 + a) * 2^m on its bit length, where paths to it have at most a sums
        or differences and at most m products.

    The bound holds because a sum has at most one bit more than its longer term, and a product at
    most the bits of both factors.
    """

    lengths: Sequence[int]
    layers: Sequence[int]
    bounds: Sequence[int]

    def by_layer(self) -> list[tuple[int, int, int]]:
        """Return, for every layer with gates, the layer, the longest gate and the largest bound."""
        found: dict[int, tuple[int, int]] = {}
        for layer, bits, bound in zip(self.layers, self.lengths, self.bounds, strict=True):
            before = found.get(layer, (0, 0))
            found[layer] = (max(before[0], bits), max(before[1], bound))
        return [(layer, *found[layer]) for layer in sorted(found)]


def growth(program: StraightLineProgram, lengths: Sequence[int]) -> BitGrowth:
    """Return the growth of `program`, given the bit lengths of its first gates."""
    sums, products = [0], [0]
    for first, operator, second in program.gates[: max(0, len(lengths) - 1)]:
        is_product = operator == "*"
        sums.append(max(sums[first], sums[second]) + (not is_product))
        products.append(max(products[first], products[second]) + is_product)
    bounds = [(1 + a) << min(m, _MOST_DOUBLINGS) for a, m in zip(sums, products, strict=True)]
    return BitGrowth(lengths, gate_layers(program)[: len(lengths)], bounds[: len(lengths)])


if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NO_DATE: dict[str, dict[str, Any]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}
"""The formats, and the metadata that leave out the date."""


def require_plots(path: str) -> None:
    """Raise `InputError` unless matplotlib is there and `path` names a format that is written."""
    if _format(path) not in _NO_DATE:
        raise InputError(f"{path}: a plot's name must end in .png, .svg or .pdf")
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise InputError("plots need matplotlib: pip install 'qnnhard[plots]'") from error


def plot_growth(path: str, title: str, growth: BitGrowth) -> None:
    """Draw the longest gate per layer on a logarithmic axis, and the bound on it.

    Raises
    ------
    InputError
        Where matplotlib is missing, the format is unknown or the file cannot be written.
    """
    require_plots(path)
    from matplotlib import style
    from matplotlib.figure import Figure

    rows = growth.by_layer()
    layers = [layer for layer, _, _ in rows]
    # A value 0 has no bits and no place on the axis.
    bits = [float(length) if length else math.nan for _, length, _ in rows]
    bounds = [float(bound) for _, _, bound in rows]
    with style.context("default"):
        figure = Figure(figsize=(6.4, 4.0), layout="constrained")
        axes = figure.add_subplot()
        axes.set_yscale("log", base=2)
        axes.plot(
            layers, bounds, "--", color="0.55", label="$(1+a)\\,2^m$: a sums, m products on a path"
        )
        axes.plot(layers, bits, "o-", markersize=3, label="longest gate")
        axes.set_ylim(0.7, 8.0 * max((length for _, length, _ in rows), default=1) + 1)
        axes.set_xlabel("layer")
        axes.set_ylabel("bits")
        # Mathematical signs in a file's name are meant as they stand.
        axes.set_title(title, parse_math=False)
        axes.legend()
        save(figure, path)


def save(figure: "Figure", path: str) -> None:
    """Write `figure`, whole or not at all, without a date and with fixed identifiers."""
    import matplotlib

    kind = _format(path)
    content = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "qnnhard"}):
        figure.savefig(content, format=kind, metadata=_NO_DATE[kind])
    write_parts(path, (content.getvalue(),))


def _format(path: str) -> str:
    return path.rsplit(".", 1)[-1].lower() if "." in path else ""
