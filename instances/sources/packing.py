"""Numbers to be packed into bins that must be filled exactly: instances, witnesses, a solver."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.sources.forms import SourceForm, Witnesses
from instances.sources.number_lists import NumberList, describe_numbers, number_form
from instances.text.documents import as_integer, as_list, decode_object, encode_object
from instances.text.values import LARGEST, require_natural, show_natural

Bins = tuple[int, ...]
"""A witness: the bin of every number, from 0."""

_REMEMBERED = 1 << 24
"""Most numbers in the dead ends that the solver remembers."""

_PIECE = 1 << 10
"""Steps between two looks at the clock."""


@dataclass(frozen=True)
class Packing(NumberList):
    """Natural numbers, and bins of one capacity that they would fill exactly in sum.

    Parameters
    ----------
    numbers : tuple of int
        In their order, repetitions and zeros included.
    bins : int
        How many bins there are, 0 to 10**9; 0 only where there are no numbers.
    capacity : int

    Raises
    ------
    InputError
        If a number or the capacity is negative or has more than 4000 digits, or the sum of the
        numbers is not that of the bins.
    """

    bins: int
    capacity: int

    def __post_init__(self) -> None:
        super().__post_init__()
        require_natural(self.capacity, "the capacity")
        if not 0 <= self.bins <= LARGEST:
            raise InputError(f"the number of bins must be from 0 to {LARGEST}")
        if self.numbers and not self.bins:
            raise InputError("there are numbers but no bins: give 1 bin or more")
        difference = sum(self.numbers) - self.bins * self.capacity
        if difference:
            side = "less" if difference < 0 else "more"
            raise InputError(
                f"the numbers add up to {show_natural(abs(difference))} {side} than the bins hold: "
                "they must fill the bins exactly; pad with numbers 1 or change the capacity"
            )


def require_bins(source: Packing, witness: Bins) -> None:
    """Raise `InvalidWitness` unless `witness` has one bin of `source` for every number."""
    if len(witness) != len(source.numbers):
        raise InvalidWitness(f"{len(witness)} bins are given for {len(source.numbers)} numbers")
    for index, where in enumerate(witness):
        if isinstance(where, bool) or not isinstance(where, int):
            raise InvalidWitness(f"the bin {where!r} of number {index} is not an integer")
        if not 0 <= where < source.bins:
            raise InvalidWitness(
                f"number {index} is in bin {where}, which does not exist: there are {source.bins}"
            )


def parse_bins(source: Packing, text: str) -> Bins:
    """Read a witness ``{"bins": [0, 1, 0]}``, the bin of every number."""
    values = as_list(decode_object(text, {"bins": True})["bins"], "JSON: bins")
    bins = tuple(as_integer(value, "JSON: bins: bin") for value in values)
    if len(bins) != len(source.numbers):
        raise InputError(f"JSON: {len(bins)} bins are given for {len(source.numbers)} numbers")
    for where in bins:
        if where >= source.bins:
            raise InputError(f"JSON: bin {where} does not exist: there are {source.bins}")
    return bins


def write_bins(source: Packing, witness: Bins) -> str:
    """Return the bin of every number as JSON."""
    require_bins(source, witness)
    return encode_object({"bins": witness})


def pack(source: Packing, deadline: Deadline) -> Bins | None:
    """Decide `source` by filling one bin after the other, with backtracking.

    Bins are interchangeable, so the next bin holds the largest number that is left. Numbers
    that could not be packed together once are not tried again.
    """
    deadline.check()
    numbers = source.numbers
    # Numbers 0 fit anywhere.
    order = sorted((i for i in range(len(numbers)) if numbers[i]), key=lambda i: -numbers[i])
    bins = [0] * len(numbers)
    # The stack holds the numbers left before every bin, and the ways to fill it not yet tried.
    stack = [(order, _ways(order, source, deadline))]
    filled: list[list[int]] = []
    dead: set[tuple[int, ...]] = set()
    while order:
        deadline.check()
        left, ways = stack[-1]
        filling = next(ways, None)
        if filling is None:
            stack.pop()
            if not stack:
                return None
            filled.pop()
            if len(dead) * len(numbers) < _REMEMBERED:
                dead.add(tuple(numbers[index] for index in left))
            continue
        taken = set(filling)
        rest = [index for index in left if index not in taken]
        if tuple(numbers[index] for index in rest) in dead:
            continue
        filled.append(filling)
        if not rest:
            break
        stack.append((rest, _ways(rest, source, deadline)))
    for where, members in enumerate(filled):
        for index in members:
            bins[index] = where
    return tuple(bins)


def _ways(left: Sequence[int], source: Packing, deadline: Deadline) -> Iterator[list[int]]:
    """Yield the ways to fill a bin with the largest of the numbers `left` and others of them.

    `left` are indices of positive numbers, the numbers decreasing; of ways with equal numbers
    one is yielded.
    """
    values = [source.numbers[index] for index in left]
    after = [*accumulate(reversed(values), initial=0)][::-1]
    place, need, steps = 0, source.capacity, 0
    chosen: list[int] = []
    while True:
        steps += 1
        if steps % _PIECE == 0:
            deadline.check()
        if need and need <= after[place]:
            if values[place] <= need:
                chosen.append(place)
                need -= values[place]
                place += 1
                continue
            if chosen:
                place += 1
                continue
        if not need:
            yield [left[number] for number in chosen]
        # The largest number stays; without one of several equal numbers, none of them is taken.
        if len(chosen) < 2:
            return
        last = chosen.pop()
        need += values[last]
        place = last + 1
        while place < len(values) and values[place] == values[last]:
            place += 1


PACKINGS: SourceForm[Packing] = number_form(
    Packing,
    "bins",
    "capacity",
    describe=lambda source: f"{describe_numbers(source.numbers)}, {source.bins} bins",
    sizes=lambda source: {
        "numbers": len(source.numbers),
        "bins": source.bins,
        "capacity": source.capacity,
        "sum": sum(source.numbers),
    },
)
FILLED_BINS: Witnesses[Packing, Bins] = Witnesses(parse_bins, write_bins)
