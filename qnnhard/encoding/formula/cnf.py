"""Formulas in conjunctive normal form, as arrays of clauses of equal width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from instances.progress import stage
from qnnhard.encoding.formula.template import Literals

CHUNK = 1 << 16
"""Literals that are handed on at a time."""


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

    @property
    def sizes(self) -> dict[str, int]:
        """The numbers of variables and clauses."""
        return {"variables": self.variables, "clauses": self.clauses}

    def chunks(self) -> Iterator[list[list[int]]]:
        """Yield the clauses as lists of lists, about `CHUNK` literals at a time."""
        for block in self.blocks:
            for part in pieces(block):
                yield part.tolist()

    def dimacs(self) -> Iterator[bytes]:
        """Yield the lines of the DIMACS form from the ``p`` line on."""
        yield f"p cnf {self.variables} {self.clauses}\n".encode()
        with stage("DIMACS", "clauses", self.clauses) as progress:
            for block in self.blocks:
                for part in pieces(block):
                    yield clause_lines(part)
                    progress.done += len(part)

    def satisfied_by(self, model: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> bool:
        """Return whether every clause holds; ``model[v]`` is the value of variable v."""
        return all(
            bool((model[np.abs(block)] == (block > 0)).any(axis=1).all()) for block in self.blocks
        )


CONTRADICTION: Sequence[int] = (1, -1)
"""Unit clauses over one variable that say "no" without an empty clause.

Solvers and proof checkers disagree about files with an empty clause.
"""


def pieces(block: Literals) -> Iterator[Literals]:
    """Yield the clauses of a block, about `CHUNK` literals at a time."""
    step = max(1, CHUNK // block.shape[1])
    for begin in range(0, len(block), step):
        yield block[begin : begin + step]


def clause_lines(block: Literals) -> bytes:
    """Return clauses of equal width as lines such as ``1 -2 0``.

    Every literal gets the room that the longest needs: a sign, digits and a blank. The bytes
    that it leaves unused are 0, and dropped in the end.
    """
    rest = np.abs(block).astype(np.uint32)
    digits = len(str(rest.max()))
    cells = np.zeros((len(block), block.shape[1] + 1, digits + 2), dtype=np.uint8)
    cells[:, -1, :2] = _END
    cells[:, :-1, 0] = np.where(block < 0, _MINUS, 0)
    cells[:, :-1, -1] = _BLANK
    for place in range(digits, 0, -1):
        higher = rest // _TEN
        digit = (rest - higher * _TEN + _ZERO).astype(np.uint8)
        cells[:, :-1, place] = digit * (rest > 0)
        rest = higher
    text = cells.ravel()
    return text[text > 0].tobytes()


_TEN, _ZERO = np.uint32(10), np.uint32(ord("0"))
_MINUS, _BLANK = np.uint8(ord("-")), np.uint8(ord(" "))
_END = tuple(b"0\n")
