"""Activations against their definitions, one number at a time and as arrays."""

from fractions import Fraction

import numpy as np
import pytest

from instances.errors import InputError
from instances.training.activations import KINDS, Activation
from tests.helpers import ACTIVATIONS, act, objects

NUMBERS = [*range(-5, 6), Fraction(1, 2), Fraction(-1, 3), Fraction(5, 2), 10**30, -(10**30)]
EVERY = (*ACTIVATIONS, Activation("relu_clipped"), Activation("relu_clipped", 7))


def test_the_activations_tried_here_are_all_kinds():
    assert {activation.kind for activation in EVERY} == set(KINDS)


@pytest.mark.parametrize("activation", EVERY, ids=str)
def test_an_activation_of_one_number_is_as_defined(activation):
    for number in NUMBERS:
        assert activation(number) == act(activation, number)


@pytest.mark.parametrize("activation", EVERY, ids=str)
def test_an_activation_of_an_object_array_is_as_defined(activation):
    result = activation.apply(objects(NUMBERS)).tolist()
    assert result == [act(activation, number) for number in NUMBERS]
    # A bool is equal to an integer, but is written in another way.
    assert {type(value) for value in result} <= {int, Fraction}


@pytest.mark.parametrize("activation", EVERY, ids=str)
def test_an_activation_of_an_integer_array_is_as_defined_and_stays_int64(activation):
    numbers = np.arange(-9, 10)
    result = activation.apply(numbers)
    assert result.dtype == np.int64
    assert result.tolist() == [act(activation, number) for number in numbers.tolist()]


@pytest.mark.parametrize("activation", EVERY, ids=str)
def test_text_and_activation_are_inverse(activation):
    assert Activation.parse(str(activation)) == activation


@pytest.mark.parametrize(
    "text",
    ["", "tanh", "RELU", "relu ", "relu_clipped", "relu_clipped()", "relu_clipped(-1)",
     "relu_clipped(1.5)", "relu_clipped(2", "relu(2)", "relu_clipped(2)x"],
)  # fmt: skip
def test_an_unknown_activation_is_refused_by_name(text):
    with pytest.raises(InputError, match="activation"):
        Activation.parse(text)


def test_a_maximum_belongs_to_relu_clipped_only():
    with pytest.raises(InputError, match="maximum"):
        Activation("relu", 3)
    with pytest.raises(InputError, match="maximum"):
        Activation("relu_clipped", -1)
