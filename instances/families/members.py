"""Members of families: from parameters as typed to an instance with its targets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import mul

import numpy as np

from instances.errors import InputError
from instances.families import planar, shapes, teacher
from instances.families.draws import Draws
from instances.text.parameters import Values
from instances.text.values import LARGEST
from instances.training.instance import TrainingInstance, layered, quantized
from instances.training.names import name_blocks
from instances.training.parameters import Parameters

MOST_NUMBERS = 1 << 27
"""Most edges, and most entries of the data, that a member may have."""


@dataclass(frozen=True)
class Member:
    """A member of a family.

    Parameters
    ----------
    instance : TrainingInstance
        Its origin names the family, the seed, every setting and, where known, the answer.
    teacher : Parameters or None
        The random parameters that made the targets, before any was flipped.
    treewidth : int or None
        Where the family promises one: an upper bound on the treewidth of the network without
        its inputs.
    """

    instance: TrainingInstance
    teacher: Parameters | None = None
    treewidth: int | None = None


MakeShape = Callable[[Values, Draws], shapes.FamilyShape]
Maker = Callable[[Values, Draws], Member]


def size(values: Values) -> int:
    """Return the number of hidden neurons."""
    number = values.integer("size", 1)
    _require_room(number)
    return number


def width(values: Values, name: str, minimum: int = 1) -> int:
    """Return a number of neurons, each of which is joined to all those of another such group."""
    number = values.integer(name, minimum)
    _require_room(min(number, size(values)) * size(values))
    return number


def _require_room(numbers: int) -> None:
    if numbers > MOST_NUMBERS:
        raise InputError(
            f"about {numbers} numbers, more than {MOST_NUMBERS}: make the network or data smaller"
        )


def sparse(shape: MakeShape) -> Maker:
    """Return the maker of networks around a shape."""

    def make(values: Values, draws: Draws) -> Member:
        drawn = shape(values, draws)
        member = _labelled(_around(drawn, values, draws), values, draws)
        return replace(member, treewidth=drawn.treewidth)

    return make


def _around(shape: shapes.FamilyShape, values: Values, draws: Draws) -> TrainingInstance:
    """Return the instance whose hidden part is `shape`, its targets 0.

    Neurons are the inputs x1, ..., the hidden h1, ... and the outputs y1, ...
    """
    d, alpha, points = values.integer("d", 2), values.integer("inputs"), values.integer("points")
    taps = alpha if values.is_empty("taps") else min(values.integer("taps"), alpha)
    every = values.integer("every", 1)
    hidden = np.arange(shape.size)
    at = np.union1d(hidden[every - 1 :: every], hidden[-1:])
    _require_room(max(points * (alpha + len(at)), alpha * shape.size, 2 * d * points))
    starved = np.bincount(shape.targets, minlength=shape.size) == 0
    seeing = np.flatnonzero(~starved)
    tapped = draws.subsets(len(seeing), alpha, taps)
    place, output = shapes.spans(shape.seen_start[at], np.arange(len(at)), shape.seen_count[at])
    first_output = alpha + shape.size
    edges = (
        (shape.sources + alpha, shape.targets + alpha),
        (tapped.ravel(), np.repeat(seeing + alpha, taps)),
        (np.tile(np.arange(alpha), int(starved.sum())), np.repeat(hidden[starved] + alpha, alpha)),
        (shape.seen[place] + alpha, output + first_output),
    )
    inputs = teacher.distinct_inputs(d, alpha, points, draws)
    return quantized(
        d,
        name_blocks(("x", alpha), ("h", shape.size), ("y", len(at))),
        np.arange(alpha),
        np.arange(first_output, first_output + len(at)),
        (np.concatenate([e[0] for e in edges]), np.concatenate([e[1] for e in edges])),
        (inputs, np.zeros((points, len(at)), dtype=np.int64)),
        values.integer("bound", -LARGEST),
    )


def _labelled(instance: TrainingInstance, values: Values, draws: Draws) -> Member:
    """Return the member with the targets that the values ask for."""
    made: Parameters | None = None
    if values.choice("planted"):
        instance, made = teacher.teach(instance, draws)
    else:
        instance = teacher.random_targets(instance, draws)
    return Member(teacher.flip(instance, values.integer("flips"), draws), made)


def dense(values: Values, draws: Draws) -> Member:
    """Return a fully connected network with random distinct inputs."""
    widths, d, points = values.widths("widths"), values.integer("d", 2), values.integer("points")
    if len(widths) < 2:
        raise InputError("dense: parameter widths needs two layers or more, such as 8-6-1")
    _require_room(max(points * (widths[0] + widths[-1]), *map(mul, widths, widths[1:])))
    inputs = teacher.distinct_inputs(d, widths[0], points, draws)
    data = inputs, np.zeros((points, widths[-1]), dtype=np.int64)
    instance = layered(widths, d, data, values.integer("bound", -LARGEST))
    return _labelled(instance, values, draws)


def plane(name: str) -> Maker:
    """Return the maker of fully connected networks for a dataset of `planar`."""

    def make(values: Values, draws: Draws) -> Member:
        d, points = values.integer("d", 2), values.integer("points")
        own = [parameter.name for parameter in planar.DATASETS[name][1]]
        classes = values.integer("classes", 2) if "classes" in own else 2
        cells = values.integer("cells", 1) if "cells" in own else 1
        widths = [2, *values.widths("hidden"), 1]
        _require_room(max(4 * points, *map(mul, widths, widths[1:])))
        data = planar.dataset(name, d, points, classes, cells, draws)
        instance = layered(widths, d, data, values.integer("bound", -LARGEST))
        return Member(teacher.flip(instance, values.integer("flips"), draws))

    return make
