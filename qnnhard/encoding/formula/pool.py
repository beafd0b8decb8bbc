"""A growing array of literals."""

import numpy as np
from numpy.typing import NDArray

from qnnhard.encoding.formula.template import Literals


class Pool:
    """The order literals of all encoded neurons, one neuron's after the other's."""

    def __init__(self) -> None:
        self._data = np.zeros(1 << 10, dtype=np.int32)
        self._size = 0

    def append(self, literals: Literals) -> int:
        """Append a flat array and return the position of its first element."""
        begin, end = self._size, self._size + literals.size
        if end > len(self._data):
            grown = np.zeros(max(end, 2 * len(self._data)), dtype=np.int32)
            grown[:begin] = self._data[:begin]
            self._data = grown
        self._data[begin:end] = literals.ravel()
        self._size = end
        return begin

    def gather(self, start: NDArray[np.int64], count: int) -> Literals:
        """Return `count` literals from each of the positions `start`, as starts x count."""
        literals: Literals = self._data[start[:, None] + np.arange(count)]
        return literals
