"""The constraint that the losses of all data points add up to at most the bound."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import partial
from operator import add

import numpy as np

from instances.canonical.data import MergedData
from qnnhard.encoding.formula.template import Literals, Shape
from qnnhard.encoding.numbers.builder import IMPLIED, Builder
from qnnhard.encoding.numbers.circuits import Circuits
from qnnhard.encoding.numbers.forms import TRUE, Form, Word
from qnnhard.encoding.numbers.nodes import VALUES_LIMIT, Integer, Leaf, Node, Sum

Addends = list[tuple[int, Integer]]
"""Weights and integers; the loss is the sum of their products."""

STEPS_LIMIT = 256
"""Most values up to which the loss is counted: every one has clauses for its pairs of addends."""


@dataclass(frozen=True, eq=False)
class LossPart:
    """The distances of one output to its targets, one a group, and the literals behind them.

    `scale` turns them into multiples of the unit in which the whole loss is measured.
    """

    shape: Shape
    literals: Literals
    scale: int = 1


def total_loss(
    view: MergedData, parts: list[LossPart], loss: str, group_start: int
) -> tuple[Addends, Literals]:
    """Return the weighted parts of the loss over local literals, and the literals behind them.

    Parameters
    ----------
    parts : list of LossPart
        For ``l1`` and ``l2`` the distances of every output.
    group_start : int
        For ``mismatch`` the variable of the first group.

    Returns
    -------
    Addends
    int32 array
        The global literal of every local one.
    """
    if loss == "mismatch":
        count = len(view.group_first)
        literals = np.arange(group_start, group_start + count, dtype=np.int32)
        leaves = [Leaf((0, 1), (number,)) for number in range(1, count + 1)]
        return list(zip(view.multiplicity, leaves, strict=True)), literals
    values: Addends = []
    offset = 0
    for part in parts:
        for seen, multiplicity in zip(part.shape.seen, view.multiplicity, strict=True):
            values.append((multiplicity * part.scale, seen.over(partial(add, offset))))
        offset += part.shape.count
    literals = np.concatenate([part.literals for part in parts] or [np.zeros(0, dtype=np.int32)])
    return values, literals


def require_loss(builder: Builder, bound: int, values: Addends) -> None:
    """Add the clauses of "the weighted values add up to at most the bound".

    The bound, at least 0, is in the unit of the loss.
    """
    form = loss_form(values)
    binary = any(isinstance(value, Word) for _, value in values)
    if binary or min(form.high - form.low, (bound + 1) * len(values)) > VALUES_LIMIT:
        circuits = Circuits(builder, "loss")
        builder.add(-circuits.at_least(loss_word(values, circuits), bound + 1))
    else:
        _require_unary(builder, bound, values)


def loss_form(values: Addends) -> Form:
    """Return the whole loss as one form."""
    total = Form()
    for weight, value in values:
        total.add_form(weight, value.form())
    return total


def loss_word(values: Addends, circuits: Circuits) -> Word:
    """Return the whole loss as one word.

    Order-encoded parts become binary first: an adder a part is far smaller, and propagates far
    better, than one a literal.
    """
    words, rest = [], Form()
    for weight, value in values:
        if isinstance(value, Word):
            rest.add_form(weight, value.form())
        else:
            words.append(circuits.word_of_leaf(value.scaled(weight)))
    return circuits.add_words([*words, circuits.word(rest)])


def count_steps(builder: Builder, most: int, values: Addends) -> tuple[tuple[int, int], ...] | None:
    """Return values up to just above `most`, with literals that hold where the loss reaches them.

    ``None`` where there would be more than `STEPS_LIMIT`, or where parts are binary.
    """
    form = loss_form(values)
    if (
        any(isinstance(value, Word) for _, value in values)
        or min(form.high - form.low, (most - form.low + 1) * len(values)) > VALUES_LIMIT
    ):
        return None
    constant, total = _spent(values, most)
    if total is None:
        return ()
    last = bisect_right(total.values, most - constant)
    if last > STEPS_LIMIT:
        return None
    return tuple(
        (constant + total.values[index], builder.at_least(total, index, IMPLIED))
        for index in range(1, min(last + 1, len(total.values)))
    )


def _require_unary(builder: Builder, bound: int, values: Addends) -> None:
    constant, total = _spent(values, bound)
    if constant > bound:
        builder.add()
    elif total is not None:
        beyond = bisect_right(total.values, bound - constant)
        builder.require(total, beyond, IMPLIED, -TRUE)


def _spent(values: Addends, bound: int) -> tuple[int, Node | None]:
    """Return the loss as a constant and what is added to it, cut beyond the bound."""
    # A least value may be a mere bound below 0, so what is left to spend may exceed the bound.
    constant = sum(weight * value.values[0] for weight, value in values if isinstance(value, Leaf))
    leaves: list[Node] = []
    for weight, leaf in values:
        assert isinstance(leaf, Leaf)
        if len(leaf.values) > 1 and constant <= bound:
            leaves.append(_weighted(leaf, weight, bound - constant))
    return constant, balanced(leaves, "loss") if leaves else None


def _weighted(leaf: Leaf, weight: int, spare: int) -> Leaf:
    """Return the leaf of weight times (value - least value), cut at spare + 1."""
    scaled = [min((value - leaf.values[0]) * weight, spare + 1) for value in leaf.values]
    keep = scaled.index(scaled[-1])
    return Leaf(scaled[: keep + 1], leaf.literals[:keep])


def balanced(leaves: list[Node], name: str, first: int = 1) -> Node:
    """Return the sum of leaves as a balanced tree; its nodes are called by `name` and a range."""
    if len(leaves) == 1:
        return leaves[0]
    middle = len(leaves) // 2
    left = balanced(leaves[:middle], name, first)
    right = balanced(leaves[middle:], name, first + middle)
    return Sum(left, right, f"{name}[{first}-{first + len(leaves) - 1}]")
