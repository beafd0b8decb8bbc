"""Vertex-Disjoint Paths in a DAG to 2-QNNT ([JGC]; theory 3.5).

The architecture is the graph itself, without edges into sources or out of targets and without
anything that then lies on no path from a source to a target; all terminals stay. The sources
s_1, ..., s_k are the inputs and the targets t_1, ..., t_k the outputs. The data are the prefix
chain x = 1^r 0^(k-r) for r = 0, ..., k, each with itself as target. Bound 0.

Disjoint paths give a solution: weight 1 along them, 0 elsewhere, and biases 0 make every
neuron on a path copy its predecessor there. No path that shares no vertex with the others goes
through a foreign terminal, so none of its edges was removed.

Any solution gives disjoint paths. Weights are not negative and the inputs grow along the chain,
so every value is 0...01...1 in r and changes at most once. A neuron that changes between
r = i - 1 and r = i has a predecessor of weight 1 that changes there too, and so back to the
only input that changes there: s_i. The output t_i changes there. Neurons that change at
different r are different, so the walks back from the outputs share no neuron.
"""

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

import numpy as np

from instances.errors import InvalidWitness
from instances.sources.path_system import DisjointPaths, Pair, Paths, require_paths
from instances.training.evaluate import compute
from instances.training.parameters import Parameters, check_domains
from reductions.capacity import require_capacity
from reductions.claims import Claim, at_most, exactly
from reductions.constructions.construction import Construction, runs
from reductions.constructions.training_map import ToTraining
from reductions.status import SMALL, Status


class DisjointPathsReduction(ToTraining[DisjointPaths, Paths]):
    """The reduction `disjoint-paths`.

    Neurons: inputs s1, ..., sk, hidden v<x> for vertex x (from 1, as in the text form of a
    source), outputs t1, ..., tk.
    """

    name = "disjoint-paths"
    source_problem = "disjoint-paths"
    statement = (
        "2-QNNT is W[1]-hard for the number of inputs plus outputs, with bound 0, and has no "
        "algorithm in time f(alpha+omega) n^o(alpha+omega) under ETH ([JGC])"
    )
    construction = (
        "The graph is the architecture, sources are inputs and targets outputs. On the inputs "
        "1^r 0^(k-r), r = 0..k, every output must equal its input. Values only grow along this "
        "chain, so each neuron changes at most once, and the neurons that change together with "
        "input i contain a path from s_i to t_i."
    )
    provenance = "statement: [JGC], the question that [LD] left open; construction: qnnhard"
    small = "alpha=omega=k, |D|=k+1, l=0, every target equals its input"
    theorem = "[JGC]"
    d = 2
    status = Status.W1_HARD
    conditions = at_most(bound=0, alpha=SMALL, omega=SMALL)
    bounded = frozenset({"alpha", "omega", "l", "points"})
    brief = (
        "[JGC]: W[1]-hard for alpha+omega, no f(alpha+omega) n^o(alpha+omega) under ETH; [LD] "
        "had left this open"
    )
    tests = "tests/reductions/to_training/test_disjoint_paths.py"

    @cached_property
    def _architecture(self) -> tuple[list[int], list[Pair]]:
        return _architecture(self.source)

    def describe(self, made: Construction) -> None:
        """Describe the instance, in time linear in the graph plus k^2 for the data."""
        k = len(self.source.pairs)
        neurons, edges = self._architecture
        require_capacity(self.name, data_entries=(k + 1) * k)
        inner = neurons[k : len(neurons) - k]
        chain = np.tri(k + 1, k, -1, dtype=np.int64)
        made.inputs(("s", k), carry=chain, part=("vertex", neurons[:k]))
        made.hidden(*runs("v", inner), part=("vertex", inner))
        made.outputs(("t", k), want=chain, part=("vertex", neurons[len(neurons) - k :]))
        place = {vertex: position for position, vertex in enumerate(neurons)}
        ends = np.array([(place[u], place[v]) for u, v in edges], dtype=np.int32).reshape(-1, 2)
        made.join(ends[:, 0], ends[:, 1])

    def push(self, witness: Paths) -> Parameters:
        """Return weight 1 along the paths, 0 elsewhere, and biases 0.

        Raises
        ------
        InvalidWitness
            Where there is not one path for every pair, or a path leaves the architecture.
        """
        require_paths(self.source, witness)
        network = self.target.network
        neurons, edges = self._architecture
        place = {vertex: position for position, vertex in enumerate(neurons)}
        used = {edge for path in witness for edge in pairwise(path)}
        outside = next(iter(sorted(used.difference(edges))), None)
        if outside is not None:
            raise InvalidWitness(f"a path uses {outside}, which is not an edge of the network")
        chosen = {(place[u], place[v]) for u, v in used}
        ends = zip(network.sources.tolist(), network.targets.tolist(), strict=True)
        return self.weighted(np.array([edge in chosen for edge in ends], dtype=np.int64))

    def pull(self, witness: Parameters) -> Paths:
        """Return the walks back from the outputs along edges of weight 1.

        Walk i stays among the neurons that change between the points r = i - 1 and r = i. In
        every solution it starts at t_i and ends in s_i.

        Raises
        ------
        InvalidWitness
            Where parameters do not fit the instance, or a walk cannot go on or ends elsewhere.
        """
        instance = self.target
        check_domains(instance, witness)
        network = instance.network
        values = compute(network, witness, instance.inputs, np.arange(network.size))
        rises = np.diff(values, axis=0) == 1
        vertices, _ = self._architecture
        paths = []
        for index, output in enumerate(network.outputs.tolist()):
            at = output
            walk = [at]
            while not network.is_input[at]:
                edges = np.array(network.edges_into(at), dtype=np.int64)
                before = network.sources[edges]
                ahead = before[(witness.weights[edges] == 1) & rises[index, before]]
                if not (rises[index, at] and ahead.size):
                    raise InvalidWitness(
                        f"neuron '{network.names[at]}' does not follow input s{index + 1}: "
                        f"output t{index + 1} differs from its target"
                    )
                at = int(ahead[0])
                walk.append(at)
            # Input index alone changes between these points, so the walk cannot end elsewhere.
            paths.append(tuple(vertices[neuron] for neuron in reversed(walk)))
        return tuple(paths)

    def claims(self) -> list[Claim]:
        """Return the size laws for k pairs; pruning may remove neurons and edges."""
        k = len(self.source.pairs)
        inner = self.source.vertices - 2 * k
        edges = len(self.source.edges)
        return [
            *exactly(alpha=k, omega=k, bound=0, points=k + 1, distinct_inputs=k + 1, d=2),
            *at_most(
                depth=inner,
                width=inner,
                hidden=inner,
                edges=edges,
                parameters=edges + inner + k,
            ),
        ]

    @staticmethod
    def example() -> DisjointPaths:
        """Return two pairs whose paths must keep out of each other's way."""
        edges = [(0, 2), (1, 2), (1, 3), (2, 4), (2, 5), (3, 5)]
        return DisjointPaths.of(6, edges, [(0, 4), (1, 5)])


def _architecture(source: DisjointPaths) -> tuple[list[int], list[Pair]]:
    """Return the vertices that stay, sources first and targets last, and the edges that stay."""
    starts = [start for start, _ in source.pairs]
    ends = [end for _, end in source.pairs]
    no_entry, no_exit = set(starts), set(ends)
    edges = [(u, v) for u, v in source.edges if v not in no_entry and u not in no_exit]
    useful = _reached(starts, edges) & _reached(ends, [(v, u) for u, v in edges])
    kept = [(u, v) for u, v in edges if u in useful and v in useful]
    inner = sorted(useful - no_entry - no_exit)
    return [*starts, *inner, *ends], kept


def _reached(start: Iterable[int], edges: Iterable[Pair]) -> set[int]:
    """Return the vertices that walks from `start` reach, `start` included."""
    following: dict[int, list[int]] = {}
    for u, v in edges:
        following.setdefault(u, []).append(v)
    seen = set(start)
    waiting = list(seen)
    while waiting:
        for v in following.get(waiting.pop(), ()):
            if v not in seen:
                seen.add(v)
                waiting.append(v)
    return seen
