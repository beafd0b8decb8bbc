"""Maps whose targets a construction describes: made once, with origin, parts and claims."""

import numpy as np
import pytest

from instances.errors import InvalidWitness
from instances.training.instance import layered
from instances.training.measures import measure
from instances.training.parameters import Parameters
from reductions.claims import violations
from reductions.constructions.layers import layered_claims
from reductions.constructions.training_map import ToTraining


class Copy(ToTraining[int, tuple[()]]):
    """So many inputs that lead to one output."""

    name = "copy"
    source_problem = "bits"
    theorem = "none"
    d = 2
    described = 0

    def describe(self, made):
        self.described += 1
        x = made.inputs(("x", self.source), carry=[0, 1], part="bit")
        made.join(x, made.outputs("o", want=[0, 1]))

    def push(self, witness):
        return self.weighted([1] * self.source)

    def pull(self, witness):
        self.weights(witness)
        return ()

    def claims(self):
        inputs = 2 if self.source else 1
        parameters = self.source + 1
        return self.layer_claims(
            self.source, 1, points=2, distinct_inputs=inputs, parameters=parameters
        )


def test_the_target_is_made_once_and_knows_where_it_comes_from():
    image = Copy.build(3)
    assert image.target is image.target
    assert image.described == 1
    assert dict(image.target.origin) == {"reduction": "copy", "theorem": "none"}
    assert image.target.d == 2


def test_parts_follow_the_description():
    parts = Copy.build(2).parts()
    assert [parts.label(neuron) for neuron in range(3)] == ["bit 1", "bit 2", ""]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_claims_about_layers_hold(size):
    image = Copy.build(size)
    assert violations(image.claims(), measure(image.target)) == []


@pytest.mark.parametrize("widths", [(1, 1), (3, 2), (2, 3, 1), (2, 1, 4, 2)])
def test_claims_of_layers_are_those_of_a_network_of_complete_layers(widths):
    instance = layered(widths, 2, (np.zeros((1, widths[0]), int), np.zeros((1, widths[-1]), int)))
    assert violations(layered_claims(widths), measure(instance)) == []


def test_weights_get_biases_and_are_read_back():
    image = Copy.build(3)
    pushed = image.push(())
    assert (pushed.weights.tolist(), pushed.biases.tolist()) == ([1, 1, 1], [0] * 4)
    assert image.weights(pushed) is pushed.weights


@pytest.mark.parametrize(("weights", "biases"), [(2, 4), (3, 3), (0, 0)])
def test_parameters_of_another_size_are_refused(weights, biases):
    image = Copy.build(3)
    given = Parameters(np.zeros(weights, int), np.zeros(biases, int))
    with pytest.raises(InvalidWitness, match="biases where the source gives 3 and 4"):
        image.pull(given)
