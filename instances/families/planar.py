"""Labelled points of the plane, quantized to d levels: moons, circles, blobs, checkerboard.

Points are drawn on an integer grid and kept where integer inequalities put them inside a class,
so that no rounding differs between machines. Each axis is then cut into d equal parts, which
become the levels of Z_d in order. Of the points in one quantized square the first one stays.
"""

from collections.abc import Callable

import numpy as np

from instances.errors import InputError
from instances.families.draws import Draws
from instances.text.numbers import Array
from instances.text.parameters import Parameter
from instances.training.instance import z

UNIT = 1000
OUTSIDE = -1
BATCHES = 64

_CLASSES = Parameter("classes", "2", "number of labels, 0, 1, ...")
_CELLS = Parameter("cells", "4", "squares along each side of the board")

DATASETS: dict[str, tuple[str, tuple[Parameter, ...]]] = {
    "moons": ("two half rings that reach into each other", ()),
    "circles": ("rings around one center", (_CLASSES,)),
    "blobs": ("four discs, labelled as exclusive or", ()),
    "checkerboard": ("squares with labels in turn", (_CLASSES, _CELLS)),
}

Label = Callable[[Array, Array], Array]


def dataset(
    name: str, d: int, points: int, classes: int, cells: int, draws: Draws
) -> tuple[Array, Array]:
    """Return points x 2 inputs in Z_d, no two equal, and points x 1 labels.

    Parameters
    ----------
    name : str
        A key of `DATASETS`.
    d, points : int
    classes, cells : int
        Passed over by the datasets without these parameters.

    Raises
    ------
    InputError
        Where Z_d has too few values for the labels, or too few quantized points are found.
    """
    levels = z(d)
    if classes - 1 > levels[-1]:
        raise InputError(
            f"classes={classes}: Z_{d} has no label above {levels[-1]}: raise d or lower classes"
        )
    (low, high), label = _places(name, classes, cells)
    sides = np.array(high) - low + 1
    inputs, labels = np.zeros((0, 2), dtype=np.int64), np.zeros(0, dtype=np.int64)
    for _ in range(BATCHES if points <= d * d else 0):
        x, y = (low[axis] + draws.integers(int(sides[axis]), 4096) for axis in (0, 1))
        found = label(x, y)
        inside = found != OUTSIDE
        places = np.stack((x, y), axis=1)[inside]
        inputs = np.concatenate((inputs, (places - low) * d // sides + levels[0]))
        labels = np.concatenate((labels, found[inside]))
        first = np.sort(np.unique(inputs, axis=0, return_index=True)[1])
        inputs, labels = inputs[first], labels[first]
        if len(inputs) >= points:
            return inputs[:points], labels[:points, None]
    raise InputError(
        f"points={points}: {name} at {d} levels has fewer different points: raise d or lower points"
    )


def _places(name: str, classes: int, cells: int) -> tuple[tuple[Array, Array], Label]:
    """Return the corners of the rectangle to draw from, and the label of a place in it."""
    if name == "moons":
        return (np.array([-1150, -650]), np.array([2150, 1150])), _moons
    corner = np.array([UNIT, UNIT])
    if name == "blobs":
        return (-corner, corner), _blobs
    if name == "circles":
        return (-corner, corner), lambda x, y: _circles(x, y, classes)
    return (-corner, corner), lambda x, y: _checkerboard(x, y, classes, cells)


def _moons(x: Array, y: Array) -> Array:
    """Half rings of radius 1 and breadth 0.3: above (0, 0), and below (1, 0.5)."""
    upper = (y >= 0) & _in_ring(x * x + y * y)
    right, up = x - UNIT, y - UNIT // 2
    lower = (up <= 0) & _in_ring(right * right + up * up)
    return np.where(upper, 0, np.where(lower, 1, OUTSIDE))


def _in_ring(square: Array) -> Array:
    return (square >= 850**2) & (square <= 1150**2)


def _circles(x: Array, y: Array, classes: int) -> Array:
    """Ring c has radii from ``c + 1/4`` to ``c + 3/4``, in parts of which `classes` are 1."""
    square = (4 * classes) ** 2 * (x * x + y * y)
    bounds = np.arange(1, 4 * classes, 2) * UNIT
    passed = np.searchsorted(bounds * bounds, square, side="right")
    return np.where(passed % 2 == 1, passed // 2, OUTSIDE)


def _blobs(x: Array, y: Array) -> Array:
    """Discs of radius 0.45 around (0.5, 0.5) and its mirror images."""
    right, up = abs(x) - UNIT // 2, abs(y) - UNIT // 2
    label = ((x > 0) != (y > 0)).astype(np.int64)
    return np.where(right * right + up * up <= 450**2, label, OUTSIDE)


def _checkerboard(x: Array, y: Array, classes: int, cells: int) -> Array:
    column, row = ((axis + UNIT) * cells // (2 * UNIT + 1) for axis in (x, y))
    labels: Array = (column + row) % classes
    return labels
