"""Activations of scaled integers against exact fractions, over all small sums."""

from fractions import Fraction

import numpy as np
import pytest

from instances.canonical.scaled import ScaledActivation
from instances.text.numbers import SAFE
from instances.training.activations import Activation

NAMES = ("identity", "relu", "relu_clipped(0)", "relu_clipped(2)", "step", "sign", "square")
SUMS = range(-13, 14)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("unit", [1, 2, 3, 1 << 70])
def test_values_are_those_of_fractions(name: str, unit: int) -> None:
    activation = Activation.parse(name)
    scaled = ScaledActivation(activation, unit)
    sums = [total * (unit // 3 or 1) for total in SUMS]
    for total in sums:
        value = activation(Fraction(total, unit))
        assert Fraction(scaled(total), scaled.value_unit) == value
    applied = scaled.apply(np.array(sums, dtype=object)).tolist()
    assert applied == [scaled(total) for total in sums]
    if unit < 10:
        assert scaled.apply(np.array(sums, dtype=np.int64)).tolist() == applied


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("unit", [1, 2, 3])
def test_preimages_and_images_are_those_of_all_sums(name: str, unit: int) -> None:
    scaled = ScaledActivation(Activation.parse(name), unit)
    for value in range(-20, 21):
        found = scaled.preimage(value)
        for total in SUMS:
            seen = abs(total) if scaled.square else total
            inside = found is not None and (
                (found[0] is None or found[0] <= seen) and (found[1] is None or seen <= found[1])
            )
            assert inside == (scaled(total) == value)
    for low in SUMS:
        for high in range(low, SUMS.stop):
            values = [scaled(total) for total in range(low, high + 1)]
            assert scaled.image(low, high) == (min(values), max(values))


@pytest.mark.parametrize("name", ["relu_clipped(2)", "step"])
def test_ends_beyond_64_bits_leave_small_sums_as_they_are(name: str) -> None:
    scaled = ScaledActivation(Activation.parse(name), 1 << 80)
    sums = np.array([-5, 0, SAFE - 1], dtype=np.int64)
    assert scaled.apply(sums).tolist() == [scaled(total) for total in sums.tolist()]
