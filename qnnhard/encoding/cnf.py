"""Formulas in conjunctive normal form, as arrays of clauses of equal width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qnnhard.encoding.template import Literals


@dataclass(frozen=True, eq=False)
class Formula:
    """A CNF over variables 1 to `variables`.

    Parameters
    ----------
    variables : int
    blocks : tuple of int32 arrays, clauses x width
    """

    variables: int
    blocks: tuple[Literals, ...]

    @property
    def clauses(self) -> int:
        """Number of clauses."""
        return sum(len(block) for block in self.blocks)

    @property
    def literals(self) -> int:
        """Number of literals in all clauses."""
        return sum(block.size for block in self.blocks)

    def chunks(self, size: int = 1 << 16) -> Iterator[list[list[int]]]:
        """Yield the clauses as lists of lists, about `size` literals at a time."""
        for block in self.blocks:
            step = max(1, size // block.shape[1])
            for begin in range(0, len(block), step):
                yield block[begin : begin + step].tolist()

    def dimacs(self) -> Iterator[bytes]:
        """Yield the lines of the DIMACS form from the ``p`` line on."""
        yield f"p cnf {self.variables} {self.clauses}\n".encode()
        for block in self.blocks:
            line = "%d " * block.shape[1] + "0\n"
            step = max(1, (1 << 18) // block.shape[1])
            for begin in range(0, len(block), step):
                part = block[begin : begin + step]
                yield (line * len(part) % tuple(part.ravel().tolist())).encode()

    def satisfied_by(self, model: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> bool:
        """Return whether every clause holds; ``model[v]`` is the value of variable v."""
        return all(
            bool((model[np.abs(block)] == (block > 0)).any(axis=1).all()) for block in self.blocks
        )


CONTRADICTION: Sequence[int] = (1, -1)
"""Unit clauses over one variable that say "no" without an empty clause.

Solvers and proof checkers disagree about files with an empty clause.
"""
