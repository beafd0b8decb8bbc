"""Parameter vectors: one weight an edge, one bias a neuron."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from instances.errors import InvalidWitness
from instances.text.numbers import Array, exact_array, show_number
from instances.training.instance import TrainingInstance


@dataclass(frozen=True, eq=False)
class Parameters:
    """Weights in the order of the network's edges, biases in the order of its neurons.

    Entries of `biases` at inputs carry no meaning and are 0.
    """

    weights: Array
    biases: Array

    def __post_init__(self) -> None:
        for name in ("weights", "biases"):
            values = getattr(self, name)
            object.__setattr__(self, name, exact_array(values, (len(values),)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Parameters):
            return NotImplemented
        return np.array_equal(self.weights, other.weights) and np.array_equal(
            self.biases, other.biases
        )

    __hash__ = None  # type: ignore[assignment]


def lowest(instance: TrainingInstance) -> tuple[Array, Array]:
    """Return writable weights and biases, every parameter at the least value of its domain."""
    least: Any = np.array([domain[0] for domain in instance.domains] + [0], dtype=object)
    weights = least[instance.weight_domain]
    biases = least[instance.bias_domain]
    biases[instance.network.is_input] = 0
    return weights, biases


def check_domains(instance: TrainingInstance, parameters: Parameters) -> None:
    """Raise `InvalidWitness` unless every parameter is present and lies in its domain."""
    network = instance.network
    for kind, values, index in (
        ("weight", parameters.weights, instance.weight_domain),
        ("bias", parameters.biases, instance.bias_domain),
    ):
        if len(values) != len(index):
            raise InvalidWitness(
                f"{len(values)} {kind} entries where the instance has {len(index)}: "
                "these parameters belong to another instance"
            )
        for number in np.unique(index):
            where = np.flatnonzero(index == number)
            domain = instance.domains[number] if number >= 0 else (0,)
            allowed = np.isin(values[where], exact_array(domain, (len(domain),)))
            if not allowed.all():
                place = int(where[np.flatnonzero(~allowed)[0]])
                name = network.edge_name(place) if kind == "weight" else network.names[place]
                raise InvalidWitness(
                    f"{kind} [{name}] is {show_number(values[place])}, which is not in its domain "
                    f"{{{_shown(domain)}}}"
                )


def _shown(domain: tuple[Any, ...]) -> str:
    if len(domain) <= 6:
        return ", ".join(map(show_number, domain))
    return ", ".join((*map(show_number, domain[:2]), "...", show_number(domain[-1])))
