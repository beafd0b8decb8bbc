"""Sums and products of order-encoded numbers against exhaustive truth tables."""

import random
from collections.abc import Sequence
from itertools import product

import pytest
from pysat.solvers import Solver

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from qnnhard.encoding.numbers.builder import IMPLIED, IMPLIES, Builder
from qnnhard.encoding.numbers.forms import TRUE
from qnnhard.encoding.numbers.nodes import Leaf, Node, Product, Sum

VALUES = [(0, 1), (0,), (-1, 0, 1), (-2, 1), (1, 2, 4), (-3, -1), (-2, -1, 0, 1, 2), (0, 5), (3,)]


class Numbers:
    """Independent order-encoded leaves over the first variables of a builder."""

    def __init__(self, *values: tuple[int, ...]) -> None:
        self.values = values
        self.start = [1]
        for domain in values:
            self.start.append(self.start[-1] + len(domain) - 1)
        self.builder = Builder(self.start[-1] - 1, Deadline())
        self.leaves = [
            Leaf(domain, range(first, first + len(domain) - 1))
            for domain, first in zip(values, self.start, strict=False)
        ]

    def assignments(self):
        """Every choice of values, with the literals that say so."""
        for chosen in product(*(range(len(domain)) for domain in self.values)):
            literals = []
            for place, domain, first in zip(chosen, self.values, self.start, strict=False):
                literals += [
                    first + k if k < place else -(first + k) for k in range(len(domain) - 1)
                ]
            yield [d[k] for d, k in zip(self.values, chosen, strict=True)], literals

    def possible(self, assumptions: list[int], *more: tuple[int, ...]) -> bool:
        if self.builder.contradiction:
            return False
        with Solver("cadical195", bootstrap_with=[*self.builder.clauses, *more]) as solver:
            return bool(solver.solve(assumptions=assumptions))


def literal_possible(numbers: Numbers, literals: list[int], literal: int) -> bool:
    """Whether `literal`, which may be a constant, can hold beside `literals`."""
    if abs(literal) == TRUE:
        return literal > 0 and numbers.possible(literals)
    return numbers.possible([*literals, literal])


def assert_defined(numbers: Numbers, node: Node, value_of) -> None:
    """Each direction forbids exactly what it should, at every threshold and assignment."""
    for index in range(-1, len(node.values) + 1):
        threshold = node.values[index] if 0 <= index < len(node.values) else None
        lit_implies = numbers.builder.at_least(node, index, IMPLIES)
        lit_implied = numbers.builder.at_least(node, index, IMPLIED)
        assert lit_implies == lit_implied
        for values, literals in numbers.assignments():
            value = value_of(*values)
            assert value in node.values
            reached = index <= 0 if threshold is None else value >= threshold
            assert literal_possible(numbers, literals, lit_implies) == reached
            assert literal_possible(numbers, literals, -lit_implies) == (not reached)


def assert_one_direction(numbers: Numbers, make, value_of, direction: int) -> None:
    """With only one direction defined, the other one is left open."""
    for index in range(1, len(make(numbers).values)):
        fresh = Numbers(*numbers.values)
        node = make(fresh)
        literal = fresh.builder.at_least(node, index, direction)
        for values, literals in fresh.assignments():
            reached = value_of(*values) >= node.values[index]
            if direction == IMPLIES:
                assert literal_possible(fresh, literals, literal) == reached
            else:
                assert literal_possible(fresh, literals, -literal) == (not reached)
            # The definition alone never rules out the numbers themselves.
            assert fresh.possible(literals)


PAIRS = list(product(VALUES, repeat=2))


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_a_sum_is_defined_in_both_directions(left, right):
    numbers = Numbers(left, right)
    assert_defined(numbers, Sum(*numbers.leaves), lambda a, b: a + b)


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_a_product_is_defined_in_both_directions_for_all_signs(left, right):
    numbers = Numbers(left, right)
    assert_defined(numbers, Product(*numbers.leaves), lambda a, b: a * b)


@pytest.mark.parametrize("direction", [IMPLIES, IMPLIED])
@pytest.mark.parametrize(("left", "right"), PAIRS[::3])
def test_one_direction_of_a_sum_leaves_the_numbers_free(left, right, direction):
    assert_one_direction(
        Numbers(left, right), lambda n: Sum(*n.leaves), lambda a, b: a + b, direction
    )


@pytest.mark.parametrize("direction", [IMPLIES, IMPLIED])
@pytest.mark.parametrize(("left", "right"), PAIRS[::3])
def test_one_direction_of_a_product_leaves_the_numbers_free(left, right, direction):
    assert_one_direction(
        Numbers(left, right), lambda n: Product(*n.leaves), lambda a, b: a * b, direction
    )


def test_nested_sums_of_products_are_defined():
    r = random.Random(0)
    for _ in range(25):
        numbers = Numbers(*(r.choice(VALUES) for _ in range(4)))
        a, b, c, d = numbers.leaves
        node = Sum(Sum(Product(a, b), c), d)
        assert_defined(numbers, node, lambda a, b, c, d: a * b + c + d)


@pytest.mark.parametrize("factor", [-3, -1, 1, 2])
@pytest.mark.parametrize("values", VALUES)
def test_a_scaled_leaf_is_the_multiple(values, factor):
    numbers = Numbers(values)
    assert_defined(numbers, numbers.leaves[0].scaled(factor), lambda a: factor * a)


@pytest.mark.parametrize("kind", [Sum, Product])
@pytest.mark.parametrize("direction", [IMPLIES, IMPLIED])
def test_a_requirement_holds_unless_it_is_lifted(kind, direction):
    for left, right in PAIRS[::4]:
        probe = Numbers(left, right)
        for index in range(-1, len(kind(*probe.leaves).values) + 1):
            numbers = Numbers(left, right, (0, 1))
            node = kind(*numbers.leaves[:2])
            unless = numbers.leaves[2].literals[0]
            numbers.builder.require(node, index, direction, unless)
            for (a, b, lifted), literals in numbers.assignments():
                value = a + b if kind is Sum else a * b
                reached = index <= 0 or (index < len(node.values) and value >= node.values[index])
                wanted = reached if direction == IMPLIES else not reached
                assert numbers.possible(literals) == (wanted or lifted == 1)


def test_a_requirement_of_a_sum_spends_no_variable():
    numbers = Numbers((0, 1), (0, 1))
    numbers.builder.require(Sum(*numbers.leaves), 1, IMPLIES, -TRUE)
    assert numbers.builder.names == []


@pytest.mark.parametrize("first", [1, -1, TRUE, -TRUE])
@pytest.mark.parametrize("second", [2, -2, 1, TRUE, -TRUE])
def test_a_disjunction_of_two_literals_is_one_literal(first, second):
    numbers = Numbers((0, 1), (0, 1))
    literal = numbers.builder.either(first, second, "name")

    def holds(wanted: int, literals: list[int]) -> bool:
        return wanted > 0 if abs(wanted) == TRUE else wanted in literals

    for _, literals in numbers.assignments():
        wanted = holds(first, literals) or holds(second, literals)
        assert literal_possible(numbers, literals, literal) == wanted
        assert literal_possible(numbers, literals, -literal) == (not wanted)


def test_clauses_lose_constants_repeats_and_tautologies():
    builder = Builder(3, Deadline())
    builder.add(1, 1, -TRUE, 2)
    builder.add(1, TRUE)
    builder.add(3, -3)
    builder.add(-3, 1)
    assert builder.clauses == [(1, 2), (1, -3)]
    assert not builder.contradiction
    builder.add(-TRUE)
    assert builder.contradiction


def test_every_threshold_has_one_variable_however_often_it_is_asked_for():
    numbers = Numbers((0, 1), (0, 1), (0, 1))
    node = Sum(Sum(numbers.leaves[0], numbers.leaves[1], "a"), numbers.leaves[2], "b")
    found = {numbers.builder.both(node, 2) for _ in range(3)}
    clauses = len(numbers.builder.clauses)
    numbers.builder.both(node, 2)
    assert len(found) == 1
    assert len(numbers.builder.clauses) == clauses
    assert len(set(numbers.builder.names)) == len(numbers.builder.names)


def known(values: Sequence[int]) -> Leaf:
    """An order-encoded integer with a variable a step."""
    return Leaf(values, range(1, len(values)))


def test_equal_values_of_a_sum_are_merged_and_gaps_are_kept():
    assert list(Sum(known((0, 2)), known((0, 2))).values) == [0, 2, 4]
    assert list(Sum(known((0, 1, 2)), known((-1, 0))).values) == [-1, 0, 1, 2]
    assert list(Product(Leaf((-1, 2), [1]), Leaf((-1, 2), [2])).values) == [-2, 1, 4]


def test_a_sum_of_too_many_values_is_refused():
    with pytest.raises(Unsupported, match="too many"):
        Sum(known(range(1 << 16)), known((0, 1, 2)))
    with pytest.raises(Unsupported, match="too many"):
        Sum(known(range(0, 9000, 3)), known(range(0, 30_000_000, 10_000)))


def test_the_deadline_holds_while_clauses_are_made():
    builder = Builder(1, Deadline(0))

    def fill() -> None:
        for _ in range(1 << 13):
            builder.add(1)

    with pytest.raises(LimitReached):
        fill()
