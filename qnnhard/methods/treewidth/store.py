"""Tables of partial solutions, kept once each within a budget of rows, memory and time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import log2, prod

import numpy as np

from instances.canonical.rows import Numbers, number_rows
from instances.deadline import Deadline
from instances.errors import InputError
from instances.text.numbers import SAFE, Array
from qnnhard.methods.treewidth.algebra import Step
from qnnhard.methods.treewidth.neuron_kinds import TooLarge
from qnnhard.methods.treewidth.pruning import Columns

DEFAULT_MEMORY = 1 << 30
"""Default memory budget in bytes."""

ROW_LIMIT = 1 << 24
"""Most rows of a table, whatever the memory."""

_CHUNK = 1 << 16
_OVERHEAD = 512
"""Bytes of the objects around an array."""

_WORKING_COPIES = 4
"""Arrays as large as a table that are held while it is put together, an upper bound."""
_KEYS = 96
"""Bytes per row for the keys that it is sorted and grouped by, an upper bound."""

Make = Callable[[Numbers], tuple[Array, Numbers]]
Prune = Callable[[Array], Numbers | None]


@dataclass(frozen=True, eq=False)
class RowTable:
    """Distinct rows as the columns of `data`, in lexicographic order.

    Every entry of `columns` stands for p consecutive rows of `data`.
    """

    number: int
    columns: Columns
    data: Array

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.data.shape[1])


@dataclass(eq=False)
class Store:
    """The tables in use.

    Parameters
    ----------
    dtype : dtype
        Holds every sum and behaviour.
    memory : int
        Budget in bytes for tables, for what rebuilds parameters, and for making them.
    row_limit, candidate_limit : int
        Most rows of a table, and most candidates that may be looked at for one.
    """

    dtype: np.dtype[np.signedinteger]
    deadline: Deadline
    memory: int
    row_limit: int = ROW_LIMIT
    candidate_limit: int = SAFE

    def __post_init__(self) -> None:
        if self.memory < 1:
            raise InputError(f"memory budget of {self.memory} bytes: give at least 1")
        self.largest = 1
        self.permanent = 0
        """Bytes that stay until parameters are rebuilt."""
        self.held = 0
        """Bytes of tables."""
        self.tables: dict[int, RowTable] = {}
        self._known: dict[tuple[Columns, int], list[RowTable]] = {}
        self._made = 0
        self.unit = self.intern((), np.zeros((0, 1), dtype=self.dtype)).number

    def intern(self, columns: Columns, data: Array) -> RowTable:
        """Return the table with these rows."""
        key = (columns, hash(data.tobytes()))
        same = self._known.setdefault(key, [])
        for table in same:
            if np.array_equal(table.data, data):
                return table
        table = RowTable(self._made, columns, data)
        self._made += 1
        same.append(table)
        self.tables[table.number] = table
        self.held += data.nbytes + _OVERHEAD
        self.largest = max(self.largest, table.rows)
        return table

    def forget(self, live: Iterable[int]) -> None:
        """Forget all tables but those numbered in `live` and the table of one empty row."""
        self.tables = {number: self.tables[number] for number in {self.unit, *live}}
        self._known = {}
        for table in self.tables.values():
            self._known.setdefault((table.columns, hash(table.data.tobytes())), []).append(table)
        self.held = sum(table.data.nbytes + _OVERHEAD for table in self.tables.values())

    @property
    def crowded(self) -> bool:
        """Whether tables that are not in use should be forgotten."""
        return 2 * (self.held + self.permanent) > self.memory and len(self.tables) > 64

    def collect(
        self, columns: Columns, shape: tuple[int, ...], count: int, make: Make, prune: Prune
    ) -> Step:
        """Return the distinct rows among numbered candidates.

        Parameters
        ----------
        columns, shape
            Of the result: its columns, and the choices of `Step`.
        make : function
            Returns, for an array of numbers below `count`, rows as columns and the candidate
            that each comes from.
        prune : function
            Returns the rows worth keeping among distinct ones; ``None`` keeps all.
        """
        candidates = prod(shape)
        if candidates >= SAFE or count > self.candidate_limit:
            raise TooLarge(f"a table has 2^{log2(max(count, 1)):.0f} candidates")
        parts: list[tuple[Array, Numbers]] = []
        waiting = merged = 0
        for begin in range(0, count, _CHUNK):
            if count > _CHUNK:
                self.deadline.check()
            data, numbers = make(np.arange(begin, min(begin + _CHUNK, count)))
            part = self._settled([(data, numbers)], prune)
            parts.append(part)
            waiting += part[0].shape[1]
            self._check(waiting, part[0])
            if waiting > 2 * merged + _CHUNK:
                parts = [self._settled(parts, prune)]
                waiting = merged = parts[0][0].shape[1]
                if merged > self.row_limit:
                    raise TooLarge(f"a table has more than {self.row_limit} rows")
        if len(parts) > 1:
            parts = [self._settled(parts, prune)]
        if not parts:
            return Step(-1)
        data, numbers = parts[0]
        if data.shape[1] > self.row_limit:
            raise TooLarge(f"a table has more than {self.row_limit} rows")
        back = numbers.astype(np.min_scalar_type(max(0, candidates - 1)))
        self.permanent += back.nbytes + _OVERHEAD
        table = self.intern(columns, np.ascontiguousarray(data, dtype=self.dtype))
        return Step(table.number if table.rows else -1, back, shape)

    def _settled(self, parts: list[tuple[Array, Numbers]], prune: Prune) -> tuple[Array, Numbers]:
        if len(parts) == 1:
            data, numbers = parts[0]
        else:
            data = np.concatenate([part[0] for part in parts], axis=1)
            numbers = np.concatenate([part[1] for part in parts])
        _, first = number_rows(data, data.shape[1])
        data, numbers = data[:, first], numbers[first]
        kept = prune(data)
        return (data, numbers) if kept is None else (data[:, kept], numbers[kept])

    def _check(self, rows: int, part: Array) -> None:
        """Raise `TooLarge` unless there is room to put `rows` rows together."""
        needed = rows * (_WORKING_COPIES * part.shape[0] * part.itemsize + _KEYS)
        if self.held + self.permanent + needed > self.memory:
            raise TooLarge(
                f"memory budget of {self.memory / 2**20:,.0f} MiB reached at {rows} rows"
            )
