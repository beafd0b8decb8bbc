"""Formulas as files: determinism, names, sizes, refusals."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.problems.satisfiability import ThreeSat
from instances.training.activations import Activation
from instances.training.files import instance_from_json, instance_to_json
from instances.training.instance import layered
from instances.training.names import name_blocks
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import PLAIN, Encoding, Options, encode
from qnnhard.encoding.formula import cnf, naming, stamper
from qnnhard.encoding.formula.cnf import Formula
from qnnhard.encoding.formula.template import clause_blocks, without_repeats
from qnnhard.encoding.wcnf import WeightedFormula
from reductions.to_training.two_inputs import TwoInputs
from tests.helpers import make_instance, make_network, neuron_instance, random_cnf, random_instance
from tests.qnnhard.encoding.formulas import assert_clean, numbered_names, some_parameters


def dimacs(formula: Formula) -> bytes:
    return b"".join(formula.dimacs())


def test_two_encodings_of_an_instance_are_byte_identical_with_equal_names():
    for seed in range(200):
        instance = random_instance(random.Random(seed))
        first = encode(instance)
        second = encode(instance_from_json(instance_to_json(instance)))
        assert dimacs(first.formula) == dimacs(second.formula)
        assert numbered_names(first) == numbered_names(second)


def test_a_two_inputs_instance_of_2000_variables_is_encoded_cleanly():
    source = ThreeSat().parse(random_cnf(random.Random(1), 2000, 8500))
    instance = TwoInputs.build(source).target
    encoding = encode(instance)
    assert encoding.formula.clauses > 100_000
    assert np.count_nonzero(encoding.weight_start) == instance.network.edges
    for block in encoding.formula.blocks:
        variables = np.sort(np.abs(block), axis=1)
        assert variables.min() >= 1
        assert variables.max() <= encoding.formula.variables
        assert not (variables[:, 1:] == variables[:, :-1]).any()
    names = [name for _, name in numbered_names(encoding)]
    assert len(names) == len(set(names)) == encoding.formula.variables


@pytest.mark.parametrize("most", [1, 9, 10, 100, 99_999, 10**6, 2**30 - 1])
@pytest.mark.parametrize("width", [1, 2, 3, 10])
def test_the_lines_of_dimacs_hold_the_clauses(monkeypatch, most, width):
    monkeypatch.setattr(cnf, "CHUNK", 64)
    r = random.Random(most + width)
    usual = (1, most, -1, -most, max(1, most // 10), -max(1, most - 1))
    numbers = [r.choice((*usual, r.randint(1, most))) for _ in range(300)]
    blocks = [np.array(numbers, dtype=np.int32).reshape(-1, size) for size in (width, 1)]
    formula = Formula(most, tuple(blocks))
    lines = [" ".join(map(str, [*row, 0])) for block in blocks for row in block.tolist()]
    assert dimacs(formula).decode().split("\n") == [f"p cnf {most} {len(lines)}", *lines, ""]
    assert max(map(len, formula.dimacs())) <= max(64, width) * len(f"-{most} 0") * 2
    soft = WeightedFormula(replace(encode(layered([1, 1], 2, ([], []))), formula=formula), (), 0)
    hard = [f"h {line}" for line in lines]
    assert b"".join(soft.dimacs()).decode().split("\n") == [*hard, ""]


def names_one_by_one(encoding: Encoding) -> list[tuple[int, str]]:
    """The names of variables, from their rules and without any table."""
    naming, instance, network = encoding.naming, encoding.instance, encoding.instance.network
    found = []
    for letter, starts, index, name in (
        ("w", naming.weight_start, instance.weight_domain, network.edge_name),
        ("b", naming.bias_start, instance.bias_domain, network.names.__getitem__),
    ):
        for place in np.flatnonzero(starts).tolist():
            values = instance.domains[index[place]]
            relation = "=" if len(values) == 2 else ">="
            for step, value in enumerate(values[1:]):
                found.append((starts[place] + step, f"{letter}[{name(place)}]{relation}{value}"))
    if naming.group_start is not None:
        for step, point in enumerate(naming.group_first):
            found.append((naming.group_start + step, f"m[x{point + 1}]"))
    for stamped in naming.stamped:
        neurons = [None] if stamped.neurons is None else stamped.neurons.tolist()
        for copy, neuron in enumerate(neurons):
            for step, name in enumerate(stamped.names):
                if neuron is not None:
                    edges = range(network.in_start[neuron], network.in_start[neuron + 1])
                    sources = [network.names[network.sources[edge]] for edge in edges]
                    name = name.format(v=network.names[neuron], u=sources)
                found.append((stamped.start + copy * len(stamped.names) + step, name))
    if naming.contradiction is not None:
        found.append((naming.contradiction, "contradiction"))
    return found


@pytest.mark.parametrize("size", [1, 5, naming.CHUNK])
def test_names_in_chunks_are_those_one_by_one(monkeypatch, size):
    monkeypatch.setattr(naming, "CHUNK", size)
    many_alike = layered([2, 5, 3, 1], 3, ([[0, 1], [1, 1], [1, 0]], [[1], [0], [1]]), bound=1)
    for instance in [many_alike, *(random_instance(random.Random(seed)) for seed in range(150))]:
        for options in (PLAIN, Options(symmetry=True), Options(minimize=True)):
            encoding = encode(instance, options=options)
            named = numbered_names(encoding)
            assert named == names_one_by_one(encoding)
            text = "".join(encoding.naming.lines("c 100%s "))
            assert text == "".join(f"c 100%s {number} {name}\n" for number, name in named)


def test_two_encodings_of_a_medium_instance_are_byte_identical():
    source = ThreeSat().parse(random_cnf(random.Random(2), 100, 426))
    first, second = (dimacs(encode(TwoInputs.build(source).target).formula) for _ in range(2))
    assert first == second


def test_variables_carry_the_names_of_parameters_and_values():
    instance = layered([2, 1, 1], 2, ([[1, 0], [1, 1]], [[1], [0]]), bound=1)
    names = {name for _, name in numbered_names(encode(instance))}
    assert {"w[x1,h1_1]=1", "w[x2,h1_1]=1", "w[h1_1,y1]=1", "b[h1_1]=1", "b[y1]=1"} <= names
    assert {"f[h1_1|x1]>=1", "f[h1_1|x2]>=1", "m[x1]", "m[x2]"} <= names


def test_larger_domains_are_named_by_their_order_literals():
    instance = neuron_instance(1, [((1,), (1,))], weights=(-2, 0, 5), biases=(0, 3))
    names = [name for _, name in numbered_names(encode(instance))]
    assert names[:3] == ["w[n1,n2]>=0", "w[n1,n2]>=5", "b[n2]=3"]


def test_a_no_instance_without_search_is_two_unit_clauses():
    encoding = encode(neuron_instance(1, [((1,), (1,))], bound=-1))
    assert dimacs(encoding.formula).splitlines() == [b"p cnf 1 2", b"1 0", b"-1 0"]
    assert numbered_names(encoding) == [(1, "contradiction")]


def test_names_with_braces_are_taken_literally():
    instance = neuron_instance(2, [((1, 1), (1,)), ((1, 0), (0,))], biases=(0, 1))
    network = replace(instance.network, names=name_blocks("{v}", "{u[0]}", "{0}"))
    names = [name for _, name in numbered_names(encode(replace(instance, network=network)))]
    assert names[:3] == ["w[{v},{0}]=1", "w[{u[0]},{0}]=1", "b[{0}]=1"]


def test_stamping_in_parts_gives_the_same_meaning(monkeypatch):
    instances = [random_instance(random.Random(seed)) for seed in range(60)]
    whole = [encode(instance).formula for instance in instances]
    monkeypatch.setattr(stamper, "_STAMP_LIMIT", 1)
    for instance, formula in zip(instances, whole, strict=True):
        parts = encode(instance)
        assert_clean(parts)
        assert parts.formula.variables == formula.variables
        assert parts.formula.literals == formula.literals


IDENTITY = Activation("identity")


@pytest.mark.parametrize(
    "domain", [(0, Fraction(1, 2)), (Fraction(-1, 3), Fraction(2, 7)), (0, 2**62), (-(2**70), 1)]
)
def test_domains_of_fractions_and_large_integers_are_encoded_exactly(domain):
    for weight in domain:
        data = [((1,), (weight,))]
        found = some_parameters(encode(neuron_instance(1, data, IDENTITY, weights=domain)))
        assert found is not None
        assert found.weights.tolist() == [weight]
        for gap in (-1, Fraction(1, 5), 2**40):
            missed = [((1,), (weight + gap,))]
            encoding = encode(neuron_instance(1, missed, IDENTITY, weights=domain))
            assert_clean(encoding)
            assert some_parameters(encoding) is None


@pytest.mark.parametrize("value", [Fraction(1, 2), 2**62, 10**30, Fraction(-(10**30), 7)])
def test_data_of_fractions_and_large_integers_are_encoded_exactly(value):
    for target, weight in ((value, 1), (0, 0), (-value, -1), (value + 1, None), (value / 3, None)):
        target = Fraction(target)
        instance = neuron_instance(1, [((value,), (target,))], IDENTITY, weights=(-1, 0, 1))
        encoding = encode(instance)
        assert_clean(encoding)
        found = some_parameters(encoding)
        assert (found and found.weights.tolist()) == (None if weight is None else [weight])


def test_sums_with_too_many_values_for_unary_are_added_in_binary():
    spread = tuple(10**k for k in range(12))

    def found(target: int):
        instance = neuron_instance(8, [((1,) * 8, (target,))], IDENTITY, weights=spread)
        encoding = encode(instance)
        assert_clean(encoding)
        assert encoding.formula.clauses < 20_000
        return some_parameters(encoding)

    reached = found(100_203_001_001)
    assert reached is not None
    assert sorted(reached.weights.tolist()) == [
        1, 1000, 10**6, 10**6, 10**6, 10**8, 10**8, 10**11,
    ]  # fmt: skip
    assert found(100_203_001_002) is None


def test_denominators_past_the_limit_are_refused():
    with pytest.raises(Unsupported, match="common denominator of more than 4096 bits"):
        encode(neuron_instance(1, [((1,), (1,))], weights=(0, Fraction(1, 2**5000))))
    network = make_network(15, [0], [14], [(v, v + 1) for v in range(14)], Activation("square"))
    with pytest.raises(Unsupported, match=r"reach neuron 'n1\d'"):
        encode(make_instance(network, [((1,), (1,))], (0, Fraction(1, 2))))


def test_a_formula_past_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(stamper, "LITERAL_LIMIT", 50)
    source = ThreeSat().parse(random_cnf(random.Random(3), 10, 40))
    with pytest.raises(Unsupported, match="more than 50 literals"):
        encode(TwoInputs.build(source).target)


def test_the_deadline_holds_while_encoding():
    source = ThreeSat().parse(random_cnf(random.Random(4), 30, 100))
    with pytest.raises(LimitReached):
        encode(TwoInputs.build(source).target, Deadline(0))


def test_decoding_reads_the_number_of_true_order_literals():
    instance = neuron_instance(1, [((1,), (1,))], weights=(-2, 0, 5), biases=(0, 3))
    encoding = encode(instance)
    for bits, weight in (((0, 0), -2), ((1, 0), 0), ((1, 1), 5)):
        model = np.zeros(encoding.formula.variables + 1, dtype=np.bool_)
        model[1:3] = bits
        parameters = decode(encoding, model)
        assert parameters.weights.tolist() == [weight]
        assert parameters.biases.tolist() == [0, 0]


def test_a_model_satisfies_a_formula_iff_every_clause_holds():
    formula = Formula(3, clause_blocks([(1, -2), (2, 3), (-1,)]))
    true = [np.array([False, *bits]) for bits in ((0, 0, 1),)]
    false = [np.array([False, *bits]) for bits in ((1, 0, 1), (0, 1, 0), (0, 0, 0))]
    assert all(formula.satisfied_by(model.astype(bool)) for model in true)
    assert not any(formula.satisfied_by(model.astype(bool)) for model in false)


def test_blocks_hold_distinct_clauses_by_width():
    blocks = clause_blocks([(1, 2), (3,), (1, 2), (-1, 3), ()])
    assert [block.tolist() for block in blocks] == [[[3]], [[1, 2], [-1, 3]]]


def test_repeated_literals_and_tautologies_are_dropped_from_blocks():
    block = np.array([[1, 2, 3], [1, 1, 2], [1, -1, 2], [2, 2, 2], [-3, 2, -3]], dtype=np.int32)
    found = {tuple(clause) for part in without_repeats(block) for clause in part.tolist()}
    assert found == {(1, 2, 3), (1, 2), (2,), (2, -3)}


def test_irrelevant_neurons_do_not_enlarge_the_formula():
    instance = layered([2, 1], 2, ([[1, 0]], [[1]]))
    small = encode(instance).formula
    network = make_network(5, [0, 1], [2], [(0, 2), (1, 2), (0, 3), (2, 4)])
    large = encode(make_instance(network, [((1, 0), (1,))], (0, 1), (0, 1))).formula
    assert (large.variables, large.clauses) == (small.variables, small.clauses)
