"""Faults planted in the encoder: the comparisons of its tests must catch every one."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import chain

import numpy as np
import pytest

from instances.canonical import problem
from instances.errors import QnnhardError
from instances.training.activations import Activation
from qnnhard.encoding import decode as decoding
from qnnhard.encoding import encode as encoder
from qnnhard.encoding.encode import Options, encode
from qnnhard.encoding.loss import mismatches, total
from qnnhard.encoding.neurons import binary, counting, ordered
from qnnhard.encoding.neurons.grouping import Grouping
from qnnhard.encoding.neurons.probing import Box
from qnnhard.encoding.neurons.profile import Interface
from qnnhard.encoding.numbers import builder, forms, nodes
from qnnhard.encoding.numbers.builder import Builder
from qnnhard.encoding.numbers.circuits import Circuits
from qnnhard.encoding.numbers.forms import Form
from qnnhard.encoding.numbers.nodes import Leaf
from qnnhard.encoding.symmetry import inputs, neurons, order
from qnnhard.encoding.tables import compile as compiling
from qnnhard.encoding.tables import consistency, constraints, emit, lift, tabulate
from tests.helpers import naive_loss, neuron_instance, random_instance, solution, space_size
from tests.qnnhard.encoding.formulas import (
    assert_clean,
    force_binary,
    models,
    random_fractional_instance,
)
from tests.qnnhard.encoding.neurons.test_probing import random_neuron
from tests.qnnhard.encoding.symmetry import test_inputs, test_neurons
from tests.qnnhard.encoding.tables.instances import conflicting_instance, tabular_instance
from tests.qnnhard.encoding.tables.test_against_oracle import assert_right
from tests.qnnhard.encoding.test_against_oracle import assert_same_solutions
from tests.qnnhard.methods.dataset_dp.two_layers import brute_least_loss


def small(make, count, most):
    made = (make(random.Random(seed)) for seed in range(count))
    return [instance for instance in made if space_size(instance) <= most]


def repeated(r):
    """A random instance whose data points stand there several times."""
    instance = random_instance(r)
    kept = [r.randrange(instance.points) for _ in range(4)] if instance.points else []
    return replace(
        instance,
        inputs=instance.inputs[kept],
        targets=instance.targets[kept],
        loss=r.choice(("mismatch", "l1", "l2")),
        d=None,
        bound=r.choice((1, 2, 3, 5)),
    )


def in_order():
    made = (
        small(random_instance, 400, 300),
        small(random_neuron, 300, 300),
        small(repeated, 200, 300),
    )
    for instance in chain(*made):
        assert_same_solutions(instance)
        assert_clean(encode(instance))


def counted():
    """Outputs whose goals count literals, by array operations."""
    for seed in range(100):
        r = random.Random(seed)
        fan_in = r.randint(2, 4)
        rows = [[r.choice((0, 1, 1)) for _ in range(fan_in)] for _ in range(3)]
        data = [(row, (r.choice((0, 1, 2)),)) for row in rows]
        assert_same_solutions(neuron_instance(fan_in, data, Activation("identity"), biases=(0,)))


def in_binary():
    with pytest.MonkeyPatch.context() as patch:
        force_binary(patch, 2)
        for instance in small(random_instance, 300, 200):
            assert_same_solutions(instance)
        for instance in small(random_fractional_instance, 100, 200):
            assert_same_solutions(instance)


def value_of(value, model):
    """The value of an integer of a formula in a model."""
    form = value.form()
    return form.constant + sum(c for v, c in form.terms.items() if model[v])


def losses():
    """The least sum of the loss over the models of some parameters is their loss."""
    for make in (random_instance, random_fractional_instance):
        for instance in small(make, 40, 200):
            encoding = encode(instance, options=Options(minimize=True))
            least: dict[object, int] = {}
            for model in models(encoding.formula):
                parameters = decoding.decode(encoding, model)
                cost = sum(weight * value_of(value, model) for weight, value in encoding.loss)
                assert cost >= encoding.loss_unit * naive_loss(instance, parameters)
                key = solution(parameters)
                least[key] = min(cost, least.get(key, cost))
            assert Fraction(min(least.values()), encoding.loss_unit) == brute_least_loss(instance)


def losses_in_binary():
    with pytest.MonkeyPatch.context() as patch:
        force_binary(patch, 2)
        losses()


def by_tables():
    count = Counter()
    for seed in range(50):
        for make in (tabular_instance, conflicting_instance):
            assert_right(make(random.Random(seed)), seed, count)


def in_places():
    for seed in range(60):
        test_neurons.assert_every_orbit_stays(test_neurons.twins(random.Random(seed), 200))


def sets_of_neurons():
    test_neurons.test_interchangeable_neurons_are_those_that_agree_in_everything()


def in_columns():
    r = random.Random(3)
    for _ in range(30):
        test_inputs.assert_every_orbit_stays(test_inputs.twin_inputs(r, 200))


def around(fault):
    """Make a fault from what it does to the result of the right function."""
    return lambda right: lambda *given: fault(right(*given))


def given(fault):
    """Make a fault from what it does to what the right function is given."""
    return lambda right: lambda *arguments: right(*fault(*arguments))


def forgets_directions(right):
    def define(self, node, index, head, direction):
        if direction == builder.IMPLIES:
            right(self, node, index, head, direction)

    return define


def widened(found):
    return found if found is None else replace(found, low=found.low - 1)


def without_a_bias(box):
    return Box(box.weights, box.bias[:-1] if len(box.bias) > 1 else box.bias)


def of_one_sign(right):
    return lambda literal, meaning: meaning(abs(literal)) if abs(literal) != 1 << 30 else literal


def drops_a_block(found):
    return found if found is None else found[:-1]


def in_one_group(right):
    def alike(self, members):
        yield from right(self, members) if len(members) < 2 else [members]

    return alike


def decides_all(found):
    return None if found is None else np.ones_like(found)


def behaves_otherwise(found):
    return found if found is None else (found[0], np.roll(found[1], 1, axis=-1))


def one_bias_up(found):
    return found[0], found[1] + 1


def without_the_first(found):
    return found[0][1:], found[1]


def asks_for_more(right):
    """Ask as well that the first literal of the second vector holds."""

    def not_below(sizes, deadline):
        made, total = right(sizes, deadline), sum(sizes)
        more = np.full((min(total, 1), 1), total + 1, dtype=np.int32)
        return replace(made, blocks=(more, *made.blocks))

    return not_below


def ignores_the_data(right):
    class Ignorant(right):
        def __init__(self, view):
            super().__init__(view)
            self.signature = np.zeros_like(self.signature)

        def classes(self, columns, deadline):
            if len(columns) > 1:
                yield columns

    return Ignorant


def with_equals_negated(found):
    return None if found is None else (found[0], np.where(found[1] > 3, -found[1], found[1]))


def of_unit_steps(leaf):
    return (Leaf(range(len(leaf.values)), leaf.literals),)


def first_relations(scope, relation, count, relations):
    return relation[:count]


def counts_points_once(data):
    return replace(data, multiplicity=[1] * len(data.multiplicity))


NEVER, ALWAYS = -(1 << 30), 1 << 30

FAULTS = [
    # What is at fault, where it stands, its wrong form, and the comparison that must see it.
    ("a threshold too low", builder, "bisect_left", around(lambda at: max(at - 1, 0)), in_order),
    ("one direction only", Builder, "_define", forgets_directions, in_order),
    ("no exception", Interface, "goal_exception", around(lambda _: NEVER), in_order),
    ("an exception for all", Interface, "goal_exception", around(lambda _: ALWAYS), in_order),
    ("an edge forgotten", Interface, "contributing", around(lambda edges: edges[:-1]), in_order),
    ("a wider interval", ordered, "find_intervals", around(widened), in_order),
    ("a bias probed away", ordered, "probe", around(without_a_bias), in_order),
    ("a block dropped", ordered, "counting_blocks", around(drops_a_block), in_order),
    ("few clauses of many", counting, "combinations", around(lambda c: list(c)[:1]), counted),
    ("a sign lost in order", nodes, "renamed", of_one_sign, in_order),
    ("a sign lost in binary", forms, "renamed", of_one_sign, in_binary),
    ("neurons of two kinds", Grouping, "alike", in_one_group, in_order),
    ("points counted once", problem, "merge_points", around(counts_points_once), in_order),
    ("a bound too large", encoder, "floor", around(lambda bound: bound + 1), in_order),
    ("more to spend", mismatches, "require_loss", given(lambda b, n, v: (b, n + 1, v)), in_order),
    ("a loss without weight", total, "_weighted", given(lambda leaf, _, s: (leaf, 1, s)), in_order),
    ("a carry lost", Circuits, "add_bits", around(lambda bits: (bits[0], NEVER)), in_binary),
    ("reached early", Circuits, "at_least", given(lambda s, w, t: (s, w, t - 1)), in_binary),
    ("negative parts kept", Circuits, "positive_part", lambda _: lambda s, w: w, in_binary),
    ("signs kept", Circuits, "magnitude", lambda _: lambda s, w: w, in_binary),
    ("a higher ceiling", Circuits, "minimum", given(lambda s, w, c: (s, w, c + 1)), in_binary),
    ("no constant", Form, "add_form", given(lambda s, c, f: (s, c, Form(0, f.terms))), in_binary),
    (
        "a target missed",
        binary,
        "Form",
        given(lambda *n: (n[0] + 1,) if n else n),
        losses_in_binary,
    ),
    (
        "steps of one",
        Leaf,
        "form",
        given(of_unit_steps),
        losses,
    ),
    (
        "a part left out",
        encoder,
        "total_loss",
        around(without_the_first),
        losses,
    ),
    ("an order too strict", order, "_not_below", asks_for_more, in_places),
    ("neurons too alike", neurons, "first_equal", around(np.zeros_like), sets_of_neurons),
    ("inputs too alike", inputs, "_Data", ignores_the_data, in_columns),
    ("an output that accepts", tabulate, "output_table", around(decides_all), by_tables),
    ("behaviours mixed up", tabulate, "hidden_table", around(behaves_otherwise), by_tables),
    ("too much removed", consistency, "_kept", around(lambda kept: kept & -kept), by_tables),
    ("a cube forgotten", emit, "forbidding_clauses", around(lambda found: found[:-1]), by_tables),
    ("a bias too large", lift, "realise", around(one_bias_up), by_tables),
    ("equals negated", compiling, "substitute_equal", around(with_equals_negated), by_tables),
    (
        "scopes unmerged",
        constraints,
        "_intersections",
        lambda _: first_relations,
        by_tables,
    ),
]


@pytest.mark.parametrize(
    ("place", "name", "fault", "compare"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0].replace(" ", "-") for fault in FAULTS],
)
def test_a_fault_in_the_encoder_is_caught(monkeypatch, place, name, fault, compare):
    monkeypatch.setattr(place, name, fault(getattr(place, name)))
    # Behaviours that no parameters realise end decoding in an IndexError.
    with pytest.raises((AssertionError, IndexError, QnnhardError)):
        compare()


@pytest.mark.parametrize(
    "compare", sorted({fault[-1] for fault in FAULTS}, key=lambda f: f.__name__)
)
def test_no_fault_without_one(compare):
    compare()
