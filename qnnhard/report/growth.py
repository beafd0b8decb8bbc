"""How the values of a straight-line program grow, layer by layer."""

from collections.abc import Sequence
from dataclasses import dataclass

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
