"""Sums of independent choices, one table a choice, and the way back from a sum to the choices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from instances.canonical.scaled import ScaledActivation
from instances.text.numbers import Array, Number
from qnnhard.methods.dataset_dp.packing import Interval, Placed, VectorPacking
from qnnhard.methods.dataset_dp.tables import Index, MemoryBudgetReached, SortedTable, Workspace

Assignment = dict[int, Number]
"""Values of weights by edge, and of biases by ``-1 - neuron``."""


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


class SumChain:
    """The table of all sums of one vector a step.

    Keys are kept for the last table only, back-pointers for all of them.
    """

    def __init__(self, packing: VectorPacking, work: Workspace) -> None:
        self.packing = packing
        self.work = work
        self.keys = packing.zero()
        self.steps: list[tuple[Index, int, Choice | Contributions]] = []

    def add_choice(self, choice: Choice) -> None:
        """Add the vector of one value of `choice` to every sum."""
        first: dict[int, int] = {}
        for number, vector in enumerate(choice.vectors):
            first.setdefault(self.packing.key(vector, choice.start), number)
        keys = np.array(list(first), dtype=self.packing.dtype)
        kept = list(first.values())
        values = tuple(choice.values[number] for number in kept)
        self._add(keys, Choice(choice.name, values, ()))

    def add_contribution(self, contribution: "Contributions") -> None:
        """Add one of the vectors of a hidden neuron to every sum."""
        keys = contribution.table(self.packing)
        size = len(keys) * self.packing.key_bytes
        self.work.held += size
        self._add(keys, contribution)
        self.work.held -= size
        contribution.values.release()

    def _add(self, keys: Array, decision: "Choice | Contributions") -> None:
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

    def activated(self, activation: ScaledActivation) -> "NeuronValues":
        """Return the values of a neuron whose pre-activations are here, and forget these."""
        packing = VectorPacking.around(activation.image(*pair) for pair in self.packing.box)

        def candidates() -> Iterator[tuple[Array, Index]]:
            for start, sums in self.blocks():
                # Coordinates of an int64 packing are below 2^61; only squares can leave int64.
                wide = sums.astype(object) if packing.dtype is object else sums
                keys = packing.pack(activation.apply(wide))
                yield keys, np.arange(start, start + len(keys))

        table = self.work.distinct(candidates(), packing.key_bytes)
        self.work.held += len(table) * (packing.key_bytes + 8)
        self.drop_keys()
        return NeuronValues(self, packing, table)


@dataclass(frozen=True, eq=False)
class NeuronValues:
    """The distinct value vectors of a hidden neuron; pointers are rows of its chain."""

    chain: SumChain
    packing: VectorPacking
    table: SortedTable

    def release(self) -> None:
        """Give the memory of the keys back to the workspace; they are not used any more."""
        self.chain.work.held -= len(self.table) * self.packing.key_bytes


@dataclass(eq=False)
class Contributions:
    """What a hidden neuron can add to its outputs: a value vector times a weight per output.

    Parameters
    ----------
    names : list of int
        The edges to the outputs.
    domains : list of tuple of numbers
        Their weights.
    factors : list of list of int
        Per edge and weight the factor by which a scaled value grows.
    starts : list of int
        Per edge its output's first coordinate.
    """

    values: NeuronValues
    names: list[int]
    domains: list[tuple[Number, ...]]
    factors: list[list[int]]
    starts: list[int]

    def __post_init__(self) -> None:
        self.combinations = prod(map(len, self.domains))
        if len(self.values.table) * self.combinations >= 1 << 62:
            raise MemoryBudgetReached(
                f"beyond any memory budget: {self.combinations} choices of output weights"
            )
        self.pointers: Index = np.zeros(0, dtype=np.int64)

    def box(self) -> Iterator[Placed]:
        """Yield the coordinates and their intervals."""
        for factors, start in zip(self.factors, self.starts, strict=True):
            for place, interval in enumerate(self.values.packing.box, start):
                yield place, _products(interval, factors)

    def table(self, packing: VectorPacking) -> Array:
        """Return the distinct keys of all contributions in `packing`."""
        box = self.values.packing.box
        # Per weight and point the key of the weight times the point's unit vector. Where a value
        # can be other than 0, weight and stride times one are within the volume.
        coefficients: list[Array] = [
            np.array(
                [
                    [
                        factor * packing.strides[place] if interval != (0, 0) else 0
                        for place, interval in enumerate(box, start)
                    ]
                    for factor in factors
                ],
                dtype=packing.dtype,
            ).reshape(len(factors), len(box))
            for factors, start in zip(self.factors, self.starts, strict=True)
        ]
        work = self.values.chain.work
        table = work.distinct(self._candidates(packing, coefficients), packing.key_bytes)
        work.held += 8 * len(table)
        self.pointers = table.pointers
        return table.keys

    def _candidates(
        self, packing: VectorPacking, coefficients: list[Array]
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
