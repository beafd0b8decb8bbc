"""The memory that exact values of any size may take while a network is evaluated."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.errors import Unsupported
from instances.text.numbers import Array
from instances.training.network import Network

MOST_BITS = 1 << 26
"""Most bits of one value: products of that size take about ten seconds."""

MOST_LIVE_BITS = 1 << 33
"""Most bits of all values that are needed at a time: 1 GiB."""


class LiveBits:
    """The bit lengths of the values of a network, which are dropped after their last use.

    Parameters
    ----------
    network : Network
    kept : int array
        Neurons whose values are needed in the end.
    """

    def __init__(self, network: Network, kept: NDArray[Any]) -> None:
        self._network = network
        self._bits = np.zeros(network.size, dtype=np.int64)
        self._total = 0
        self._records: list[tuple[str, int]] = []
        # Level by level the neurons that nothing reads later.
        last = network.levels.astype(np.int64)
        np.maximum.at(last, network.sources, network.levels[network.targets])
        last[kept] = np.iinfo(np.int64).max
        self._order = np.argsort(last, kind="stable")
        self._last = last[self._order]
        self._dropped = 0

    def admits(self, count: int, bits: int) -> bool:
        """Tell whether `count` values of at most `bits` each surely fit."""
        return bits <= MOST_BITS and self._total + count * bits <= MOST_LIVE_BITS

    def require(self, neuron: int, values: Array, factor: int = 1) -> None:
        """Raise `Unsupported` if values `factor` times as long as `values` would not fit."""
        lengths = [factor * (bit_length(value) - 1) + 1 for value in values.ravel().tolist()]
        longest, total = max(lengths, default=0), sum(lengths)
        name = self._network.names[neuron]
        if longest > MOST_BITS:
            raise Unsupported(
                f"a value of neuron '{name}' has {longest} bits or more, beyond the {MOST_BITS} "
                f"that are evaluated; {self._curve()}"
            )
        if self._total + total > MOST_LIVE_BITS:
            raise Unsupported(
                f"the values of neuron '{name}' and those still needed have {self._total + total} "
                f"bits or more, beyond the {MOST_LIVE_BITS} that are evaluated; {self._curve()}"
            )

    def add(self, neurons: NDArray[Any], values: Array) -> None:
        """Count the `values` that `neurons` now have."""
        for neuron, row in zip(neurons.tolist(), values[neurons].tolist(), strict=True):
            lengths = [bit_length(value) for value in row]
            self._bits[neuron] = sum(lengths)
            longest = max(lengths, default=0)
            if longest > (self._records[-1][1] if self._records else 0):
                self._records.append((self._network.names[neuron], longest))
        self._total += int(self._bits[neurons].sum())

    def drop(self, level: int, values: Array) -> None:
        """Forget the values that nothing reads after `level`."""
        end = int(np.searchsorted(self._last, level, side="right"))
        done, self._dropped = self._order[self._dropped : end], end
        self._total -= int(self._bits[done].sum())
        self._bits[done] = 0
        values[done] = 0

    def _curve(self) -> str:
        """Return the last few of the neurons that set a record, with their bit lengths."""
        records = ", ".join(f"{name}: {bits}" for name, bits in self._records[-8:])
        return f"bit lengths so far: {records or 'none'}"


def bit_length(value: Any) -> int:
    """Return the bits of an integer, or of numerator and denominator of a fraction."""
    if isinstance(value, int):
        return value.bit_length()
    return int(value.numerator.bit_length() + value.denominator.bit_length())
