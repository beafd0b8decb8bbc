"""Merging, arc consistency, replacement, cubes and equivalences, each against brute force."""

import random
from itertools import product

import networkx as nx
import numpy as np
import pytest

from instances.canonical.rows import number_rows, rows_by_number
from instances.deadline import Deadline
from instances.errors import LimitReached
from qnnhard.encoding.tables.behaviours import Domains
from qnnhard.encoding.tables.consistency import propagate, without_substitutable
from qnnhard.encoding.tables.constraints import (
    Relation,
    Relations,
    TableConstraint,
    members,
    merge,
    specialise,
)
from qnnhard.encoding.tables.emit import forbidding_clauses
from qnnhard.encoding.tables.equivalences import equal_literals
from qnnhard.encoding.tables.literals import number_behaviours


class Network:
    """A random constraint network over neurons of 2 to 4 behaviours."""

    def __init__(self, r: random.Random, density: float = 0.6) -> None:
        self.domains, self.relations = Domains(), Relations()
        rows = [np.arange(size)[::-1, None].astype(np.int64) for size in (1, 2, 3, 4)]
        self.kinds = [self.domains.intern(row) for row in rows]
        size = r.randint(2, 5)
        self.domain_of = np.array([r.choice(self.kinds[1:]) for _ in range(size)])
        self.sizes = self.domains.sizes()[self.domain_of]
        found = []
        for number in range(r.randint(1, 6)):
            scope = sorted(r.sample(range(size), min(size, r.randint(1, 3))))
            shape = [self.sizes[v] for v in scope]
            allowed = np.array([r.random() < density for _ in range(int(np.prod(shape)))])
            relation = Relation(tuple(self.domain_of[scope].tolist()), allowed.reshape(shape))
            number_of = self.relations.intern(relation)
            found.append(TableConstraint(number_of, np.array([scope]), np.array([number])))
        self.given = found
        self.live = (np.int64(1) << self.sizes) - 1

    def solutions(self, constraints, live) -> set[tuple[int, ...]]:
        """All choices of live behaviours that the constraints allow."""
        return {
            chosen
            for chosen in product(*(members(int(mask)) for mask in live))
            if all(
                self.relations.table[c.relation].allowed[tuple(chosen[v] for v in scope)]
                for c in constraints
                for scope in c.scopes.tolist()
            )
        }


def test_merging_keeps_the_solutions_and_leaves_distinct_scopes():
    for seed in range(100):
        network = Network(random.Random(seed))
        merged = merge(network.given, network.relations)
        scopes = [tuple(scope) for c in merged for scope in c.scopes.tolist()]
        assert len(set(scopes)) == len(scopes)
        assert len({c.relation for c in merged}) == len(merged)
        expected = network.solutions(network.given, network.live)
        assert network.solutions(merged, network.live) == expected


def test_arc_consistency_keeps_the_solutions_and_is_a_fixpoint():
    refuted = 0
    for seed in range(300):
        network = Network(random.Random(seed), density=0.4)
        merged = merge(network.given, network.relations)
        live = network.live.copy()
        expected = network.solutions(merged, network.live)
        everywhere = np.ones(len(live), dtype=bool)
        if propagate(merged, network.relations, live, everywhere, Deadline()):
            assert not expected
            refuted += 1
            continue
        assert network.solutions(merged, live) == expected
        for c in merged:
            allowed = network.relations.table[c.relation].allowed
            for scope in c.scopes.tolist():
                choices = [members(int(live[v])) for v in scope]
                held = [t for t in product(*choices) if allowed[t]]
                assert all({t[k] for t in held} == set(choices[k]) for k in range(len(scope)))
        domain_of = network.domain_of.copy()
        cut = specialise(merged, network.relations, network.domains, domain_of, live)
        number = {
            tuple(v for v in chosen)
            for chosen in product(*(range(s) for s in network.domains.sizes()[domain_of]))
            if all(
                network.relations.table[c.relation].allowed[tuple(chosen[v] for v in scope)]
                for c in cut
                for scope in c.scopes.tolist()
            )
        }
        assert len(number) == len(expected)
    assert 10 < refuted < 250


def test_replacement_keeps_some_solution_wherever_there_is_one():
    removed = 0
    for seed in range(300):
        r = random.Random(seed)
        network = Network(r, density=0.7)
        merged = merge(network.given, network.relations)
        live = network.live.copy()
        free = np.array([r.random() < 0.8 for _ in network.sizes])
        before = network.solutions(merged, live)
        removed += without_substitutable(merged, network.relations, network.sizes, free, live)
        after = network.solutions(merged, live)
        assert after <= before
        assert bool(after) == bool(before)
        fixed = np.flatnonzero(~free).tolist()
        assert {tuple(s[v] for v in fixed) for s in after} == {
            tuple(s[v] for v in fixed) for s in before
        }
    assert removed > 50


def test_consistency_checks_the_clock():
    network = Network(random.Random(0))
    with pytest.raises(LimitReached):
        propagate(network.given, network.relations, network.live, network.live > 0, Deadline(0))


def test_clauses_exclude_exactly_the_forbidden_tuples():
    r = random.Random(1)
    for _ in range(200):
        shape = [r.randint(2, 4) for _ in range(r.randint(1, 4))]
        allowed = np.array([r.random() < r.choice((0.2, 0.7)) for _ in range(int(np.prod(shape)))])
        allowed = allowed.reshape(shape)
        clauses = forbidding_clauses(allowed)
        start = np.cumsum([0, *shape])
        for chosen in product(*map(range, shape)):
            true = {int(start[k]) + value + 1 for k, value in enumerate(chosen)}
            holds = all(any((abs(x) in true) == (x > 0) for x in clause) for clause in clauses)
            assert holds == bool(allowed[chosen])


def test_a_clause_is_as_short_as_its_cube_allows():
    allowed = np.ones((2, 2, 2), dtype=bool)
    allowed[1, 1, 1] = False
    assert forbidding_clauses(allowed) == [(1, 3, 5)]
    assert forbidding_clauses(np.array([[False, False], [True, True]])) == [(2,)]
    assert forbidding_clauses(np.array([True, False, True])) == [(-2,)]


def test_equal_literals_are_the_strong_components_of_the_implications():
    merged = contradictory = 0
    for seed in range(300):
        r = random.Random(seed)
        n = r.randint(2, 8)
        clauses = [
            [v * r.choice((1, -1)) for v in r.sample(range(1, n + 1), 2)]
            for _ in range(r.randint(1, 2 * n))
        ]
        graph = nx.DiGraph()
        graph.add_nodes_from(x for v in range(1, n + 1) for x in (v, -v))
        graph.add_edges_from(edge for a, b in clauses for edge in ((-a, b), (-b, a)))
        component = {
            x: k for k, part in enumerate(nx.strongly_connected_components(graph)) for x in part
        }
        found = equal_literals(n, np.array(clauses, dtype=np.int32))
        if any(component[v] == component[-v] for v in range(1, n + 1)):
            assert found is None
            contradictory += 1
            continue
        for v in range(1, n + 1):
            least = min(abs(x) for x in component if component[x] == component[v])
            assert abs(found[v]) == least
            assert component[int(found[v])] == component[v]
            merged += least < v
    assert contradictory > 10
    assert merged > 50


def test_long_cycles_of_implications_become_one_literal():
    n = 3000
    clauses = [(-v, v % n + 1) for v in range(1, n + 1)]
    assert equal_literals(n, np.array(clauses, dtype=np.int32))[1:].tolist() == [1] * n


def test_a_chain_of_bijections_leaves_one_variable_and_an_odd_cycle_none():
    domains, relations = Domains(), Relations()
    two = domains.intern(np.array([[1], [0]]))
    differ = relations.intern(Relation((two, two), np.array([[False, True], [True, False]])))
    chain = np.array([[v, v + 1] for v in range(4)])
    sizes = np.full(5, 2)
    found = number_behaviours([TableConstraint(differ, chain, chain[:, 0])], relations, sizes)
    assert found.count == 1
    assert found.of(np.arange(5), 2).tolist() == [[1, -1], [-1, 1], [1, -1], [-1, 1], [1, -1]]
    odd = np.array([[0, 1], [1, 2], [0, 2]])
    assert (
        number_behaviours([TableConstraint(differ, odd, odd[:, 0])], relations, sizes[:3]) is None
    )


def test_rows_are_numbered_in_lexicographic_order():
    r = random.Random(3)
    for _ in range(100):
        wide = r.choice((3, 2**40, 2**62))
        n, width = r.randint(0, 30), r.randint(0, 4)
        rows = [[r.choice((-wide, 0, 1, wide - 1)) for _ in range(width)] for _ in range(n)]
        columns = list(np.array(rows, dtype=np.int64).reshape(n, width).T)
        number, first = number_rows(columns, n)
        distinct = sorted({tuple(row) for row in rows})
        assert [distinct[k] for k in number.tolist()] == [tuple(row) for row in rows]
        assert [tuple(rows[k]) for k in first.tolist()] == distinct
        parts = [part.tolist() for part in rows_by_number(number)]
        assert parts == [[k for k in range(n) if number[k] == d] for d in range(len(distinct))]
