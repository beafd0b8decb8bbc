"""Every rule that an instance can break is refused, one by one."""

import random
from fractions import Fraction

import numpy as np
import pytest

from instances.errors import InvalidInstance
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance, layered, quantized, z
from instances.training.names import name_blocks
from instances.training.network import Network, sorted_edges

RELU1 = Activation("relu_clipped", 1)


def network(**changes) -> Network:
    """x1, x2 -> h -> y, with the given fields replaced."""
    fields = {
        "names": name_blocks(("x", 2), "h", "y"),
        "inputs": [0, 1],
        "outputs": [3],
        "sources": [0, 1, 2],
        "targets": [2, 2, 3],
        "activations": (RELU1,),
        "activation": [-1, -1, 0, 0],
    }
    return Network(**{**fields, **changes})


def instance(**changes) -> TrainingInstance:
    fields = {
        "network": network(),
        "domains": ((0, 1),),
        "weight_domain": [0, 0, 0],
        "bias_domain": [-1, -1, 0, 0],
        "inputs": np.array([[0, 1]]),
        "targets": np.array([[1]]),
        "d": 2,
    }
    return TrainingInstance(**{**fields, **changes})


def test_the_unchanged_parts_make_an_instance():
    assert instance().points == 1
    assert network().edges == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": [0, 4]}, "inputs: neuron 4 is unknown"),
        ({"inputs": [-1, 1]}, "inputs: neuron -1 is unknown"),
        ({"outputs": [9]}, "outputs: neuron 9 is unknown"),
        ({"sources": [0, 1, 7]}, "sources: neuron 7 is unknown"),
        ({"targets": [2, 2, 4]}, "targets: neuron 4 is unknown"),
        ({"inputs": [0, 0]}, "'x1' occurs twice"),
        ({"outputs": [3, 3]}, "'y' occurs twice"),
        ({"outputs": [1]}, "'x2' is both an input and an output"),
        ({"activation": [-1, -1, 0]}, "one index for each of 4"),
        ({"activation": [-1, -1, 0, 1]}, "activation: indices"),
        ({"activation": [-1, -1, -1, 0]}, "activation: indices"),
        ({"activation": [-1, 0, 0, 0]}, "inputs have none"),
        ({"activations": ()}, "activation: indices"),
        ({"sources": [0, 1]}, "2 sources but 3 targets"),
        ({"sources": [2, 1, 2], "targets": [0, 2, 3]}, "input 'x1' has a predecessor"),
        ({"sources": [0, 0, 2]}, "x1 -> h occurs twice"),
        ({"sources": [1, 0, 2]}, "sorted"),
        ({"sources": [2, 0, 1], "targets": [3, 2, 2]}, "sorted"),
        ({"sources": [0, 2, 3], "targets": [2, 2, 3]}, "cycle"),
        ({"sources": [0, 3, 2], "targets": [2, 2, 3]}, "cycle"),
    ],
)
def test_a_wrong_network_is_refused(changes, message):
    with pytest.raises(InvalidInstance, match=message):
        network(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"domains": ((),)}, "domain 0 is empty"),
        ({"domains": ((1, 0),)}, "distinct and increasing"),
        ({"domains": ((0, 0, 1),)}, "distinct and increasing"),
        ({"domains": ()}, "indices of domains"),
        ({"weight_domain": [0, 0]}, "weight_domain: 2 entries where 3"),
        ({"weight_domain": [0, 0, 1]}, "weight_domain: indices"),
        ({"weight_domain": [0, 0, -1]}, "weight_domain: indices"),
        ({"bias_domain": [-1, -1, 0]}, "bias_domain: 3 entries where 4"),
        ({"bias_domain": [-1, -1, 0, 5]}, "bias_domain: indices"),
        ({"bias_domain": [-1, -1, -1, 0]}, "bias_domain: indices"),
        ({"bias_domain": [0, -1, 0, 0]}, "inputs have no bias"),
        ({"inputs": np.array([[0]])}, "inputs: every data point needs 2"),
        ({"inputs": np.array([0, 1])}, "inputs: every data point needs 2"),
        ({"targets": np.array([[0, 1]])}, "targets: every data point needs 1"),
        ({"targets": np.array([[0], [1]])}, "1 inputs but 2 targets"),
        ({"loss": "hinge"}, "no loss 'hinge'; choose from: mismatch, l1, l2"),
        ({"d": 1}, "d=1"),
        ({"d": 1 << 17}, "quantization levels"),
        ({"d": 3}, "must range over Z_3"),
        ({"domains": ((0, 1, 2),)}, "must range over Z_2"),
        ({"loss": "l1"}, "loss must be mismatch"),
        ({"inputs": np.array([[0, 2]])}, "value 2 of data point 1 is outside Z_2"),
        ({"inputs": np.array([[-1, 0]])}, "value -1 of data point 1 is outside Z_2"),
        ({"targets": np.array([[2]])}, "targets: value 2 of data point 1 is outside"),
        ({"targets": np.array([[10**30]])}, "outside Z_2"),
        ({"targets": np.array([[Fraction(1, 2)]])}, "outside Z_2"),
        ({"network": network(activations=(Activation("relu"),))}, "activation must be"),
        (
            {"network": network(activations=(Activation("relu_clipped", 2),))},
            r"every activation must be relu_clipped\(1\)",
        ),
    ],
)
def test_a_wrong_instance_is_refused(changes, message):
    with pytest.raises(InvalidInstance, match=message):
        instance(**changes)


def test_unused_domains_and_activations_do_not_hinder_quantized_instances():
    spare = network(activations=(RELU1, Activation("sign")))
    assert instance(network=spare, domains=((0, 1), (5,))).d == 2


def test_a_fraction_target_within_the_levels_is_outside_them():
    with pytest.raises(InvalidInstance, match="outside Z_2"):
        instance(inputs=np.array([[Fraction(1, 2), 0]]))


def test_a_negative_bound_is_legal():
    assert instance(bound=-3).bound == -3


@pytest.mark.parametrize(
    ("d", "levels"),
    [(2, (0, 1)), (3, (-1, 0, 1)), (4, (-1, 0, 1, 2)), (5, (-2, -1, 0, 1, 2))],
)
def test_the_levels_are_those_of_the_definition(d, levels):
    assert z(d) == levels


@pytest.mark.parametrize("d", [2, 3, 7, 8, 100, 1 << 16])
def test_there_are_d_levels_and_0_is_one_of_them(d):
    assert len(z(d)) == d
    assert z(d)[0] == -((d - 1) // 2)
    assert 0 in z(d)


@pytest.mark.parametrize("d", [-1, 0, 1, (1 << 16) + 1])
def test_an_impossible_number_of_levels_is_refused(d):
    with pytest.raises(InvalidInstance, match="quantization levels"):
        z(d)


def test_quantized_sorts_edges_given_in_any_order():
    made = quantized(2, name_blocks(("n", 3)), [0], [2], ([1, 0, 0], [2, 2, 1]), ([[1]], [[0]]))
    assert made.network.sources.tolist() == [0, 0, 1]
    assert made.network.targets.tolist() == [1, 2, 2]


def test_quantized_takes_an_empty_dataset():
    made = quantized(2, name_blocks(("n", 2)), [0], [1], ([0], [1]), ([], []))
    assert (made.inputs.shape, made.targets.shape) == ((0, 1), (0, 1))


@pytest.mark.parametrize("widths", [[], [2], [2, 0, 1], [0, 1]])
def test_a_layered_network_needs_layers(widths):
    with pytest.raises(InvalidInstance, match="layered"):
        layered(widths, 2, ([], []))


def test_a_layered_network_is_fully_connected_and_named():
    made = layered([2, 2, 1], 2, ([[0, 1]], [[1]]))
    assert made.network.names.all() == ["x1", "x2", "h1_1", "h1_2", "y1"]
    assert {made.network.edge_name(e) for e in range(made.network.edges)} == {
        "x1,h1_1", "x2,h1_1", "x1,h1_2", "x2,h1_2", "h1_1,y1", "h1_2,y1",
    }  # fmt: skip


def test_the_arrays_of_an_instance_cannot_be_changed():
    made = instance()
    for array in (made.inputs, made.targets, made.weight_domain, made.network.sources):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_arrays_that_an_instance_was_made_from_stay_writable_and_apart():
    given = np.array([[0, 1]])
    made = instance(inputs=given)
    given[0, 0] = 1
    assert made.inputs.tolist() == [[0, 1]]


def test_the_arrays_that_a_network_was_made_from_stay_apart_unless_they_are_frozen():
    given = np.array([0, 1, 2], dtype=np.int32)
    view = given[:]
    view.flags.writeable = False
    for sources in (given, view):
        made = network(sources=sources)
        given[0] = 1
        assert made.sources.tolist() == [0, 1, 2]
        given[0] = 0


def test_edges_may_come_in_any_order():
    r = random.Random(5)
    for _ in range(50):
        edges = sorted(r.sample([(v, u) for v in range(3, 9) for u in range(v)], r.randint(0, 12)))
        mixed = r.sample(edges, len(edges))
        ends = [u for _, u in mixed], [v for v, _ in mixed]
        for given in (ends, np.array(ends, dtype=np.int32)):
            sources, targets = sorted_edges(*given)
            assert list(zip(targets.tolist(), sources.tolist(), strict=True)) == edges
