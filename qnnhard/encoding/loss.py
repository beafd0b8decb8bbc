"""The constraint that the losses of all data points add up to at most the bound."""

from bisect import bisect_right

import numpy as np

from instances.deadline import Deadline
from qnnhard.encoding.builder import IMPLIED, TRUE, Builder, Leaf, Node, Sum
from qnnhard.encoding.template import Literals, Shape, Template, clause_blocks
from qnnhard.encoding.view import DataView

LossPart = tuple[Shape, Literals, str]
"""Distances of one output to its targets, their literals, and the output's name."""


def compile_loss(
    bound: int,
    view: DataView,
    parts: list[LossPart],
    loss: str,
    group_start: int,
    deadline: Deadline,
) -> tuple[Template, Literals, tuple[str, ...]]:
    """Return the clauses of "total loss <= bound", the literals behind its interface, and names.

    Parameters
    ----------
    bound : int
        At least 1.
    view : DataView
    parts : list
        For ``l1`` and ``l2`` the distances of every output.
    loss : str
    group_start : int
        For ``mismatch`` the variable of the first group.
    deadline : Deadline
    """
    leaves: list[Node] = []
    literals: list[int] = []
    constant = 0
    if loss == "mismatch":
        literals = list(range(group_start, group_start + len(view.group_first)))
        for number, multiplicity in enumerate(view.multiplicity, 1):
            leaves.append(Leaf((0, min(multiplicity, bound + 1)), (number,)))
    else:
        for shape, found, _ in parts:
            offset = len(literals)
            literals.extend(found.tolist())
            for (values, numbers), multiplicity in zip(shape.seen, view.multiplicity, strict=True):
                constant += values[0] * multiplicity
                if len(values) > 1:
                    leaves.append(_weighted(values, numbers, multiplicity, offset, bound))
    builder = Builder(len(literals), deadline)
    if constant > bound:
        builder.add()
    elif leaves:
        total = _total(leaves, 0, len(leaves))
        beyond = bisect_right(total.values, bound - constant)
        builder.require(total, beyond, IMPLIED, -TRUE)
    template = Template(
        interface=len(literals),
        auxiliary=tuple(builder.names),
        blocks=clause_blocks(builder.clauses),
        contradiction=builder.contradiction,
    )
    return template, np.array(literals, dtype=np.int32), template.auxiliary


def _weighted(
    values: tuple[int, ...], numbers: tuple[int, ...], multiplicity: int, offset: int, bound: int
) -> Leaf:
    """Return the leaf of multiplicity times (distance - least distance), cut at bound + 1."""
    scaled = [min((value - values[0]) * multiplicity, bound + 1) for value in values]
    keep = scaled.index(scaled[-1])
    shifted = [n + offset if n > 0 else n - offset for n in numbers[:keep]]
    return Leaf(scaled[: keep + 1], shifted)


def _total(leaves: list[Node], low: int, high: int) -> Node:
    if high - low == 1:
        return leaves[low]
    middle = (low + high) // 2
    left, right = _total(leaves, low, middle), _total(leaves, middle, high)
    return Sum(left, right, f"loss[{low + 1}-{high}]")
