"""Undirected graphs with an optional budget, and their files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from instances.errors import InputError
from instances.sources.budgets import require_budget
from instances.text.documents import (
    as_integer,
    as_list,
    as_pair,
    decode_object,
    is_json,
    significant_lines,
    split_lines,
)
from instances.text.values import LARGEST, parse_integer, quote

_HEADER_REMEDY = "expected a header like 'p edge 11 20' before the edges"


@dataclass(frozen=True)
class Graph:
    """An undirected graph over the vertices 0 to ``vertices - 1``.

    Parameters
    ----------
    vertices : int
        Number of vertices, 0 to 10**9.
    edges : tuple of (int, int)
        Distinct edges ``(u, v)`` with ``u <= v``, in increasing order; ``(u, u)`` is a loop.
    budget : int, optional
        How many vertices may be chosen, at least 0.

    Raises
    ------
    InputError
        If the edges are not of that form or a number is negative.
    """

    vertices: int
    edges: tuple[tuple[int, int], ...]
    budget: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.vertices <= LARGEST:
            raise InputError(f"{self.vertices} vertices: give a number from 0 to {LARGEST}")
        if self.budget is not None and self.budget < 0:
            raise InputError(f"budget {self.budget} must be at least 0")
        for u, v in self.edges:
            if not 0 <= u <= v < self.vertices:
                raise InputError(f"edge ({u}, {v}) is not over the {self.vertices} vertices")
        if any(a >= b for a, b in pairwise(self.edges)):
            raise InputError("edges must be distinct and in increasing order")

    @classmethod
    def of(
        cls, vertices: int, edges: Iterable[tuple[int, int]], budget: int | None = None
    ) -> "Graph":
        """Return the graph with these edges, given in any order and direction, even repeatedly."""
        return cls(vertices, tuple(sorted({(min(e), max(e)) for e in edges})), budget)

    def require_budget(self, problem: str) -> int:
        """Return the budget; raise `InputError` in the name of `problem` if there is none."""
        return require_budget(self.budget, problem)


def parse_graph(text: str) -> Graph:
    """Read a graph from a DIMACS ``.col`` file, JSON or an edge list.

    A ``.col`` file has a header ``p edge n m`` or ``p col n m``, lines ``e u v`` with vertices
    from 1, comments ``c`` and the budget in a comment ``c budget 6``. JSON is
    ``{"vertices": 3, "edges": [[0, 1]], "budget": 1}`` with vertices from 0. An edge list has
    a first line ``vertices edges [budget]``, lines ``u v`` with vertices from 0, and comments
    ``#``. Repeated edges are merged; the number of edges that a header announces may count
    lines or distinct edges.

    Raises
    ------
    InputError
        With the line or key that is wrong.
    """
    if is_json(text):
        return _parse_json(text)
    opening = text.lstrip()[:1]
    return _parse_edge_list(text) if opening.isdigit() or opening == "#" else _parse_col(text)


def _parse_json(text: str) -> Graph:
    document = decode_object(text, {"vertices": True, "edges": True, "budget": False})
    vertices = as_integer(document["vertices"], "JSON: vertices")
    budget = as_integer(document["budget"], "JSON: budget") if "budget" in document else None
    edges = []
    for index, item in enumerate(as_list(document["edges"], "JSON: edges")):
        edge = as_pair(item, f"JSON: edge {index}")
        if max(edge) >= vertices:
            raise InputError(
                f"JSON: edge {index}: vertex {max(edge)} is beyond the {vertices} vertices"
            )
        edges.append(edge)
    return Graph.of(vertices, edges, budget)


def _parse_edge_list(text: str) -> Graph:
    lines = significant_lines(text)
    at, header = next(lines, (1, []))
    if len(header) not in (2, 3):
        raise InputError(f"line {at}: expected a first line 'vertices edges [budget]'")
    names = ("number of vertices", "number of edges", "budget")
    numbers = [
        parse_integer(token, f"line {at}: {name}", 0)
        for name, token in zip(names, header, strict=False)
    ]
    edges = [read_edge(tokens, line, numbers[0], 0) for line, tokens in lines]
    budget = numbers[2] if len(numbers) > 2 else None
    return _counted(Graph.of(numbers[0], edges, budget), at, numbers[1], len(edges))


def _parse_col(text: str) -> Graph:
    at = vertices = announced = 0
    budget: int | None = None
    edges: list[tuple[int, int]] = []
    for line, content in enumerate(split_lines(text), start=1):
        tokens = content.split()
        if not tokens:
            continue
        if tokens[0].startswith("c"):
            if tokens[:2] == ["c", "budget"] and len(tokens) == 3:
                if budget is not None:
                    raise InputError(f"line {line}: a second budget")
                budget = parse_integer(tokens[2], f"line {line}: budget", 0)
        elif tokens[0] == "p":
            if at:
                raise InputError(f"line {line}: a second header")
            if len(tokens) != 4 or tokens[1] not in ("edge", "edges", "col"):
                raise InputError(
                    f"line {line}: malformed header {quote(content.strip())}; {_HEADER_REMEDY}"
                )
            at = line
            vertices = parse_integer(tokens[2], f"line {line}: number of vertices", 0)
            announced = parse_integer(tokens[3], f"line {line}: number of edges", 0)
        elif not at or tokens[0] != "e":
            remedy = "expected 'e U V'" if at else _HEADER_REMEDY
            raise InputError(f"line {line}: found {quote(tokens[0])}; {remedy}")
        else:
            edges.append(read_edge(tokens[1:], line, vertices, 1))
    if not at:
        raise InputError(f"line 1: no header in the file; {_HEADER_REMEDY}")
    return _counted(Graph.of(vertices, edges, budget), at, announced, len(edges))


def read_edge(tokens: Sequence[str], line: int, vertices: int, first: int) -> tuple[int, int]:
    """Read two vertices of a file that counts them from `first`; return them counted from 0."""
    if len(tokens) != 2:
        raise InputError(f"line {line}: expected two vertices, found {len(tokens)}")
    ends = [parse_integer(token, f"line {line}: vertex") for token in tokens]
    for end in ends:
        if not first <= end < first + vertices:
            raise InputError(
                f"line {line}: vertex {end} is outside {first}..{first + vertices - 1}"
            )
    return ends[0] - first, ends[1] - first


def _counted(graph: Graph, at: int, announced: int, lines: int) -> Graph:
    """Return `graph` if the number of edges in its header is right."""
    distinct = len(graph.edges)
    if announced not in (lines, distinct):
        seen = f"{lines}" if lines == distinct else f"{lines} ({distinct} distinct)"
        raise InputError(f"line {at}: the header announces {announced} edges, the file has {seen}")
    return graph


def write_col(graph: Graph) -> str:
    """Return `graph` as a DIMACS ``.col`` file, its budget in a comment."""
    lines = [] if graph.budget is None else [f"c budget {graph.budget}"]
    lines.append(f"p edge {graph.vertices} {len(graph.edges)}")
    lines += [f"e {u + 1} {v + 1}" for u, v in graph.edges]
    return "\n".join(lines) + "\n"
