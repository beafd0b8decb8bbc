"""3-SAT to Vertex Cover (theory 4.6; the construction is Garey and Johnson's, 1979).

A variable becomes an edge between the vertices of its two literals. A clause of k distinct
literals becomes a clique of k vertices, one a literal, each joined to the vertex of that literal.
The budget is 1 a variable and k - 1 a clause.

A cover needs one end of a variable's edge and k - 1 vertices of a clique, and these parts are
disjoint: within the budget it has exactly that many of each. So the chosen literals are an
assignment, and the vertex of a clause that is not chosen has its literal chosen, that is true.
Conversely a clause leaves out the vertex of a true literal.

An empty clause becomes a vertex with a loop, for which the budget leaves nothing.
"""

from functools import cached_property
from itertools import combinations

from instances.errors import InvalidWitness
from instances.sources.assignments import Assignment, holds
from instances.sources.budgeted_graph import BudgetedGraph
from instances.sources.chosen import Chosen
from instances.sources.cnf import Cnf
from reductions.claims import Claim, exactly
from reductions.constructions.clauses import distinct_clauses, read_things, thing, true_things
from reductions.map import Map


class ThreeSatToVertexCover(Map[Cnf, Assignment, BudgetedGraph, Chosen]):
    """The bridge `3-sat-to-vertex-cover`.

    Vertices 2v - 2 and 2v - 1 are the literals v and -v; then come those of the clauses.
    """

    name = "3-sat-to-vertex-cover"
    source_problem = "3-sat"
    target_problem = "vertex-cover"
    construction = (
        "A variable is an edge between its two literals; a clause is a clique whose vertices are "
        "joined to its literals. The budget leaves out one vertex of every edge and clique."
    )

    @cached_property
    def target(self) -> BudgetedGraph:
        """The graph with its budget."""
        n = self.source.variables
        edges = [(2 * v, 2 * v + 1) for v in range(n)]
        vertex = 2 * n
        budget = n
        for clause in self._clauses:
            members = range(vertex, vertex + max(1, len(clause)))
            if not clause:
                edges.append((vertex, vertex))
            edges += combinations(members, 2)
            edges += [(thing(x), w) for x, w in zip(clause, members, strict=False)]
            budget += max(0, len(clause) - 1)
            vertex += len(members)
        return BudgetedGraph.of(vertex, edges, budget)

    def push(self, witness: Assignment) -> Chosen:
        """Return the true literals, and all vertices of a clause but its first true one."""
        chosen = true_things(self.source, witness)
        vertex = 2 * self.source.variables
        for clause in self._clauses:
            left_out = next((place for place, x in enumerate(clause) if holds(x, witness)), None)
            if left_out is None:
                literals = " ".join(map(str, clause)) or "empty"
                raise InvalidWitness(f"no literal of the clause ({literals}) is true")
            chosen += [vertex + place for place in range(len(clause)) if place != left_out]
            vertex += len(clause)
        return tuple(sorted(chosen))

    def pull(self, witness: Chosen) -> Assignment:
        """Return the assignment that makes a variable true iff its positive literal is chosen."""
        size = 2 * self.source.variables + sum(max(1, len(clause)) for clause in self._clauses)
        return read_things(self.source, witness, size, "vertex")

    def claims(self) -> list[Claim]:
        """Return the size laws for n variables and clauses of k distinct literals."""
        n, lengths = self.source.variables, list(map(len, self._clauses))
        return exactly(
            vertices=2 * n + sum(max(1, k) for k in lengths),
            edges=n + sum(k + k * (k - 1) // 2 if k else 1 for k in lengths),
            budget=n + sum(max(0, k - 1) for k in lengths),
        )

    @cached_property
    def _clauses(self) -> list[tuple[int, ...]]:
        return distinct_clauses(self.source, self.name)
