"""One neuron fed by inputs that are chosen: the weight of an input is 1 where it is, else 0."""

import numpy as np
from numpy.typing import ArrayLike

from instances.sources.chosen import Chosen
from instances.text.numbers import Array
from instances.training.activations import IDENTITY
from reductions.constructions.construction import Block, Construction


def chosen_sum(
    made: Construction, names: Block, carry: ArrayLike, want: ArrayLike, part: str
) -> None:
    """Declare inputs, a neuron h that adds up the chosen ones, and an output o that copies it."""
    zero, one, either = made.domain(0), made.domain(1), made.domain(0, 1)
    inputs = made.inputs(names, carry=carry, part=part)
    h = made.hidden("h", kind=IDENTITY, bias=zero)
    o = made.outputs("o", want=want, kind=IDENTITY, bias=zero)
    made.join(inputs, h, either)
    made.join(h, o, one)


def with_last(chosen: Chosen, count: int) -> Array:
    """Return weight 1 at the chosen ones of `count` edges, and at one edge after them."""
    weights = np.zeros(count + 1, dtype=np.int64)
    weights[[*chosen, count]] = 1
    return weights
