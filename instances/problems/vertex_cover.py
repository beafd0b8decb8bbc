"""Vertex cover."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import ClassVar

from instances.deadline import Deadline
from instances.errors import InputError, InvalidWitness
from instances.problems.problem import Parameter, Problem
from instances.sources.budgets import read_override
from instances.sources.chosen import Chosen, require_chosen
from instances.sources.graph import Graph, parse_graph, write_col
from instances.sources.sampling import count_pairs, sample_pairs
from instances.sources.sat_solver import choose_at_most
from instances.text.documents import decode_indices, encode_object
from instances.text.values import Values


class VertexCover(Problem[Graph, Chosen]):
    """The question whether at most `budget` vertices meet every edge.

    A loop forces its vertex. A witness is the increasing tuple of the chosen vertices, from 0.
    """

    name: ClassVar[str] = "vertex-cover"
    title: ClassVar[str] = "Vertex Cover"
    question: ClassVar[str] = "Do at most budget vertices meet every edge?"
    suffix: ClassVar[str] = ".col"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("vertices", "10", "number of vertices"),
        Parameter("edges", "15", "number of distinct edges, without loops"),
        Parameter("budget", "6", "how many vertices may be chosen"),
        Parameter("planted", "no", "yes: every edge meets a hidden set of budget vertices"),
    )

    def parse(self, text: str) -> Graph:
        """Read a graph, whose budget may be missing; see `parse_graph`."""
        return parse_graph(text)

    def write(self, source: Graph) -> str:
        """Return `source` as a DIMACS ``.col`` file."""
        return write_col(source)

    def override(self, source: Graph, values: Mapping[str, str]) -> Graph:
        """Return `source` with the budget in `values`."""
        return replace(source, budget=read_override(self.name, values, source.budget))

    def require_complete(self, source: Graph) -> None:
        """Raise `InputError` if the budget is missing."""
        source.require_budget(self.name)

    def generate(self, values: Mapping[str, str], seed: int) -> Graph:
        """Draw distinct edges uniformly, if planted among those that meet a hidden vertex set."""
        given = Values(self.name, self.parameters, values)
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
        random = Random(seed)
        # The hidden vertices are those that the labelling puts first.
        label = random.sample(range(vertices), vertices)
        drawn = sample_pairs(vertices, rows, edges, random)
        return Graph.of(vertices, ((label[i], label[j]) for i, j in drawn), budget)

    def random(self, random: Random) -> Graph:
        """Draw up to 7 vertices, with loops now and then, and any budget."""
        vertices = random.randint(0, 7)
        possible = count_pairs(vertices, vertices)
        drawn = sample_pairs(vertices, vertices, random.randint(0, min(possible, 12)), random)
        if vertices and random.random() < 0.2:
            drawn += [(v, v) for v in random.choices(range(vertices), k=random.randint(1, 2))]
        return Graph.of(vertices, drawn, random.choice((0, 1, 1, 2, 2, 3, 4, vertices + 1)))

    def check(self, source: Graph, witness: Chosen) -> None:
        """Raise `InvalidWitness` with the first edge that is not covered, or the excess."""
        require_chosen(witness, source.vertices, "vertex", source.require_budget(self.name))
        chosen = set(witness)
        for u, v in source.edges:
            if u not in chosen and v not in chosen:
                raise InvalidWitness(f"edge ({u}, {v}) contains no chosen vertex")

    def solve(self, source: Graph, deadline: Deadline) -> Chosen | None:
        """Decide `source` by a SAT solver: one variable for every vertex that has an edge."""
        budget = source.require_budget(self.name)
        touched = sorted({vertex for edge in source.edges for vertex in edge})
        variable = {vertex: index for index, vertex in enumerate(touched, start=1)}
        clauses = [[variable[u], variable[v]] for u, v in source.edges]
        chosen = choose_at_most(len(touched), clauses, budget, deadline)
        return None if chosen is None else tuple(touched[index] for index in chosen)

    def parse_witness(self, source: Graph, text: str) -> Chosen:
        """Read ``{"vertices": [0, 2]}``, the chosen vertices counted from 0."""
        return decode_indices(text, "vertices", source.vertices)

    def write_witness(self, source: Graph, witness: Chosen) -> str:
        """Return the chosen vertices as JSON."""
        require_chosen(witness, source.vertices, "vertex", source.require_budget(self.name))
        return encode_object({"vertices": witness})

    def describe(self, source: Graph) -> str:
        """Return the numbers of vertices and edges, and the budget."""
        budget = "" if source.budget is None else f", budget {source.budget}"
        return f"{source.vertices} vertices, {len(source.edges)} edges{budget}"
