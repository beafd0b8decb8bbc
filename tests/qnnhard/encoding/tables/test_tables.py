"""What becomes of whole instances: recovered formulas, names, borders, figures."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from instances.deadline import Deadline
from instances.errors import LimitReached, Unsupported
from instances.sources.cnf import Cnf
from instances.training.activations import Activation
from instances.training.evaluate import evaluate
from instances.training.files import instance_from_json, instance_to_json
from instances.training.instance import layered
from qnnhard.encoding import wcnf
from qnnhard.encoding.decode import decode
from qnnhard.encoding.encode import TABLES, Options, encode
from qnnhard.encoding.explanation import explain
from qnnhard.encoding.formula import stamper
from qnnhard.encoding.tables import compile as compile_module
from qnnhard.encoding.tables import tabulate
from qnnhard.methods.sat import SatMethod
from qnnhard.verdict import Verdict
from reductions.to_training.bounded_degree import BoundedDegree, BoundedDegreeDeep
from reductions.to_training.two_inputs import TwoInputs
from tests.helpers import make_instance, make_network, neuron_instance, random_cnf
from tests.qnnhard.encoding.formulas import assert_clean, clauses, numbered_names, some_parameters
from tests.qnnhard.encoding.tables.instances import tabular_instance

REDUCTIONS = [TwoInputs, BoundedDegree, BoundedDegreeDeep]


def random_source(r: random.Random, variables: int, count: int) -> Cnf:
    lines = random_cnf(r, variables, count).splitlines()[1:]
    return Cnf.of(variables, [list(map(int, line.split()[:-1])) for line in lines])


def test_two_inputs_becomes_the_source_formula_again():
    source = random_source(random.Random(1), 40, 160)
    encoding = encode(TwoInputs.build(source).target, options=TABLES)
    found = [sorted(clause, key=abs) for clause in clauses(encoding.formula)]
    starts = source.starts.tolist()
    literals = source.literals.tolist()
    wanted = [literals[a:b] for a, b in pairwise(starts)]
    used = sorted({abs(x) for clause in wanted for x in clause})
    number = {v: k for k, v in enumerate(used, 1)}
    mapped = [[number[abs(x)] if x > 0 else -number[abs(x)] for x in c] for c in wanted]
    assert found == [sorted(clause, key=abs) for clause in mapped]
    names = [name for _, name in numbered_names(encoding)]
    assert names == [f"g[p{v}]=10" for v in used]


def test_cycles_of_occurrences_become_one_variable_each():
    source = random_source(random.Random(2), 20, 91)
    encoding = encode(BoundedDegree.build(source).target, options=TABLES)
    assert encoding.formula.variables <= 20
    assert encoding.formula.clauses <= 91
    deep = encode(BoundedDegreeDeep.build(source).target, options=TABLES)
    assert deep.formula.variables <= 20 + 91


@pytest.mark.parametrize("reduction", REDUCTIONS, ids=lambda r: r.name)
def test_answers_of_formulas_survive_and_solutions_pull_back(reduction):
    answers = []
    for seed in range(12):
        r = random.Random(seed)
        source = random_source(r, r.randint(3, 7), r.randint(10, 45))
        instance = reduction.build(source).target
        encoding = encode(instance, options=TABLES)
        assert_clean(encoding)
        found = some_parameters(encoding)
        answers.append(found is not None)
        if found is not None:
            assert evaluate(instance, found).accepted
            assignment = reduction.build(source).pull(found)
            for a, b in zip(source.starts[:-1].tolist(), source.starts[1:].tolist(), strict=True):
                assert any(assignment[abs(x) - 1] == (x > 0) for x in source.literals[a:b].tolist())
        else:
            assert some_parameters(encode(instance)) is None
    assert set(answers) == {True, False}


def test_a_refutation_needs_the_solver_where_consistency_finds_nothing():
    signs = [(a, b, c) for a in (1, -1) for b in (2, -2) for c in (3, -3)]
    instance = TwoInputs.build(Cnf.of(3, signs)).target
    encoding = encode(instance, options=TABLES)
    assert encoding.naming.contradiction is None
    assert encoding.formula.clauses == 8
    assert some_parameters(encoding) is None
    for tables in (True, False):
        assert SatMethod(tables=tables).solve(instance, Deadline()).verdict is Verdict.NO


def test_encoding_is_deterministic_and_survives_the_file():
    instance = BoundedDegreeDeep.build(random_source(random.Random(3), 8, 20)).target
    copy = instance_from_json(instance_to_json(instance))
    first, second = (
        encode(instance, options=TABLES),
        encode(copy, options=TABLES),
    )
    assert b"".join(first.formula.dimacs()) == b"".join(second.formula.dimacs())
    assert numbered_names(first) == numbered_names(second)


def test_an_output_joins_in_when_its_predecessors_have_become_small():
    # Output 14 reads six neurons of four behaviours each; outputs 8 to 13 read one of them.
    edges = [(u, v) for v in range(2, 8) for u in (0, 1)]
    edges += [(v, v + 6) for v in range(2, 8)] + [(v, 14) for v in range(2, 8)]
    network = make_network(15, [0, 1], list(range(8, 15)), edges)
    data = [((1, 0), (1,) * 7), ((0, 1), (0,) * 7)]
    encoding = encode(make_instance(network, data, biases=(0, 1)), options=TABLES)
    assert explain(encoding) is not None
    assert explain(encoding).decided == 7
    assert explain(encoding).fixed == 6
    assert encoding.formula.variables == 0
    found = some_parameters(encoding)
    assert found is not None
    assert evaluate(encoding.instance, found).accepted


def test_a_neuron_with_two_consumers_is_shown_to_the_unary_encoder():
    # Output 9 has too many parameters for a table; output 8 has not.
    edges = [(0, 2), (1, 2), (0, 3), (1, 3), (2, 8), (3, 8)]
    edges += [(u, v) for v in (4, 5, 6, 7) for u in (0, 1)] + [(v, 9) for v in range(2, 8)]
    network = make_network(10, [0, 1], [8, 9], edges)
    data = [((1, 0), (1, 0)), ((0, 1), (0, 1)), ((1, 1), (1, 1))]
    instance = make_instance(network, data, (0, 1), (0, 1))
    encoding = encode(instance, options=TABLES)
    figures = explain(encoding)
    assert (figures.tabulated, figures.hidden) == (6, 6)
    assert (figures.decided, figures.outputs) == (1, 2)
    assert "unary: 0 hidden neurons, 1 outputs" in str(figures)
    names = {name for _, name in numbered_names(encoding)}
    assert {"g[n5]=111", "w[n3,n10]=1"} <= names
    assert "w[n1,n3]=1" not in names
    assert_clean(encoding)
    found = some_parameters(encoding)
    assert found is not None
    assert evaluate(instance, found).accepted


def test_a_positive_bound_tabulates_hidden_neurons_only():
    instance = layered([2, 2, 1], 2, ([[1, 0], [0, 1], [1, 1]], [[1], [1], [0]]), bound=1)
    encoding = encode(instance, options=TABLES)
    assert explain(encoding).tabulated == 2
    assert explain(encoding).decided == 0
    assert evaluate(instance, some_parameters(encoding)).accepted
    none = replace(instance, bound=0)
    assert some_parameters(encode(none, options=TABLES)) is None
    assert explain(encode(none, options=TABLES)).contradiction


def test_contradicting_labels_need_no_tables():
    data = [((1,), (0,)), ((1,), (1,))]
    assert some_parameters(encode(neuron_instance(1, data), options=TABLES)) is None
    assert some_parameters(encode(neuron_instance(1, data, bound=1), options=TABLES)) is not None
    assert some_parameters(encode(neuron_instance(1, [], bound=0), options=TABLES)) is not None
    assert some_parameters(encode(neuron_instance(1, [], bound=-1), options=TABLES)) is None


def test_behaviours_with_values_that_are_no_digits_have_commas_in_their_names():
    network = make_network(4, [0], [3], [(0, 1), (0, 2), (1, 3), (2, 3)], Activation("sign"))
    data = [((1,), (0,)), ((-1,), (0,))]
    instance = make_instance(network, data, (1,), (-1, 0, 1), bound=1)
    names = [name for _, name in numbered_names(encode(instance, options=TABLES))]
    assert "g[n2]=1,-1" in names


def test_numbers_beyond_64_bits_are_left_to_the_plain_encoding():
    big = 2**70
    network = make_network(3, [0], [2], [(0, 1), (1, 2)], Activation("identity"))
    instance = make_instance(network, [((big,), (3 * big,))], (1, 3), (0,))
    encoding = encode(instance, options=TABLES)
    assert explain(encoding).tabulated == 0
    assert evaluate(instance, some_parameters(encoding)).accepted


def test_without_tables_nothing_is_tabulated():
    instance = TwoInputs.build(random_source(random.Random(4), 5, 9)).target
    plain = encode(instance)
    assert plain.lift is None
    assert explain(plain) is None
    assert all(name[0] != "g" for _, name in numbered_names(plain))
    assert np.count_nonzero(plain.weight_start) == instance.network.edges


def test_a_literal_that_equals_its_negation_is_a_contradiction(monkeypatch):
    monkeypatch.setattr(compile_module, "substitute_equal", lambda *_: None)
    instance = TwoInputs.build(random_source(random.Random(5), 5, 9)).target
    encoding = encode(instance, options=TABLES)
    assert encoding.naming.contradiction is not None
    assert some_parameters(encoding) is None


def test_the_clock_is_watched():
    with pytest.raises(LimitReached):
        encode(
            TwoInputs.build(random_source(random.Random(6), 50, 200)).target, Deadline(0), TABLES
        )


def test_contradicting_unit_clauses_are_found_by_consistency_alone():
    encoding = encode(TwoInputs.build(Cnf.of(1, [(1,), (-1,)])).target, options=TABLES)
    assert explain(encoding).contradiction
    assert encoding.formula.clauses == 2
    chain = [(1,), (-1, 2), (-2, 3), (-3, 4)]
    fixed = encode(TwoInputs.build(Cnf.of(4, chain)).target, options=TABLES)
    assert explain(fixed).fixed == 8
    assert fixed.formula.clauses == 0


def least_loss(instance, tables: bool):
    """The least loss by MaxSAT, and the parameters found."""
    with pytest.MonkeyPatch.context() as patch:
        options = Options(minimize=True, tables=tables)
        patch.setattr(
            wcnf, "encode", lambda instance, deadline, _: encode(instance, deadline, options)
        )
        weighted = wcnf.encode_loss(instance)
    problem = WCNF()
    problem.extend(clauses(weighted.encoding.formula))
    for weight, literal in weighted.soft:
        problem.append([literal], weight=weight)
    with RC2(problem) as rc2:
        model = np.zeros(weighted.encoding.formula.variables + 1, dtype=bool)
        chosen = [v for v in rc2.compute() if 0 < v <= weighted.encoding.formula.variables]
        model[chosen] = True
        return weighted.loss(rc2.cost), decode(weighted.encoding, model)


def test_tables_change_no_least_loss():
    losses = []
    for seed in range(60):
        instance = tabular_instance(random.Random(seed), hidden=3, outputs=2)
        plain, _ = least_loss(instance, tables=False)
        found, parameters = least_loss(instance, tables=True)
        assert found == plain == evaluate(instance, parameters).loss
        losses.append(plain)
    assert len(set(losses)) > 2


def test_too_many_clauses_are_refused_before_they_are_made(monkeypatch):
    instance = TwoInputs.build(random_source(random.Random(7), 10, 30)).target
    monkeypatch.setattr(stamper, "LITERAL_LIMIT", 80)
    with pytest.raises(Unsupported, match="more than 80 literals"):
        encode(instance, options=TABLES)


def test_neurons_of_many_behaviours_are_not_shown_to_the_unary_encoder(monkeypatch):
    inputs = [[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    instance = layered([3, 6, 1], 2, (inputs, [[int(sum(x) != 1)] for x in inputs]))
    encoding = encode(instance, options=TABLES)
    assert explain(encoding).tabulated == 0
    assert some_parameters(encoding) is None
    monkeypatch.setattr(tabulate, "LARGEST_SHOWN", 16)
    shown = encode(instance, options=TABLES)
    assert explain(shown).tabulated == 6
    assert some_parameters(shown) is None
