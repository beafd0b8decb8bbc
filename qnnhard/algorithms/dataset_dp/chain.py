"""Sums of independent choices, one table a choice, and the way back from a sum to the choices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Protocol

import numpy as np

from instances.text.numbers import Array, Number
from instances.training.activations import Activation
from qnnhard.algorithms.dataset_dp.activation import activated, apply
from qnnhard.algorithms.dataset_dp.packing import Interval, Packing, Placed
from qnnhard.algorithms.dataset_dp.tables import Index, MemoryBudgetReached, Table, Workspace

Assignment = dict[int, Number]
"""Values of weights by edge, and of biases by ``-1 - neuron``."""


class Decision(Protocol):
    """What was decided in one step of a chain."""

    def assign(self, choice: int, into: Assignment) -> None:
        """Write the parameters behind `choice` into `into`."""


@dataclass(frozen=True)
class Choice:
    """The value of one parameter.

    `vectors` is what each value adds to the coordinates from `start` on.
    """

    name: int
    values: tuple[Number, ...]
    vectors: tuple[tuple[int, ...], ...]
    start: int = 0

    def box(self) -> Iterator[Placed]:
        """Yield the coordinates and their intervals."""
        for place, column in enumerate(zip(*self.vectors, strict=True), self.start):
            yield place, (min(column), max(column))

    def assign(self, choice: int, into: Assignment) -> None:
        """Write the value."""
        into[self.name] = self.values[choice]


class Chain:
    """The table of all sums of one vector a step.

    Keys are kept for the last table only, back-pointers for all of them.
    """

    def __init__(self, packing: Packing, work: Workspace) -> None:
        self.packing = packing
        self.work = work
        self.keys = packing.zero()
        self.steps: list[tuple[Index, int, Decision]] = []

    def add_choice(self, choice: Choice) -> None:
        """Add the vector of one value of `choice` to every sum."""
        first: dict[int, int] = {}
        for number, vector in enumerate(choice.vectors):
            first.setdefault(self.packing.key(vector, choice.start), number)
        keys = np.array(list(first), dtype=self.packing.dtype)
        kept = list(first.values())
        values = tuple(choice.values[number] for number in kept)
        self.add(keys, Choice(choice.name, values, ()))

    def add(self, keys: Array, decision: Decision) -> None:
        """Add one of the distinct `keys` to every sum; `decision` knows their meaning."""
        size = self.packing.key_bytes
        table = self.work.sums(self.keys, keys, size)
        self.work.held += len(table) * (size + 8) - (len(self.keys) * size if self.steps else 0)
        self.keys = table.keys
        self.steps.append((table.pointers, len(keys), decision))

    def drop_keys(self) -> None:
        """Forget the sums; the way back stays."""
        if self.steps:
            self.work.held -= len(self.keys) * self.packing.key_bytes
        self.keys = self.keys[:0]

    def blocks(self) -> Iterator[tuple[int, Array]]:
        """Yield the sums as rows, a block at a time, each with the number of its first row."""
        size = max(1, self.work.block(self.keys.dtype) // max(1, len(self.packing.box)))
        for start in range(0, len(self.keys), size):
            self.work.deadline.check()
            yield start, self.packing.unpack(self.keys[start : start + size])

    def assign(self, row: int, into: Assignment) -> None:
        """Write the parameters behind the sum in `row` into `into`."""
        for pointers, width, decision in reversed(self.steps):
            row, choice = divmod(int(pointers[row]), width)
            decision.assign(choice, into)


@dataclass(frozen=True, eq=False)
class Values:
    """The distinct value vectors of a hidden neuron; pointers are rows of its chain."""

    chain: Chain
    packing: Packing
    table: Table

    def release(self) -> None:
        """Give the memory of the keys back to the workspace; they are not used any more."""
        self.chain.work.held -= len(self.table) * self.packing.key_bytes


def activate(chain: Chain, activation: Activation, scale: int) -> Values:
    """Return the values of a neuron whose pre-activations, times `scale`, are in `chain`."""
    packing = Packing.around(activated(pair, activation, scale) for pair in chain.packing.box)

    def candidates() -> Iterator[tuple[Array, Index]]:
        for start, sums in chain.blocks():
            # Coordinates of an int64 packing are below 2^61; only squares can leave int64.
            wide = sums.astype(object) if packing.dtype is object else sums
            keys = packing.pack(apply(wide, activation, scale))
            yield keys, np.arange(start, start + len(keys))

    table = chain.work.distinct(candidates(), packing.key_bytes)
    chain.work.held += len(table) * (packing.key_bytes + 8)
    chain.drop_keys()
    return Values(chain, packing, table)


class Contributions:
    """What a hidden neuron can add to its outputs: a value vector times a weight per output.

    Parameters
    ----------
    values : Values
    names : list of int
        The edges to the outputs.
    domains : list of tuple of numbers
        Their weights.
    factors : list of list of int
        Per edge and weight the factor by which a scaled value grows.
    """

    def __init__(
        self,
        values: Values,
        names: list[int],
        domains: list[tuple[Number, ...]],
        factors: list[list[int]],
    ) -> None:
        self.values, self.names, self.domains, self.factors = values, names, domains, factors
        self.combinations = prod(map(len, domains))
        if len(values.table) * self.combinations >= 1 << 62:
            raise MemoryBudgetReached(
                f"beyond any memory budget: {self.combinations} choices of output weights"
            )
        self.pointers: Index = np.zeros(0, dtype=np.int64)

    def box(self, places: list[list[int]]) -> Iterator[Placed]:
        """Yield the coordinates ``places[edge][point]`` and their intervals."""
        for factors, where in zip(self.factors, places, strict=True):
            for place, interval in zip(where, self.values.packing.box, strict=True):
                yield place, _products(interval, factors)

    def table(self, packing: Packing, places: list[list[int]]) -> Array:
        """Return the distinct keys in `packing`; coordinates ``places[edge][point]`` are filled."""
        coefficients = [
            self._coefficients(packing, factors, where)
            for factors, where in zip(self.factors, places, strict=True)
        ]
        work = self.values.chain.work
        table = work.distinct(self._candidates(packing, coefficients), packing.key_bytes)
        work.held += 8 * len(table)
        self.pointers = table.pointers
        return table.keys

    def _coefficients(self, packing: Packing, factors: list[int], where: list[int]) -> Array:
        """Return weights x points: the key of a weight times the unit vector of a point.

        Where a value can be other than 0, weight and stride times one are within the volume.
        """
        box = self.values.packing.box
        rows = [
            [
                factor * packing.strides[place] if box[point] != (0, 0) else 0
                for point, place in enumerate(where)
            ]
            for factor in factors
        ]
        return np.array(rows, dtype=packing.dtype).reshape(len(factors), len(where))

    def _candidates(
        self, packing: Packing, coefficients: list[Array]
    ) -> Iterator[tuple[Array, Index]]:
        table, points = self.values.table, len(self.values.packing.box)
        work = self.values.chain.work
        block = max(1, work.block(np.dtype(packing.dtype)) // max(1, points))
        rows = min(len(table), block)
        step = max(1, block // rows)
        for first in range(0, self.combinations, step):
            chosen = np.arange(first, min(first + step, self.combinations))
            factor = np.zeros((len(chosen), points), dtype=packing.dtype)
            rest = chosen
            for rows_of_weights in coefficients:
                rest, digit = np.divmod(rest, len(rows_of_weights))
                factor = factor + rows_of_weights[digit]
            for start in range(0, len(table), rows):
                work.deadline.check()
                keys = table.keys[start : start + rows]
                # Values beyond int64 may meet weights that are all 0, and the other way round.
                vectors = self.values.packing.unpack(keys)
                places = np.arange(start, start + len(keys))[:, None] * self.combinations + chosen
                yield (vectors @ factor.T).astype(packing.dtype).ravel(), places.ravel()

    def assign(self, choice: int, into: Assignment) -> None:
        """Write the weights to the outputs and the neuron's own parameters."""
        row, combination = divmod(int(self.pointers[choice]), self.combinations)
        for name, domain in zip(self.names, self.domains, strict=True):
            combination, digit = divmod(combination, len(domain))
            into[name] = domain[digit]
        self.values.chain.assign(int(self.values.table.pointers[row]), into)


def _products(interval: Interval, factors: Sequence[int]) -> Interval:
    extremes = (min(factors), max(factors))
    corners = [value * factor for value in interval for factor in extremes]
    return min(corners), max(corners)
