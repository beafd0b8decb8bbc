"""A satisfying assignment of an encoding back to parameters."""

import numpy as np
from numpy.typing import NDArray

from instances.text.numbers import Array
from instances.training.parameters import Parameters, lowest
from qnnhard.encoding.encode import Encoding


def decode(encoding: Encoding, model: NDArray[np.bool_]) -> Parameters:
    """Return the parameters that a model stands for.

    Parameters
    ----------
    model : bool array
        ``model[v]`` is the value of variable v; entry 0 is unused.

    Notes
    -----
    A parameter takes the value whose position in its domain is the number of its true order
    literals. Parameters without literals (frozen, or no output depends on them) take the least
    value of their domains. Parameters that tables express are chosen to realise the
    behaviours in the model.
    """
    instance = encoding.instance
    weights, biases = lowest(instance)
    for values, start, index in (
        (weights, encoding.weight_start, instance.weight_domain),
        (biases, encoding.bias_start, instance.bias_domain),
    ):
        _fill(values, start, index, instance.domains, model)
    if encoding.lift is not None:
        encoding.lift.fill(weights, biases, model)
    return Parameters(weights, biases)


def _fill(
    values: Array,
    start: NDArray[np.int64],
    index: NDArray[np.int32],
    domains: tuple[tuple[object, ...], ...],
    model: NDArray[np.bool_],
) -> None:
    for number, domain in enumerate(domains):
        where = np.flatnonzero((index == number) & (start > 0))
        literals = start[where][:, None] + np.arange(len(domain) - 1)
        chosen = model[literals].sum(axis=1)
        values[where] = np.array(domain, dtype=object)[chosen]
