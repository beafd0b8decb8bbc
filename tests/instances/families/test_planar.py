"""Labelled points of the plane, judged by the geometry that their names promise."""

from fractions import Fraction
from math import hypot

import numpy as np
import pytest

from instances.families.draws import Draws
from instances.families.planar import DATASETS, dataset
from instances.families.registry import FAMILIES
from instances.training.instance import z

D, POINTS = 201, 300


def cloud(name: str, classes: int = 2, cells: int = 4) -> list[tuple[float, float, int]]:
    """Many points of a fine quantization, back in the square from -1 to 1."""
    inputs, labels = dataset(name, D, POINTS, classes, cells, Draws(3))
    places = (2 * (inputs - z(D)[0]) + 1) / D - 1
    return [(x, y, label) for (x, y), (label,) in zip(places, labels.tolist(), strict=True)]


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("d", [2, 3, 8, 16])
def test_points_are_distinct_levels_with_both_labels(name, d):
    inputs, labels = dataset(name, d, min(d * d // 2, 20), 2, 4, Draws(0))
    assert inputs.shape == (min(d * d // 2, 20), 2)
    assert labels.shape == (len(inputs), 1)
    assert len(np.unique(inputs, axis=0)) == len(inputs)
    assert set(inputs.ravel().tolist()) <= set(z(d))
    assert set(labels.ravel().tolist()) <= {0, 1}
    if d == 16:
        assert set(labels.ravel().tolist()) == {0, 1}


def test_moons_are_two_half_rings():
    for x, y, label in cloud("moons"):
        across, up = 0.5 + 1.65 * x, 0.25 + 0.9 * y
        center = (1, 0.5) if label else (0, 0)
        assert abs(hypot(across - center[0], up - center[1]) - 1) < 0.17
        assert (up < 0.52) if label else (up > -0.02)


@pytest.mark.parametrize("classes", [2, 3])
def test_circles_have_the_radii_of_their_labels(classes):
    labels = set()
    for x, y, label in cloud("circles", classes):
        assert abs(hypot(x, y) * classes - label - 0.5) < 0.25 + 0.02 * classes
        labels.add(label)
    assert labels == set(range(classes))


def test_blobs_are_labelled_as_exclusive_or():
    for x, y, label in cloud("blobs"):
        assert label == int((x > 0) != (y > 0))
        assert hypot(abs(x) - 0.5, abs(y) - 0.5) < 0.47


@pytest.mark.parametrize(("classes", "cells"), [(2, 4), (3, 5)])
def test_a_checkerboard_has_labels_in_turn(classes, cells):
    near_a_border = 0
    for x, y, label in cloud("checkerboard", classes, cells):
        column, row = (Fraction(c + 1).limit_denominator(10**6) * cells / 2 for c in (x, y))
        if min(abs(c - round(c)) for c in (column, row)) < Fraction(1, 20):
            near_a_border += 1
            continue
        assert label == (int(column) + int(row)) % classes
    assert near_a_border < POINTS / 2


def test_a_member_is_a_fully_connected_network_on_two_inputs():
    instance = FAMILIES.get("moons").generate({"hidden": "4-3", "points": "10"}, 1).instance
    network = instance.network
    assert (len(network.inputs), len(network.outputs), network.edges) == (2, 1, 2 * 4 + 4 * 3 + 3)
    assert FAMILIES.get("blobs").generate({"hidden": ""}, 1).instance.network.edges == 2
    assert instance.points == 10
    flipped = FAMILIES.get("moons").generate({"points": "10", "flips": "2"}, 1).instance
    assert (flipped.targets != instance.targets).sum() == 2
    many = FAMILIES.get("circles").generate({"classes": "4", "points": "30"}, 1).instance
    assert set(many.targets.ravel().tolist()) == {0, 1, 2, 3}
