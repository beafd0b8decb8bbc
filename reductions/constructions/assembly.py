"""General training instances from parts in any order: a domain for every edge and neuron."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from instances.errors import InvalidWitness
from instances.text.numbers import Number
from instances.training.activations import Activation
from instances.training.instance import TrainingInstance
from instances.training.names import Names
from instances.training.network import Network, sort_edges
from instances.training.parameters import Parameters

Domain = tuple[Number, ...]


class Domains:
    """A table of domains in which equal ones are stored once."""

    def __init__(self) -> None:
        self._index: dict[Domain, int] = {}

    def add(self, *values: Number) -> int:
        """Return the index of the domain with these values, given in increasing order."""
        return self._index.setdefault(values, len(self._index))

    @property
    def table(self) -> tuple[Domain, ...]:
        """All domains in the order of their indices."""
        return tuple(self._index)


def assemble(
    names: Names,
    inputs: ArrayLike,
    outputs: ArrayLike,
    edges: tuple[ArrayLike, ArrayLike, ArrayLike],
    neurons: tuple[Sequence[Activation], ArrayLike, ArrayLike],
    domains: Domains,
    data: tuple[Sequence[Sequence[Number]], Sequence[Sequence[Number]]],
    loss: str,
    origin: Mapping[str, str],
) -> TrainingInstance:
    """Return the instance with bound 0.

    Parameters
    ----------
    names : Names
    inputs, outputs : neurons in their fixed order
    edges : triple of arrays
        Sources, targets and domain of the weight, in any order.
    neurons : triple
        The activations in use, and for every neuron the index of its activation and of the
        domain of its bias, one for all or one each; inputs are passed over.
    domains : Domains
    data : pair of lists of rows
        Numbers of any size.
    loss : str
    origin : mapping of str to str
    """
    inputs = np.asarray(inputs, dtype=np.int32).reshape(-1)
    outputs = np.asarray(outputs, dtype=np.int32).reshape(-1)
    sources, targets, weight_domain = (
        np.asarray(part, dtype=np.int32).reshape(-1) for part in edges
    )
    activations, *per_neuron = neurons
    activation, bias_domain = (np.full(len(names), given, dtype=np.int32) for given in per_neuron)
    activation[inputs] = bias_domain[inputs] = -1
    order = sort_edges(sources, targets)
    network = Network(
        names=names,
        inputs=inputs,
        outputs=outputs,
        sources=sources[order],
        targets=targets[order],
        activations=tuple(activations),
        activation=activation,
    )
    rows = [
        np.array(part, dtype=object).reshape(len(part), width)
        for part, width in zip(data, (len(inputs), len(outputs)), strict=True)
    ]
    return TrainingInstance(
        network=network,
        domains=domains.table,
        weight_domain=weight_domain[order],
        bias_domain=bias_domain,
        inputs=rows[0],
        targets=rows[1],
        loss=loss,
        origin=origin,
    )


def require_shape(parameters: Parameters, edges: int, neurons: int) -> None:
    """Raise `InvalidWitness` unless there are as many weights and biases as the instance has."""
    found = len(parameters.weights), len(parameters.biases)
    if found != (edges, neurons):
        raise InvalidWitness(
            f"{found[0]} weights and {found[1]} biases where the source gives {edges} and {neurons}"
        )
