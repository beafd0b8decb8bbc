"""Vertex Cover to Hitting Set (theory 4.6): vertices are elements, an edge is a set.

A set of vertices covers the edges iff it hits the sets, within the same budget: witnesses are
the same. A loop is a set of one element, which every witness must contain.
"""

from collections.abc import Mapping
from typing import ClassVar

from instances.sources.chosen import Chosen, require_chosen
from instances.sources.graph import Graph
from instances.sources.set_system import SetSystem
from instances.text.numbers import Number
from reductions.between.sizes import system_sizes
from reductions.claims import Claim, exactly
from reductions.reduction import Bridge


class VertexCoverToHittingSet(Bridge[Graph, Chosen, SetSystem, Chosen]):
    """The bridge `vertex-cover-to-hitting-set`: sets in the order of the edges."""

    name: ClassVar[str] = "vertex-cover-to-hitting-set"
    problem: ClassVar[str] = "vertex-cover"
    target: ClassVar[str] = "hitting-set"
    construction: ClassVar[str] = "A vertex is an element and an edge the set of its ends."
    parsimonious: ClassVar[bool] = True

    def build(self, source: Graph) -> SetSystem:
        """Return the set system with the graph's budget."""
        return SetSystem.of(source.vertices, source.edges, source.require_budget(self.problem))

    def push(self, source: Graph, witness: Chosen) -> Chosen:
        """Return the vertices as elements."""
        return self._same(source, witness)

    def pull(self, source: Graph, witness: Chosen) -> Chosen:
        """Return the elements as vertices."""
        return self._same(source, witness)

    def _same(self, source: Graph, witness: Chosen) -> Chosen:
        require_chosen(witness, source.vertices, "vertex", source.require_budget(self.problem))
        return witness

    def claims(self, source: Graph) -> list[Claim]:
        """Return the size laws; a loop has one end."""
        loops = sum(u == v for u, v in source.edges)
        return exactly(
            universe=source.vertices,
            sets=len(source.edges),
            memberships=2 * len(source.edges) - loops,
            budget=source.require_budget(self.problem),
        )

    def measure(self, target: SetSystem) -> Mapping[str, Number | None]:
        """Return the numbers of elements, sets and memberships, and the budget."""
        return system_sizes(target)
