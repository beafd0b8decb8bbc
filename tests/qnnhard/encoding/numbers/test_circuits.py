"""Binary arithmetic against Python's integers, on every assignment."""

import random
from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement, product

import pytest
from pysat.solvers import Solver

from instances.deadline import Deadline
from qnnhard.encoding.numbers.builder import Builder
from qnnhard.encoding.numbers.circuits import Circuits
from qnnhard.encoding.numbers.forms import TRUE, Form, Word
from qnnhard.encoding.numbers.nodes import Leaf

Model = set[int]


class Bench:
    """A builder with free literals, whose circuits are evaluated on all their assignments."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.builder = Builder(count, Deadline())
        self.circuits = Circuits(self.builder, "v")

    def solve(self) -> Iterator[tuple[Model, bool]]:
        """Per assignment of the free literals the model, and whether the clauses hold.

        The circuits are functions: the model must be the only one.
        """
        inputs = range(1, self.count + 1)
        auxiliary = range(self.count + 1, self.count + len(self.builder.names) + 1)
        with Solver("cadical195", bootstrap_with=map(list, self.builder.clauses)) as solver:
            for signs in product((-1, 1), repeat=self.count):
                assumed = [sign * v for sign, v in zip(signs, inputs, strict=True)]
                possible = not self.builder.contradiction and solver.solve(assumptions=assumed)
                model = set(solver.get_model() or ()) if possible else set()
                yield {TRUE, *assumed, *(v for v in model if abs(v) in auxiliary)}, bool(possible)

    def random_form(self, r: random.Random, size: int = 12) -> Form:
        form = Form(r.randint(-10, 10))
        for _ in range(r.randint(0, 5)):
            form.add(r.randint(-size, size), r.choice((1, -1)) * r.randint(1, self.count))
        return form


def truth(literal: int, model: Model) -> int:
    if literal not in model and -literal not in model:
        raise AssertionError(f"literal {literal} is not defined")
    return int(literal in model)


def number(value: Form | Word, model: Model) -> int:
    if isinstance(value, Form):
        return value.constant + sum(c * truth(v, model) for v, c in value.terms.items())
    return value.low + sum(truth(bit, model) << place for place, bit in enumerate(value.bits))


def assert_computes(make: Callable, wanted: Callable[[int], int], seeds: range) -> None:
    """A circuit from word to word gives the wanted number, within tight enough bounds."""
    for seed in seeds:
        r = random.Random(seed)
        bench = Bench(r.randint(1, 4))
        form = bench.random_form(r)
        word = make(bench.circuits, bench.circuits.word(form))
        for model, possible in bench.solve():
            assert possible, seed
            value = wanted(number(form, model))
            assert number(word, model) == number(word.form(), model) == value, seed
            assert word.low <= value <= word.high, seed
        assert len(word.bits) <= (word.high - word.low).bit_length(), seed
        assert len(set(bench.builder.names)) == len(bench.builder.names), seed
        for clause in bench.builder.clauses:
            assert len({abs(literal) for literal in clause}) == len(clause) > 0, (seed, clause)


def test_a_word_is_its_form():
    assert_computes(lambda _, word: word, lambda v: v, range(300))


def test_the_positive_part():
    assert_computes(Circuits.positive_part, lambda v: max(v, 0), range(300))


def test_the_magnitude():
    assert_computes(Circuits.magnitude, abs, range(300))


def test_the_square():
    assert_computes(Circuits.square, lambda v: v * v, range(300))


@pytest.mark.parametrize("ceiling", [-30, -7, 0, 1, 2, 5, 8, 30])
def test_the_minimum(ceiling):
    assert_computes(lambda c, w: c.minimum(w, ceiling), lambda v: min(v, ceiling), range(80))


@pytest.mark.parametrize("ceiling", [0, 1, 3, 9])
def test_a_clipped_positive_part(ceiling):
    assert_computes(
        lambda c, w: c.minimum(c.positive_part(w), ceiling),
        lambda v: min(max(v, 0), ceiling),
        range(100),
    )


def test_the_square_of_a_square():
    assert_computes(lambda c, w: c.square(c.square(w)), lambda v: v**4, range(12))


def test_every_threshold():
    for seed in range(60):
        r = random.Random(seed)
        bench = Bench(r.randint(1, 4))
        form = bench.random_form(r)
        word = bench.circuits.word(form)
        reached = {t: bench.circuits.at_least(word, t) for t in range(word.low - 2, word.high + 3)}
        assert reached[word.low] == TRUE
        assert reached[word.high + 1] == -TRUE
        for model, possible in bench.solve():
            assert possible
            value = number(form, model)
            assert all(truth(g, model) == (value >= t) for t, g in reached.items()), seed


def test_a_required_value_holds_unless_it_is_lifted():
    for seed in range(60):
        r = random.Random(seed)
        probe = Bench(4)
        form = probe.random_form(r)
        # The last literal lifts the requirement.
        form.terms.pop(4, None)
        for value in range(form.low - 1, form.high + 2):
            for unless in (4, -4, -TRUE):
                bench = Bench(4)
                bench.circuits.require_equal(bench.circuits.word(form), value, unless)
                for model, possible in bench.solve():
                    equal = number(form, model) == value
                    assert possible == (equal or truth(unless, model) == 1), seed


LITERALS = (TRUE, -TRUE, 1, -1, 2, -2, 3, -3)


def test_bits_are_added_whatever_their_order_sign_and_repetition():
    for triple in product(LITERALS, repeat=3):
        bench = Bench(3)
        total, carry = bench.circuits.add_bits(*triple)
        for model, possible in bench.solve():
            assert possible
            wanted = sum(truth(literal, model) for literal in triple)
            assert truth(total, model) + 2 * truth(carry, model) == wanted, triple


@pytest.mark.parametrize("count", range(4))
def test_conjunctions_and_disjunctions(count):
    for literals in combinations_with_replacement(LITERALS, count):
        bench = Bench(3)
        both, either = bench.circuits.both(*literals), bench.circuits.either(*literals)
        for model, possible in bench.solve():
            assert possible
            values = [truth(literal, model) for literal in literals]
            assert truth(both, model) == all(values), literals
            assert truth(either, model) == any(values), literals


def test_equal_gates_are_shared():
    bench = Bench(3)
    circuits = bench.circuits
    assert circuits.both(1, 2) == circuits.both(2, 1, TRUE) == -circuits.either(-1, -2)
    assert circuits.add_bits(1, 2, 3) == circuits.add_bits(3, 1, 2)
    clauses = len(bench.builder.clauses)
    word = circuits.word(Form(0, {1: 1, 2: 1, 3: 1}))
    assert circuits.word(Form(5, {1: 1, 2: 1, 3: 1})).bits == word.bits
    names = len(bench.builder.names)
    circuits.word(Form(0, {1: 1, 2: 1, 3: 1}))
    assert len(bench.builder.names) == names
    assert len(bench.builder.clauses) >= clauses


def test_forms_collect_constants_signs_and_repeats():
    form = Form(1)
    form.add(5, TRUE)
    form.add(7, -TRUE)
    form.add(3, 1)
    form.add(2, -1)
    form.add(4, 2)
    form.add(4, -2)
    assert (form.constant, form.terms) == (12, {1: 1})
    assert (form.low, form.high) == (12, 13)
    form.add_form(-2, form_of := Form(1, {1: 1, 3: -1}))
    assert (form.constant, form.terms) == (10, {1: -1, 3: 2})
    assert (form.low, form.high) == (9, 12)
    form.add_form(0, form_of)
    assert (form.constant, form.terms) == (10, {1: -1, 3: 2})


def test_a_weighted_form_is_the_order_encoded_integer():
    values = (-5, -1, 0, 10**30)
    form = Leaf(values, (1, 2, 3)).form()
    for reached in range(4):
        model = {v if v <= reached else -v for v in (1, 2, 3)}
        assert number(form, model) == values[reached]
    assert Leaf((7,), ()).form() == Form(7)


def test_integers_over_other_literals_keep_their_values():
    literals = {1: -3, 2: 1, 3: TRUE}
    word = Word(-2, 5, (1, -2, 3)).over(literals.__getitem__)
    assert word == Word(-2, 5, (-3, -1, TRUE))
    constants = Word(0, 3, (TRUE, -TRUE)).over(literals.__getitem__)
    assert constants.bits == (TRUE, -TRUE)
    leaf = Leaf([0, 4, 9], [-1, 2]).over(literals.__getitem__)
    assert leaf == Leaf((0, 4, 9), (3, 1))
    assert len({leaf, Leaf((0, 4, 9), (3, 1)), Leaf((0, 4, 9), (3, -1))}) == 2


def test_large_coefficients_are_exact():
    bench = Bench(3)
    form = Form(-(10**40), {1: 10**40, 2: -(3**80), 3: 2**100 + 1})
    word = bench.circuits.word(form)
    square = bench.circuits.square(word)
    magnitude = bench.circuits.magnitude(word)
    for model, possible in bench.solve():
        assert possible
        value = number(form, model)
        assert number(word, model) == value
        assert number(square, model) == value**2
        assert number(magnitude, model) == abs(value)


def test_order_encoded_integers_become_words():
    for values in ((5,), (0, 1), (-3, 4), (0, 1, 2, 3, 4), (-7, -6, 1, 10**20, 10**20 + 3)):
        count = len(values) - 1
        builder = Builder(count, Deadline())
        circuits = Circuits(builder, "t")
        word = circuits.word_of_leaf(Leaf(values, range(1, count + 1)))
        assert (word.low, word.high) == (values[0], values[-1])
        with Solver("cadical195", bootstrap_with=list(builder.clauses)) as solver:
            for reached, value in enumerate(values):
                steps = [v if v <= reached else -v for v in range(1, count + 1)]
                assert solver.solve(assumptions=steps)
                true = {TRUE, *steps, *(solver.get_model() or ())}
                assert word.low + sum(1 << k for k, bit in enumerate(word.bits) if bit in true) == (
                    value
                )
                # The steps leave the bits no choice.
                for bit in word.bits:
                    if abs(bit) != TRUE:
                        wrong = -bit if bit in true else bit
                        assert not solver.solve(assumptions=[*steps, wrong])


def test_words_whose_parts_exclude_each_other_need_fewer_bits_than_their_bound():
    """The sum of a literal and its negation has one bit, whatever the bound on it says."""
    shorter = 0
    for seed in range(200):
        r = random.Random(seed)
        forms = []
        for _ in range(r.randint(2, 4)):
            form = Form(r.randint(-5, 5))
            form.add(r.randint(1, 12), r.choice((1, -1)) * r.randint(1, 2))
            forms.append(form)
        bound = sum(form.high for form in forms)
        for threshold in range(sum(form.low for form in forms) - 1, bound + 2):
            bench, other = Bench(2), Bench(3)
            word = bench.circuits.add_words(map(bench.circuits.word, forms))
            shorter += len(word.bits) < (word.high - word.low).bit_length()
            reached = bench.circuits.at_least(word, threshold)
            for model, possible in bench.solve():
                assert possible
                value = sum(number(form, model) for form in forms)
                assert truth(reached, model) == (value >= threshold), seed
            again = other.circuits.add_words(map(other.circuits.word, forms))
            other.circuits.require_equal(again, threshold, 3)
            for model, possible in other.solve():
                value = sum(number(form, model) for form in forms)
                assert possible == (value == threshold or truth(3, model) == 1), seed
    assert shorter > 100


def test_a_word_never_reaches_what_its_bits_cannot_say():
    word = Word(0, 9, (1, 2))
    for value in range(4, 10):
        bench = Bench(3)
        assert bench.circuits.at_least(word, value) == -TRUE
        bench.circuits.require_equal(word, value, 3)
        assert all(possible == (3 in model) for model, possible in bench.solve())
