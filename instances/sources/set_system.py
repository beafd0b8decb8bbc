"""Set systems: a universe, a list of sets over it and sometimes a budget."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from instances.errors import InputError
from instances.sources.chosen import (
    Chosen,
    WithBudget,
    chosen_indices,
    read_budget,
    read_first_line,
)
from instances.sources.forms import SourceForm, Witnesses
from instances.text.documents import (
    as_integer,
    as_list,
    decode_object,
    encode_object,
    is_json,
    significant_lines,
)
from instances.text.values import LARGEST, parse_integer


@dataclass(frozen=True)
class SetSystem(WithBudget):
    """Sets over the elements 0 to ``universe - 1``.

    Empty sets, equal sets, elements in no set and an empty universe are legal.

    Parameters
    ----------
    universe : int
        Number of elements, 0 to 10**9.
    sets : tuple of tuple of int
        Every set in increasing order, without repetitions.
    budget : int, optional
        How many sets or elements may be chosen, at least 0, for the problems that ask so.

    Raises
    ------
    InputError
        If a set is not increasing or leaves the universe, or a number is negative.
    """

    universe: int
    sets: tuple[tuple[int, ...], ...]
    budget: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.universe <= LARGEST:
            raise InputError(f"a universe of {self.universe}: give a number from 0 to {LARGEST}")
        self._check_budget()
        for index, members in enumerate(self.sets):
            if any(a >= b for a, b in pairwise(members)):
                raise InputError(f"set {index} is not in increasing order without repetitions")
            if members and not 0 <= members[0] <= members[-1] < self.universe:
                raise InputError(f"set {index} has elements outside 0..{self.universe - 1}")

    @classmethod
    def of(
        cls, universe: int, sets: Iterable[Iterable[int]], budget: int | None = None
    ) -> "SetSystem":
        """Return the system with these sets, whose elements may come in any order and repeat."""
        return cls(universe, tuple(tuple(sorted(set(members))) for members in sets), budget)

    def memberships(self) -> dict[int, tuple[int, ...]]:
        """Return for every element that is in a set the indices of its sets, increasing."""
        found: dict[int, list[int]] = {}
        for index, members in enumerate(self.sets):
            for element in members:
                found.setdefault(element, []).append(index)
        return {element: tuple(found[element]) for element in sorted(found)}


def parse_set_system(text: str) -> SetSystem:
    """Read a set system from JSON or plain text.

    JSON is ``{"universe": 5, "sets": [[0, 1], [2, 3, 4]], "budget": 2}``. Plain text has a
    first line ``universe sets [budget]`` and then one set a line, its elements separated by
    blanks; an empty line is the empty set, and lines that start with ``#`` are comments.
    """
    return _parse_json(text) if is_json(text) else _parse_plain(text)


def _parse_json(text: str) -> SetSystem:
    document = decode_object(text, {"universe": True, "sets": True, "budget": False})
    universe = as_integer(document["universe"], "JSON: universe")
    budget = read_budget(document)
    sets = []
    for index, members in enumerate(as_list(document["sets"], "JSON: sets")):
        where = f"JSON: set {index}"
        elements = as_list(members, where)
        numbers = [as_integer(element, f"{where}: element", minimum=None) for element in elements]
        sets.append(_checked(numbers, universe, where))
    return SetSystem(universe, tuple(sets), budget)


def _parse_plain(text: str) -> SetSystem:
    lines = significant_lines(text, blank=True)
    at, (universe, count), budget = read_first_line(
        lines, {"universe": "universe", "sets": "number of sets"}
    )
    sets: list[tuple[int, ...]] = []
    for line, tokens in lines:
        if len(sets) < count:
            elements = [parse_integer(token, f"line {line}: element") for token in tokens]
            sets.append(_checked(elements, universe, f"line {line}"))
        elif tokens:
            raise InputError(f"line {line}: a set beyond the {count} that line {at} announces")
    if len(sets) < count:
        raise InputError(f"line {at}: {count} sets are announced, the file has {len(sets)}")
    return SetSystem(universe, tuple(sets), budget)


def _checked(elements: list[int], universe: int, where: str) -> tuple[int, ...]:
    """Return the sorted elements of one set of a file."""
    for element in elements:
        if not 0 <= element < universe:
            raise InputError(f"{where}: element {element} is outside the universe of {universe}")
    ordered = sorted(elements)
    for a, b in pairwise(ordered):
        if a == b:
            raise InputError(f"{where}: element {a} is repeated within the set")
    return tuple(ordered)


def write_json(system: SetSystem) -> str:
    """Return `system` as JSON on one line."""
    document: dict[str, object] = {"universe": system.universe, "sets": system.sets}
    if system.budget is not None:
        document["budget"] = system.budget
    return encode_object(document)


SET_SYSTEMS: SourceForm[SetSystem] = SourceForm(
    suffix=".json",
    recognises=lambda opening: "sets" in opening.keys,
    parse=parse_set_system,
    write=write_json,
    describe=lambda system: (
        f"{system.universe} elements, {len(system.sets)} sets{system.budget_text}"
    ),
    sizes=lambda system: {
        "universe": system.universe,
        "sets": len(system.sets),
        "memberships": sum(map(len, system.sets)),
        "budget": system.budget,
    },
)
CHOSEN_SETS: Witnesses[SetSystem, Chosen] = chosen_indices(
    "sets", "set", lambda s: len(s.sets), lambda s: s.budget
)
CHOSEN_ELEMENTS: Witnesses[SetSystem, Chosen] = chosen_indices(
    "elements", "element", lambda s: s.universe, lambda s: s.budget
)
