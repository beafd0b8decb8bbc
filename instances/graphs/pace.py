"""Graphs and tree decompositions in the formats of the PACE challenge (``.gr`` and ``.td``).

Vertices and bags are numbered from 1 in files and from 0 everywhere else. Lines that start
with ``c`` are comments.
"""

from collections.abc import Sequence

from instances.errors import InputError
from instances.graphs.decomposition import TreeDecomposition
from instances.graphs.graph import Edge, Graph, ordered
from instances.text.documents import significant_lines
from instances.text.values import parse_integer, parse_place, quote


def parse_gr(text: str) -> Graph:
    """Read a ``.gr`` file; loops are left out and repeated edges are merged.

    Raises
    ------
    InputError
        With the line number.
    """
    lines = significant_lines(text, "c")
    at, header = next(lines, (1, []))
    if len(header) != 4 or header[:2] != ["p", "tw"]:
        raise InputError(f"line {at}: expected a header like 'p tw 5 4' before the edges")
    vertices = parse_integer(header[2], f"line {at}: number of vertices", 0)
    announced = parse_integer(header[3], f"line {at}: number of edges", 0)
    found = [_pair(tokens, line, "vertex", vertices) for line, tokens in lines]
    edges = ordered(edge for edge in found if edge[0] != edge[1])
    if announced not in (len(found), len(edges)):
        raise InputError(f"line {at}: the header announces {announced} edges, not {len(found)}")
    return Graph(vertices, edges)


def write_gr(graph: Graph, comments: Sequence[str] = ()) -> str:
    """Return `graph` as a ``.gr`` file after the comments, one edge a line."""
    lines = [f"c {comment}".rstrip() for comment in comments]
    lines.append(f"p tw {graph.vertices} {len(graph.edges)}")
    lines += [f"{u + 1} {v + 1}" for u, v in graph.edges]
    return "\n".join(lines) + "\n"


def parse_td(text: str, graph: Graph) -> TreeDecomposition:
    """Read a ``.td`` file and check that it is a tree decomposition of `graph`.

    Raises
    ------
    InputError
        With the line number where the file is malformed, and with the bag, vertex or edge
        where it is no tree decomposition of `graph`.
    """
    lines = significant_lines(text, "c")
    at, header = next(lines, (1, []))
    if len(header) != 5 or header[:2] != ["s", "td"]:
        raise InputError(f"line {at}: expected a header like 's td 4 3 5' before the bags")
    names = ("number of bags", "largest bag", "number of vertices")
    size, largest, vertices = (
        parse_integer(token, f"line {at}: {name}", 0)
        for token, name in zip(header[2:], names, strict=True)
    )
    if vertices != graph.vertices:
        raise InputError(
            f"line {at}: the decomposition is of {vertices} vertices, the graph has "
            f"{graph.vertices}"
        )
    bags: dict[int, tuple[int, ...]] = {}
    tree: list[Edge] = []
    for line, tokens in lines:
        if tokens[0] == "b":
            number, bag = _bag(tokens[1:], line, size, vertices)
            if number in bags:
                raise InputError(f"line {line}: bag {number + 1} is given twice")
            bags[number] = bag
        else:
            tree.append(_pair(tokens, line, "bag", size))
    missing = next((number for number in range(size) if number not in bags), None)
    if missing is not None:
        raise InputError(f"line {at}: bag {missing + 1} of {size} is missing: add a line 'b ...'")
    decomposition = TreeDecomposition(tuple(bags[i] for i in range(size)), tuple(tree))
    if decomposition.width + 1 != largest:
        raise InputError(
            f"line {at}: the header announces a largest bag of {largest}, not "
            f"{decomposition.width + 1}"
        )
    decomposition.check(graph)
    return decomposition


def write_td(decomposition: TreeDecomposition, vertices: int, comments: Sequence[str] = ()) -> str:
    """Return a decomposition of a graph of so many `vertices` as a ``.td`` file."""
    lines = [f"c {comment}".rstrip() for comment in comments]
    lines.append(f"s td {len(decomposition.bags)} {decomposition.width + 1} {vertices}")
    for number, bag in enumerate(decomposition.bags, 1):
        lines.append(" ".join(["b", str(number), *(str(v + 1) for v in bag)]))
    lines += [f"{a + 1} {b + 1}" for a, b in decomposition.edges]
    return "\n".join(lines) + "\n"


def _pair(tokens: Sequence[str], line: int, what: str, size: int) -> Edge:
    """Read an edge between things numbered from 1 to `size`."""
    if len(tokens) != 2:
        raise InputError(f"line {line}: expected two numbers, found {quote(' '.join(tokens))}")
    first, second = (parse_place(token, f"line {line}: {what}", size) for token in tokens)
    return first, second


def _bag(tokens: Sequence[str], line: int, size: int, vertices: int) -> tuple[int, tuple[int, ...]]:
    if not tokens:
        raise InputError(f"line {line}: a bag needs a number")
    members = {parse_place(token, f"line {line}: vertex", vertices) for token in tokens[1:]}
    return parse_place(tokens[0], f"line {line}: bag", size), tuple(sorted(members))
