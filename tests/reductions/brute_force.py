"""Plain-Python oracles: every solution of a training instance, every witness of a source.

Nothing here uses the evaluator, the reductions or the solvers of the source problems.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np

from instances.sources.budgeted_graph import BudgetedGraph
from instances.sources.cnf import Cnf
from instances.sources.number_lists import NumberList, SumInstance
from instances.sources.packing import Packing
from instances.sources.path_system import DisjointPaths
from instances.sources.set_system import SetSystem
from instances.sources.straight_line import StraightLineProgram
from instances.training.instance import TrainingInstance
from instances.training.parameters import Parameters
from tests.helpers import act, objects

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
    if instance.d != 2:
        return general_solutions(instance)
    assert instance.loss == "mismatch"
    return _Search(instance, every).extend(0, 0)


def general_solutions(instance: TrainingInstance) -> Iterator[Parameters]:
    """All solutions of any instance: every choice of parameters, neuron by neuron."""
    network, domains = instance.network, instance.domains
    sources = network.sources.tolist()
    into: dict[int, list[int]] = {v: [] for v in range(network.size)}
    for edge, target in enumerate(network.targets.tolist()):
        into[target].append(edge)
    inputs, outputs = network.inputs.tolist(), network.outputs.tolist()
    rows, targets = instance.inputs.tolist(), instance.targets.tolist()
    value = {v: [row[i] for row in rows] for i, v in enumerate(inputs)}
    order = _order(inputs, outputs, sources, into)
    kind = {v: network.activations[int(network.activation[v])] for v in order}
    choices = {
        v: [domains[int(instance.weight_domain[e])] for e in into[v]]
        + [domains[int(instance.bias_domain[v])]]
        for v in order
    }
    weights: list[Any] = [0] * network.edges
    biases: list[Any] = [0] * network.size

    def loss() -> Any:
        gaps = [
            [abs(value[v][point] - targets[point][i]) for i, v in enumerate(outputs)]
            for point in range(len(rows))
        ]
        if instance.loss == "mismatch":
            return sum(map(any, gaps))
        power = {"l1": 1, "l2": 2}[instance.loss]
        return sum(gap**power for row in gaps for gap in row)

    def extend(depth: int) -> Iterator[Parameters]:
        if depth == len(order):
            if loss() <= instance.bound:
                yield Parameters(objects(weights), objects(biases))
            return
        v = order[depth]
        for chosen in product(*choices[v]):
            for edge, weight in zip(into[v], chosen, strict=False):
                weights[edge] = weight
            biases[v] = chosen[-1]
            value[v] = [
                act(
                    kind[v],
                    sum(weights[e] * value[sources[e]][point] for e in into[v]) - biases[v],
                )
                for point in range(len(rows))
            ]
            yield from extend(depth + 1)

    return extend(0)


class _Search:
    """Depth first over the neurons, in an order in which outputs come as early as they can."""

    def __init__(self, instance: TrainingInstance, every: bool) -> None:
        network = instance.network
        self.every, self.bound = every, instance.bound
        self.sources = network.sources.tolist()
        self.into: dict[int, list[int]] = {v: [] for v in range(network.size)}
        for edge, target in enumerate(network.targets.tolist()):
            self.into[target].append(edge)
        inputs, outputs = network.inputs.tolist(), network.outputs.tolist()
        rows, targets = instance.inputs.tolist(), instance.targets.tolist()
        self.points = len(rows)
        self.wanted = {v: tuple(row[i] for row in targets) for i, v in enumerate(outputs)}
        self.value = {v: tuple(row[i] for row in rows) for i, v in enumerate(inputs)}
        self.order = _order(inputs, outputs, self.sources, self.into)
        self.weights, self.biases = [0] * len(self.sources), [0] * network.size
        self.live = self._live_neurons()
        self.together = [*_points_of_equal_input(rows, targets)]
        self.dead: set[tuple[int, int, tuple[Vector, ...]]] = set()
        self.least_missed = cache(self._least_missed)

    def _live_neurons(self) -> list[list[int]]:
        """Per depth the neurons before it that neurons from it on still read."""
        last_read = {
            self.sources[edge]: depth
            for depth, neuron in enumerate(self.order)
            for edge in self.into[neuron]
        }
        return [
            [v for v in self.order[:depth] if last_read.get(v, -1) >= depth]
            for depth in range(len(self.order) + 1)
        ]

    def _least_missed(self, missed: int) -> int:
        """The least final number of missed points: of equal inputs one target can be matched."""
        return self.points - sum(
            max((mask & ~missed).bit_count() for mask in masks) for masks in self.together
        )

    def extend(self, depth: int, missed: int) -> Iterator[Parameters]:
        """All solutions that share the choices for the neurons before `depth`."""
        if self.least_missed(missed) > self.bound:
            return
        if depth == len(self.order):
            yield Parameters(np.array(self.weights, int), np.array(self.biases, int))
            return
        # What comes next depends only on the neurons that are still read and the points missed.
        state = depth, missed, tuple(self.value[v] for v in self.live[depth])
        if state in self.dead:
            return
        fruitless = True
        for now in self._choices(self.order[depth], missed):
            for found in self.extend(depth + 1, now):
                fruitless = False
                yield found
        if fruitless:
            self.dead.add(state)

    def _choices(self, neuron: int, missed: int) -> Iterator[int]:
        """Set one neuron's value, weights and bias in all ways; yield the points then missed."""
        edges = self.into[neuron]
        incoming = tuple(self.value[self.sources[edge]] for edge in edges)
        for values, choices in behaviours(incoming, self.points).items():
            wanted = self.wanted.get(neuron, values)
            wrong = sum(
                1 << point for point in range(self.points) if values[point] != wanted[point]
            )
            for weights, bias in choices if self.every else choices[:1]:
                self.value[neuron] = values
                self.biases[neuron] = bias
                for edge, weight in zip(edges, weights, strict=True):
                    self.weights[edge] = weight
                yield missed | wrong


def _points_of_equal_input(rows: list[list[int]], targets: list[list[int]]) -> Iterator[list[int]]:
    """For every distinct input the sets of its points, one a distinct target, as bit masks."""
    groups: dict[Vector, dict[Vector, int]] = {}
    for point, (row, target) in enumerate(zip(rows, targets, strict=True)):
        masks = groups.setdefault(tuple(row), {})
        masks[tuple(target)] = masks.get(tuple(target), 0) | 1 << point
    for masks in groups.values():
        yield list(masks.values())


def _order(
    inputs: list[int], outputs: list[int], sources: list[int], into: dict[int, list[int]]
) -> list[int]:
    """A topological order of the neurons that are no inputs, each output as early as it can be."""
    placed = set(inputs)
    order: list[int] = []

    def place(neuron: int) -> None:
        if neuron in placed:
            return
        for edge in into[neuron]:
            place(sources[edge])
        placed.add(neuron)
        order.append(neuron)
        for output in outputs:
            if output not in placed and all(sources[edge] in placed for edge in into[output]):
                placed.add(output)
                order.append(output)

    for neuron in (*outputs, *into):
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


def vertex_cover_witnesses(source: BudgetedGraph) -> Iterator[tuple[int, ...]]:
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


def subset_sum_witnesses(source: SumInstance) -> Iterator[tuple[int, ...]]:
    for chosen in _subsets(len(source.numbers), len(source.numbers)):
        if sum(source.numbers[index] for index in chosen) == source.target:
            yield chosen


def partition_witnesses(source: NumberList) -> Iterator[tuple[int, ...]]:
    for chosen in _subsets(len(source.numbers), len(source.numbers)):
        part = [source.numbers[index] for index in chosen]
        if sum(part) == sum(source.numbers) - sum(part):
            yield chosen


def packing_witnesses(source: Packing) -> Iterator[tuple[int, ...]]:
    for bins in product(range(source.bins), repeat=len(source.numbers)):
        loads = [0] * source.bins
        for number, where in zip(source.numbers, bins, strict=True):
            loads[where] += number
        if all(load == source.capacity for load in loads):
            yield bins


def posslp_witnesses(source: StraightLineProgram) -> Iterator[tuple[()]]:
    values = [1]
    for first, operator, second in source.gates:
        a, b = values[first], values[second]
        values.append(a + b if operator == "+" else a - b if operator == "-" else a * b)
    if values[-1] > 0:
        yield ()


WITNESSES: dict[str, Callable[[Any], Iterator[Any]]] = {
    "sat": sat_witnesses,
    "3-sat": sat_witnesses,
    "one-in-three": one_in_three_witnesses,
    "exact-cover": exact_cover_witnesses,
    "set-cover": set_cover_witnesses,
    "hitting-set": hitting_set_witnesses,
    "vertex-cover": vertex_cover_witnesses,
    "disjoint-paths": disjoint_paths_witnesses,
    "subset-sum": subset_sum_witnesses,
    "partition": partition_witnesses,
    "three-partition": packing_witnesses,
    "bin-packing": packing_witnesses,
    "posslp": posslp_witnesses,
}
