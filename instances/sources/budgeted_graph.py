"""Undirected graphs with an optional budget, and their files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from instances.errors import InputError
from instances.graphs.graph import Edge, Graph, ordered
from instances.sources.budgets import require_budget
from instances.sources.chosen import Chosen, chosen_indices
from instances.sources.forms import Opening, Sizes, SourceForm, Witnesses
from instances.text.documents import (
    as_integer,
    as_list,
    as_pair,
    decode_object,
    is_json,
    significant_lines,
    split_lines,
)
from instances.text.values import parse_integer, quote

_HEADER_REMEDY = "expected a header like 'p edge 11 20' before the edges"


@dataclass(frozen=True)
class BudgetedGraph(Graph):
    """An undirected graph, and how many of its vertices may be chosen.

    Parameters
    ----------
    vertices, edges
        See `Graph`.
    budget : int, optional
        At least 0.

    Raises
    ------
    InputError
        If the budget is negative, and as `Graph` does.
    """

    budget: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.budget is not None and self.budget < 0:
            raise InputError(f"budget {self.budget} must be at least 0")

    @classmethod
    def of(cls, vertices: int, edges: Iterable[Edge], budget: int | None = None) -> "BudgetedGraph":
        """Return the graph with these edges, given in any order and direction, even repeatedly."""
        return cls(vertices, ordered(edges), budget)

    def require_budget(self, problem: str) -> int:
        """Return the budget; raise `InputError` in the name of `problem` if there is none."""
        return require_budget(self.budget, problem)


def parse_graph(text: str) -> BudgetedGraph:
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


def _parse_json(text: str) -> BudgetedGraph:
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
    return BudgetedGraph.of(vertices, edges, budget)


def _parse_edge_list(text: str) -> BudgetedGraph:
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
    return _counted(BudgetedGraph.of(numbers[0], edges, budget), at, numbers[1], len(edges))


def _parse_col(text: str) -> BudgetedGraph:
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
    return _counted(BudgetedGraph.of(vertices, edges, budget), at, announced, len(edges))


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


def _counted(graph: BudgetedGraph, at: int, announced: int, lines: int) -> BudgetedGraph:
    """Return `graph` if the number of edges in its header is right."""
    distinct = len(graph.edges)
    if announced not in (lines, distinct):
        seen = f"{lines}" if lines == distinct else f"{lines} ({distinct} distinct)"
        raise InputError(f"line {at}: the header announces {announced} edges, the file has {seen}")
    return graph


def write_col(graph: BudgetedGraph) -> str:
    """Return `graph` as a DIMACS ``.col`` file, its budget in a comment."""
    lines = [] if graph.budget is None else [f"c budget {graph.budget}"]
    lines.append(f"p edge {graph.vertices} {len(graph.edges)}")
    lines += [f"e {u + 1} {v + 1}" for u, v in graph.edges]
    return "\n".join(lines) + "\n"


def _recognises(opening: Opening) -> bool:
    keys = opening.keys.keys()
    return opening.is_header("edge", "edges", "col") or (
        {"vertices", "edges"} <= keys and "pairs" not in keys
    )


def _describe(graph: BudgetedGraph) -> str:
    budget = "" if graph.budget is None else f", budget {graph.budget}"
    return f"{graph.vertices} vertices, {len(graph.edges)} edges{budget}"


def _sizes(graph: BudgetedGraph) -> Sizes:
    return {"vertices": graph.vertices, "edges": len(graph.edges), "budget": graph.budget}


GRAPHS: SourceForm[BudgetedGraph] = SourceForm(
    suffix=".col",
    recognises=_recognises,
    parse=parse_graph,
    write=write_col,
    describe=_describe,
    sizes=_sizes,
)
CHOSEN_VERTICES: Witnesses[BudgetedGraph, Chosen] = chosen_indices(
    "vertices", "vertex", lambda graph: graph.vertices, lambda graph: graph.budget
)
