"""Clauses over behaviour literals, after equal literals were replaced by one."""

from itertools import combinations

import numpy as np

from qnnhard.encoding.formula.template import Literals, without_repeats
from qnnhard.encoding.tables.equivalences import equal_literals, renamed

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
