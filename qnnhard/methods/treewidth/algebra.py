"""What a sweep does with tables of partial solutions, whatever tables are (theory, section 5.2).

A table has columns, the behaviours and the partial sums of neurons, but knows no neurons:
operations are positional, so that their results can be remembered. A column of a neuron that is
absent is given as -1, or as -2 - q where the other column of the same neuron, its sum or its
behaviour, is at position q.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from instances.text.numbers import Array
from qnnhard.methods.treewidth.neuron_kinds import EdgeKind, NeuronKind


@dataclass(frozen=True, eq=False)
class Step:
    """The result of an operation.

    Parameters
    ----------
    table : int
        The resulting table's number, or -1 where it has no rows.
    back : array
        Per row the candidate that it came from.
    shape : tuple of int
        How candidates number their choices, in mixed radix.
    """

    table: int
    back: Array = field(default_factory=lambda: np.zeros(0, dtype=np.uint16))
    shape: tuple[int, ...] = ()
    _decoded: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def choices(self, row: int) -> tuple[int, ...]:
        """Return the choices behind `row`."""
        found = self._decoded.get(row)
        if found is None:
            choices = np.unravel_index(int(self.back[row]), self.shape)
            found = self._decoded[row] = tuple(map(int, choices))
        return found


class Addition(NamedTuple):
    """An in-edge to add, with any of its weights, to a sum.

    Parameters
    ----------
    behaviour : int
        The column of the source's behaviour; an absent one is guessed and appended.
    total : int
        The column of the target's sum; an absent one is started and appended.
    edge, kind : EdgeKind, NeuronKind
        Of the edge and of its target.
    fresh : bool
        Whether a sum that is started takes the constant in-edges along.
    drop : bool
        Whether the source's behaviour is not needed any more.
    """

    behaviour: int
    total: int
    edge: EdgeKind
    kind: NeuronKind
    fresh: bool
    drop: bool


class Firing(NamedTuple):
    """Bias and activation to apply to a finished sum, which disappears.

    The behaviour must be the kind's goal, or equal the column `behaviour`; where there is neither
    it is appended, unless it is not needed any more. The parameters are those of `Addition`.
    """

    behaviour: int
    total: int
    kind: NeuronKind
    fresh: bool
    drop: bool


class TableAlgebra(ABC):
    """Tables by their numbers, and operations that make new ones."""

    unit: int
    """The table of one row and no column."""

    @abstractmethod
    def edge(self, table: int, added: Addition) -> Step:
        """Add an in-edge to a sum; the choices are row, offset, guess, weight."""

    @abstractmethod
    def fire(self, table: int, fired: Firing) -> Step:
        """Apply bias and activation to a sum; the choices are row, offset, bias."""

    @abstractmethod
    def join(self, first: int, second: int, match: tuple[int, ...], gone: int) -> Step:
        """Combine the rows of two tables that agree on behaviours; sums of a neuron add up.

        The choices of the step are the row of the first table and the row of the second.

        Parameters
        ----------
        match : tuple of int
            For every column of the second table the column of the first that it meets; a
            column that meets none is appended.
        gone : int
            A behaviour's column of the result that is not needed any more, or -1.
        """

    def take_up(self, _table: int) -> None:
        """Note that the next operation goes on from a table that was left alone so far."""
        return

    def rank(self, _table: int) -> int:
        """Return where a table stands among those to be joined, which begin with the least."""
        return 0

    def make_room(self, _live: Iterable[int]) -> bool:
        """Forget all tables but `live` and the unit where memory is short, and say whether."""
        return False
