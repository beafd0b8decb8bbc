"""From the behaviours in a model back to weights and biases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.canonical.rows import Numbers, number_rows, present
from instances.text.numbers import Array
from instances.training.instance import TrainingInstance
from qnnhard.encoding.tables.alike import group_alike
from qnnhard.encoding.tables.behaviours import Choices, Vectors, distinct_rows
from qnnhard.encoding.tables.literals import BehaviourLiterals
from qnnhard.encoding.tables.tabulated import Tables


@dataclass(frozen=True, eq=False)
class Lift:
    """The way from a model to the parameters of tabulated neurons and decided outputs."""

    instance: TrainingInstance
    tables: Tables
    literals: BehaviourLiterals

    def fill(self, weights: Array, biases: Array, model: NDArray[np.bool_]) -> None:
        """Set the parameters of the neurons that the tables speak for.

        Neurons with equal parameter domains, predecessors' behaviours and behaviour get equal
        parameters; the table says that some exist.

        Parameters
        ----------
        weights, biases : object arrays, changed in place
        model : bool array
        """
        content, vectors = self._behaviours(model)
        neurons = np.flatnonzero(self.tables.tabulated | self.tables.decided)
        for alike in group_alike(self.instance, neurons, content, own=True):
            sources = [vectors[number] for number in content[alike.sources[0]].tolist()]
            wanted = vectors[int(content[alike.neurons[0]])]
            chosen, bias = realise(alike.choices, sources, wanted)
            for place, weight in enumerate(chosen):
                weights[alike.edges[:, place]] = weight
            biases[alike.neurons] = bias

    def _behaviours(self, model: NDArray[np.bool_]) -> tuple[Numbers, list[Vectors]]:
        """Return per neuron the number of its value vector in a model, and the vectors."""
        tables = self.tables
        position = np.zeros(len(tables.domain_of), dtype=np.int64)
        sizes = tables.sizes
        for size in present(sizes[sizes > 1]):
            neurons = np.flatnonzero(sizes == size)
            own = self.literals.of(neurons, size)
            position[neurons] = (model[np.abs(own)] == (own > 0)).argmax(axis=1)
        held = np.flatnonzero(tables.domain_of >= 0)
        number, first = number_rows([tables.domain_of[held], position[held]], len(held))
        content = np.full(len(position), -1, dtype=np.int64)
        content[held] = number
        domains = tables.domains.behaviours
        return content, [
            domains[int(tables.domain_of[neuron])][int(position[neuron])]
            for neuron in held[first].tolist()
        ]


def realise(choices: Choices, sources: Sequence[Vectors], wanted: Vectors) -> tuple[list[int], int]:
    """Return weights and a bias with which a neuron takes the values `wanted`.

    Partial sums are collected edge by edge and traced back from a sum that fits.

    Parameters
    ----------
    sources : sequence of value vectors
        That some parameters fit is the caller's knowledge.
    wanted : value vector
    """
    bias = np.array(choices.bias, dtype=np.int64)
    sums = distinct_rows(-bias[:, None] + np.zeros(len(wanted), dtype=np.int64))
    stages = []
    for domain, vector in zip(choices.weights, sources, strict=True):
        stages.append(sums)
        if vector.any():
            steps = np.array(domain, dtype=np.int64)[:, None] * vector
            sums = distinct_rows((sums[:, None, :] + steps[None, :, :]).reshape(-1, len(wanted)))
    fits = (choices.activation.apply(sums) == wanted).all(axis=1)
    rest = sums[int(np.flatnonzero(fits)[0])]
    weights: list[int] = []
    for domain, vector, before in reversed(
        list(zip(choices.weights, sources, stages, strict=True))
    ):
        weight = domain[0]
        if vector.any():
            weight = next(
                value for value in domain if (before == rest - value * vector).all(axis=1).any()
            )
            rest = rest - weight * vector
        weights.append(weight)
    return weights[::-1], -int(rest[0])
