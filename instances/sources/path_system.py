"""Directed acyclic graphs with terminal pairs, and their files."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from instances.errors import InputError, InvalidWitness
from instances.sources.forms import SourceForm, Witnesses
from instances.sources.graph_files import read_graph_lines, read_pairs
from instances.text.documents import (
    as_integer,
    as_list,
    decode_object,
    encode_object,
    is_json,
)
from instances.text.values import LARGEST

Pair = tuple[int, int]
Paths = tuple[tuple[int, ...], ...]
"""A witness: for every pair the vertices of its path."""


@dataclass(frozen=True)
class DisjointPaths:
    """A directed acyclic graph with terminal pairs to be joined by vertex-disjoint paths.

    Parameters
    ----------
    vertices : int
        Number of vertices, 0 to 10**9; they are called 0 to ``vertices - 1``.
    edges : tuple of (int, int)
        Distinct edges from the first to the second vertex, in increasing order.
    pairs : tuple of (int, int)
        The pairs (source, target); all these terminals are distinct. None is legal.

    Raises
    ------
    InputError
        If there is a cycle or a loop, an edge or a terminal is repeated, or a vertex does
        not exist.
    """

    vertices: int
    edges: tuple[Pair, ...]
    pairs: tuple[Pair, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.vertices <= LARGEST:
            raise InputError(f"{self.vertices} vertices: give a number from 0 to {LARGEST}")
        for pair in (*self.edges, *self.pairs):
            if not all(0 <= vertex < self.vertices for vertex in pair):
                raise InputError(f"{pair} is not over the {self.vertices} vertices")
        if any(a >= b for a, b in pairwise(self.edges)):
            raise InputError("edges must be distinct and in increasing order")
        terminals = [vertex for pair in self.pairs for vertex in pair]
        if len(set(terminals)) < len(terminals):
            raise InputError("the terminals of all pairs must be distinct")
        vertex = find_cycle(self.edges)
        if vertex is not None:
            raise InputError(f"the graph has a cycle through vertex {vertex}")

    @classmethod
    def of(cls, vertices: int, edges: Iterable[Pair], pairs: Iterable[Pair]) -> "DisjointPaths":
        """Return the instance with these edges, given in any order."""
        return cls(vertices, tuple(sorted(edges)), tuple(pairs))


def following(edges: Iterable[Pair]) -> dict[int, list[int]]:
    """Return the successors of every vertex that has some, in the order of the edges."""
    found: dict[int, list[int]] = {}
    for u, v in edges:
        found.setdefault(u, []).append(v)
    return found


def find_cycle(edges: Collection[Pair]) -> int | None:
    """Return a vertex on a directed cycle, or ``None`` if there is no cycle."""
    after = following(edges)
    waiting = Counter(v for _, v in edges)
    free = [u for u in after if u not in waiting]
    while free:
        for v in after.get(free.pop(), ()):
            waiting[v] -= 1
            if not waiting[v]:
                del waiting[v]
                free.append(v)
    if not waiting:
        return None
    import networkx

    vertex: int = networkx.find_cycle(networkx.DiGraph(list(edges)))[0][0]
    return vertex


@dataclass
class _Checks:
    """The checks on edges and pairs that a file's errors report by place and vertex number.

    `first` is the number that the file gives to the first vertex.
    """

    first: int
    edges: dict[Pair, None] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    _terminals: set[int] = field(default_factory=set)

    def edge(self, edge: Pair, where: str) -> None:
        """Take an edge with vertices from 0."""
        u, v = edge[0] + self.first, edge[1] + self.first
        if u == v:
            raise InputError(f"{where}: edge {u} {v} is a loop")
        if edge in self.edges:
            raise InputError(f"{where}: edge {u} {v} is repeated")
        self.edges[edge] = None

    def pair(self, pair: Pair, where: str) -> None:
        """Take a terminal pair with vertices from 0."""
        for vertex in pair:
            if vertex in self._terminals:
                raise InputError(
                    f"{where}: vertex {vertex + self.first} is a terminal twice; "
                    "the terminals of all pairs must be distinct"
                )
            self._terminals.add(vertex)
        self.pairs.append(pair)

    def finish(self, vertices: int) -> DisjointPaths:
        """Return the instance."""
        vertex = find_cycle(self.edges)
        if vertex is not None:
            raise InputError(f"the graph has a cycle through vertex {vertex + self.first}")
        return DisjointPaths.of(vertices, self.edges, self.pairs)


def parse_paths(text: str) -> DisjointPaths:
    """Read an instance from text or JSON.

    Text has a header ``p dag n m``, lines ``e u v`` for the m edges and ``t s t`` for the
    terminal pairs, with vertices from 1, and comments ``c``. JSON is
    ``{"vertices": 3, "edges": [[0, 1]], "pairs": [[0, 1]]}`` with vertices from 0.
    """
    return _parse_json(text) if is_json(text) else _parse_text(text)


def _parse_json(text: str) -> DisjointPaths:
    document = decode_object(text, {"vertices": True, "edges": True, "pairs": True})
    vertices = as_integer(document["vertices"], "JSON: vertices")
    checks = _Checks(0)
    for key, take in (("edges", checks.edge), ("pairs", checks.pair)):
        for where, pair in read_pairs(document, key, vertices):
            take(pair, where)
    return checks.finish(vertices)


def _parse_text(text: str) -> DisjointPaths:
    checks = _Checks(1)

    def take(letter: str, pair: Pair, line: int) -> None:
        (checks.edge if letter == "e" else checks.pair)(pair, f"line {line}")

    at, vertices, announced = read_graph_lines(
        text, "p dag 12 24", ("dag",), {"e": "U V", "t": "S T"}, take
    )
    if len(checks.edges) != announced:
        raise InputError(
            f"line {at}: the header announces {announced} edges, the file has {len(checks.edges)}"
        )
    return checks.finish(vertices)


def write_paths(source: DisjointPaths) -> str:
    """Return `source` as text, vertices counted from 1."""
    lines = [f"p dag {source.vertices} {len(source.edges)}"]
    lines += [f"e {u + 1} {v + 1}" for u, v in source.edges]
    lines += [f"t {s + 1} {t + 1}" for s, t in source.pairs]
    return "\n".join(lines) + "\n"


def require_paths(source: DisjointPaths, paths: Paths) -> None:
    """Raise `InvalidWitness` unless there is one path for every pair."""
    if len(paths) != len(source.pairs):
        raise InvalidWitness(f"{len(paths)} paths for {len(source.pairs)} pairs")


def _parse_witness(source: DisjointPaths, text: str) -> Paths:
    """Read ``{"paths": [[0, 2], [1, 3]]}``, vertices counted from 0."""
    document = decode_object(text, {"paths": True})
    paths = tuple(
        tuple(as_integer(v, f"path {i}: vertex") for v in as_list(path, f"path {i}"))
        for i, path in enumerate(as_list(document["paths"], "paths"))
    )
    if len(paths) != len(source.pairs):
        raise InputError(f"paths: {len(paths)} paths for {len(source.pairs)} pairs")
    return paths


def _write_witness(source: DisjointPaths, witness: Paths) -> str:
    require_paths(source, witness)
    return encode_object({"paths": witness})


PATH_SYSTEMS: SourceForm[DisjointPaths] = SourceForm(
    suffix=".dag",
    recognises=lambda opening: (
        opening.is_header("dag") or {"vertices", "pairs"} <= opening.keys.keys()
    ),
    parse=parse_paths,
    write=write_paths,
    describe=lambda source: (
        f"{source.vertices} vertices, {len(source.edges)} edges, {len(source.pairs)} pairs"
    ),
    sizes=lambda source: {
        "vertices": source.vertices,
        "edges": len(source.edges),
        "pairs": len(source.pairs),
    },
)
PATHS: Witnesses[DisjointPaths, Paths] = Witnesses(_parse_witness, _write_witness)
