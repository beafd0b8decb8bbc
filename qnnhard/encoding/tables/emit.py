"""The clauses of tables."""

from itertools import combinations

import numpy as np

from instances.canonical.rows import present
from instances.deadline import Deadline
from qnnhard.encoding.formula.stamper import require_room
from qnnhard.encoding.formula.template import Literals, clause_blocks, stamp
from qnnhard.encoding.tables.cubes import forbidding_clauses
from qnnhard.encoding.tables.equivalences import clean
from qnnhard.encoding.tables.literals import BehaviourLiterals, deciding_neurons, is_bijection
from qnnhard.encoding.tables.tabulated import Tables

_STAMP_LIMIT = 1 << 23


def table_clauses(
    tables: Tables, literals: BehaviourLiterals, deadline: Deadline
) -> list[Literals]:
    """Return clauses by which every neuron takes one behaviour, and every scope allowed ones.

    Parameters
    ----------
    tables : Tables
        Without contradiction.
    literals : BehaviourLiterals
    deadline : Deadline

    Raises
    ------
    Unsupported
        Where there are too many clauses.
    LimitReached
        When the deadline passes.
    """
    sizes = tables.sizes
    shared = literals.count < int(np.maximum(sizes - 1, 0).sum() + (sizes > 2).sum())
    blocks: list[Literals] = []
    for size in present(sizes[sizes > 2]):
        pairs = [(-one, -other) for one, other in combinations(range(1, size + 1), 2)]
        once = clause_blocks([tuple(range(1, size + 1)), *pairs])
        blocks += stamp(once, literals.of(deciding_neurons(literals, sizes, size), size))
    total = sum(block.size for block in blocks)
    for constraint in tables.constraints:
        if is_bijection(tables.relations, constraint):
            continue
        deadline.check()
        allowed = tables.relations.table[constraint.relation].allowed
        template = clause_blocks(forbidding_clauses(allowed))
        size = sum(block.size for block in template)
        total += size * len(constraint.scopes)
        require_room(total)
        step = max(1, _STAMP_LIMIT // (size + sum(allowed.shape)))
        for begin in range(0, len(constraint.scopes), step):
            scopes = constraint.scopes[begin : begin + step]
            columns = [literals.of(scopes[:, k], size) for k, size in enumerate(allowed.shape)]
            blocks += stamp(template, np.concatenate(columns, axis=1))
    if not shared:
        return blocks
    return [part for block in blocks for part in clean(block)]
