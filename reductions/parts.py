"""Which neuron of a training instance belongs to which part of the source."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Parts:
    """A part of the source, such as a variable or a clause, for every neuron.

    Parameters
    ----------
    kinds : tuple of str
        What parts there are, such as ``"variable"``.
    kind : int16 array
        Per neuron an index of `kinds`; -1 where it belongs to the source as a whole.
    number : int64 array
        Per neuron the number of its part among those of its kind, from 0.
    """

    kinds: tuple[str, ...]
    kind: NDArray[np.int16]
    number: NDArray[np.int64]

    @classmethod
    def of(cls, neurons: int, *parts: tuple[str, ArrayLike, ArrayLike]) -> "Parts":
        """Return the parts of so many neurons: each a kind, neurons, and the numbers of theirs."""
        kinds = tuple(dict.fromkeys(name for name, _, _ in parts))
        kind = np.full(neurons, -1, dtype=np.int16)
        number = np.zeros(neurons, dtype=np.int64)
        for name, members, numbers in parts:
            chosen = np.asarray(members, dtype=np.int64)
            kind[chosen] = kinds.index(name)
            number[chosen] = numbers
        return cls(kinds, kind, number)

    @classmethod
    def none(cls) -> "Parts":
        """Return that nothing is known of any neuron."""
        return cls.of(0)

    def label(self, neuron: int) -> str:
        """Return the part of a neuron, such as ``"variable 3"`` counted from 1, or no text."""
        if neuron >= len(self.kind) or self.kind[neuron] < 0:
            return ""
        return f"{self.kinds[self.kind[neuron]]} {self.number[neuron] + 1}"

    def neurons(self, kind: str, number: int) -> NDArray[np.int64]:
        """Return the neurons of a part, increasing; none where there is no such part."""
        if kind not in self.kinds:
            return np.empty(0, dtype=np.int64)
        mine = (self.kind == self.kinds.index(kind)) & (self.number == number)
        return np.flatnonzero(mine)
