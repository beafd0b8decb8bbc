"""Lexicographic symmetry breaking over interchangeable hidden neurons and inputs.

Each set of interchangeable neurons may be asked to have its vectors of incoming weights and bias
in increasing lexicographic order, and each set of interchangeable inputs its outgoing weights.

All of it may be asked at once. List the parameters neuron by neuron, level by level: a neuron's
incoming weights by source, then its bias. Exchanges map solutions to solutions, so the
lexicographically least of all solutions that they lead to is not above any of its images. Where
two neurons are exchanged, the first parameters that change are their own, in the order of their
vectors, and where two inputs are, their weights into one neuron after the other. So the vectors
of that solution are in order, provided that those of inputs run through the neurons by level.
"""

import numpy as np
from numpy.typing import NDArray

from instances.canonical.data import MergedData
from instances.canonical.rows import Numbers
from instances.deadline import Deadline
from qnnhard.encoding.formula.stamper import Stamper, consecutive
from qnnhard.encoding.formula.template import Template
from qnnhard.encoding.numbers.builder import Builder
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.symmetry.inputs import interchangeable_inputs
from qnnhard.encoding.symmetry.neurons import interchangeable


def order_neurons(stamper: Stamper, single: NDArray[np.bool_], relevant: NDArray[np.bool_]) -> None:
    """Add the clauses that order interchangeable neurons; see `interchangeable`."""
    instance = stamper.instance
    made: dict[tuple[int, ...], Template] = {}
    for members in interchangeable(instance, single, relevant):
        edges = instance.network.in_edge_rows(members)[0]
        index = (*instance.weight_domain[edges], instance.bias_domain[members[0]])
        sizes = instance.domain_steps[np.array(index)]
        _order(stamper, members, stamper.parameter_literals(members), sizes, made)


def order_inputs(stamper: Stamper, view: MergedData, relevant: NDArray[np.bool_]) -> None:
    """Add the clauses that order interchangeable inputs; see `interchangeable_inputs`.

    Every parameter before an output must have its variables.
    """
    instance = stamper.instance
    made: dict[tuple[int, ...], Template] = {}
    for members, edges in interchangeable_inputs(instance, view, relevant, stamper.deadline):
        sizes = instance.domain_steps[instance.weight_domain[edges[0]]]
        literals = consecutive(stamper.weight_start[edges], sizes)
        _order(stamper, members, literals, sizes, made)


def _order(
    stamper: Stamper,
    members: Numbers,
    literals: Numbers,
    sizes: Numbers,
    made: dict[tuple[int, ...], Template],
) -> None:
    """Ask for the vectors of `members`, over their rows of order literals, to increase."""
    stamper.deadline.check()
    key = tuple(sizes.tolist())
    if key not in made:
        made[key] = _not_below(key, stamper.deadline)
    pairs = np.concatenate((literals[1:], literals[:-1]), axis=1).astype(np.int32)
    stamper.stamp_values(made[key], members[1:], pairs)


def _not_below(sizes: tuple[int, ...], deadline: Deadline) -> Template:
    """Return the clauses of "the first vector is not below the second".

    Parameters
    ----------
    sizes : tuple of int
        Per parameter the number of its order literals.

    Notes
    -----
    A literal ``lex[v:i]`` is implied where the first i parameters agree. As then the next ones
    are in order, they agree if the second one reaches what the first one does not exceed.
    """
    total = sum(sizes)
    builder = Builder(2 * total, deadline)
    agree, start = TRUE, 1
    last = max((place for place, size in enumerate(sizes) if size), default=-1)
    for place, size in enumerate(sizes):
        first = range(start, start + size)
        second = range(start + total, start + total + size)
        start += size
        for one, other in zip(first, second, strict=True):
            builder.add(-agree, one, -other)
        if size and place < last:
            before, agree = agree, builder.variable(f"lex[{{v}}:{place + 1}]")
            for one, other in zip((*first, -TRUE), (TRUE, *second), strict=True):
                builder.add(-before, one, -other, agree)
    return Template.of(builder)
