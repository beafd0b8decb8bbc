"""Witnesses that are sets of indices: chosen sets, elements or vertices."""

from itertools import pairwise

from instances.errors import InvalidWitness

Chosen = tuple[int, ...]


def require_chosen(chosen: Chosen, size: int, noun: str, budget: int | None = None) -> None:
    """Raise `InvalidWitness` unless `chosen` are increasing indices 0..size-1 within `budget`.

    Parameters
    ----------
    chosen : tuple of int
        The witness.
    size : int
        Number of indices to choose from.
    noun : str
        What the indices stand for, such as ``"set"``.
    budget : int, optional
        The largest number of indices allowed.
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
