"""Distinct inputs, random parameters, and the targets that a network with them computes."""

from dataclasses import replace

import numpy as np

from instances.errors import InputError
from instances.families.draws import Draws
from instances.text.numbers import Array
from instances.training.evaluate import compute
from instances.training.instance import TrainingInstance, z
from instances.training.parameters import Parameters

ACTIVE = 3
"""About how many weights of a neuron a teacher does not set to 0."""

TRIALS = 32
"""Most teachers that are drawn for one instance."""


def distinct_inputs(d: int, alpha: int, points: int, draws: Draws) -> Array:
    """Return `points` different rows of Z_d^alpha in increasing order.

    Raises
    ------
    InputError
        Where there are fewer rows than that.
    """
    levels = z(d)
    total = d**alpha
    if points > total:
        raise InputError(
            f"points={points}: only {total} different inputs of {alpha} values in Z_{d}: "
            "lower points or raise inputs"
        )
    if 2 * points >= total:
        codes = draws.subsets(1, total, points)[0]
        rows = codes[:, None] // d ** np.arange(alpha) % d
    else:
        # At most half of the rows are wanted, so batches of twice as many soon have enough.
        rows = np.zeros((0, alpha), dtype=np.int64)
        while len(rows) < points:
            rows = np.concatenate((rows, draws.integers(d, 2 * points, alpha)))
            rows = rows[np.sort(np.unique(rows, axis=0, return_index=True)[1])]
        rows = rows[:points]
    inputs: Array = rows[np.lexsort(rows.T[::-1])] if alpha else rows
    return inputs + levels[0]


def teach(instance: TrainingInstance, draws: Draws) -> tuple[TrainingInstance, Parameters]:
    """Return the instance whose targets a network with random parameters computes, and these.

    About three weights of a neuron are drawn from Z_d and the others 0, as sums of many
    saturate. Outputs have weights 0 or 1 and bias 0, so that their values tell about the hidden
    neurons. Parameters with which no output varies are drawn again, up to `TRIALS` times.
    """
    network, levels = instance.network, np.array(instance.domains[0])
    of_output = network.is_output[network.targets]
    degree = network.in_degree[network.targets]
    for _ in range(TRIALS):
        weights = levels[draws.integers(len(levels), network.edges)]
        biases = levels[draws.integers(len(levels), network.size)]
        weights[of_output] = 1
        weights[draws.integers(1 << 31, network.edges) % degree >= ACTIVE] = 0
        biases[network.is_output | network.is_input] = 0
        teacher = Parameters(weights, biases)
        targets = compute(network, teacher, instance.inputs, network.outputs)
        if (targets != targets[:1]).any():
            break
    return replace(instance, targets=targets), teacher


def random_targets(instance: TrainingInstance, draws: Draws) -> TrainingInstance:
    """Return the instance with uniform targets among the values that neurons can have."""
    shape = instance.targets.shape
    return replace(instance, targets=draws.integers(_values(instance), *shape))


def flip(instance: TrainingInstance, flips: int, draws: Draws) -> TrainingInstance:
    """Return the instance with `flips` targets changed to other values that neurons can have.

    Raises
    ------
    InputError
        Where there are fewer targets than that.
    """
    if flips > instance.targets.size:
        raise InputError(f"flips={flips}: there are only {instance.targets.size} targets")
    targets = instance.targets.copy().ravel()
    if flips:
        where = draws.subsets(1, targets.size, flips)[0]
        values = _values(instance)
        shift = 1 + draws.integers(values - 1, flips)
        targets[where] = (targets[where] + shift) % values
    return replace(instance, targets=targets.reshape(instance.targets.shape))


def _values(instance: TrainingInstance) -> int:
    """Return how many values neurons can have: 0, 1, ..., max Z_d."""
    return int(instance.domains[0][-1]) + 1
