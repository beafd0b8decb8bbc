"""Tree decompositions and elimination orders, each made from the other."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from instances.errors import InputError
from instances.graphs.graph import Edge, Graph
from instances.graphs.orders import eliminations


@dataclass(frozen=True)
class TreeDecomposition:
    """A tree of bags.

    Parameters
    ----------
    bags : tuple of tuple of int
        The vertices of every bag, in increasing order.
    edges : tuple of (int, int)
        The edges of the tree, between bag numbers.
    """

    bags: tuple[tuple[int, ...], ...]
    edges: tuple[Edge, ...]

    @property
    def width(self) -> int:
        """The size of the largest bag, minus 1."""
        return max(map(len, self.bags), default=0) - 1

    def check(self, graph: Graph) -> None:
        """Raise `InputError` unless this is a tree decomposition of `graph`.

        The bags form a tree, every vertex and every edge is within a bag, and the bags of a
        vertex are connected. Within a tree these are connected if and only if one more bag
        than edge of the tree contains the vertex.
        """
        self._check_tree()
        members = [frozenset(bag) for bag in self.bags]
        parts = [0] * graph.vertices
        for bag in members:
            for v in bag:
                parts[v] += 1
        for a, b in self.edges:
            for v in members[a] & members[b]:
                parts[v] -= 1
        for v, count in enumerate(parts):
            if count != 1:
                wrong = "is in no bag" if count == 0 else "is in bags that are not connected"
                raise InputError(f"no tree decomposition: vertex {v + 1} {wrong}")
        place: list[list[int]] = [[] for _ in range(graph.vertices)]
        for number, sorted_bag in enumerate(self.bags):
            for v in sorted_bag:
                place[v].append(number)
        for u, v in graph.edges:
            few, other = (u, v) if len(place[u]) <= len(place[v]) else (v, u)
            if not any(other in members[number] for number in place[few]):
                raise InputError(f"no tree decomposition: edge {u + 1} {v + 1} is in no bag")

    def _check_tree(self) -> None:
        around = self.tree_neighbors()
        reached = {0} if self.bags else set()
        queue = deque(reached)
        while queue:
            for other in around[queue.popleft()]:
                if other not in reached:
                    reached.add(other)
                    queue.append(other)
        if len(reached) < len(self.bags):
            apart = next(number for number in range(len(self.bags)) if number not in reached)
            raise InputError(f"no tree decomposition: no path joins bags 1 and {apart + 1}")
        if len(self.edges) != max(0, len(self.bags) - 1):
            raise InputError(
                f"no tree decomposition: {len(self.bags)} bags of a tree have "
                f"{max(0, len(self.bags) - 1)} edges, not {len(self.edges)}"
            )

    def tree_neighbors(self) -> list[list[int]]:
        """Return the neighbors of every bag in the tree."""
        around: list[list[int]] = [[] for _ in self.bags]
        for a, b in self.edges:
            around[a].append(b)
            around[b].append(a)
        return around


def elimination_order(decomposition: TreeDecomposition) -> list[int]:
    """Return an order of the vertices whose width is at most that of the decomposition.

    Leaves are peeled off: the vertices that only the leaf contains are eliminated.
    """
    around = decomposition.tree_neighbors()
    left = [len(others) for others in around]
    members = [frozenset(bag) for bag in decomposition.bags]
    leaves = deque(number for number, count in enumerate(left) if count <= 1)
    peeled = [False] * len(left)
    order: list[int] = []
    while leaves:
        leaf = leaves.popleft()
        peeled[leaf] = True
        parent = next((other for other in around[leaf] if not peeled[other]), None)
        above = members[parent] if parent is not None else frozenset()
        order += [v for v in decomposition.bags[leaf] if v not in above]
        if parent is not None:
            left[parent] -= 1
            if left[parent] == 1:
                leaves.append(parent)
    return order


def decomposition_of(graph: Graph, order: Sequence[int]) -> TreeDecomposition:
    """Return the tree decomposition that eliminating the vertices in `order` gives.

    The bag of a vertex holds it and its neighbors at the time; its parent is the bag of the
    first of these that is eliminated. Bags within their parent are left out.

    Raises
    ------
    Unsupported
        Where the fill is larger than `orders.MOST_FILL`.
    """
    if sorted(order) != list(range(graph.vertices)):
        raise InputError(f"an elimination order lists the {graph.vertices} vertices once each")
    place = {v: position for position, v in enumerate(order)}
    later = list(eliminations(graph.neighbors(), order))
    parent = [min((place[u] for u in bag), default=-1) for bag in later]
    # A bag that its child exceeds by one vertex only is the child's bag without that vertex.
    into = list(range(len(order)))
    for position, above in enumerate(parent):
        if above >= 0 and into[above] == above and len(later[position]) == len(later[above]) + 1:
            into[above] = position
    return _contract(order, later, parent, into)


def _contract(
    order: Sequence[int], later: list[set[int]], parent: list[int], into: list[int]
) -> TreeDecomposition:
    """Return the tree of bags after bag i has become part of bag ``into[i]``."""

    def kept(position: int) -> int:
        while into[position] != position:
            position = into[position]
        return position

    number: dict[int, int] = {}
    bags: list[tuple[int, ...]] = []
    for position, v in enumerate(order):
        if into[position] == position:
            number[position] = len(bags)
            bags.append(tuple(sorted({v, *later[position]})))
    edges: list[Edge] = []
    last_root: int | None = None
    for position, above in enumerate(parent):
        here = number[kept(position)]
        if above >= 0:
            if number[kept(above)] != here:
                edges.append((here, number[kept(above)]))
        else:
            if last_root is not None and last_root != here:
                edges.append((last_root, here))
            last_root = here
    return TreeDecomposition(tuple(bags) or ((),), tuple(edges))
