"""Bridges between set systems: Hitting Set, Set Cover and Vertex Cover (theory 4.6).

*Hitting Set to Set Cover, and back*: the dual set system, in which elements and sets change places.
An element becomes the set of the sets that contain it, and a set becomes an element. Chosen
elements hit a set iff, as chosen sets, they cover its element, within the same budget: witnesses
are the same. An empty set becomes an element in no set, and the reverse.

*Vertex Cover to Hitting Set*: vertices are elements, an edge is a set. A set of vertices covers the
edges iff it hits the sets, within the same budget: witnesses are the same. A loop is a set of one
element, which every witness must contain.
"""

from functools import cached_property

from instances.sources.budgeted_graph import BudgetedGraph
from instances.sources.chosen import Chosen
from instances.sources.set_system import SetSystem
from reductions.capacity import require_capacity
from reductions.claims import Claim, exactly
from reductions.map import SameWitness


class HittingSetToSetCover(SameWitness[SetSystem, Chosen, SetSystem]):
    """The bridge `hitting-set-to-set-cover`: sets in the order of elements, and the reverse."""

    name = "hitting-set-to-set-cover"
    source_problem = "hitting-set"
    target_problem = "set-cover"
    construction = (
        "The dual system: an element is the set of the sets that contain it, and a set an element."
    )
    parsimonious = True

    @cached_property
    def target(self) -> SetSystem:
        """The dual set system with the same budget."""
        source = self.source
        budget = source.require_budget(self.source_problem)
        require_capacity(self.name, sets=source.universe)
        memberships = source.memberships()
        sets = (memberships.get(element, ()) for element in range(source.universe))
        return SetSystem.of(len(source.sets), sets, budget)

    def claims(self) -> list[Claim]:
        """Return the size laws: elements and sets change places."""
        source = self.source
        return exactly(
            universe=len(source.sets),
            sets=source.universe,
            memberships=sum(map(len, source.sets)),
            budget=source.require_budget(self.source_problem),
        )


class SetCoverToHittingSet(HittingSetToSetCover):
    """The bridge `set-cover-to-hitting-set`: elements in the order of sets, and the reverse."""

    name = "set-cover-to-hitting-set"
    source_problem = "set-cover"
    target_problem = "hitting-set"
    construction = (
        "The dual system: a set is an element, and an element the set of the sets that contain it."
    )


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
