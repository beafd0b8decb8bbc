"""Literals that binary clauses make equal, and clauses with one literal for each set of these.

They are found as strongly connected components of implications.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers
from qnnhard.encoding.formula.template import Literals, without_repeats

_WORK_LIMIT = 1 << 27
"""Most edge visits of the search; it stops early, with fewer equivalences, beyond."""

_TRIMS = 64
"""Most rounds of dropping edges that are on no cycle, which only saves time."""


_ROUNDS = 8


def substitute_equal(
    variables: int, blocks: list[Literals]
) -> tuple[list[Literals], Literals] | None:
    """Replace literals that binary clauses make equal, as long as there are any.

    Returns
    -------
    blocks : list of int32 arrays
        The clauses that are left.
    by : int32 array
        Entry v, from 1, is the literal that stands for variable v, or v itself.
    ``None`` where a variable would equal its negation.
    """
    by = np.arange(variables + 1, dtype=np.int32)
    for _ in range(_ROUNDS):
        binary = [block for block in blocks if block.shape[1] == 2]
        if not binary:
            break
        found = equal_literals(variables, np.concatenate(binary))
        if found is None:
            return None
        if np.array_equal(found, np.arange(variables + 1)):
            break
        by = renamed(by, found)
        blocks = [part for block in blocks for part in clean(renamed(block, found))]
    return blocks, by


def clean(block: Literals) -> list[Literals]:
    """Drop tautologies and repeated literals, looking closely only where there are some."""
    trivial, repeating = (np.zeros(len(block), dtype=np.bool_) for _ in range(2))
    for one, other in combinations(range(block.shape[1]), 2):
        trivial |= block[:, one] == -block[:, other]
        repeating |= block[:, one] == block[:, other]
    repeating &= ~trivial
    if not (trivial.any() or repeating.any()):
        return [block]
    kept = [block[~(trivial | repeating)]]
    return [part for part in (*kept, *without_repeats(block[repeating])) if len(part)]


def equal_literals(variables: int, binary: Literals) -> Literals | None:
    """Return for every variable the literal that may stand for it.

    Parameters
    ----------
    binary : int32 array, clauses x 2
        A clause a or b says that not a implies b, and not b implies a.

    Returns
    -------
    int32 array or None
        Entry v, from 1, is v itself or a literal of a smaller variable that equals v in all
        models; ``None`` where a variable would equal its negation.
    """
    size = 2 * (variables + 1)
    one, other = _node(binary[:, 0]), _node(binary[:, 1])
    label = _components(size, np.concatenate((one ^ 1, other ^ 1)), np.concatenate((other, one)))
    positive, negative = label[::2], label[1::2]
    if (positive == negative)[1:].any():
        return None
    # The components of a literal and of its negation mirror each other.
    least = np.minimum(positive, negative)
    found = np.where(least & 1, -(least >> 1), least >> 1)
    result: Literals = np.where(positive < negative, found, -found).astype(np.int32)
    return result


def renamed(literals: Literals, by: Literals) -> Literals:
    """Return `literals` with every variable v replaced by the literal ``by[v]``."""
    positive = by[np.abs(literals)]
    result: Literals = np.where(literals > 0, positive, -positive)
    return result


def _node(literals: Literals) -> Numbers:
    return 2 * np.abs(literals).astype(np.int64) + (literals < 0)


def _components(size: int, source: Numbers, target: Numbers) -> Numbers:
    """Return per node the least node of its strongly connected component.

    Every node takes the least node from which it can be reached; those that reach it back form
    its component. What is left is searched again.
    """
    label = np.arange(size)
    work = _WORK_LIMIT
    while True:
        source, target = _on_cycles(size, source, target)
        if not len(source):
            return label
        color, work = _least_reaching(size, source, target, work)
        # A way back leads through nodes of one color only.
        inner = color[source] == color[target]
        back, work = _least_reaching(size, target[inner], source[inner], work)
        if work <= 0:
            return label
        inside = back == color
        label[inside] = np.minimum(label[inside], color[inside])
        kept = ~(inside[source] | inside[target])
        source, target = source[kept], target[kept]


def _least_reaching(size: int, source: Numbers, target: Numbers, work: int) -> tuple[Numbers, int]:
    """Return per node the least node from which it can be reached, and the work that is left.

    Along nodes with one predecessor news travels by doubled distances, elsewhere edge by edge.
    """
    least = np.arange(size)
    before = np.arange(size)
    alone = np.bincount(target, minlength=size)[target] == 1
    before[target[alone]] = source[alone]
    while work > 0:
        work -= size
        following = np.minimum(least, least[before])
        if np.array_equal(following, least):
            break
        least, before = following, before[before]
    while work > 0:
        work -= len(source)
        following = least.copy()
        np.minimum.at(following, target, least[source])
        following = np.minimum(following, following[before])
        if np.array_equal(following, least):
            break
        least = following
    return least, work


def _on_cycles(size: int, source: Numbers, target: Numbers) -> tuple[Numbers, Numbers]:
    """Drop edges from nodes that nothing enters and to nodes that nothing leaves."""
    for _ in range(_TRIMS):
        entered: NDArray[np.bool_] = np.zeros(size, dtype=np.bool_)
        left: NDArray[np.bool_] = np.zeros(size, dtype=np.bool_)
        entered[target] = left[source] = True
        kept = entered[source] & left[target]
        if kept.all():
            break
        source, target = source[kept], target[kept]
    return source, target
