"""Vertex cover."""

from collections.abc import Iterator
from random import Random

from instances.deadline import Deadline
from instances.enumeration.graphs import every_graph
from instances.enumeration.systems import with_budgets
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Budgeted
from instances.sources.budgeted_graph import CHOSEN_VERTICES, GRAPHS, BudgetedGraph
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.sampling import count_pairs, sample_pairs
from instances.sources.sat_solver import choose_at_most
from instances.text.parameters import Parameter, Values


class VertexCover(Budgeted[BudgetedGraph]):
    """The question whether at most `budget` vertices meet every edge.

    A loop forces its vertex. A witness is the increasing tuple of the chosen vertices, from 0.
    """

    name = "vertex-cover"
    title = "Vertex Cover"
    question = "Do at most budget vertices meet every edge?"
    form = GRAPHS
    witnesses = CHOSEN_VERTICES
    parameters = (
        Parameter("vertices", "10", "number of vertices"),
        Parameter("edges", "15", "number of distinct edges, without loops"),
        Parameter("budget", "6", "how many vertices may be chosen"),
        Parameter("planted", "no", "yes: every edge meets a hidden set of budget vertices"),
    )

    def draw(self, given: Values, random: Random) -> BudgetedGraph:
        """Draw distinct edges uniformly, if planted among those that meet a hidden vertex set."""
        vertices, edges = given.integer("vertices"), given.integer("edges")
        budget = given.integer("budget")
        planted = given.choice("planted")
        rows = min(budget, vertices) if planted else vertices
        possible = count_pairs(vertices, rows)
        if edges > possible:
            meeting = f" that meet {rows} of them" if planted else ""
            remedy = "budget or vertices" if planted else "vertices"
            raise InputError(
                f"{self.name}: {vertices} vertices have only {possible} edges{meeting}, "
                f"not {edges}: lower edges or raise {remedy}"
            )
        # The hidden vertices are those that the labelling puts first.
        label = random.sample(range(vertices), vertices)
        drawn = sample_pairs(vertices, rows, edges, random)
        return BudgetedGraph.of(vertices, ((label[i], label[j]) for i, j in drawn), budget)

    def random(self, random: Random) -> BudgetedGraph:
        """Draw up to 7 vertices, with loops now and then, and any budget."""
        vertices = random.randint(0, 7)
        possible = count_pairs(vertices, vertices)
        drawn = sample_pairs(vertices, vertices, random.randint(0, min(possible, 12)), random)
        if vertices and random.random() < 0.2:
            drawn += [(v, v) for v in random.choices(range(vertices), k=random.randint(1, 2))]
        return BudgetedGraph.of(vertices, drawn, random.choice((0, 1, 1, 2, 2, 3, 4, vertices + 1)))

    def every(self, vertices: int, loops: int = 1) -> Iterator[BudgetedGraph]:
        """Yield all graphs, with budgets from 0 to one above the number of vertices."""
        return with_budgets(every_graph(vertices, loops), lambda graph: graph.vertices)

    def check(self, source: BudgetedGraph, witness: Chosen) -> None:
        """Raise `InvalidWitness` with the first edge that is not covered, or the excess."""
        require_chosen(witness, source.vertices, "vertex", source.require_budget(self.name))
        chosen = set(witness)
        for u, v in source.edges:
            if u not in chosen and v not in chosen:
                raise InvalidWitness(f"edge ({u}, {v}) contains no chosen vertex")

    def solve(self, source: BudgetedGraph, deadline: Deadline) -> Chosen | None:
        """Decide `source` by a SAT solver: one variable for every vertex that has an edge."""
        budget = source.require_budget(self.name)
        touched = sorted({vertex for edge in source.edges for vertex in edge})
        variable = {vertex: index for index, vertex in enumerate(touched, start=1)}
        clauses = [[variable[u], variable[v]] for u, v in source.edges]
        chosen = choose_at_most(len(touched), clauses, budget, deadline)
        return None if chosen is None else tuple(touched[index] for index in chosen)
