"""Vertex-disjoint paths in a directed acyclic graph."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise
from random import Random

from instances.deadline import Deadline
from instances.enumeration.dags import every_path_system
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Problem
from instances.sources.path_system import (
    PATH_SYSTEMS,
    PATHS,
    DisjointPaths,
    Pair,
    Paths,
    following,
    require_paths,
)
from instances.sources.sampling import count_pairs, sample_pairs
from instances.sources.sat_solver import Clauses, at_most, solve_clauses
from instances.text.parameters import Parameter, Values

MOST_EDGES = 1 << 24
"""Most edges of a generated system of layers."""

_RANDOM_GRAPH = {"vertices", "edges", "planted"}
_LAYERED = {"width", "crossed", "bottleneck"}


class VertexDisjointPaths(Problem[DisjointPaths, Paths]):
    """The question whether paths that share no vertex lead from every source to its target.

    A witness has one path a pair, in the order of the pairs: its vertices from the source to
    the target. No pairs make a yes-instance.
    """

    name = "disjoint-paths"
    title = "Vertex-Disjoint Paths in a DAG"
    question = "Can all pairs be joined by paths that share no vertex?"
    form = PATH_SYSTEMS
    witnesses = PATHS
    parameters = (
        Parameter("vertices", "12", "number of vertices"),
        Parameter("edges", "24", "number of edges"),
        Parameter("pairs", "2", "number of terminal pairs"),
        Parameter("planted", "no", "yes: hidden disjoint paths join the pairs"),
        Parameter("layers", "", "complete layers to route through, in place of a random graph"),
        Parameter("width", "3", "with layers: vertices in a layer"),
        Parameter("crossed", "no", "with layers, yes: targets in reverse order"),
        Parameter("bottleneck", "no", "with layers, yes: one has a vertex less than pairs"),
    )

    def draw(self, given: Values, random: Random) -> DisjointPaths:
        """Draw a graph with a hidden topological order, in which every source is early enough.

        Without planting, the edges are uniform among those that follow the order. With it,
        paths of random lengths are put in first and the other edges are drawn uniformly. For
        complete layers see `through_layers`; nothing about them is random.
        """
        unused = _RANDOM_GRAPH if not given.is_empty("layers") else _LAYERED
        for name in sorted(unused & given.named):
            raise InputError(
                f"{self.name}: {name} is for "
                f"{'layers' if unused is _LAYERED else 'random graphs'}; leave it out"
            )
        if not given.is_empty("layers"):
            return through_layers(
                given.integer("pairs"),
                given.integer("layers"),
                given.integer("width"),
                given.choice("crossed"),
                given.choice("bottleneck"),
            )
        vertices, edges = given.integer("vertices"), given.integer("edges")
        pairs, planted = given.integer("pairs"), given.choice("planted")
        possible = count_pairs(vertices, vertices)
        if edges > possible:
            raise InputError(
                f"{self.name}: an acyclic graph with {vertices} vertices has at most {possible} "
                f"edges, not {edges}: lower edges or raise vertices"
            )
        if 2 * pairs > vertices:
            raise InputError(
                f"{self.name}: {pairs} pairs need vertices={2 * pairs} or more, or fewer pairs"
            )
        if planted and edges < pairs:
            raise InputError(f"{self.name}: {pairs} planted paths need edges={pairs} or more")
        inner = random.randint(0, min(vertices - 2 * pairs, edges - pairs)) if planted else 0
        return _draw(vertices, edges, pairs, inner if pairs else 0, planted, random)

    def random(self, random: Random) -> DisjointPaths:
        """Draw up to 7 vertices and 3 pairs, none included."""
        vertices = random.randint(0, 7)
        edges = random.randint(0, min(count_pairs(vertices, vertices), 16))
        pairs = min(random.choice((0, 1, 2, 2, 3)), vertices // 2)
        return _draw(vertices, edges, pairs, 0, False, random)

    def every(self, vertices: int, pairs: int = 2) -> Iterator[DisjointPaths]:
        """Yield all acyclic graphs with all pairs; see `every_path_system`."""
        return every_path_system(vertices, pairs)

    def scope(self, size: int) -> dict[str, int]:
        """Return a vertex more: with less than four there is only one pair."""
        return {"vertices": size + 1}

    def check(self, source: DisjointPaths, witness: Paths) -> None:
        """Raise `InvalidWitness` with the first path that is wrong or meets an earlier one."""
        require_paths(source, witness)
        edges = set(source.edges)
        used: dict[int, int] = {}
        for index, (path, (start, end)) in enumerate(zip(witness, source.pairs, strict=True)):
            if not path or path[0] != start or path[-1] != end:
                raise InvalidWitness(f"path {index} does not run from {start} to {end}")
            for edge in pairwise(path):
                if edge not in edges:
                    raise InvalidWitness(f"path {index} uses {edge}, which is not an edge")
            for vertex in path:
                if vertex in used:
                    raise InvalidWitness(
                        f"paths {used[vertex]} and {index} share the vertex {vertex}"
                    )
                used[vertex] = index

    def solve(self, source: DisjointPaths, deadline: Deadline) -> Paths | None:
        """Decide `source` by a SAT solver: one variable for each vertex and path it may be on.

        A vertex on path i, other than its target, must have a successor on path i. As the
        graph has no cycle, following such successors from the source can only end in the
        target, so every model contains a path for each pair; and no vertex is on two.
        """
        successors = following(source.edges)
        predecessors = following((v, u) for u, v in source.edges)
        variable: dict[Pair, int] = {}
        at_vertex: dict[int, list[int]] = {}
        for index, (start, end) in enumerate(source.pairs):
            deadline.check()
            between = _reachable(start, successors) & _reachable(end, predecessors)
            if start not in between:
                return None
            for vertex in sorted(between):
                variable[vertex, index] = len(variable) + 1
                at_vertex.setdefault(vertex, []).append(len(variable))

        def along(vertices: Iterable[int], index: int) -> list[int]:
            return [variable[v, index] for v in vertices if (v, index) in variable]

        clauses: Clauses = []
        for (vertex, index), literal in variable.items():
            start, end = source.pairs[index]
            if vertex == start:
                clauses.append([literal])
            else:
                # Not needed for the argument above, but true of paths and good to propagate.
                clauses.append([-literal, *along(predecessors.get(vertex, ()), index)])
            if vertex != end:
                clauses.append([-literal, *along(successors.get(vertex, ()), index)])
        top = len(variable)
        for literals in at_vertex.values():
            conflicts, top = at_most(literals, 1, top)
            clauses += conflicts
        values = solve_clauses(len(variable), clauses, deadline)
        if values is None:
            return None
        on_path = {key for key, literal in variable.items() if values[literal - 1]}
        paths = []
        for index, (start, end) in enumerate(source.pairs):
            path = [start]
            while path[-1] != end:
                path.append(next(v for v in successors[path[-1]] if (v, index) in on_path))
            paths.append(tuple(path))
        return tuple(paths)


def _reachable(start: int, neighbours: Mapping[int, list[int]]) -> set[int]:
    """Return the vertices that walks from `start` reach, itself included."""
    seen, waiting = {start}, [start]
    while waiting:
        for vertex in neighbours.get(waiting.pop(), ()):
            if vertex not in seen:
                seen.add(vertex)
                waiting.append(vertex)
    return seen


def _draw(
    vertices: int, edges: int, pairs: int, inner: int, planted: bool, random: Random
) -> DisjointPaths:
    """Draw an acyclic graph with pairs that the order of its hidden numbering allows.

    A planted graph has a path for each pair, with `inner` inner vertices in all.
    """
    drawn = random.sample(range(vertices), 2 * pairs + inner)
    paths = [drawn[2 * index : 2 * index + 2] for index in range(pairs)]
    for vertex in drawn[2 * pairs :]:
        random.choice(paths).append(vertex)
    for path in paths:
        path.sort()
    kept = {edge for path in paths for edge in pairwise(path)} if planted else set()
    others = sample_pairs(vertices, vertices, edges - len(kept), random, kept)
    label = random.sample(range(vertices), vertices)
    return DisjointPaths.of(
        vertices,
        ((label[u], label[v]) for u, v in (*sorted(kept), *others)),
        ((label[path[0]], label[path[-1]]) for path in paths),
    )


def through_layers(
    pairs: int, layers: int, width: int, crossed: bool, bottleneck: bool
) -> DisjointPaths:
    """Return `pairs` sources, complete layers of `width` vertices, and as many targets.

    Source i leads to vertex i of the first layer, and vertex i of the last to target i or, if
    crossed, to the i-th target from the end. Two layers or more make a yes-instance, but for a
    bottleneck: a middle layer of ``pairs - 1`` vertices (if there are pairs). The vertices are
    numbered in this order.

    Raises
    ------
    InputError
        Where there are fewer vertices in a layer than pairs, no layer, a bottleneck without a
        layer on both sides, or more than `MOST_EDGES` edges.
    """
    if pairs > width:
        raise InputError(f"disjoint-paths: {pairs} pairs need width={pairs} or more")
    if layers < (3 if bottleneck else 1):
        raise InputError("disjoint-paths: layers must be at least 1, and 3 with a bottleneck")
    if layers * width * width > MOST_EDGES:
        raise InputError(
            f"disjoint-paths: {layers} complete layers of {width} vertices have more than "
            f"{MOST_EDGES} edges: lower layers or width"
        )
    widths = [width] * layers
    if bottleneck and pairs:
        widths[layers // 2] = pairs - 1
    starts = list(accumulate(widths, initial=pairs))
    size = starts[-1] + pairs
    edges = [(source, pairs + source) for source in range(pairs)]
    for below, above, end in zip(starts, starts[1:], starts[2:], strict=False):
        edges += [(u, v) for u in range(below, above) for v in range(above, end)]
    edges += [(starts[-2] + vertex, starts[-1] + vertex) for vertex in range(pairs)]
    ends = range(starts[-1], size)
    targets = reversed(ends) if crossed else ends
    return DisjointPaths(size, tuple(edges), tuple(zip(range(pairs), targets, strict=True)))
