"""All small sources: counts, degenerate ones, each once up to isomorphism, in a fixed order."""

from collections import Counter
from itertools import combinations, combinations_with_replacement, permutations, product

import pytest

from instances.enumeration.dags import every_path_system
from instances.enumeration.graphs import every_graph
from instances.enumeration.numbers import (
    every_number_list,
    every_packing,
    every_program,
    every_sum,
    every_triple_packing,
)
from instances.enumeration.systems import (
    every_formula,
    every_set_system,
    with_budgets,
)
from instances.errors import InputError
from instances.graphs.graph import ordered
from instances.sources.cnf import Cnf
from instances.sources.number_lists import NumberList, SumInstance
from instances.sources.packing import Packing
from instances.sources.set_system import SetSystem


def test_set_systems():
    found = list(every_set_system(3, 3))
    assert len(set(found)) == len(found)
    assert found[0] == SetSystem(0, ())
    for degenerate in (
        SetSystem(0, ((), ())),
        SetSystem(2, ()),
        SetSystem(2, ((), (0, 1))),
        SetSystem(3, ((0,), (0,), (0,))),
    ):
        assert degenerate in found
    assert found == list(every_set_system(3, 3))
    sizes = Counter((each.universe, len(each.sets)) for each in found)
    assert [sizes[2, sets] for sets in range(4)] == [1, 3, 7, 13]


def formula_key(formula):
    names = permutations(range(1, formula.variables + 1))
    return formula.variables, min(
        sorted(sorted((x > 0) * 2 * p[abs(x) - 1] - p[abs(x) - 1] for x in c) for c in clauses)
        for p, clauses in product(names, [formula.clauses])
    )


def test_formulas():
    found = list(every_formula(2, 2, 3))
    keys = [str(formula_key(each)) for each in found]
    assert len(set(keys)) == len(keys)
    for degenerate in (
        Cnf.of(0, []),
        Cnf.of(0, [(), ()]),
        Cnf.of(2, []),
        Cnf.of(2, [(1, -1), (1, 1, 1)]),
        Cnf.of(2, [(1, 1, -2), (1, 1, -2)]),
        Cnf.of(1, [(-1,), ()]),
    ):
        assert str(formula_key(degenerate)) in keys
    assert found == list(every_formula(2, 2, 3))
    assert Counter((f.variables, f.number_of_clauses) for f in found) == {
        (0, 0): 1, (0, 1): 1, (0, 2): 1,
        (1, 0): 1, (1, 1): 10, (1, 2): 55,
        (2, 0): 1, (2, 1): 19, (2, 2): 326,
    }  # fmt: skip


def test_positive_formulas_are_those_formulas_without_a_negation():
    positive = list(every_formula(2, 3, 2, positive=True))
    assert all((each.literals > 0).all() for each in positive)
    of_all = [each for each in every_formula(2, 3, 2) if (each.literals > 0).all()]
    assert {str(formula_key(each)) for each in positive} == {
        str(formula_key(each)) for each in of_all
    }
    assert len(positive) == len(of_all)


def test_graphs_are_as_many_as_in_the_literature():
    found = list(every_graph(7, 0))
    counts = Counter(graph.vertices for graph in found)
    assert [counts[n] for n in range(8)] == [1, 1, 2, 4, 11, 34, 156, 1044]
    assert len(set(found)) == len(found)


def test_graphs_with_any_loops_are_as_many_as_in_the_literature():
    # OEIS A000666: symmetric relations up to isomorphism.
    found = Counter(graph.vertices for graph in every_graph(5, 5))
    assert [found[n] for n in range(6)] == [1, 2, 6, 20, 90, 544]


def test_graphs_are_one_of_every_kind():
    def key(graph):
        return min(
            ordered((p[u], p[v]) for u, v in graph.edges)
            for p in permutations(range(graph.vertices))
        )

    keys = [key(graph) for graph in every_graph(4, 1) if graph.vertices == 4]
    assert len(set(keys)) == len(keys)
    pairs = list(combinations(range(4), 2))
    wanted = set()
    for chosen in product((0, 1), repeat=6):
        edges = [pair for pair, taken in zip(pairs, chosen, strict=True) if taken]
        for loop in ([], [(0, 0)], [(1, 1)], [(2, 2)], [(3, 3)]):
            wanted.add(min(ordered((p[u], p[v]) for u, v in edges + loop)
                           for p in permutations(range(4))))  # fmt: skip
    assert set(keys) == wanted


def test_numbers():
    lists = list(every_number_list(2, 2))
    assert lists[:5] == [NumberList(()), *(NumberList((n,)) for n in range(3)), NumberList((0, 0))]
    assert len(lists) == 1 + 3 + 6
    sums = list(every_sum(1, 1))
    assert sums == [
        SumInstance((), 0),
        SumInstance((), 1),
        SumInstance((0,), 0),
        SumInstance((0,), 1),
        SumInstance((1,), 0),
        SumInstance((1,), 1),
        SumInstance((1,), 2),
    ]


def test_packings_fill_their_bins():
    found = list(every_packing(2, 3, 1))
    assert all(sum(each.numbers) == each.bins * each.capacity for each in found)
    counts = Counter((each.bins, each.capacity) for each in found)
    # Twice the partitions of what the bins hold, without and with a zero.
    assert [counts[1, room] for room in range(4)] == [2, 2, 4, 6]
    assert [counts[2, room] for room in range(4)] == [2, 4, 10, 22]
    assert [counts[0, room] for room in range(4)] == [1, 1, 1, 1]
    assert Packing((0,), 2, 0) in found
    assert Packing((1, 3), 2, 2) in found


def test_triples_are_all_within_their_bounds():
    found = set(every_triple_packing(2, 13))
    wanted = {
        Packing(numbers, bins, room)
        for bins in range(3)
        for room in range(14)
        for numbers in combinations_with_replacement(range(3, 7), 3 * bins)
        if sum(numbers) == bins * room and all(room < 4 * n < 2 * room for n in numbers)
    }
    small = {each for each in found if each.bins and each.numbers[0] < 3}
    assert found - small == wanted


def test_programs_are_as_many_as_there_are_gates():
    found = list(every_program(3))
    counts = Counter(len(each.gates) for each in found)
    gates = [2 * (n * (n + 1) // 2) + n * n for n in (1, 2, 3)]
    assert [counts[n] for n in (1, 2, 3)] == [
        gates[0],
        gates[0] * gates[1],
        gates[0] * gates[1] * gates[2],
    ]
    assert len(set(found)) == len(found)
    assert list(every_program(0)) == []


def test_acyclic_graphs_are_as_many_as_in_the_literature():
    # OEIS A003087.
    found = Counter(each.vertices for each in every_path_system(5, 0))
    assert [found[n] for n in range(6)] == [1, 1, 2, 6, 31, 302]


def test_path_systems_are_one_of_every_kind():
    def key(source):
        return min(
            (
                sorted((p[u], p[v]) for u, v in source.edges),
                sorted((p[u], p[v]) for u, v in source.pairs),
            )
            for p in permutations(range(4))
        )

    keys = [str(key(each)) for each in every_path_system(4, 2) if each.vertices == 4]
    assert len(set(keys)) == len(keys)
    # Without edges: no pair, a pair, or two; with all edges nothing can change places.
    assert sum("([], " in each for each in keys) == 3
    complete = str(list(combinations(range(4), 2)))
    assert sum(complete in each for each in keys) == 1 + 12 + 12
    with pytest.raises(InputError, match="7 vertices: at most 6; give a smaller scope"):
        next(every_path_system(7, 0))


def test_budgets_go_from_0_to_one_above_the_size():
    found = list(with_budgets(every_graph(1, 1), lambda graph: graph.vertices))
    assert [(g.vertices, g.edges, g.budget) for g in found] == [
        (0, (), 0),
        (0, (), 1),
        (1, (), 0),
        (1, (), 1),
        (1, (), 2),
        (1, ((0, 0),), 0),
        (1, ((0, 0),), 1),
        (1, ((0, 0),), 2),
    ]


@pytest.mark.parametrize("every", [lambda: every_graph(8, 0), lambda: every_set_system(8, 0)])
def test_too_many_points_are_refused_before_anything_is_listed(every):
    with pytest.raises(InputError, match="8 things that can change places"):
        next(every())
