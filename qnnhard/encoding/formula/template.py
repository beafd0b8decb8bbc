"""Clause templates: the encoding of one neuron over local variables, stamped for many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import number_rows, surely_distinct
from instances.text.numbers import SAFE, Array, magnitude
from qnnhard.encoding.numbers.builder import Builder
from qnnhard.encoding.numbers.nodes import Integer, Leaf

Literals = NDArray[np.int32]


@dataclass(frozen=True)
class Shape:
    """How a neuron looks to its successors: per distinct input its values and literals.

    Neurons of equal shape share templates downstream; their literals differ, and sit in the
    pool at each neuron's own offset.

    Parameters
    ----------
    count : int
        Number of distinct literals.
    seen : tuple of Leaf or Word
        One entry a distinct input, over variables from 1; empty where `known` has the values.
    known : tuple of int or None
        The value at every distinct input, where nothing but the data decides it.
    vector : int64 array or None
        The same as an array, where all values are safe there.
    """

    count: int
    seen: tuple[Integer, ...]
    known: tuple[int, ...] | None = None
    vector: NDArray[np.int64] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, values: Sequence[Integer]) -> tuple["Shape", list[int]]:
        """Return the shape of values, one an input, and the distinct variables that it numbers."""
        number: dict[int, int] = {}
        seen = tuple(
            v.over(lambda variable: number.setdefault(variable, len(number) + 1)) for v in values
        )
        return cls(len(number), seen), list(number)

    @classmethod
    def constants(cls, rows: Array) -> "list[Shape]":
        """Return the shapes of neurons with known values, neurons x distinct inputs."""
        if rows.dtype != object and magnitude(rows) < SAFE:
            both = zip(map(tuple, rows.tolist()), rows, strict=True)
            return [cls(0, (), values, vector) for values, vector in both]
        values = [tuple(map(int, row)) for row in rows.tolist()]
        safe = [max(map(abs, row), default=0) < SAFE for row in values]
        return [
            cls(0, (), row, np.array(row, dtype=np.int64) if fits else None)
            for row, fits in zip(values, safe, strict=True)
        ]

    def at(self, point: int) -> Integer:
        """Return the value at a distinct input."""
        return self.seen[point] if self.known is None else Leaf((self.known[point],), ())


@dataclass(frozen=True, eq=False)
class Template:
    """Clauses over local variables.

    Local variables are numbered from 1: first the interface (weights by edge, the bias, the
    literals of the sources, the mismatches), then `auxiliary` ones.

    Parameters
    ----------
    interface : int
    auxiliary : tuple of str
        Names of the auxiliary variables, in which ``{}`` stands for the neuron.
    blocks : tuple of int32 arrays
        Clauses of equal width a block, clauses x width.
    shape : Shape or None
        How the neuron looks to its successors, where it has any.
    literals : int32 array
        The local literal behind each of the shape's literals.
    loss : Shape or None
        The distances to the targets as order literals, one entry a target (for l1 and l2).
    loss_literals : int32 array
    passes_through : bool
        Whether `literals` holds literals of the neuron's sources.
    contradiction : bool
        Whether a clause is empty, so that no parameters reach the target.
    probed : bool
        Whether probing excluded values of parameters.
    """

    interface: int
    auxiliary: tuple[str, ...]
    blocks: tuple[Literals, ...]
    shape: Shape | None = None
    literals: Literals = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    loss: Shape | None = None
    loss_literals: Literals = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    passes_through: bool = False
    contradiction: bool = False
    probed: bool = False

    @classmethod
    def of(cls, builder: Builder, **more: Any) -> "Template":
        """Return the clauses of a builder as a template, with `more` of its parameters."""
        return cls(
            interface=builder.interface,
            auxiliary=tuple(builder.names),
            blocks=clause_blocks(builder.clauses),
            contradiction=builder.contradiction,
            **more,
        )

    @property
    def size(self) -> int:
        """Number of literals in all clauses."""
        return sum(block.size for block in self.blocks)


def clause_blocks(clauses: list[tuple[int, ...]]) -> tuple[Literals, ...]:
    """Return distinct clauses grouped by width, in order of first appearance within a width."""
    by_width: dict[int, list[tuple[int, ...]]] = {}
    for clause in dict.fromkeys(clauses):
        by_width.setdefault(len(clause), []).append(clause)
    return tuple(
        np.array(by_width[width], dtype=np.int32).reshape(-1, width)
        for width in sorted(by_width)
        if width
    )


def distinct_blocks(blocks: Iterable[Literals]) -> tuple[Literals, ...]:
    """Return the same for clauses that come as arrays of equal width each."""
    by_width: dict[int, list[Literals]] = {}
    for block in blocks:
        by_width.setdefault(block.shape[1], []).append(block)
    found = [np.concatenate(by_width[width]) for width in sorted(by_width)]
    return tuple(
        block if surely_distinct(block) else block[np.sort(number_rows(block.T, len(block))[1])]
        for block in found
    )


def stamp(blocks: tuple[Literals, ...], meaning: Literals) -> list[Literals]:
    """Replace local by global literals.

    Parameters
    ----------
    blocks : arrays of signed local variables
    meaning : int32 array, copies x locals
        Row r holds the global literal of every local variable in copy r.
    """
    return [
        (np.sign(block) * meaning[:, np.abs(block) - 1]).reshape(-1, block.shape[1])
        for block in blocks
    ]


def without_repeats(block: Literals) -> list[Literals]:
    """Drop tautologies and repeated literals from clauses of equal width."""
    order = np.sort(block, axis=1)
    by_variable = np.sort(np.abs(block), axis=1)
    suspicious = (by_variable[:, 1:] == by_variable[:, :-1]).any(axis=1)
    if not suspicious.any():
        return [block]
    kept = [block[~suspicious]]
    short: list[tuple[int, ...]] = []
    for clause in order[suspicious].tolist():
        literals = set(clause)
        if not any(-literal in literals for literal in literals):
            short.append(tuple(sorted(literals, key=abs)))
    return kept + list(clause_blocks(short))
