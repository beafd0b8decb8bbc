"""What the rows of a final table cost: the least loss of one component, and of several."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from instances.canonical.data import MergedData
from instances.canonical.scaled import ScaledActivation
from instances.text.numbers import SAFE, Array, Number, common_denominator, normal
from qnnhard.methods.dataset_dp.chain import SumChain
from qnnhard.methods.dataset_dp.tables import Index, SortedTable, Workspace


@dataclass(eq=False)
class Judge:
    """The outputs of a component against their targets, for many rows at a time.

    Coordinate ``output * inputs + input`` of a row is a sum, in the unit of `activations`.

    Parameters
    ----------
    activations : list of ScaledActivation
        Per output.
    columns : list of int
        Per output its column of the targets.
    """

    chain: SumChain
    activations: list[ScaledActivation]
    data: MergedData
    columns: list[int]
    loss: str

    def __post_init__(self) -> None:
        targets = [self.data.targets[:, column].tolist() for column in self.columns]
        units = [activation.value_unit for activation in self.activations]
        common = lcm(*units, *map(common_denominator, targets))
        self.factors = [common // unit for unit in units]
        self.targets = [[int(value * common) for value in column] for column in targets]
        self.unit = {"mismatch": 1, "l1": common}.get(self.loss, common * common)
        self.dtype = np.int64 if self._reach() < SAFE else object

    def _coordinates(self) -> Iterator[tuple[int, int, int]]:
        """Yield output, group and coordinate of everything that is compared."""
        points = len(self.data.inputs)
        for output in range(len(self.activations)):
            for group, place in enumerate(self.data.group_input):
                yield output, group, output * points + place

    def _reach(self) -> int:
        """Return a bound on every number that comes up."""
        total = sum(self.data.multiplicity)
        single = max(self.factors, default=0)
        for output, group, coordinate in self._coordinates():
            image = self.activations[output].image(*self.chain.packing.box[coordinate])
            gap = max(map(abs, image)) * self.factors[output] + abs(self.targets[output][group])
            single = max(single, gap)
            total += self.data.multiplicity[group] * gap**2
        # Mismatches and l1 need less; the square bounds them all.
        return max(single, total)

    def _gaps(self, sums: Array) -> Iterator[tuple[int, Array]]:
        """Yield, for every output and group, the group and the difference from the target."""
        for output, group, coordinate in self._coordinates():
            self.chain.work.deadline.check()
            column = sums[:, coordinate]
            if self.dtype is object:
                column = column.astype(object)
            values = self.activations[output].apply(column).astype(self.dtype)
            yield group, values * self.factors[output] - self.targets[output][group]

    def costs(self, sums: Array) -> Array:
        """Return the loss of every row, times `unit`."""
        multiplicity = self.data.multiplicity
        total: Array = np.zeros(len(sums), dtype=self.dtype)
        if self.loss == "mismatch":
            for group, wrong in enumerate(self._mismatches(sums).T):
                total = total + wrong * multiplicity[group]
            return total
        for group, gap in self._gaps(sums):
            total = total + (abs(gap) if self.loss == "l1" else gap * gap) * multiplicity[group]
        return total

    def _mismatches(self, sums: Array) -> Array:
        """Return rows x groups: whether any output misses its target."""
        wrong = np.zeros((len(sums), len(self.data.multiplicity)), dtype=np.bool_)
        for group, gap in self._gaps(sums):
            wrong[:, group] |= gap != 0
        return wrong

    def least(self) -> tuple[Number, int]:
        """Return the least loss of all rows, and the first row that has it."""
        best: tuple[int, int] | None = None
        for start, sums in self.chain.blocks():
            costs = self.costs(sums)
            row = int(costs.argmin())
            if best is None or costs[row] < best[0]:
                best = int(costs[row]), start + row
        assert best is not None, "a table of sums is never empty"
        return normal(Fraction(best[0], self.unit)), best[1]

    def profiles(self) -> SortedTable:
        """Return the distinct sets of mismatched groups as bit masks, with a row for each."""
        bits = len(self.data.multiplicity)
        dtype = mask_type(bits)

        def candidates() -> Iterator[tuple[Array, Index]]:
            for start, sums in self.chain.blocks():
                masks: Array = np.zeros(len(sums), dtype=dtype)
                for group, wrong in enumerate(self._mismatches(sums).T):
                    masks = masks + wrong.astype(dtype) * (1 << group)
                yield masks, np.arange(start, start + len(sums))

        work = self.chain.work
        table = work.distinct(candidates(), _mask_bytes(bits))
        work.held += len(table) * (_mask_bytes(bits) + 8)
        return table


def mask_type(bits: int) -> type:
    """Return the type of masks of so many bits."""
    return np.int64 if bits <= 62 else object


def _mask_bytes(bits: int) -> int:
    return 8 if bits <= 62 else 48 + bits // 7


def least_union(
    profiles: list[SortedTable], multiplicity: list[int], work: Workspace
) -> tuple[int, list[int]]:
    """Return the least weight of a union of one mask from each table, and the rows behind it.

    A data point is mismatched where any component mismatches it, so masks are united.
    """
    size = _mask_bytes(len(multiplicity))
    united: Array = np.zeros(1, dtype=mask_type(len(multiplicity)))
    steps: list[Index] = []
    for table in profiles:
        following = work.distinct(_unions(united, table.keys, work), size)
        work.held += len(following) * (size + 8) - (len(united) * size if steps else 0)
        steps.append(following.pointers)
        united = following.keys
    least, place = _lightest(united, multiplicity, work)
    rows = []
    for table, pointers in zip(reversed(profiles), reversed(steps), strict=True):
        place, choice = divmod(int(pointers[place]), len(table))
        rows.append(int(table.pointers[choice]))
    return least, rows[::-1]


def _unions(first: Array, second: Array, work: Workspace) -> Iterator[tuple[Array, Index]]:
    """Yield ``first[i] | second[j]`` with the pointer ``i * len(second) + j``, in blocks."""
    block = work.block(first.dtype)
    across = min(len(second), block)
    down = max(1, block // across)
    for start in range(0, len(first), down):
        for begin in range(0, len(second), across):
            work.deadline.check()
            pairs = first[start : start + down, None] | second[begin : begin + across]
            rows = np.arange(start, start + pairs.shape[0])[:, None] * len(second)
            yield pairs.ravel(), (rows + np.arange(begin, begin + pairs.shape[1])).ravel()


def _lightest(masks: Array, multiplicity: list[int], work: Workspace) -> tuple[int, int]:
    """Return the least weight of a mask, and its place."""
    best: tuple[int, int] | None = None
    block = work.block(masks.dtype)
    for start in range(0, len(masks), block):
        work.deadline.check()
        part = masks[start : start + block]
        weights: Array = np.zeros(len(part), dtype=np.int64)
        for group, number in enumerate(multiplicity):
            weights += (part >> group & 1).astype(np.int64) * number
        row = int(weights.argmin())
        if best is None or weights[row] < best[0]:
            best = int(weights[row]), start + row
    assert best is not None, "a table of masks is never empty"
    return best
