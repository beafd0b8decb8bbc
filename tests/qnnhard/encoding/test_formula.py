"""Formulas as files: determinism, names, sizes, refusals."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.sources.satisfiability import ThreeSat
from instances.training.activations import Activation
from instances.training.files import instance_from_json, instance_to_json
from instances.training.instance import layered
from instances.training.names import name_list
from qnnhard.encoding import stamp
from qnnhard.encoding.cnf import Formula
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import encode
from qnnhard.encoding.template import clause_blocks, without_repeats
from reductions.two_inputs import TwoInputs
from tests.helpers import make_instance, make_network, neuron_instance, random_cnf, random_instance
from tests.qnnhard.encoding.formulas import assert_clean, some_parameters


def dimacs(formula: Formula) -> bytes:
    return b"".join(formula.dimacs())


def test_two_encodings_of_an_instance_are_byte_identical_with_equal_names():
    for seed in range(200):
        instance = random_instance(random.Random(seed))
        first = encode(instance)
        second = encode(instance_from_json(instance_to_json(instance)))
        assert dimacs(first.formula) == dimacs(second.formula)
        assert list(first.naming.all()) == list(second.naming.all())


def test_a_two_inputs_instance_of_2000_variables_is_encoded_cleanly():
    source = ThreeSat().parse(random_cnf(random.Random(1), 2000, 8500))
    instance = TwoInputs().build(source)
    encoding = encode(instance)
    assert encoding.formula.clauses > 100_000
    assert np.count_nonzero(encoding.weight_start) == instance.network.edges
    for block in encoding.formula.blocks:
        variables = np.sort(np.abs(block), axis=1)
        assert variables.min() >= 1
        assert variables.max() <= encoding.formula.variables
        assert not (variables[:, 1:] == variables[:, :-1]).any()
    names = [name for _, name in encoding.naming.all()]
    assert len(names) == len(set(names)) == encoding.formula.variables


def test_two_encodings_of_a_medium_instance_are_byte_identical():
    source = ThreeSat().parse(random_cnf(random.Random(2), 100, 426))
    first, second = (dimacs(encode(TwoInputs().build(source)).formula) for _ in range(2))
    assert first == second


def test_variables_carry_the_names_of_parameters_and_values():
    instance = layered([2, 1, 1], 2, ([[1, 0], [1, 1]], [[1], [0]]), bound=1)
    names = {name for _, name in encode(instance).naming.all()}
    assert {"w[x1,h1_1]=1", "w[x2,h1_1]=1", "w[h1_1,y1]=1", "b[h1_1]=1", "b[y1]=1"} <= names
    assert {"f[h1_1|x1]>=1", "f[h1_1|x2]>=1", "m[x1]", "m[x2]"} <= names


def test_larger_domains_are_named_by_their_order_literals():
    instance = neuron_instance(1, [((1,), (1,))], weights=(-2, 0, 5), biases=(0, 3))
    names = [name for _, name in encode(instance).naming.all()]
    assert names[:3] == ["w[n1,n2]>=0", "w[n1,n2]>=5", "b[n2]=3"]


def test_a_no_instance_without_search_is_two_unit_clauses():
    encoding = encode(neuron_instance(1, [((1,), (1,))], bound=-1))
    assert dimacs(encoding.formula).splitlines() == [b"p cnf 1 2", b"1 0", b"-1 0"]
    assert list(encoding.naming.all()) == [(1, "contradiction")]


def test_names_with_braces_are_taken_literally():
    instance = neuron_instance(2, [((1, 1), (1,)), ((1, 0), (0,))], biases=(0, 1))
    network = replace(instance.network, names=name_list(["{v}", "{u[0]}", "{0}"]))
    names = [name for _, name in encode(replace(instance, network=network)).naming.all()]
    assert names[:3] == ["w[{v},{0}]=1", "w[{u[0]},{0}]=1", "b[{0}]=1"]


def test_stamping_in_parts_gives_the_same_meaning(monkeypatch):
    instances = [random_instance(random.Random(seed)) for seed in range(60)]
    whole = [encode(instance).formula for instance in instances]
    monkeypatch.setattr(stamp, "_STAMP_LIMIT", 1)
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
    monkeypatch.setattr(stamp, "LITERAL_LIMIT", 50)
    source = ThreeSat().parse(random_cnf(random.Random(3), 10, 40))
    with pytest.raises(Unsupported, match="more than 50 literals"):
        encode(TwoInputs().build(source))


def test_the_deadline_holds_while_encoding():
    source = ThreeSat().parse(random_cnf(random.Random(4), 30, 100))
    with pytest.raises(LimitReached):
        encode(TwoInputs().build(source), Deadline(0))


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
