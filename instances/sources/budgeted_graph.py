"""Undirected graphs with an optional budget, and their files."""

from collections.abc import Iterable
from dataclasses import dataclass

from instances.errors import InputError
from instances.graphs.graph import Edge, Graph, ordered
from instances.sources.chosen import (
    Chosen,
    WithBudget,
    chosen_indices,
    read_budget,
    read_first_line,
)
from instances.sources.forms import SourceForm, Witnesses
from instances.sources.graph_files import read_edge, read_graph_lines, read_pairs
from instances.text.documents import (
    as_integer,
    decode_object,
    is_json,
    significant_lines,
)
from instances.text.values import parse_integer


@dataclass(frozen=True)
class BudgetedGraph(Graph, WithBudget):
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
        self._check_budget()

    @classmethod
    def of(cls, vertices: int, edges: Iterable[Edge], budget: int | None = None) -> "BudgetedGraph":
        """Return the graph with these edges, given in any order and direction, even repeatedly."""
        return cls(vertices, ordered(edges), budget)


def parse_graph(text: str) -> BudgetedGraph:
    """Read a graph from a DIMACS ``.col`` file, JSON or an edge list.

    A ``.col`` file has a header ``p edge n m`` or ``p col n m``, lines ``e u v`` with vertices
    from 1, comments ``c`` and the budget in a comment ``c budget 6``. JSON is
    ``{"vertices": 3, "edges": [[0, 1]], "budget": 1}`` with vertices from 0. An edge list has
    a first line ``vertices edges [budget]``, lines ``u v`` with vertices from 0, and comments
    ``#``. Repeated edges are merged; the number of edges that a header announces may count
    lines or distinct edges.
    """
    if is_json(text):
        return _parse_json(text)
    opening = text.lstrip()[:1]
    return _parse_edge_list(text) if opening.isdigit() or opening == "#" else _parse_col(text)


def _parse_json(text: str) -> BudgetedGraph:
    document = decode_object(text, {"vertices": True, "edges": True, "budget": False})
    vertices = as_integer(document["vertices"], "JSON: vertices")
    budget = read_budget(document)
    edges = [edge for _, edge in read_pairs(document, "edges", vertices)]
    return BudgetedGraph.of(vertices, edges, budget)


def _parse_edge_list(text: str) -> BudgetedGraph:
    lines = significant_lines(text)
    at, (vertices, announced), budget = read_first_line(
        lines, {"vertices": "number of vertices", "edges": "number of edges"}
    )
    edges = [read_edge(tokens, line, vertices, 0) for line, tokens in lines]
    return _counted(BudgetedGraph.of(vertices, edges, budget), at, announced, len(edges))


def _parse_col(text: str) -> BudgetedGraph:
    budget: int | None = None
    edges: list[Edge] = []

    def comment(tokens: list[str], line: int) -> None:
        nonlocal budget
        if tokens[:2] == ["c", "budget"] and len(tokens) == 3:
            if budget is not None:
                raise InputError(f"line {line}: a second budget")
            budget = parse_integer(tokens[2], f"line {line}: budget", 0)

    at, vertices, announced = read_graph_lines(
        text,
        "p edge 11 20",
        ("edge", "edges", "col"),
        {"e": "U V"},
        lambda _, edge, __: edges.append(edge),
        comment,
    )
    return _counted(BudgetedGraph.of(vertices, edges, budget), at, announced, len(edges))


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


GRAPHS: SourceForm[BudgetedGraph] = SourceForm(
    suffix=".col",
    recognises=lambda opening: (
        opening.is_header("edge", "edges", "col")
        or ({"vertices", "edges"} <= opening.keys.keys() and "pairs" not in opening.keys)
    ),
    parse=parse_graph,
    write=write_col,
    describe=lambda graph: (
        f"{graph.vertices} vertices, {len(graph.edges)} edges{graph.budget_text}"
    ),
    sizes=lambda graph: {
        "vertices": graph.vertices,
        "edges": len(graph.edges),
        "budget": graph.budget,
    },
)
CHOSEN_VERTICES: Witnesses[BudgetedGraph, Chosen] = chosen_indices(
    "vertices", "vertex", lambda graph: graph.vertices, lambda graph: graph.budget
)
