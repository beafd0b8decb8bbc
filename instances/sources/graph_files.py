"""What files of graphs have in common: headers, and pairs of vertices in text or JSON."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from instances.errors import InputError
from instances.graphs.graph import Edge
from instances.text.documents import as_integer, as_list, split_lines
from instances.text.values import parse_integer, parse_place, quote


def read_header(
    line: str, at: int, kinds: Collection[str], things: tuple[str, str], remedy: str
) -> Edge:
    """Return how many of two kinds of `things` a header announces, whose kind is among `kinds`."""
    tokens = line.split()
    if len(tokens) != 4 or tokens[1] not in kinds:
        raise InputError(f"line {at}: malformed header {quote(line.strip())}; {remedy}")
    first, second = (
        parse_integer(token, f"line {at}: number of {thing}", 0)
        for thing, token in zip(things, tokens[2:], strict=True)
    )
    return first, second


def read_graph_lines(
    text: str,
    example: str,
    kinds: Collection[str],
    forms: Mapping[str, str],
    take: Callable[[str, Edge, int], None],
    comment: Callable[[list[str], int], None] = lambda _tokens, _line: None,
) -> tuple[int, int, int]:
    """Read a header and lines of two vertices, which the file counts from 1.

    Parameters
    ----------
    example : str
        A header, for messages.
    kinds : collection of str
        What may follow ``p``.
    forms : mapping of str to str
        The first letter of every line but the header, and what follows it, for messages.
    take : callable
        Is told letter, vertices counted from 0, and line number.
    comment : callable
        Is told the words and line number of comments.

    Returns the number of the header's line, and how many vertices and edges it announces.
    """
    remedy = f"expected a header like '{example}' before the edges"
    at = vertices = edges = 0
    for line, content in enumerate(split_lines(text), start=1):
        tokens = content.split()
        if not tokens:
            continue
        if tokens[0].startswith("c"):
            comment(tokens, line)
        elif tokens[0] == "p":
            if at:
                raise InputError(f"line {line}: a second header")
            vertices, edges = read_header(content, line, kinds, ("vertices", "edges"), remedy)
            at = line
        elif not at or tokens[0] not in forms:
            known = " or ".join(f"'{letter} {form}'" for letter, form in forms.items())
            wanted = f"expected {known}" if at else remedy
            raise InputError(f"line {line}: found {quote(tokens[0])}; {wanted}")
        else:
            take(tokens[0], read_edge(tokens[1:], line, vertices, 1), line)
    if not at:
        raise InputError(f"line 1: no header in the file; {remedy}")
    return at, vertices, edges


def read_pairs(document: Mapping[str, Any], key: str, vertices: int) -> Iterator[tuple[str, Edge]]:
    """Yield place and vertices, counted from 0, of every pair in a list of a JSON document."""
    for index, item in enumerate(as_list(document[key], f"JSON: {key}")):
        where = f"JSON: {key[:-1]} {index}"
        ends = as_list(item, where)
        if len(ends) != 2:
            raise InputError(f"{where} must be a list of two integers")
        u, v = (as_integer(end, where) for end in ends)
        if max(u, v) >= vertices:
            raise InputError(f"{where}: vertex {max(u, v)} is beyond the {vertices} vertices")
        yield where, (u, v)


def read_edge(tokens: Sequence[str], line: int, vertices: int, first: int) -> Edge:
    """Read two vertices of a file that counts them from `first`; return them counted from 0."""
    if len(tokens) != 2:
        raise InputError(f"line {line}: expected two vertices, found {len(tokens)}")
    u, v = (parse_place(token, f"line {line}: vertex", vertices, first) for token in tokens)
    return u, v
