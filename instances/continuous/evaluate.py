"""Exact evaluation of a continuous network at rational parameters.

The reals that a file or an array can hold are rational; irrational solutions are not judged.
"""

import numpy as np

from instances.continuous.instance import ContinuousInstance
from instances.errors import InvalidWitness
from instances.text.numbers import show_number
from instances.training.evaluate import Evaluation, judge
from instances.training.parameters import Parameters


def evaluate_continuous(instance: ContinuousInstance, parameters: Parameters) -> Evaluation:
    """Evaluate `parameters` on the data of `instance` in exact rational arithmetic.

    Raises
    ------
    InvalidWitness
        Where a parameter is missing or differs from its frozen value.
    """
    check_frozen(instance, parameters)
    return judge(instance, parameters, "mismatch")


def check_frozen(instance: ContinuousInstance, parameters: Parameters) -> None:
    """Raise `InvalidWitness` unless all parameters are present and the frozen ones unchanged."""
    network = instance.network
    for kind, values, frozen, real in (
        ("weight", parameters.weights, instance.frozen.weights, instance.real_weights),
        ("bias", parameters.biases, instance.frozen.biases, instance.real_biases),
    ):
        if len(values) != len(frozen):
            raise InvalidWitness(
                f"{len(values)} {kind} entries where the instance has {len(frozen)}: "
                "these parameters belong to another instance"
            )
        changed = np.flatnonzero((values != frozen).astype(np.bool_) & ~real)
        if changed.size:
            place = int(changed[0])
            name = network.edge_name(place) if kind == "weight" else network.names[place]
            raise InvalidWitness(
                f"{kind} [{name}] is {show_number(values[place])}, but it is frozen at "
                f"{show_number(frozen[place])}"
            )
