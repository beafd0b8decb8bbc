"""Lexicographic symmetry breaking over interchangeable hidden neurons and inputs.

Hidden neurons are interchangeable if they agree in predecessors, successors, activation and
all domains: to exchange the parameters of two of them, outgoing weights included, makes no
difference to any output. So each set of interchangeable neurons may be asked to have its vectors of
incoming weights and bias in increasing lexicographic order. Inputs are interchangeable if the
data do not change with them (`input_symmetry`), and may be asked the same of outgoing weights.

All of it may be asked at once. List the parameters neuron by neuron, level by level: a neuron's
incoming weights by source, then its bias. Exchanges map solutions to solutions, so the
lexicographically least of all solutions that they lead to is not above any of its images. Where
two neurons are exchanged, the first parameters that change are their own, in the order of their
vectors, and where two inputs are, their weights into one neuron after the other. So the vectors
of that solution are in order, provided that those of inputs run through the neurons by level.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instances.canonical.data import MergedData
from instances.canonical.rows import Numbers, number_rows, rows_by_number
from instances.deadline import Deadline
from instances.training.instance import TrainingInstance
from qnnhard.encoding.formula.stamper import Stamper
from qnnhard.encoding.formula.template import Template, clause_blocks
from qnnhard.encoding.numbers.builder import TRUE, Builder
from qnnhard.encoding.symmetry.inputs import interchangeable_inputs


def interchangeable(
    instance: TrainingInstance, single: NDArray[np.bool_], relevant: NDArray[np.bool_]
) -> Iterator[Numbers]:
    """Yield the sets of two or more interchangeable hidden neurons, increasing within each.

    Parameters
    ----------
    instance : TrainingInstance
    single : bool array
        Per neuron whether its parameters have variables. Only such neurons, all of whose
        relevant successors are such neurons too, can be exchanged within the formula.
    relevant : bool array
        Per neuron whether an output depends on it; others do not count as successors.
    """
    network = instance.network
    able = single & ~network.is_output
    able[network.sources[relevant[network.targets] & ~single[network.targets]]] = False
    if not able.any():
        return
    domain = _first_equal(instance.domains)
    kind = _first_equal(network.activations)
    counted = np.flatnonzero(relevant[network.targets])
    out = counted[np.lexsort((network.targets[counted], network.sources[counted]))]
    out_start = np.searchsorted(network.sources[out], np.arange(network.size + 1))
    neurons = np.flatnonzero(able)
    degrees = (network.in_degree[neurons], np.diff(out_start)[neurons])
    for alike in rows_by_number(number_rows(degrees, len(neurons))[0]):
        members = neurons[alike]
        into = network.in_edge_rows(members)
        from_ = out[out_start[members][:, None] + np.arange(degrees[1][alike[0]])]
        columns: list[NDArray[Any]] = [
            domain[instance.bias_domain[members]],
            kind[network.activation[members]],
            *network.sources[into].T,
            *domain[instance.weight_domain[into]].T,
            *network.targets[from_].T,
            *domain[instance.weight_domain[from_]].T,
        ]
        for same in rows_by_number(number_rows(columns, len(members))[0]):
            if len(same) > 1:
                yield members[same]


def break_symmetry(
    instance: TrainingInstance,
    single: NDArray[np.bool_],
    relevant: NDArray[np.bool_],
    stamper: Stamper,
    deadline: Deadline,
) -> None:
    """Add the clauses that order interchangeable neurons; see `interchangeable`."""
    templates: dict[tuple[int, ...], Template] = {}
    for members in interchangeable(instance, single, relevant):
        edges = instance.network.in_edge_rows(members)[0]
        index = (*instance.weight_domain[edges], instance.bias_domain[members[0]])
        sizes = tuple(instance.domain_steps[np.array(index)].tolist())
        literals = stamper.parameter_literals(members)
        _order(members, literals, sizes, templates, stamper, deadline)


def break_input_symmetry(
    instance: TrainingInstance,
    view: MergedData,
    relevant: NDArray[np.bool_],
    stamper: Stamper,
    deadline: Deadline,
) -> None:
    """Add the clauses that order interchangeable inputs; see `interchangeable_inputs`.

    Every parameter before an output must have its variables.
    """
    templates: dict[tuple[int, ...], Template] = {}
    for members, edges in interchangeable_inputs(instance, view, relevant, deadline):
        sizes = instance.domain_steps[instance.weight_domain[edges[0]]]
        step = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        literals = np.repeat(stamper.weight_start[edges], sizes, axis=1) + step
        _order(members, literals, tuple(sizes.tolist()), templates, stamper, deadline)


def _order(
    members: Numbers,
    literals: Numbers,
    sizes: tuple[int, ...],
    templates: dict[tuple[int, ...], Template],
    stamper: Stamper,
    deadline: Deadline,
) -> None:
    """Ask for the vectors of `members`, over their rows of order literals, to increase."""
    deadline.check()
    if sizes not in templates:
        templates[sizes] = _not_below(sizes, deadline)
    pairs = np.concatenate((literals[1:], literals[:-1]), axis=1).astype(np.int32)
    stamper.stamp_values(templates[sizes], members[1:], pairs)


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
    return Template(
        interface=builder.interface,
        auxiliary=tuple(builder.names),
        blocks=clause_blocks(builder.clauses),
    )


def _first_equal(values: tuple[object, ...]) -> Numbers:
    """Return per position the first position with an equal value, and -1 for position -1."""
    first: dict[object, int] = {}
    places = [first.setdefault(value, place) for place, value in enumerate(values)]
    return np.array([*places, -1], dtype=np.int64)
