"""Small sources for exhaustive comparison, and seeded random ones."""

from collections.abc import Iterator
from itertools import (
    chain,
    combinations,
    combinations_with_replacement,
    islice,
    permutations,
    product,
)
from random import Random
from typing import Any

from instances.problems.registry import PROBLEMS
from instances.sources.budgeted_graph import BudgetedGraph
from instances.sources.cnf import Cnf
from instances.sources.path_system import DisjointPaths
from instances.sources.set_system import SetSystem


def random_sources(problem: str, count: int, seed: int) -> Iterator[Any]:
    random = Random(seed)
    for _ in range(count):
        yield PROBLEMS.get(problem).random(random)


def formulas(variables: int, length: int, clauses: int, positive: bool = False) -> Iterator[Cnf]:
    """All formulas with this many clauses of at most `length` literals, up to their order."""
    names = range(1, variables + 1)
    literals = [*names] if positive else [*names, *(-x for x in names)]
    kinds = [c for k in range(length + 1) for c in combinations_with_replacement(literals, k)]
    for chosen in combinations_with_replacement(kinds, clauses):
        yield Cnf.of(variables, chosen)


def _powerset(items: Any) -> list[tuple[Any, ...]]:
    items = list(items)
    return list(chain.from_iterable(combinations(items, k) for k in range(len(items) + 1)))


def set_systems(universe: int, sets: int, budgets: tuple[int | None, ...]) -> Iterator[SetSystem]:
    """All systems with this many sets, up to their order, for each budget."""
    kinds = _powerset(range(universe))
    for chosen in combinations_with_replacement(kinds, sets):
        for budget in budgets:
            yield SetSystem.of(universe, chosen, budget)


def graphs(vertices: int, budgets: tuple[int, ...]) -> Iterator[BudgetedGraph]:
    """All graphs, loops included, for each budget."""
    for edges in _powerset(combinations_with_replacement(range(vertices), 2)):
        for budget in budgets:
            yield BudgetedGraph(vertices, tuple(sorted(edges)), budget)


def dags(vertices: int, pairs: int, step: int = 1) -> Iterator[DisjointPaths]:
    """Every `step`-th of the graphs whose edges go up, with terminals up to the pairs' order."""
    terminals = [
        tuple(zip(t[::2], t[1::2], strict=True)) for t in permutations(range(vertices), 2 * pairs)
    ]
    chosen = [p for p in terminals if list(p) == sorted(p)]
    every = product(_powerset(combinations(range(vertices), 2)), chosen)
    for edges, ends in islice(every, 0, None, step):
        yield DisjointPaths.of(vertices, edges, ends)
