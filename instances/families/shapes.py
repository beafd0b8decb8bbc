"""Architectures of low treewidth as arrays: hidden neurons, their edges, what outputs see.

Hidden neurons are numbered from 0. The *core* of a network is what is left without its inputs
(which are constants) and without edges that leave outputs; every builder states the treewidth
of its core, outputs included.
"""

from dataclasses import dataclass

import numpy as np

from instances.families.draws import Draws
from instances.text.numbers import Array
from instances.training.levels import ranges


@dataclass(frozen=True, eq=False)
class FamilyShape:
    """The hidden part of a network.

    Parameters
    ----------
    size : int
        Number of hidden neurons.
    sources, targets : arrays
        Edges between hidden neurons.
    seen_start, seen_count : arrays
        An output at hidden neuron v sees the `seen_count[v]` neurons from
        ``seen[seen_start[v]]`` on.
    seen : array
    treewidth : int
        An upper bound on the treewidth of the core, attained where `size` is not tiny.
    """

    size: int
    sources: Array
    targets: Array
    seen_start: Array
    seen_count: Array
    seen: Array
    treewidth: int


def chain(size: int) -> FamilyShape:
    """Return a directed path; an output sees one neuron. Treewidth 1."""
    return layers(size, 1)


def ladder(size: int) -> FamilyShape:
    """Return two directed paths with a rung from the first to the second at every step.

    An output sees both ends of a rung. Treewidth 2.
    """
    neurons = np.arange(size)
    along, rungs = neurons[2:], neurons[1::2]
    sources = np.concatenate((along - 2, rungs - 1))
    targets = np.concatenate((along, rungs))
    start = neurons // 2 * 2
    return _contiguous(size, (sources, targets), start, np.minimum(2, size - start), 2)


def caterpillar(size: int, legs: int) -> FamilyShape:
    """Return a path in which every neuron is also fed by `legs` neurons of its own.

    An output sees a neuron of the path, or the last leg where the path ends before. Treewidth 1.
    """
    neurons = np.arange(size)
    block = legs + 1
    spine = neurons[legs::block]
    edges = spans(np.maximum(spine - legs, 0), spine, np.full(len(spine), legs))
    sources = np.concatenate((edges[0], spine[:-1]))
    targets = np.concatenate((edges[1], spine[1:]))
    above = neurons // block * block + legs
    return _contiguous(
        size, (sources, targets), np.where(above < size, above, neurons), np.ones_like(neurons), 1
    )


def layers(size: int, width: int) -> FamilyShape:
    """Return complete layers of `width` neurons; the last may be smaller.

    An output sees a whole layer. Treewidth ``2 * width - 1``: any two consecutive layers with
    layers on both sides contract to a clique.
    """
    neurons = np.arange(size)
    later = neurons[width:]
    edges = spans((later // width - 1) * width, later, np.full(len(later), width))
    start = neurons // width * width
    return _contiguous(size, edges, start, np.minimum(width, size - start), 2 * width - 1)


def alternating(size: int, wide: int, narrow: int) -> FamilyShape:
    """Return complete layers of `wide` and `narrow` neurons in turn, a wide one first.

    An output sees the narrow layer before it, or above it if there is none before.
    Treewidth at most ``min(wide + narrow - 1, 2 * narrow)``: a wide neuron sees two narrow layers.
    """
    neurons = np.arange(size)
    period = wide + narrow
    begin = neurons // period * period
    in_wide = neurons - begin < wide
    start = np.where(in_wide, np.maximum(begin - narrow, 0), begin)
    count = np.where(in_wide, np.where(begin > 0, narrow, 0), wide)
    seen = np.where(in_wide & (begin > 0), begin - narrow, begin + wide)
    seen = np.where(seen < size, seen, neurons)
    edges = spans(start, neurons, count)
    in_narrow = seen % period >= wide
    seen_count = np.where(in_narrow, np.minimum(narrow, size - seen), 1)
    treewidth = max(min(wide + narrow - 1, 2 * narrow), 1)
    return _contiguous(size, edges, seen, seen_count, treewidth)


def layer_tree(size: int, width: int, branches: int) -> FamilyShape:
    """Return a balanced tree of complete layers in which every layer feeds its parent.

    An output sees a whole layer; the root comes last. Treewidth ``2 * width - 1``.
    """
    neurons = np.arange(size)
    below = neurons[width:]
    parent = (below // width - 1) // branches
    sources, targets = np.repeat(below, width), spans(parent * width, below, width)[0]
    start = neurons // width * width
    count = np.minimum(width, size - start)
    last = size - 1
    return _contiguous(
        size, (last - sources, last - targets), (last - start - count + 1)[::-1], count[::-1],
        2 * width - 1,
    )  # fmt: skip


def k_tree(size: int, k: int, draws: Draws) -> FamilyShape:
    """Return a random k-tree: every neuron is fed by a k-clique drawn among all so far.

    The first k neurons are a clique. An output sees a neuron and all but the first of the clique
    that feeds it. Treewidth k.
    """
    chosen = draws.integers(1 << 31, size).tolist()
    first = min(k, size)
    cliques = [tuple(range(first))]
    fed: list[int] = []
    seen: list[int] = []
    for v in range(first):
        fed.extend(range(v))
        seen.extend(range(v + 1))
    for v in range(first, size):
        clique = cliques[chosen[v] % len(cliques)]
        fed.extend(clique)
        seen.extend((*clique[1:], v))
        cliques.extend((*clique[:place], *clique[place + 1 :], v) for place in range(k))
    neurons = np.arange(size)
    seen_count = np.minimum(neurons + 1, k)
    return FamilyShape(
        size=size,
        sources=np.array(fed, dtype=np.int64),
        targets=np.repeat(neurons, np.minimum(neurons, k)),
        seen_start=np.cumsum(seen_count) - seen_count,
        seen_count=seen_count,
        seen=np.array(seen, dtype=np.int64),
        treewidth=k,
    )


def spans(start: Array, target: Array, count: Array | int) -> tuple[Array, Array]:
    """Return edges into ``target[i]`` from ``start[i], start[i] + 1, ...``, `count[i]` in all."""
    return ranges(start, start + count), np.repeat(target, count)


def _contiguous(
    size: int, edges: tuple[Array, Array], start: Array, count: Array, treewidth: int
) -> FamilyShape:
    """Return a shape in which outputs see consecutive neurons."""
    return FamilyShape(size, *edges, start, count, np.arange(size), treewidth)
