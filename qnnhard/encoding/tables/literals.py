"""A literal for "neuron v behaves so" for every neuron and behaviour.

A neuron of two behaviours needs one variable. Behaviours of different neurons that a binary
relation ties together, each the only partner of the other, share a literal; so a bijection
between two domains leaves one neuron's variables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers, number_rows
from qnnhard.encoding.formula.template import Literals
from qnnhard.encoding.tables.constraints import Relations, TableConstraint
from qnnhard.encoding.tables.equivalences import renamed


@dataclass(frozen=True, eq=False)
class BehaviourLiterals:
    """The literals of all behaviours.

    Parameters
    ----------
    start : int64 array
        Per neuron the position of its first behaviour's literal, or -1 for a neuron without
        a choice of behaviours.
    literals : int32 array
    count : int
        Number of variables; they are consecutive.
    named : pair of int64 arrays
        Per variable a neuron and the position of its behaviour that the variable stands for.
    """

    start: Numbers
    literals: Literals
    count: int
    named: tuple[Numbers, Numbers]

    def of(self, neurons: NDArray[np.integer[Any]], size: int) -> Literals:
        """Return the literals of neurons with `size` behaviours each, neurons x size."""
        found: Literals = self.literals[self.start[neurons][:, None] + np.arange(size)]
        return found

    def replaced(self, by: Literals) -> "BehaviourLiterals":
        """Return the same after every variable v became the literal ``by[v]``.

        The variables that stand for themselves are numbered anew from 1 on.
        """
        own = np.flatnonzero(by[1:] == np.arange(1, self.count + 1)) + 1
        number = np.zeros(self.count + 1, dtype=np.int32)
        number[own] = np.arange(1, len(own) + 1)
        literals = renamed(self.literals, renamed(by, number))
        neurons, places = self.named
        return BehaviourLiterals(
            self.start, literals, len(own), (neurons[own - 1], places[own - 1])
        )

    def shifted(self, distance: int) -> "BehaviourLiterals":
        """Return the same with all variables moved by `distance`."""
        return replace(self, literals=moved(self.literals, distance))


def moved(literals: Literals, distance: int) -> Literals:
    """Return `literals` with all variables moved by `distance`."""
    step = np.int32(distance)
    result: Literals = np.where(literals > 0, literals + step, literals - step)
    return result


def number_behaviours(
    constraints: Sequence[TableConstraint], relations: Relations, sizes: Numbers
) -> BehaviourLiterals | None:
    """Number the variables from 1 on, neuron by neuron.

    ``None`` where some literal would have to equal its negation: there is no solution.

    Parameters
    ----------
    constraints : sequence of TableConstraint
    sizes : int64 array
        Per neuron the number of its behaviours; 0 where it has no domain.
    """
    neurons = np.flatnonzero(sizes > 1)
    count = sizes[neurons]
    begin = np.cumsum(count) - count
    start = np.full(len(sizes), -1, dtype=np.int64)
    start[neurons] = begin
    nodes = int(count.sum())
    # Node i stands for a literal, node i + nodes for its negation.
    pairs = [start[neurons[count == 2]]]
    ends = [pairs[0] + 1 + nodes]
    for constraint in constraints:
        for one, other in _partners(relations, constraint):
            pairs.append(start[constraint.scopes[:, 0]] + one)
            ends.append(start[constraint.scopes[:, 1]] + other)
    left, right = np.concatenate(pairs), np.concatenate(ends)
    twice = 2 * nodes
    label = _components(
        twice,
        np.concatenate((left, (left + nodes) % twice)),
        np.concatenate((right, (right + nodes) % twice)),
    )
    positive, negative = label[:nodes], label[nodes:]
    if (positive == negative).any():
        return None
    base = np.minimum(positive, negative)
    representatives = np.flatnonzero(base == np.arange(nodes))
    variable = np.zeros(nodes, dtype=np.int64)
    variable[representatives] = 1 + np.arange(len(representatives))
    literals = np.where(positive < negative, variable[base], -variable[base]).astype(np.int32)
    owner = np.repeat(neurons, count)[representatives]
    return BehaviourLiterals(
        start, literals, len(representatives), (owner, representatives - start[owner])
    )


def is_bijection(relations: Relations, constraint: TableConstraint) -> bool:
    """Return whether shared literals express the whole relation."""
    allowed = relations.table[constraint.relation].allowed
    return (
        allowed.ndim == 2
        and allowed.shape[0] == allowed.shape[1]
        and bool((allowed.sum(axis=0) == 1).all() and (allowed.sum(axis=1) == 1).all())
    )


def deciding_neurons(literals: BehaviourLiterals, sizes: Numbers, size: int) -> Numbers:
    """Return neurons of `size` behaviours, one for every distinct set of their literals."""
    neurons = np.flatnonzero(sizes == size)
    own = np.sort(literals.of(neurons, size), axis=1)
    _, first = number_rows(list(own.T), len(own))
    return neurons[np.sort(first)]


def _partners(relations: Relations, constraint: TableConstraint) -> Iterator[tuple[int, int]]:
    """Yield pairs of behaviours of a binary scope that only occur together."""
    allowed = relations.table[constraint.relation].allowed
    if allowed.ndim == 2:
        lonely = allowed & (allowed.sum(axis=0) == 1) & (allowed.sum(axis=1) == 1)[:, None]
        yield from zip(*(places.tolist() for places in np.nonzero(lonely)), strict=True)


def _components(size: int, one: Numbers, other: Numbers) -> Numbers:
    """Return per node the least node of its connected component.

    Roots are hooked onto smaller roots, and paths compressed, until every edge is inside.
    """
    root = np.arange(size)
    while True:
        left, right = root[one], root[other]
        apart = left != right
        if not apart.any():
            return root
        one, other, left, right = one[apart], other[apart], left[apart], right[apart]
        np.minimum.at(root, np.maximum(left, right), np.minimum(left, right))
        while not np.array_equal(above := root[root], root):
            root = above
