"""Vertex Cover to Hitting Set (theory 4.6): vertices are elements, an edge is a set.

A set of vertices covers the edges iff it hits the sets, within the same budget: witnesses are
the same. A loop is a set of one element, which every witness must contain.
"""

from functools import cached_property

from instances.sources.budgeted_graph import BudgetedGraph
from instances.sources.chosen import Chosen
from instances.sources.set_system import SetSystem
from reductions.between.same_witness import SameWitness
from reductions.claims import Claim, exactly


class VertexCoverToHittingSet(SameWitness[BudgetedGraph, Chosen, SetSystem]):
    """The bridge `vertex-cover-to-hitting-set`: sets in the order of the edges."""

    name = "vertex-cover-to-hitting-set"
    source_problem = "vertex-cover"
    target_problem = "hitting-set"
    construction = "A vertex is an element and an edge the set of its ends."
    parsimonious = True

    @cached_property
    def target(self) -> SetSystem:
        """The set system with the graph's budget."""
        source = self.source
        return SetSystem.of(
            source.vertices, source.edges, source.require_budget(self.source_problem)
        )

    def claims(self) -> list[Claim]:
        """Return the size laws; a loop has one end."""
        source = self.source
        loops = sum(u == v for u, v in source.edges)
        return exactly(
            universe=source.vertices,
            sets=len(source.edges),
            memberships=2 * len(source.edges) - loops,
            budget=source.require_budget(self.source_problem),
        )
