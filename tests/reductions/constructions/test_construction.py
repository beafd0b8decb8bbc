"""The vocabulary of constructions: what is declared stands in the instance, neuron by neuron."""

import numpy as np
import pytest

from instances.errors import QnnhardError
from instances.training.activations import IDENTITY, RELU, STEP
from instances.training.evaluate import evaluate
from instances.training.instance import layered
from instances.training.names import NameBlock, Names
from instances.training.parameters import Parameters
from reductions.constructions.construction import Construction, runs
from tests.helpers import naive_values


def edges_of(instance):
    """The edges by names, with their domains."""
    network, names = instance.network, instance.network.names
    ends = zip(network.sources.tolist(), network.targets.tolist(), strict=True)
    domains = [instance.domains[index] for index in instance.weight_domain]
    return {(names[u], names[v]): domain for (u, v), domain in zip(ends, domains, strict=True)}


def small(d=2):
    """Two inputs, two hidden neurons and an output, complete."""
    made = Construction(d)
    x = made.inputs(("x", 2), carry=[[0, 1], [1, 1]])
    h = made.hidden(("h", 2), kind=None if d else RELU)
    o = made.outputs("o", want=[0, 1], kind=None if d else STEP)
    made.feed(h, by=x)
    made.join(h, o)
    return made


def test_neurons_are_numbered_in_the_order_of_their_blocks():
    made = Construction(2)
    assert made.inputs(("x", 2), "z", carry=[0]).tolist() == [0, 1, 2]
    assert made.hidden(NameBlock("v", 3, 7), "w").tolist() == [3, 4, 5, 6]
    assert made.outputs(("o", 2), want=[1]).tolist() == [7, 8]
    made.join([0, 3], [3, 7])
    network = made.instance({}).network
    assert network.names.all() == ["x1", "x2", "z", "v7", "v8", "v9", "w", "o1", "o2"]
    assert network.inputs.tolist() == [0, 1, 2]
    assert network.outputs.tolist() == [7, 8]


@pytest.mark.parametrize(
    ("numbers", "names"),
    [([], []), ([4], ["v5"]), ([0, 1, 2, 5, 7, 8], ["v1", "v2", "v3", "v6", "v8", "v9"])],
)
def test_runs_name_consecutive_numbers_together(numbers, names):
    blocks = runs("v", numbers)
    assert Names(tuple(blocks)).all() == names
    assert len(blocks) == len([n for n in numbers if n - 1 not in numbers])


def test_blocks_may_come_in_any_order():
    made = Construction(2)
    o = made.outputs("o", want=[1])
    x = made.inputs("x", carry=[1])
    made.join(x, o)
    instance = made.instance({})
    assert instance.network.inputs.tolist() == [1]
    assert instance.network.outputs.tolist() == [0]


def test_a_quantized_instance_is_that_of_its_layers():
    inputs, targets = [[0, 1], [1, 1]], [[0], [1]]
    made = layered((2, 2, 1), 2, (inputs, targets))
    instance = small().instance({})
    assert instance.d == 2
    assert instance.network.sources.tolist() == made.network.sources.tolist()
    assert instance.network.targets.tolist() == made.network.targets.tolist()
    assert (instance.inputs.tolist(), instance.targets.tolist()) == (inputs, targets)
    assert instance.domains == made.domains


def test_data_of_several_blocks_stand_side_by_side():
    made = Construction(2)
    x = made.inputs(("x", 2), carry=[0, 1, 1])
    z = made.inputs("z", carry=np.array([[1], [0], [1]]))
    a = made.outputs(("a", 2), want=[[1, 0], [0, 0], [1, 1]])
    b = made.outputs("b", want=[1, 1, 0])
    made.feed(np.concatenate((a, b)), by=np.concatenate((x, z)))
    instance = made.instance({})
    assert instance.inputs.tolist() == [[0, 0, 1], [1, 1, 0], [1, 1, 1]]
    assert instance.targets.tolist() == [[1, 0, 1], [0, 0, 1], [1, 1, 0]]


def test_numbers_of_any_size_stay_exact():
    huge = 10**40
    made = Construction(None)
    x = made.inputs("x", carry=[huge])
    o = made.outputs("o", want=[huge * huge], kind=IDENTITY, bias=made.domain(0))
    made.join(x, o, made.domain(huge))
    instance = made.instance({})
    assert instance.inputs[0, 0] == huge
    accepted = Parameters(np.array([huge], dtype=object), np.array([0, 0]))
    assert evaluate(instance, accepted).accepted


def test_one_neuron_is_joined_to_all():
    made = Construction(2)
    x = made.inputs("x", carry=[1])
    h = made.hidden(("h", 3))
    o = made.outputs("o", want=[1])
    made.join(x, h)
    made.join(h, o)
    assert set(edges_of(made.instance({}))) == {
        *(("x", f"h{i}") for i in (1, 2, 3)),
        *((f"h{i}", "o") for i in (1, 2, 3)),
    }


def test_feeding_is_complete():
    made = Construction(2)
    x = made.inputs(("x", 2), carry=[1])
    o = made.outputs(("o", 3), want=[1])
    made.feed(o, by=x)
    assert set(edges_of(made.instance({}))) == {
        (f"x{i}", f"o{j}") for i in (1, 2) for j in (1, 2, 3)
    }


def test_domains_and_activations_follow_the_edges_and_neurons():
    """Edges are sorted by target in the instance, however they were joined."""
    made = Construction(None)
    zero, one, some = made.domain(0), made.domain(1), made.domain(-1, 2)
    assert made.domain(0) == zero
    x = made.inputs(("x", 2), carry=[1])
    h = made.hidden("h", kind=RELU, bias=some)
    g = made.hidden("g", kind=IDENTITY, bias=zero)
    o = made.outputs("o", want=[3], kind=RELU, bias=one)
    made.join(h, o, some)
    made.join(g, o, one)
    made.join(x, g, [zero, one])
    made.join(x[0], h, some)
    instance = made.instance({"reduction": "mine"})
    assert edges_of(instance) == {
        ("x1", "h"): (-1, 2),
        ("x1", "g"): (0,),
        ("x2", "g"): (1,),
        ("h", "o"): (-1, 2),
        ("g", "o"): (1,),
    }
    assert instance.d is None
    assert instance.network.activations == (RELU, IDENTITY)
    assert instance.network.activation.tolist() == [-1, -1, 0, 1, 0]
    assert instance.bias_domain.tolist() == [-1, -1, some, zero, one]
    assert dict(instance.origin) == {"reduction": "mine"}
    assert (instance.bound, instance.loss) == (0, "mismatch")


def test_bound_and_loss_are_those_that_are_set():
    made = Construction(None)
    zero = made.domain(0)
    made.join(made.inputs("x", carry=[1]), made.outputs("o", want=[2], kind=RELU, bias=zero))
    made.bound, made.loss = 3, "l1"
    instance = made.instance({})
    assert (instance.bound, instance.loss) == (3, "l1")


def test_the_evaluator_computes_what_was_described():
    for weights in ([1, 0, 1, 1, 1, 1], [1, 1, 1, 0, 1, 0], [0] * 6):
        instance = small().instance({})
        parameters = Parameters(np.array(weights), np.array([0, 0, 0, 1, 0]))
        outputs = evaluate(instance, parameters).outputs
        for point, row in enumerate(instance.inputs.tolist()):
            assert naive_values(instance, parameters, row)[4] == outputs[point, 0]


def test_parts_are_those_of_the_first_neurons_by_default_of_all():
    made = Construction(2)
    made.inputs(("x", 3), "z", carry=[1], part=("set", [4, 0]))
    made.hidden(("h", 2), part="variable")
    made.hidden("idle")
    made.outputs(("o", 2), want=[1], part=("clause", np.array([1, 1])))
    parts = made.parts()
    assert [parts.label(neuron) for neuron in range(9)] == [
        "set 5", "set 1", "", "", "variable 1", "variable 2", "", "clause 2", "clause 2",
    ]  # fmt: skip
    assert parts.neurons("clause", 1).tolist() == [7, 8]


def test_no_network_is_made_of_a_circle():
    made = Construction(2)
    x = made.inputs("x", carry=[1])
    h = made.hidden(("h", 2))
    o = made.outputs("o", want=[1])
    made.join(x, h)
    made.join(h, h[::-1])
    made.join(h, o)
    with pytest.raises(QnnhardError, match="cycle"):
        made.instance({})


def test_data_of_different_length_are_refused():
    made = Construction(2)
    x = made.inputs("x", carry=[1, 0])
    made.join(x, made.outputs("o", want=[1]))
    with pytest.raises(QnnhardError):
        made.instance({})
