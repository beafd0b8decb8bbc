"""Integer vectors packed into single integers, so that sums of vectors are sums of keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import mul
from typing import Any

import numpy as np

from instances.text.numbers import Array

LIMIT = 1 << 61
"""Boxes of fewer points have int64 keys: differences of two keys stay below 2^62."""

Interval = tuple[int, int]
"""Least and largest value of a coordinate."""

Placed = tuple[int, Interval]
"""A coordinate and its interval."""


@dataclass(frozen=True)
class VectorPacking:
    """A linear map from vectors to integers, injective on a box that contains the origin.

    The key of v is the sum of ``v[i] * stride[i]`` in mixed radix. Linearity is what the tables
    use: the key of a sum is the sum of the keys, and adding a constant keeps keys sorted.

    Parameters
    ----------
    box : tuple of pairs
        Per coordinate its least and largest value; 0 lies between them.
    """

    box: tuple[Interval, ...]

    @classmethod
    def for_sums(cls, steps: Iterable[Iterable[Placed]], size: int) -> "VectorPacking":
        """Return the packing for all prefix sums of one vector a step, the empty one included.

        Parameters
        ----------
        steps : iterable
            Per step the coordinates where its vectors are not 0 throughout, with intervals.
        size : int
            Number of coordinates.
        """
        low, high, least, most = [0] * size, [0] * size, [0] * size, [0] * size
        for step in steps:
            for coordinate, (down, up) in step:
                low[coordinate] += down
                high[coordinate] += up
                least[coordinate] = min(least[coordinate], low[coordinate])
                most[coordinate] = max(most[coordinate], high[coordinate])
        return cls(tuple(zip(least, most, strict=True)))

    @classmethod
    def around(cls, box: Iterable[Interval]) -> "VectorPacking":
        """Return the packing for the vectors of `box` and the origin."""
        return cls(tuple((min(low, 0), max(high, 0)) for low, high in box))

    @cached_property
    def widths(self) -> list[int]:
        """Number of values per coordinate."""
        return [high - low + 1 for low, high in self.box]

    @cached_property
    def strides(self) -> list[int]:
        """Key of the unit vector per coordinate."""
        return list(accumulate(self.widths, mul, initial=1))[:-1]

    @cached_property
    def volume(self) -> int:
        """Number of vectors in the box; every key and every difference is smaller."""
        return list(accumulate(self.widths, mul, initial=1))[-1]

    @property
    def dtype(self) -> Any:
        """int64 where no key can overflow, Python integers otherwise."""
        return np.int64 if self.volume < LIMIT else object

    @property
    def key_bytes(self) -> int:
        """Memory of one key, an upper bound for Python integers."""
        if self.dtype is not object:
            return 8
        return 8 + 40 + self.volume.bit_length() // 7

    def zero(self) -> Array:
        """Return the keys of the table that holds the origin alone."""
        return np.array([0], dtype=self.dtype)

    def key(self, vector: Iterable[int], start: int = 0) -> int:
        """Return the key of `vector` in the coordinates from `start` on and 0 elsewhere."""
        return sum(map(mul, vector, self.strides[start:]))

    def pack(self, vectors: Array) -> Array:
        """Return the keys of the rows of `vectors`, which lie in the box."""
        # Every partial sum is the key of a vector of the box too, hence below the volume. The
        # stride of a coordinate that is always 0 may be of any size and is left out.
        keys = np.zeros(len(vectors), dtype=self.dtype)
        for column, (width, stride) in enumerate(zip(self.widths, self.strides, strict=True)):
            if width > 1:
                keys = keys + vectors[:, column].astype(self.dtype) * stride
        return keys

    def unpack(self, keys: Array) -> Array:
        """Return the vectors of `keys` as rows."""
        vectors = np.zeros((len(keys), len(self.box)), dtype=self.dtype)
        rest = keys - self.key(low for low, _ in self.box)
        for column, ((low, _), width) in enumerate(zip(self.box, self.widths, strict=True)):
            if width > 1:
                vectors[:, column] = rest % width + low
                rest = rest // width
        return vectors
