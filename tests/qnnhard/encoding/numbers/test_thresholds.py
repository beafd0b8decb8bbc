"""Flat thresholds against truth tables, and that they spend no auxiliary variables."""

from math import comb

import pytest

from qnnhard.encoding.numbers.builder import IMPLIED, IMPLIES
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.numbers.nodes import FEW_PAIRS, Node, Sum
from tests.qnnhard.encoding.numbers.test_builder import Numbers


def total(leaves: list[Node]) -> Node:
    """The balanced sum of some leaves."""
    if len(leaves) == 1:
        return leaves[0]
    middle = len(leaves) // 2
    return Sum(total(leaves[:middle]), total(leaves[middle:]), "s")


@pytest.mark.parametrize("direction", [IMPLIES, IMPLIED])
@pytest.mark.parametrize("domain", [(0, 1), (-1, 0), (2, 5)])
def test_requirements_of_every_threshold_hold_exactly(domain, direction):
    for count in range(2, 8):
        for index in range(-1, count + 3):
            numbers = Numbers(*[domain] * count)
            node = total(numbers.leaves)
            numbers.builder.require(node, index, direction, -TRUE)
            goal = count * domain[0] + index * (domain[1] - domain[0])
            for values, literals in numbers.assignments():
                allowed = sum(values) >= goal if direction == IMPLIES else sum(values) < goal
                assert numbers.possible(literals) == allowed, (count, index, values)


@pytest.mark.parametrize("direction", [IMPLIES, IMPLIED])
def test_requirements_are_lifted_where_the_exception_holds(direction):
    for count in range(2, 6):
        for index in range(1, count + 1):
            numbers = Numbers(*[(0, 1)] * (count + 1))
            exception = numbers.leaves[-1].literals[0]
            node = total(numbers.leaves[:-1])
            numbers.builder.require(node, index, direction, exception)
            for values, literals in numbers.assignments():
                reached = sum(values[:-1]) >= index
                allowed = bool(values[-1]) or reached == (direction == IMPLIES)
                assert numbers.possible(literals) == allowed


def test_literals_for_thresholds_are_equivalent_to_them():
    for count in range(2, 7):
        for index in range(1, count + 1):
            numbers = Numbers(*[(0, 1)] * count)
            literal = numbers.builder.both(total(numbers.leaves), index)
            for values, literals in numbers.assignments():
                reached = sum(values) >= index
                assert numbers.possible([*literals, literal]) == reached
                assert numbers.possible([*literals, -literal]) == (not reached)


def test_mixed_gaps_and_constants_are_summed_exactly():
    for domains in ([(0, 1), (0, 2), (0, 1)], [(0, 1), (3,), (0, 1), (0, 1)],
                    [(0, 1), (0, 1, 2), (0, 1)], [(0, 2), (1, 3), (0, 2), (-2, 0)]):  # fmt: skip
        for direction in (IMPLIES, IMPLIED):
            for index in range(1, len(total(Numbers(*domains).leaves).values)):
                numbers = Numbers(*domains)
                node = total(numbers.leaves)
                numbers.builder.require(node, index, direction, -TRUE)
                for values, literals in numbers.assignments():
                    reached = sum(values) >= node.values[index]
                    assert numbers.possible(literals) == (reached == (direction == IMPLIES))


@pytest.mark.parametrize("count", [5, 12, 20, 25])
def test_exactly_one_of_some_is_the_pairwise_formula(count):
    numbers = Numbers(*[(0, 1)] * count)
    node = total(numbers.leaves)
    numbers.builder.require(node, 1, IMPLIES, -TRUE)
    numbers.builder.require(node, 2, IMPLIED, -TRUE)
    assert numbers.builder.names == []
    assert len(set(numbers.builder.clauses)) == 1 + comb(count, 2) <= 1 + FEW_PAIRS


def test_many_clauses_are_avoided_by_auxiliary_variables():
    for count, index in ((26, 2), (20, 10)):
        numbers = Numbers(*[(0, 1)] * count)
        numbers.builder.require(total(numbers.leaves), index, IMPLIED, -TRUE)
        assert numbers.builder.names
        assert len(numbers.builder.clauses) < comb(count, index)
