"""What a neuron with two predecessors and parameters in {0,1} can compute, as small tables.

A neuron that sees values y and z has a *code* ``2 * y + z`` on every data point. Its behaviour is
one of 0, y, z, y or z, y and z; as a function of the code it is a set of codes, kept as a bit
mask. A missing predecessor counts as one that is always 0.
"""

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

TRUTH = np.array([0b0000, 0b1100, 0b1010, 0b1110, 0b1000])
"""Codes on which each behaviour is 1: nothing, first, second, or, and."""

BEHAVIORS = len(TRUTH)

CHOICES = (
    (0, 0, 0, 0),
    (0, 0, 1, 0),
    (1, 0, 1, 0),
    (0, 1, 1, 0),
    (1, 0, 0, 1),
    (0, 1, 0, 2),
    (1, 1, 0, 3),
    (1, 1, 1, 4),
)
"""Both weights, the bias, and the behaviour that they give."""

KINDS = 64
"""Kinds of neurons: ``16 * first + 4 * second + bias``, each the set of allowed values as a mask
with bit v for value v."""


def _tables() -> tuple[NDArray[Any], NDArray[Any]]:
    allowed = np.zeros(KINDS, dtype=np.int64)
    parameters = np.zeros((KINDS, BEHAVIORS, 3), dtype=np.int64)
    for kind in range(KINDS):
        masks = kind >> 4, kind >> 2 & 3, kind & 3
        for *values, behavior in CHOICES:
            if all(mask >> value & 1 for mask, value in zip(masks, values, strict=True)):
                allowed[kind] |= 1 << behavior
                parameters[kind, behavior] = values
    return allowed, parameters


ALLOWED, PARAMETERS = _tables()
"""Per kind the set of its behaviours, and per kind and behaviour parameters that give it."""

KNOWN = 16 * 0b10 + 4 * 0b01 + 0b01
"""The kind whose only behaviour is to copy the first predecessor."""


def _composed() -> NDArray[Any]:
    """Return, for behaviours of two neurons and of one fed by them, the pairs of codes with 1."""
    table = np.zeros((BEHAVIORS, BEHAVIORS, BEHAVIORS), dtype=np.int64)
    for first, second, then in product(range(BEHAVIORS), repeat=3):
        for y, z in product(range(4), repeat=2):
            code = 2 * (int(TRUTH[first]) >> y & 1) + (int(TRUTH[second]) >> z & 1)
            table[first, second, then] |= (int(TRUTH[then]) >> code & 1) << (4 * y + z)
    return table


COMPOSED = _composed()


def majority_closed(relation: list[int]) -> bool:
    """Return whether the bitwise majority of any three members is a member."""
    members = set(relation)
    return all((x & y) | (y & z) | (x & z) in members for x, y, z in product(members, repeat=3))


def _closed() -> NDArray[Any]:
    table = np.zeros((KINDS, 16), dtype=np.bool_)
    for kind, codes in product(range(KINDS), range(16)):
        truths = [int(TRUTH[b]) & codes for b in range(BEHAVIORS) if ALLOWED[kind] >> b & 1]
        table[kind, codes] = majority_closed(truths)
    return table


CLOSED = _closed()
"""Per kind and set of codes that occur: whether the behaviours are majority-closed there."""
