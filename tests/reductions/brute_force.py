"""Plain-Python oracles: every solution of a 2-QNNT instance, every witness of a source.

Nothing here uses the evaluator, the reductions or the solvers of the source problems.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, product
from typing import Any

from instances.sources.cnf import Cnf
from instances.sources.graph import Graph
from instances.sources.path_system import DisjointPaths
from instances.sources.set_system import SetSystem
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters

Vector = tuple[int, ...]
Choice = tuple[Vector, int]


@cache
def behaviours(incoming: tuple[Vector, ...], points: int) -> dict[Vector, list[Choice]]:
    """The value vectors that a neuron can have, each with all its (weights, bias)."""
    found: dict[Vector, list[Choice]] = {}
    for weights in product((0, 1), repeat=len(incoming)):
        for bias in (0, 1):
            sums = [
                sum(w * values[point] for w, values in zip(weights, incoming, strict=True)) - bias
                for point in range(points)
            ]
            values = tuple(min(max(total, 0), 1) for total in sums)
            found.setdefault(values, []).append((weights, bias))
    return found


def solutions(instance: TrainingInstance, every: bool = True) -> Iterator[Parameters]:
    """All solutions, neuron by neuron; with `every` unset, one a combination of behaviours."""
    assert instance.d == 2
    assert instance.loss == "mismatch"
    network = instance.network
    edges = list(zip(network.sources.tolist(), network.targets.tolist(), strict=True))
    into: dict[int, list[int]] = {}
    for edge, (_, target) in enumerate(edges):
        into.setdefault(target, []).append(edge)
    inputs, outputs = network.inputs.tolist(), network.outputs.tolist()
    rows, targets = instance.inputs.tolist(), instance.targets.tolist()
    points = len(rows)
    wanted = {o: tuple(row[i] for row in targets) for i, o in enumerate(outputs)}
    value: dict[int, Vector] = {v: tuple(row[i] for row in rows) for i, v in enumerate(inputs)}
    order = _order(len(network.names), inputs, outputs, edges, into)
    weights, biases = [0] * len(edges), [0] * len(network.names)

    def extend(depth: int, missed: int) -> Iterator[Parameters]:
        if missed.bit_count() > instance.bound:
            return
        if depth == len(order):
            yield Parameters(_array(weights), _array(biases))
            return
        neuron = order[depth]
        incoming = tuple(value[edges[edge][0]] for edge in into.get(neuron, ()))
        for values, choices in behaviours(incoming, points).items():
            now = missed
            if neuron in wanted:
                now |= sum((a != b) << i for i, (a, b) in enumerate(zip(values, wanted[neuron])))
            value[neuron] = values
            for chosen, bias in choices if every else choices[:1]:
                for edge, weight in zip(into.get(neuron, ()), chosen, strict=True):
                    weights[edge] = weight
                biases[neuron] = bias
                yield from extend(depth + 1, now)

    yield from extend(0, 0)


def _array(values: list[int]) -> Any:
    import numpy as np

    return np.array(values, dtype=np.int64)


def _order(
    size: int,
    inputs: list[int],
    outputs: list[int],
    edges: list[tuple[int, int]],
    into: dict[int, list[int]],
) -> list[int]:
    """A topological order of the neurons that are no inputs, each output as early as it can be."""
    placed = set(inputs)
    order: list[int] = []

    def place(neuron: int) -> None:
        if neuron in placed:
            return
        for edge in into.get(neuron, ()):
            place(edges[edge][0])
        placed.add(neuron)
        order.append(neuron)
        for output in outputs:
            if output not in placed and all(edges[e][0] in placed for e in into.get(output, ())):
                placed.add(output)
                order.append(output)

    for neuron in (*outputs, *range(size)):
        place(neuron)
    return order


def sat_witnesses(source: Cnf) -> Iterator[tuple[bool, ...]]:
    for values in product((False, True), repeat=source.variables):
        if all(any(values[abs(x) - 1] == (x > 0) for x in clause) for clause in source.clauses):
            yield values


def one_in_three_witnesses(source: Cnf) -> Iterator[tuple[bool, ...]]:
    for values in product((False, True), repeat=source.variables):
        if all(sum(values[x - 1] for x in clause) == 1 for clause in source.clauses):
            yield values


def _subsets(size: int, most: int) -> Iterator[tuple[int, ...]]:
    for count in range(min(size, most) + 1):
        yield from combinations(range(size), count)


def exact_cover_witnesses(source: SetSystem) -> Iterator[tuple[int, ...]]:
    for chosen in _subsets(len(source.sets), len(source.sets)):
        covered = sorted(u for index in chosen for u in source.sets[index])
        if covered == list(range(source.universe)):
            yield chosen


def set_cover_witnesses(source: SetSystem) -> Iterator[tuple[int, ...]]:
    assert source.budget is not None
    for chosen in _subsets(len(source.sets), source.budget):
        if {u for index in chosen for u in source.sets[index]} == set(range(source.universe)):
            yield chosen


def hitting_set_witnesses(source: SetSystem) -> Iterator[tuple[int, ...]]:
    assert source.budget is not None
    for chosen in _subsets(source.universe, source.budget):
        if all(set(chosen) & set(members) for members in source.sets):
            yield chosen


def vertex_cover_witnesses(source: Graph) -> Iterator[tuple[int, ...]]:
    assert source.budget is not None
    for chosen in _subsets(source.vertices, source.budget):
        if all(u in chosen or v in chosen for u, v in source.edges):
            yield chosen


def disjoint_paths_witnesses(source: DisjointPaths) -> Iterator[tuple[tuple[int, ...], ...]]:
    def paths(path: tuple[int, ...], end: int) -> Iterator[tuple[int, ...]]:
        if path[-1] == end:
            yield path
        for u, v in source.edges:
            if u == path[-1]:
                yield from paths((*path, v), end)

    for chosen in product(*(list(paths((start,), end)) for start, end in source.pairs)):
        vertices = [vertex for path in chosen for vertex in path]
        if len(set(vertices)) == len(vertices):
            yield chosen


WITNESSES: dict[str, Callable[[Any], Iterator[Any]]] = {
    "sat": sat_witnesses,
    "3-sat": sat_witnesses,
    "one-in-three": one_in_three_witnesses,
    "exact-cover": exact_cover_witnesses,
    "set-cover": set_cover_witnesses,
    "hitting-set": hitting_set_witnesses,
    "vertex-cover": vertex_cover_witnesses,
    "disjoint-paths": disjoint_paths_witnesses,
}
