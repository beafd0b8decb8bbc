"""Behaviours: the value vectors of neurons over the distinct inputs, and tables of them.

A domain is a set of behaviours, stored as an array behaviours x inputs in decreasing
lexicographic order. A known neuron has a domain of one behaviour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers, hash_factors, number_rows
from instances.text.numbers import SAFE
from instances.training.activations import Activation

Vectors = NDArray[np.int64]
Allowed = NDArray[np.bool_]

LARGEST_DOMAIN = 16
"""Most behaviours of a neuron that is tabulated."""

LARGEST_TABLE = 1 << 11
"""Most tuples of behaviours in one table."""

WORK_LIMIT = 1 << 18
"""Most values computed at once for a table: tuples x parameter choices x inputs."""

_CHOICES_LIMIT = 1 << 12

_FEW_COLUMNS = 12

_SAMPLE = 128
"""Parameter choices that are tried first: often they show more behaviours than a table takes.

Neurons with so few choices in all are enumerated straight away.
"""


class Domains:
    """The distinct domains of an instance, numbered from 0."""

    def __init__(self) -> None:
        self.behaviours: list[Vectors] = []
        self._number: dict[tuple[int, bytes], int] = {}

    def intern(self, behaviours: Vectors) -> int:
        """Return the number of a domain, given in decreasing order."""
        key = len(behaviours), behaviours.tobytes()
        number = self._number.setdefault(key, len(self.behaviours))
        if number == len(self.behaviours):
            self.behaviours.append(behaviours)
        return number

    def sizes(self) -> NDArray[np.int64]:
        """Return the number of behaviours of every domain."""
        return np.array([len(domain) for domain in self.behaviours], dtype=np.int64)


@dataclass(frozen=True)
class Choices:
    """The parameters of a neuron and what it does with its sum.

    Parameters
    ----------
    weights : tuple of tuple of int
        The domain of every in-edge.
    bias : tuple of int
    activation : Activation
    """

    weights: tuple[tuple[int, ...], ...]
    bias: tuple[int, ...]
    activation: Activation


def reach_is_safe(choices: Choices, sources: Sequence[Vectors]) -> bool:
    """Return whether no sum, nor its activation, leaves int64."""
    reach = max(map(abs, choices.bias))
    if sources:
        largest = np.abs(np.concatenate(sources)).max(axis=1, initial=1)
        begin = np.cumsum([0, *map(len, sources[:-1])])
        for domain, most in zip(
            choices.weights, np.maximum.reduceat(largest, begin).tolist(), strict=True
        ):
            reach += max(map(abs, domain)) * most
    return (reach * reach if choices.activation.kind == "square" else reach) < SAFE


def values_of(choices: Choices, sources: Sequence[Vectors], points: int) -> Vectors | None:
    """Return what a neuron computes, for every behaviour of its sources and every parameter.

    Parameters
    ----------
    sources : sequence of domains
    points : int
        Number of distinct inputs.

    Returns
    -------
    int64 array, tuples x choices x points, or None
        Tuples of the sources' behaviours in lexicographic order of positions; sources of one
        behaviour are added up first, and equal partial sums are kept once. ``None`` where
        that is too much work or leaves int64.
    """
    if not reach_is_safe(choices, sources) or _too_many_sums(choices, sources, points):
        return None
    sums = -np.array(choices.bias, dtype=np.int64)[:, None] + np.zeros(points, dtype=np.int64)
    for domain, behaviours in zip(choices.weights, sources, strict=True):
        if len(behaviours) == 1 and behaviours.any() and domain != (0,):
            if len(sums) * len(domain) * points > WORK_LIMIT:
                return None
            step = np.array(domain, dtype=np.int64)[:, None] * behaviours
            sums = distinct_rows((sums[:, None, :] + step[None, :, :]).reshape(-1, points))
            if len(sums) > _CHOICES_LIMIT:
                return None
    table = sums[None, :, :]
    for domain, behaviours in zip(choices.weights, sources, strict=True):
        if len(behaviours) == 1:
            continue
        if table.size * len(domain) * len(behaviours) > WORK_LIMIT:
            return None
        step = behaviours[:, None, :] * np.array(domain, dtype=np.int64)[None, :, None]
        table = (table[:, None, :, None, :] + step[None, :, None, :, :]).reshape(
            len(table) * len(behaviours), -1, points
        )
    values: Vectors = choices.activation.apply(table)
    return values


def _too_many_sums(choices: Choices, sources: Sequence[Vectors], points: int) -> bool:
    """Return whether the sums over sources of one behaviour alone are too much work.

    Sums are counted by their hashes, a word each: there are at least as many sums.
    """
    if len(choices.bias) * prod(map(len, choices.weights)) <= _SAMPLE:
        return False
    salts = hash_factors(points)
    hashes = (-np.array(choices.bias, dtype=np.int64)).astype(np.uint64) * salts.sum()
    for domain, behaviours in zip(choices.weights, sources, strict=True):
        if len(behaviours) == 1 and behaviours.any() and domain != (0,):
            if len(hashes) * len(domain) * points > WORK_LIMIT or len(hashes) > _CHOICES_LIMIT:
                return True
            step = behaviours[0].astype(np.uint64) @ salts
            steps = np.array(domain, dtype=np.int64).astype(np.uint64) * step
            hashes = np.unique((hashes[:, None] + steps).ravel())
    return len(hashes) > _CHOICES_LIMIT


def _clearly_many(choices: Choices, sources: Sequence[Vectors], points: int) -> bool:
    """Return whether a few parameter choices already show too many behaviours."""
    if prod(map(len, choices.weights)) * len(choices.bias) <= _SAMPLE:
        return False
    pick = np.random.default_rng(0)
    sums = np.zeros((_SAMPLE, points), dtype=np.int64)
    for domain, behaviours in zip(choices.weights, sources, strict=True):
        weights = np.array(domain, dtype=np.int64)[pick.integers(len(domain), size=_SAMPLE)]
        sums += weights[:, None] * behaviours[0]
    bias = np.array(choices.bias, dtype=np.int64)[pick.integers(len(choices.bias), size=_SAMPLE)]
    return len(distinct_rows(choices.activation.apply(sums - bias[:, None]))) > LARGEST_DOMAIN


def distinct_rows(rows: Vectors) -> Vectors:
    """Return the distinct rows in decreasing lexicographic order."""
    _, first = _number_vectors(rows)
    return np.ascontiguousarray(rows[first[::-1]])


def _number_vectors(rows: Vectors) -> tuple[Numbers, Numbers]:
    """Return what `number_rows` does, which takes longer on many short columns."""
    if rows.shape[1] <= _FEW_COLUMNS:
        return number_rows(list(rows.T), len(rows))
    _, first, number = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return number.reshape(-1), first


def hidden_table(
    choices: Choices, sources: Sequence[Vectors], points: int
) -> tuple[Vectors, Allowed] | None:
    """Return a neuron's domain, and which of its behaviours every tuple of sources allows.

    Returns
    -------
    domain : behaviours x points
    allowed : bool array
        One axis a source with several behaviours, then one for the neuron itself.
    """
    if not reach_is_safe(choices, sources) or _clearly_many(choices, sources, points):
        return None
    values = values_of(choices, sources, points)
    if values is None:
        return None
    tuples = len(values)
    number, first = _number_vectors(values.reshape(-1, points))
    if len(first) > LARGEST_DOMAIN or tuples * len(first) > LARGEST_TABLE:
        return None
    domain = np.ascontiguousarray(values.reshape(-1, points)[first[::-1]])
    allowed = np.zeros((tuples, len(first)), dtype=np.bool_)
    allowed[np.arange(tuples)[:, None], len(first) - 1 - number.reshape(tuples, -1)] = True
    return domain, allowed.reshape(*(len(s) for s in sources if len(s) > 1), len(first))


def output_table(
    choices: Choices, sources: Sequence[Vectors], target: NDArray[np.int64]
) -> Allowed | None:
    """Return for which tuples of sources some parameters give the target.

    Returns
    -------
    bool array
        One axis a source with several behaviours.
    """
    if prod(map(len, sources)) > LARGEST_TABLE:
        return None
    values = values_of(choices, sources, len(target))
    if values is None:
        return None
    allowed: Allowed = (values == target).all(axis=2).any(axis=1)
    return allowed.reshape([len(s) for s in sources if len(s) > 1])
