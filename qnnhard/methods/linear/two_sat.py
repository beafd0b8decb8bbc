"""Satisfiability of 2-CNF by strongly connected components, in linear time.

The literal "variable v has value a" is the node ``2 * v + a``; its negation is ``node ^ 1``.
A clause is a pair of implications. B. Aspvall, M. Plass and R. Tarjan, *A linear-time algorithm
for testing the truth of certain quantified Boolean formulas*, 1979.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from instances.text.numbers import Array


@dataclass(frozen=True, eq=False)
class Cycle:
    """Nodes in the order of a closed walk of implications; some node occurs with its negation."""

    nodes: Array


def solve(variables: int, sources: Array, targets: Array) -> Array | Cycle:
    """Return the value of every variable, or a cycle that refutes the formula.

    Parameters
    ----------
    sources, targets : arrays of nodes
        The implications ``sources[e] -> targets[e]``, closed under contraposition. Repetitions
        and loops are harmless.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    nodes = 2 * variables
    ones = np.ones(len(sources), dtype=np.int8)
    graph = csr_array((ones, (sources, targets)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=True, connection="strong")
    zero, one = component[0::2], component[1::2]
    conflicts = np.flatnonzero(zero == one)
    if conflicts.size:
        start = 2 * int(conflicts[0])
        there = _walk(graph, start, start ^ 1)
        return Cycle(np.array([*there, *_walk(graph, start ^ 1, start)[1:-1]]))
    # SciPy numbers components as Pearce's algorithm completes them, those without a way out
    # first; in this order a literal is true where it comes before its negation.
    values: Array = (one < zero).astype(np.int64)
    return values


def _walk(graph: Any, start: int, end: int) -> list[int]:
    """Return the nodes of a shortest walk, both ends included."""
    from scipy.sparse.csgraph import breadth_first_order

    _, before = breadth_first_order(graph, start)
    walk = [end]
    while walk[-1] != start:
        walk.append(int(before[walk[-1]]))
    return walk[::-1]
