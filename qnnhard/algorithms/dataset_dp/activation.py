"""Activations of scaled integers: a rational number t is held as the integer t * scale."""

import numpy as np

from instances.text.numbers import Array
from instances.training.activations import Activation
from qnnhard.algorithms.dataset_dp.packing import Interval


def apply(sums: Array, activation: Activation, scale: int) -> Array:
    """Return the activation of ``sums / scale``, times `activated_scale`."""
    match activation.kind:
        case "relu_clipped":
            ceiling = activation.maximum * scale
            # A ceiling above every entry of an int64 array may not fit one itself.
            ceiling = ceiling if sums.dtype == object else min(ceiling, 1 << 62)
            return np.minimum(np.maximum(sums, 0), ceiling)
        case "step":
            # As for the ceiling: entries of int64 arrays are far below 2^62.
            threshold = scale if sums.dtype == object else min(scale, 1 << 62)
            return (sums >= threshold).astype(np.int64).astype(sums.dtype)
        case _:
            return activation.apply(sums)


def activated_scale(activation: Activation, scale: int) -> int:
    """Return the scale of activated values: they are integers divided by it."""
    return {"square": scale * scale, "step": 1, "sign": 1}.get(activation.kind, scale)


def activated(interval: Interval, activation: Activation, scale: int) -> Interval:
    """Return the interval of `apply` over an interval."""
    ends = apply(np.array(interval, dtype=object), activation, scale).tolist()
    # All activations but the square are monotone; the square is least where 0 is.
    inside = activation.kind == "square" and interval[0] <= 0 <= interval[1]
    return (0 if inside else min(ends), max(ends))
