"""Random arrays that are the same on every machine and with every version of NumPy."""

import numpy as np

from instances.text.numbers import Array


class Draws:
    """Uniform integers and subsets from a seed.

    NumPy keeps the raw stream of a bit generator stable between versions, but not the methods
    of its generators; so everything here is arithmetic on raw 64-bit words.
    """

    def __init__(self, seed: int) -> None:
        self._words = np.random.PCG64(seed)

    def integers(self, below: int, *shape: int) -> Array:
        """Return integers from 0 to ``below - 1``, for `below` up to 2^31.

        The remainder of a 64-bit word favours no value by more than 2^-33 of its probability.
        """
        words = self._words.random_raw(int(np.prod(shape, dtype=np.int64)))
        return (words % np.uint64(below)).astype(np.int64).reshape(shape)

    def subsets(self, count: int, of: int, size: int) -> Array:
        """Return `count` rows, each with `size` distinct integers below `of` in increasing order.

        Takes memory of `count` times `of`.
        """
        words = self._words.random_raw(count * of).reshape(count, of)
        return np.sort(np.argsort(words, axis=1, kind="stable")[:, :size], axis=1)
