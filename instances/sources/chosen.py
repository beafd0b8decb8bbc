"""Witnesses that are sets of indices: chosen sets, elements, vertices or numbers."""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from instances.errors import InputError, InvalidWitness
from instances.sources.forms import Witnesses
from instances.text.documents import as_integer, as_list, decode_object, encode_object

S = TypeVar("S")

Chosen = tuple[int, ...]


def chosen_indices(
    key: str,
    noun: str,
    count: Callable[[S], int],
    budget: Callable[[S], int | None] = lambda _: None,
) -> Witnesses[S, Chosen]:
    """Return how choices among the things of a source are kept, such as ``{"sets": [0, 3]}``.

    Parameters
    ----------
    key : str
        The key of the JSON object.
    noun : str
        What the indices stand for, such as ``"set"``.
    count : callable
        The number of things of a source.
    budget : callable
        The largest number of things that may be chosen, if there is one.
    """

    def parse(source: S, text: str) -> Chosen:
        size = count(source)
        values = decode_object(text, {key: True})[key]
        indices = [
            as_integer(value, f"JSON: {key}: index") for value in as_list(values, f"JSON: {key}")
        ]
        indices.sort()
        if indices and indices[-1] >= size:
            raise InputError(f"JSON: {key}: index {indices[-1]} does not exist: there are {size}")
        for a, b in pairwise(indices):
            if a == b:
                raise InputError(f"JSON: {key}: index {a} is listed twice")
        return tuple(indices)

    def write(source: S, witness: Chosen) -> str:
        require_chosen(witness, count(source), noun, budget(source))
        return encode_object({key: witness})

    return Witnesses(parse, write)


def require_chosen(chosen: Chosen, size: int, noun: str, budget: int | None = None) -> None:
    """Raise `InvalidWitness` unless `chosen` are increasing indices 0..size-1 within `budget`.

    They stand for things that are called `noun`, such as ``"set"``.
    """
    for index in chosen:
        if isinstance(index, bool) or not isinstance(index, int):
            raise InvalidWitness(f"the chosen {noun} {index!r} is not an integer")
        if not 0 <= index < size:
            raise InvalidWitness(f"the chosen {noun} {index} does not exist: there are {size}")
    if any(a >= b for a, b in pairwise(chosen)):
        raise InvalidWitness(f"each chosen {noun} must be named once, in increasing order")
    if budget is not None and len(chosen) > budget:
        raise InvalidWitness(f"{len(chosen)} chosen exceed the budget of {budget}")
