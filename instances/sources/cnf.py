"""Formulas in conjunctive normal form, stored as flat arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from instances.errors import InputError
from instances.text.values import LARGEST


@dataclass(frozen=True, eq=False)
class Cnf:
    """A formula in conjunctive normal form over the variables 1 to `variables`.

    Clauses keep their order and their literals, repeated and complementary ones included.
    Formulas are equal if they have the same variables and the same clauses in the same order.

    Parameters
    ----------
    variables : int
        Number of variables, 0 to 10**9.
    literals : int32 array of shape (total length,)
        The literals of all clauses in a row; ``-v`` is the negation of variable ``v``.
    starts : int64 array of shape (clauses + 1,)
        Clause ``i`` is ``literals[starts[i]:starts[i + 1]]``.

    Raises
    ------
    InputError
        If the arrays do not describe clauses over these variables.
    """

    variables: int
    literals: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if not 0 <= self.variables <= LARGEST:
            raise InputError(f"{self.variables} variables: give a number from 0 to {LARGEST}")
        literals = np.asarray(self.literals, dtype=np.int64)
        starts = np.array(self.starts, dtype=np.int64)
        if len(starts) == 0 or starts[0] != 0 or starts[-1] != len(literals):
            raise InputError("clause starts must run from 0 to the number of literals")
        if np.any(np.diff(starts) < 0):
            raise InputError("clause starts must not decrease")
        magnitudes = np.abs(literals)
        bad = np.flatnonzero((magnitudes == 0) | (magnitudes > self.variables))
        if len(bad):
            clause = int(np.searchsorted(starts, bad[0], side="right"))
            literal = literals[bad[0]]
            raise InputError(
                f"clause {clause}: literal {literal} is not over {self.variables} variables"
            )
        # Copies, so that nobody else can write to what is promised to be immutable.
        stored = np.array(literals, dtype=np.int32)
        for array in (stored, starts):
            array.setflags(write=False)
        object.__setattr__(self, "literals", stored)
        object.__setattr__(self, "starts", starts)

    @classmethod
    def of(cls, variables: int, clauses: Iterable[Iterable[int]]) -> "Cnf":
        """Return the formula with these clauses, each given by its literals."""
        listed = [tuple(clause) for clause in clauses]
        starts = np.cumsum([0, *map(len, listed)])
        literals: Any = np.array(list(chain.from_iterable(listed)), dtype=np.int64)
        return cls(variables, literals, starts)

    @cached_property
    def clauses(self) -> tuple[tuple[int, ...], ...]:
        """The clauses as tuples of literals."""
        literals = self.literals.tolist()
        return tuple(tuple(literals[a:b]) for a, b in pairwise(self.starts.tolist()))

    @property
    def number_of_clauses(self) -> int:
        """The number of clauses."""
        return len(self.starts) - 1

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        """The number of literals of every clause, repetitions included; shape (clauses,)."""
        return np.diff(self.starts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cnf):
            return NotImplemented
        return (
            self.variables == other.variables
            and np.array_equal(self.starts, other.starts)
            and np.array_equal(self.literals, other.literals)
        )

    def __hash__(self) -> int:
        return hash((self.variables, self.literals.tobytes(), self.starts.tobytes()))


def require_length(formula: Cnf, most: int, problem: str, remedy: str) -> None:
    """Raise `InputError` if a clause of `formula` has more than `most` literals."""
    long = np.flatnonzero(formula.lengths > most)
    if len(long):
        raise InputError(
            f"{problem}: clause {long[0] + 1} has {formula.lengths[long[0]]} literals, "
            f"at most {most} are allowed: {remedy}"
        )


def require_positive(formula: Cnf, reduction: str) -> None:
    """Raise `InputError` if a literal of `formula` is negative, which `reduction` cannot take."""
    negative = np.flatnonzero(formula.literals < 0)
    if negative.size:
        raise InputError(
            f"{reduction}: literal {formula.literals[negative[0]]} is negative: "
            "bridge from 3-sat to one-in-three first"
        )
